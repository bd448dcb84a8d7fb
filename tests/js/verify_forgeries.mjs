// SPDX-License-Identifier: Apache-2.0
//
// Forgeries in which every signature holds: by a node of our own, which signs what no real one
// would, under the right anchor. Each breaks the step that is there for it.

import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  base64url, evidenceOf, leafHash, merkleRoot, recognise, thumbprint, utf8, verify,
} from '../../apps/web/verify.mjs';
import { sha256 } from '../../apps/web/merkle.mjs';
import { brokenStep, itemOf, stepOf } from './verify_world.mjs';

const time = '2026-01-01T00:00:00Z';

/** A key with an id, which signs anything. */
async function identity() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const raw = (bytes) =>
    new Uint8Array(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
  return { jwk, id: await thumbprint(jwk), raw };
}

function jws(signer, typ, payload, kid = signer.id) {
  const header = { alg: 'ES256', kid, typ: `chancery-${typ}+jws` };
  const input = [header, payload].map((json) => base64url(utf8(JSON.stringify(json)))).join('.');
  return `${input}.${base64url(signer.raw(utf8(input)))}`;
}

const [node, client, other, encryption] = await Promise.all(Array.from({ length: 4 }, identity));

const listed = (key, use, alg, kid = key.id) => ({ ...key.jwk, kid, use, alg });

function keysOf(signer, { id = signer.id, first = listed(signer, 'sig', 'ES256'), ...more } = {}) {
  const keys = [first, listed(encryption, 'enc', 'ECDH-ES')];
  return jws(signer, 'keys', { v: 1, node: id, keys, block_size: 1, ...more }, id);
}

const message = (more = {}, signer = client) =>
  jws(signer, 'message', { v: 1, client: client.id, seq: 1, time, node: node.id, body: 7, ...more },
    client.id);

function header({ index = 4, previous = new Uint8Array(32), root, first = 4, id = node.id }) {
  const bytes = new Uint8Array(144);
  bytes.set([0x93, ...utf8('chancery block\n')]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 1);
  view.setBigUint64(20, BigInt(index));
  bytes.set(previous, 28);
  bytes.set(root, 60);
  view.setBigUint64(92, BigInt(first));
  view.setUint32(100, 1);
  bytes.set(Buffer.from(id, 'base64url'), 112);
  return bytes;
}

/** A proof of a message in a block of one, as the program writes it. */
async function proofOf(text, given = {}) {
  const leaf = await leafHash(utf8(text));
  const bytes = header({ root: await merkleRoot([leaf]), ...given });
  const { index = 4, previous = new Uint8Array(32), first = 4, id = node.id } = given;
  const block = {
    index, hash: base64url(await sha256(bytes)), previous: base64url(previous),
    root: base64url(leaf), first_message: first, count: 1, time: '1970-01-01T00:00:00.000Z',
    node: id, header: base64url(bytes), signature: base64url(node.raw(bytes)),
  };
  const place = { index: first, leaf: base64url(leaf), leaf_index: 0, tree_size: 1, path: [] };
  return { ...place, block, jws: text };
}

async function receiptOf(text, more = {}, signer = node) {
  const leaf = base64url(await leafHash(utf8(text)));
  const own = { v: 1, node: signer.id, client: client.id, seq: 1, index: 4, leaf, time };
  return jws(signer, 'receipt', { ...own, block: null, ...more });
}

const clientItem = await itemOf({ client: client.id, key: client.jwk });
const textItem = (text) => recognise(utf8(text));

/** The report on what these items say of one message, under the node's id. */
async function reportOf(...items) {
  const [evidence] = evidenceOf(await Promise.all(items));
  return verify(evidence, { node: node.id });
}

async function breaks(step, ...items) {
  const report = await reportOf(...items);
  assert.equal(report.verdict, 'broken');
  assert.equal(brokenStep(report), step);
}

test('what our node signs properly verifies', async () => {
  const text = message();
  const stored = { jws: text, receipt: await receiptOf(text) };
  const items = [textItem(keysOf(node)), clientItem, itemOf(stored), itemOf(await proofOf(text))];
  const report = await reportOf(...items);
  assert.equal(report.verdict, 'verified', JSON.stringify(report.steps[report.broken]));
});

test('a key under the id of another is found out', async () => {
  const text = message({}, other);
  const theirs = itemOf({ client: client.id, key: other.jwk });
  await breaks('client.key', textItem(keysOf(node)), theirs, itemOf(await proofOf(text)));
  const claims = [
    keysOf(other, { id: node.id }),
    keysOf(other, { id: node.id, first: listed(other, 'sig', 'ES256', node.id) }),
    keysOf(node, { first: listed(node, 'enc', 'ES256') }),
    keysOf(node, { first: { ...listed(node, 'sig', 'ES256'), key_ops: ['verify'] } }),
    keysOf(node, { block_size: 0 }),
    keysOf(node, { keys: [listed(node, 'sig', 'ES256')] }),
    keysOf(node, { keys: [listed(node, 'sig', 'ES256'), listed(node, 'enc', 'ECDH-ES')] }),
  ];
  for (const keys of claims)
    await breaks('node.key', textItem(keys), clientItem, itemOf(await proofOf(message())));
});

test('what is another node\'s is found out', async () => {
  const elsewhere = message({ node: other.id });
  const keys = textItem(keysOf(node));
  const proof = itemOf(await proofOf(elsewhere));
  const [evidence] = evidenceOf(await Promise.all([keys, clientItem, proof]));
  assert.ok(!evidence.parts.some(({ name }) => name === 'keys.header')); // of a node not named
  const parts = evidenceOf([await keys, await itemOf(await proofOf(message()))])[0].parts;
  evidence.parts.push(...parts.filter(({ name }) => name.startsWith('keys.')));
  assert.equal(brokenStep(await verify(evidence, { node: node.id })), 'message.node');
  const text = message();
  const foreign = { jws: text, receipt: await receiptOf(text, {}, other) };
  await breaks('receipt.form', keys, clientItem, itemOf(foreign));
  await breaks('block.claims', keys, clientItem, itemOf(await proofOf(text, { id: other.id })));
});

test('a receipt that names another block before is found out', async () => {
  const text = message();
  const previous = await sha256(utf8('the header before'));
  const proof = itemOf(await proofOf(text, { previous }));
  const hash = base64url(previous);
  const items = async (block) => {
    const stored = { jws: text, receipt: await receiptOf(text, { block }) };
    return [textItem(keysOf(node)), clientItem, itemOf(stored), proof];
  };
  const right = await reportOf(...(await items({ index: 3, hash })));
  assert.equal(stepOf(right, 'receipt.block').ok, true);
  assert.equal(right.verdict, 'verified');
  const zeros = 'A'.repeat(43);
  await breaks('receipt.block', ...(await items({ index: 3, hash: zeros })));
  await breaks('receipt.block', ...(await items({ index: 4, hash })));
  const earlier = await reportOf(...(await items({ index: 2, hash: zeros })));
  assert.equal(earlier.verdict, 'verified');
});

test('a header that follows another one is found out', async () => {
  const text = message();
  const before = async (given) => {
    const bytes = header({ index: 3, root: new Uint8Array(32), first: 3, ...given });
    const proof = await proofOf(text, { previous: await sha256(bytes) });
    return [textItem(keysOf(node)), clientItem, itemOf(proof), recognise(bytes)];
  };
  assert.equal((await reportOf(...(await before({})))).verdict, 'verified');
  await breaks('link', ...(await before({ first: 2 }))); // a gap between the messages
  const first = itemOf(await proofOf(text, { index: 0, previous: await sha256(utf8('none')) }));
  await breaks('link', textItem(keysOf(node)), clientItem, first);
});

test('a record is verified under the key that is named alone', async () => {
  const bytes = utf8('a record');
  const line = { key: other.id, alg: 'ES256', signature: base64url(node.raw(bytes)) };
  const items = [await itemOf(line), await recognise(bytes), await itemOf(other.jwk)];
  const [evidence] = evidenceOf(items);
  const given = { keys: [other.id, node.id] };
  assert.equal(brokenStep(await verify(evidence, given)), 'record.signature');
  const theirs = evidenceOf([
    await itemOf({ ...line, key: node.id }), items[1], await itemOf(node.jwk),
  ])[0].parts.find(({ name }) => name === 'key');
  const parts = evidence.parts.map((part) => (part.name === 'key' ? theirs : part));
  assert.equal(brokenStep(await verify({ ...evidence, parts }, given)), 'record.key');
});

test('items of two nodes and two clients are told apart, in whatever order', async () => {
  const theirs = message({ node: other.id });
  const second = { v: 1, client: other.id, seq: 2, time, node: node.id, body: 7 };
  const texts = [message(), jws(other, 'message', second), theirs];
  const receipts = [
    await receiptOf(texts[0]),
    await receiptOf(texts[1], { client: other.id, seq: 2, index: 5 }),
    await receiptOf(theirs, {}, other),
  ];
  const keys = [keysOf(node), keysOf(other)];
  const clients = [clientItem, await itemOf({ client: other.id, key: other.jwk })];
  const all = [...keys, ...texts, ...receipts].map(textItem);
  const items = [...clients, ...(await Promise.all(all)), await itemOf(await proofOf(texts[0]))];
  for (let turn = 0; turn < items.length; ++turn) {
    const order = [...items.slice(turn), ...items.slice(0, turn), items[turn]];
    const verdicts = new Map();
    for (const evidence of evidenceOf(order)) {
      const { verdict } = await verify(evidence, { node: node.id });
      verdicts.set(evidence.facts.node + evidence.facts.seq, [evidence.kind, verdict]);
    }
    const expected = [[node.id, 1, 'verified'], [other.id, 1, 'broken'], [node.id, 2, 'verified']];
    for (const [by, seq, verdict] of expected)
      assert.deepEqual(verdicts.get(by + seq), ['message', verdict], `${turn}: ${seq}`);
    assert.equal(verdicts.size, 3);
  }
});

test('an anchor is an id as it is spelt, of a node and of nothing else', async () => {
  const text = message();
  const stored = { jws: text, receipt: await receiptOf(text) };
  const items = [await textItem(keysOf(node)), clientItem, await itemOf(stored)];
  const [evidence] = evidenceOf(items);
  const { id } = node;
  const others = [client.id, encryption.id, ` ${id}`, `${id}=`, `${id}\n`, id.slice(1), id + id];
  for (const anchor of others)
    assert.equal(brokenStep(await verify(evidence, { node: anchor })), 'node.anchor', anchor);
  for (const anchors of [{}, { node: '' }, { keys: [id] }, { keys: [id], roots: [utf8(id)] }])
    assert.equal((await verify(evidence, anchors)).verdict, 'unanchored');
});

test('a path that is as long as can be, and a key on another curve, prove nothing', async () => {
  const text = message();
  const proof = await proofOf(text);
  const long = { ...proof, path: Array(64).fill('A'.repeat(43)), tree_size: 2 ** 53 - 1 };
  await breaks('block.claims', textItem(keysOf(node)), clientItem, itemOf(long));
  await breaks('path', textItem(keysOf(node)), clientItem, itemOf({ ...long, tree_size: 1 }));
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const jwk = publicKey.export({ format: 'jwk' });
  const id = await thumbprint(jwk);
  const odd = jws({ ...client, id }, 'message', {
    v: 1, client: id, seq: 1, time, node: node.id, body: 7,
  });
  const key = itemOf({ client: id, key: jwk });
  await breaks('client.key', textItem(keysOf(node)), key, itemOf(await proofOf(odd)));
});

test('the line of an export is the seal in it', async () => {
  const text = `${base64url(utf8('{"typ":"chancery-record+jws"}'))}.AA.AA`;
  for (const line of [{ jws: text }, { record: 7, name: 'INV', jws: text }]) {
    const item = await itemOf(line);
    assert.deepEqual([item.kind, item.value], ['seal', { text }]);
  }
});
