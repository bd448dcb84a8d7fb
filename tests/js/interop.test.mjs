// SPDX-License-Identifier: Apache-2.0
//
// Tests the ledger against the jose library: jose creates messages that our
// node accepts, verifies our receipts, blocks and proofs, and decrypts our
// client's messages. The environment variable CHANCERY is the program's path.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import * as jose from 'jose';
import * as ledger from './ledger.mjs';

const chancery = process.env.CHANCERY;
const schemaFile = new URL('../../crypto/ledger/message.schema.json', import.meta.url);
let scratch;
let data;
let node;
let client;
const sent = []; // every JWS that the node accepted, in order

before(async () => {
  assert.ok(chancery, 'CHANCERY is not set to the path of the program');
  scratch = mkdtempSync(join(tmpdir(), 'chancery-js-'));
  data = join(scratch, 'data');
  const made = ledger.run(
    chancery,
    data,
    'node',
    '--keys',
    '--block-size',
    '3',
  );
  node = await ledger.nodeKeys(made.keys);
  assert.equal(node.id, made.node);
  assert.equal(node.blockSize, 3);
  client = await ledger.Client.create(node);
});

after(() => rmSync(scratch, { recursive: true, force: true }));

test('jose makes messages and verifies receipts', async () => {
  const running = new ledger.NodeProcess(chancery, data);
  const registered = await running.ask(await client.registration());
  assert.equal(registered.registered, client.id);
  for (let i = 0; i < 7; ++i) {
    const payload = client.payload({
      invoice: i,
      text: 'Grüße',
      lines: [1.5, null],
    });
    const jws = await client.message(payload);
    const parameters =
      i % 2 ? { apu: Buffer.from('Alice'), apv: Buffer.from('Bob') } : {};
    const answer = await running.ask(await client.encrypt(jws, parameters));
    assert.ok(answer.receipt, JSON.stringify(answer));
    const receipt = await ledger.receipt(answer.receipt, node);
    assert.deepEqual(Object.keys(receipt), [
      'v',
      'node',
      'client',
      'seq',
      'index',
      'leaf',
      'time',
      'block',
    ]);
    assert.equal(receipt.node, node.id);
    assert.equal(receipt.client, client.id);
    assert.equal(receipt.seq, payload.seq);
    assert.equal(receipt.index, i);
    assert.equal(receipt.leaf, ledger.leafHash(jws).toString('base64url'));
    assert.equal(receipt.block === null, i < 3);
    sent.push(jws);
  }
  assert.equal(await running.close(), 0);
});

test('blocks are what their messages, keys and predecessors say', () => {
  let previous = Buffer.alloc(32);
  for (let i = 0; i < 2; ++i) {
    const block = ledger.run(chancery, data, 'chain', 'block', String(i));
    const header = ledger.readBlock(block, node);
    assert.equal(header.version, 1);
    assert.equal(header.index, i);
    assert.equal(header.node, node.id);
    assert.equal(header.firstMessage, 3 * i);
    assert.equal(header.count, 3);
    assert.deepEqual(header.previous, previous);
    const leaves = sent.slice(3 * i, 3 * i + 3).map(ledger.leafHash);
    assert.deepEqual(header.root, ledger.merkleRoot(leaves));
    assert.equal(block.hash, header.hash.toString('base64url'));
    previous = header.hash;
  }
});

test('an inclusion proof leads to the signed root', () => {
  const proof = ledger.run(chancery, data, 'chain', 'proof', '4');
  const header = ledger.readBlock(proof.block, node);
  const root = ledger.rootOfPath(
    ledger.leafHash(sent[4]),
    proof.leaf_index,
    proof.tree_size,
    proof.path.map((hash) => Buffer.from(hash, 'base64url')),
  );
  assert.equal(proof.jws, sent[4]);
  assert.deepEqual(root, header.root);
});

test('the stored message is the one that the client signed', () => {
  const stored = ledger.run(chancery, data, 'chain', 'message', '5');
  assert.equal(stored.jws, sent[5]);
  assert.equal(stored.block, 1);
});

// Name, change to a valid payload, and whether the result is valid.
const changes = [
  ['nothing', (p) => p, true],
  ['a null body', (p) => ({ ...p, body: null }), true],
  ['a text body', (p) => ({ ...p, body: 'text' }), true],
  [
    'a fraction of a second',
    (p) => ({ ...p, time: '2026-01-01T00:00:00.5Z' }),
    true,
  ],
  ['another version', (p) => ({ ...p, v: 2 }), false],
  ['a version as text', (p) => ({ ...p, v: '1' }), false],
  ['no body', ({ body, ...p }) => p, false],
  ['no time', ({ time, ...p }) => p, false],
  ['an extra member', (p) => ({ ...p, more: 1 }), false],
  ['sequence 0', (p) => ({ ...p, seq: 0 }), false],
  ['a negative sequence', (p) => ({ ...p, seq: -1 }), false],
  ['a fractional sequence', (p) => ({ ...p, seq: 1.5 }), false],
  ['a sequence above 2^53-1', (p) => ({ ...p, seq: 2 ** 53 }), false],
  ['a sequence as text', (p) => ({ ...p, seq: '1' }), false],
  [
    'a time without Z',
    (p) => ({ ...p, time: '2026-01-01T00:00:00+00:00' }),
    false,
  ],
  ['a malformed time', (p) => ({ ...p, time: 'yesterday' }), false],
  ['a short client id', (p) => ({ ...p, client: p.client.slice(1) }), false],
  ['a padded node id', (p) => ({ ...p, node: p.node + '=' }), false],
  ['a list', (p) => [p], false],
];

test('the JSON Schema and the node say the same of every payload', async () => {
  const schema = JSON.parse(readFileSync(schemaFile));
  const validate = new Ajv({
    strict: false,
    formats: { 'date-time': true },
  }).compile(schema);
  const running = new ledger.NodeProcess(chancery, data);
  for (const [name, change, valid] of changes) {
    const payload = change(client.payload({}));
    assert.equal(validate(payload), valid, `schema: ${name}`);
    const jws = await client.message(payload);
    const answer = await running.ask(await client.encrypt(jws));
    if (valid) assert.ok(answer.receipt, `node: ${name}: ${answer.reason}`);
    else assert.equal(answer.refused, 'bad_schema', `node: ${name}`);
  }
  assert.equal(await running.close(), 0);
});

test('a key is taken as WebCrypto exports it', async () => {
  const other = await ledger.Client.create(node);
  const pair = await webcrypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign', 'verify'],
  );
  other.key = pair.privateKey;
  other.jwk = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  other.id = await jose.calculateJwkThumbprint(other.jwk);
  assert.deepEqual(other.jwk.key_ops, ['verify']);
  const running = new ledger.NodeProcess(chancery, data);
  const answer = await running.ask(await other.registration());
  assert.equal(answer.registered, other.id, answer.reason);
  other.jwk.key_ops = ['sign'];
  const refused = await running.ask(await other.registration());
  assert.equal(refused.refused, 'not_signed');
  assert.equal(await running.close(), 0);
});

test('what a JOSE program can get wrong is refused', async () => {
  const stranger = await ledger.Client.create(node);
  const other = await jose.generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const running = new ledger.NodeProcess(chancery, data);
  const refused = async (line, code) => {
    const answer = await running.ask(line);
    assert.equal(answer.refused, code, JSON.stringify(answer));
    assert.ok(answer.reason.length > 0);
  };
  const jws = await client.message(client.payload(1));
  await refused(jws, 'not_encrypted_to_me');
  await refused(
    await stranger.encrypt(await stranger.message(stranger.payload(1))),
    'unknown_client',
  );
  const elsewhere = { ...client, encrypt: client.encrypt };
  elsewhere.node = { ...node, encryption: other.publicKey };
  await refused(await elsewhere.encrypt(jws), 'not_encrypted_to_me');
  // Signed with the stranger's key, in the client's name.
  const forged = await new jose.CompactSign(
    new TextEncoder().encode(JSON.stringify(client.payload(1))),
  )
    .setProtectedHeader({
      alg: 'ES256',
      kid: client.id,
      typ: ledger.messageType,
    })
    .sign(stranger.key);
  await refused(await client.encrypt(forged), 'bad_signature');
  const unsecured = [
    Buffer.from('{"alg":"none"}').toString('base64url'),
    jws.split('.')[1],
    '',
  ].join('.');
  await refused(await client.encrypt(unsecured), 'not_signed');
  const wrong = await client.sign(client.payload(1), { typ: 'JWT' });
  await refused(await client.encrypt(wrong), 'not_signed');
  const compressed = await new jose.CompactEncrypt(Buffer.from(jws))
    .setProtectedHeader({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      kid: node.encryptionId,
      cty: ledger.messageType,
    })
    .encrypt(node.encryption);
  await refused(compressed, 'not_encrypted_to_me');
  assert.equal(await running.close(), 0);
});

test("only the node's key opens our client's message", async () => {
  const folder = join(scratch, 'client');
  const keysFile = join(scratch, 'node-keys');
  const made = ledger.run(chancery, data, 'node', '--keys');
  writeFileSync(keysFile, made.keys);
  const ours = (...args) => {
    const ran = spawnSync(chancery, ['client', '--client', folder, ...args], {
      encoding: 'utf8',
    });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout.trim();
  };
  ours('init', '--node-keys', keysFile, '--node-id', node.id);
  const registration = ours('register');
  const jwe = ours('seal', '{"from":"us"}');
  assert.deepEqual(
    jose.decodeProtectedHeader(registration).typ,
    'chancery-registration+jws',
  );

  const nodePrivate = await ledger.openKeyring(
    join(data, 'node.jwe'),
    ledger.storedPassphrase(data),
  );
  const encryption = nodePrivate.find((key) => key.use === 'enc');
  const { plaintext, protectedHeader } = await jose.compactDecrypt(
    jwe,
    await jose.importJWK(encryption, 'ECDH-ES'),
  );
  assert.equal(protectedHeader.cty, ledger.messageType);
  assert.deepEqual(Object.keys(protectedHeader), [
    'alg',
    'enc',
    'epk',
    'kid',
    'cty',
  ]);
  const jws = Buffer.from(plaintext).toString();
  const { jwk } = jose.decodeProtectedHeader(registration);
  const { payload } = await jose.compactVerify(
    jws,
    await jose.importJWK(jwk, 'ES256'),
  );
  assert.deepEqual(JSON.parse(Buffer.from(payload)).body, { from: 'us' });

  // No other key decrypts it: neither the node's signing key nor the client's.
  const others = [
    nodePrivate.find((key) => key.use === 'sig' && key.kty === 'EC'),
    (
      await ledger.openKeyring(
        join(folder, 'client.jwe'),
        ledger.storedPassphrase(folder),
      )
    )[0],
  ];
  for (const { alg, use, ...key } of others)
    await assert.rejects(
      jose.compactDecrypt(jwe, await jose.importJWK(key, 'ECDH-ES')),
    );
});
