// SPDX-License-Identifier: Apache-2.0
//
// openapi.json against a real `chancery serve`: its examples follow its
// schemas, and every operation is called, with success and with every problem
// that is cheap to provoke. The environment variable CHANCERY is the program.

import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { Contract, eventsIn } from './contract.mjs';
import * as ledger from './ledger.mjs';
import { postsRecords } from './records.mjs';
import { exampleSeal, judgesSeals } from './seal_route.mjs';
import { Service, signedRecords } from './service.mjs';

const jose = 'application/jose';
const ndjson = 'application/x-ndjson';
const json = 'application/json';
let service;
let contract;
let node;
let client;

before(async () => {
  // A record stays unsigned for the operations that wait for a signature.
  service = await Service.start(process.env.CHANCERY, '--no-signing');
  const described = await fetch(service.url + '/openapi.json');
  contract = new Contract(await described.json());
});

after(() => service?.stop());

/** Sends a request of an operation, whatever its parts, and checks the answer. */
async function call(id, { values = {}, query = '', body, type, headers = {} } = {}) {
  const { method, path } = contract.operations.get(id);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const answer = await fetch(service.url + filled + query, {
    method: method.toUpperCase(),
    headers: { ...(type ? { 'Content-Type': type } : {}), ...headers },
    body,
  });
  const text = await answer.text();
  const parsed = contract.checkAnswer(id, answer.status, answer.headers, text);
  return { status: answer.status, headers: answer.headers, body: parsed };
}

const post = (id, type, body, headers) => call(id, { type, body, headers });

async function refused(status, code, id, parts) {
  const answer = await call(id, parts);
  assert.equal(answer.status, status, `${id}: ${JSON.stringify(answer.body)}`);
  assert.equal(answer.body.code, code, id);
}

/** Only a header is sent: what it says of the body must be enough for a refusal. */
function headerAlone(id, headers) {
  const { method, path } = contract.operations.get(id);
  return new Promise((resolve, reject) => {
    const sending = httpRequest(service.url + path, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (some) => (text += some));
      answer.on('end', () => {
        const fields = new Map(Object.entries(answer.headers));
        resolve(contract.checkAnswer(id, answer.statusCode, fields, text));
        sending.destroy();
      });
    });
    sending.on('error', reject);
    sending.flushHeaders();
  });
}

/** Reads the events of an operation until `enough(events)`, and checks the answer. */
async function events(id, headers = {}) {
  const answer = await fetch(service.url + contract.operations.get(id).path, { headers });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const whole = () => text.slice(0, text.lastIndexOf('\n\n') + 2);
  return async (enough) => {
    while (!enough(eventsIn(whole()))) {
      const { value, done } = await reader.read();
      assert.ok(!done, `${id} has ended: ${text}`);
      text += value;
    }
    await reader.cancel();
    contract.checkAnswer(id, answer.status, answer.headers, whole());
    return eventsIn(whole());
  };
}

const sealed = async (from, body) => from.encrypt(await from.message(from.payload(body)));

// A success of each operation that only reads, in this order; `values` may be a
// function, as some are known later.
const reads = () => [
  ['getNode'],
  ['listBlocks', { query: '?limit=1' }],
  ['countBlocks'],
  ['getHeadBlock'],
  ['getBlock', { values: { index: 0 } }],
  ['getBlockByHash', { values: { hash: client.block.hash } }],
  ['getPreviousBlock', { values: { hash: client.second.hash } }],
  ['listBlockMessages', { values: { index: 0 }, query: '?after=3&limit=2' }],
  ['getMessage', { values: { index: 3 } }],
  ['getMessageProof', { values: { index: 3 } }],
  ['getClient', { values: { id: client.id } }],
  ['listRecords', { query: '?after=0&limit=2&state=signed' }],
  ['getRecord', { values: { id: 0 } }],
  ['getRecordByName', { query: '?name=17' }],
  ['getRecordData', { values: { id: 0 } }],
  ['getSignature', { values: { id: 0 } }],
  ['getSignatureDer', { values: { id: 0 } }],
  ['listSignatures', { query: '?limit=2&wait=1' }],
  ['listSignatures', { query: '?after=0&replaced_after=0&limit=2' }],
  ['listBatches', { query: '?limit=1' }],
  ['getBatch', { values: { first: 0 } }],
  ['listKeys'],
  ['getKeyOrder'],
  ['getSigning'],
  ['getKeyPem', { values: { kid: client.kid } }],
  ['getMetrics'],
  ['getLiveness', { query: '?verbose' }],
  ['getReadiness'],
  ['getAccess'],
  ['getProblem', { values: { code: 'not_found' } }],
  ['getOpenApi'],
  ['getPage'],
  ['getPageFile', { values: { file: 'style.css' } }],
  ['getDocs'],
  ['getPlainDocs'],
  ['getDocsFile', { values: { file: 'plain.js' } }],
];

// Its success does not end.
const streams = () => [['listEvents']];

const posts = () => [
  ['registerClient', { type: jose, body: client.registered }],
  ['postMessages', { type: jose, body: client.sent }],
  ['verifySignature', { type: json, body: client.question }],
  ['checkSeal', { type: jose, body: exampleSeal(contract) }],
  ['postRecords', { type: json, body: JSON.stringify({ name: 'INV-1', text: 'one' }) }],
];

test('every example follows its schema', () => {
  let count = 0;
  contract.eachExample((example, type, content, at) => {
    const text = /[/+]json$/.test(type) ? JSON.stringify(example) : example;
    contract.checkBody(text, type, content, at, `the example at ${at}`);
    ++count;
  });
  assert.ok(count >= contract.operations.size);
  const { parameters, headers } = contract.document.components;
  for (const [kind, all] of Object.entries({ parameters, headers }))
    for (const [name, { example }] of Object.entries(all))
      if (example !== undefined)
        contract.check(example, `/components/${kind}/${name}/schema`, name);
  for (const { path, operation } of contract.operations.values())
    for (const parameter of operation.parameters ?? []) {
      const { value } = contract.resolved(parameter, '');
      assert.ok('example' in value || value.in === 'header', `${path}: ${value.name}`);
    }
});

test('a client registers and sends', async () => {
  const answer = await call('getNode');
  node = await ledger.nodeKeys(answer.body.keys);
  assert.equal(answer.body.software, `chancery ${contract.document.info.version}`);
  client = await ledger.Client.create(node);
  client.registered = await client.registration();
  const once = await post('registerClient', jose, client.registered);
  assert.equal(once.status, 201);
  assert.equal(once.headers.get('location'), `/v1/clients/${client.id}`);
  assert.equal((await post('registerClient', jose, client.registered)).status, 200);
  await refused(404, 'not_found', 'getHeadBlock');
  const first = await sealed(client, { invoice: 17 });
  const stored = await post('postMessages', jose, first + '\r\n');
  assert.equal(stored.status, 201);
  assert.equal(stored.body.index, 0);
  assert.equal((await ledger.receipt(stored.body.receipt, node)).index, 0);
  const again = await post('postMessages', jose, first);
  assert.equal(again.body.receipt, stored.body.receipt);
  client.sent = first;
  const pending = await call('getMessage', { values: { index: 0 } });
  assert.equal(pending.body.block, null);
  assert.equal(pending.headers.get('etag'), null);
});

test('many lines are answered by as many', async () => {
  const lines = [client.registered];
  for (let i = 0; i < 203; ++i) lines.push(await sealed(client, { invoice: 18 + i }));
  lines.push('nonsense', JSON.stringify(client.sent));
  const until = await events('listEvents');
  const answer = await post('postMessages', ndjson, lines.join('\n'));
  assert.equal(answer.status, 200);
  const answers = answer.body.trimEnd().split('\n').map(JSON.parse);
  assert.equal(answers.length, lines.length);
  assert.equal(answers[0].registered, client.id);
  assert.ok(answers.slice(1, 204).every((line) => line.receipt));
  assert.equal(answers.at(-2).refused, 'not_encrypted_to_me');
  assert.ok(answers.at(-1).receipt);
  const of = (type, all) => all.filter(({ event }) => event === type);
  const happened = await until(
    (all) => of('block', all).length === 2 && of('refused', all).length > 0,
  );
  const blocks = of('block', happened).map(({ data }) => data);
  for (const index of [0, 1])
    assert.deepEqual(blocks[index], (await call('getBlock', { values: { index } })).body);
  const codes = of('refused', happened).map(({ data }) => data.codes);
  assert.equal(codes.at(-1).not_encrypted_to_me, 1);
  const numbered = (all) => all.filter(({ id }) => id);
  const [first, ...rest] = numbered(happened);
  const missed = await events('listEvents', { 'Last-Event-ID': first.id });
  const again = await missed((all) => numbered(all).length >= rest.length);
  assert.deepEqual(numbered(again), rest);
});

test('every reading operation answers as it is described', async () => {
  client.second = (await call('getBlock', { values: { index: 1 } })).body;
  client.block = (await call('getBlock', { values: { index: 0 } })).body;
  ledger.readBlock(client.block, node);
  const signature = (await call('getSignature', { values: { id: 0 } })).body;
  client.kid = signature.key;
  client.question = JSON.stringify({
    text: signedRecords[0],
    signature: signature.signature,
    key: signature.key,
  });
  for (const [id, parts] of reads()) {
    const answer = await call(id, parts);
    assert.equal(answer.status, 200, id);
    const tag = answer.headers.get('etag');
    if (!tag) continue;
    const headers = { 'If-None-Match': tag };
    assert.equal((await call(id, { ...parts, headers })).status, 304, id);
  }
  const later = { values: { id: 3 }, query: '?wait=1' };
  assert.equal((await call('getSignature', later)).status, 202);
  const record = await call('getRecordData', { values: { id: 0 } });
  assert.equal(record.body, signedRecords[0]);
  assert.equal((await call('getRecord', { values: { id: 3 } })).body.signed, false);
});

test('pages follow each other by next', async () => {
  for (const [id, member, expected] of [
    ['listBlocks', 'blocks', 2],
    ['listRecords', 'records', 4],
    ['listBatches', 'batches', 2],
  ]) {
    let rows = 0;
    let query = '?limit=1';
    while (query) {
      const { body } = await call(id, { query });
      rows += body[member].length;
      query = body.next?.replace(/^[^?]*/, '');
    }
    assert.equal(rows, expected, id);
  }
});

test('signatures verify, wrong ones do not', async () => {
  const question = JSON.parse(client.question);
  const asked = async (change) => {
    const body = JSON.stringify({ ...question, ...change });
    contract.check(JSON.parse(body), '/components/schemas/VerifyRequest', 'the question');
    return (await post('verifySignature', json, body)).body;
  };
  assert.equal((await asked({})).valid, true);
  assert.equal((await asked({ text: signedRecords[1] })).valid, false);
});

test('seals are judged, in both forms', () => judgesSeals(call, contract));

test('what does not exist is a problem', async () => {
  const missing = 'A'.repeat(43);
  for (const [id, values, code = 'not_found'] of [
    ['getBlock', { index: 9 }, 'not_there_yet'],
    ['getBlockByHash', { hash: missing }],
    ['getPreviousBlock', { hash: client.block.hash }],
    ['listBlockMessages', { index: 9 }, 'not_there_yet'],
    ['getMessage', { index: 999 }, 'not_there_yet'],
    ['getMessageProof', { index: 203 }, 'not_there_yet'],
    ['getClient', { id: missing }],
    ['getRecord', { id: 9 }],
    ['getRecordData', { id: 9 }],
    ['getSignature', { id: 9 }],
    ['getSignatureDer', { id: 3 }, 'not_there_yet'],
    ['getBatch', { first: 1 }],
    ['getKeyPem', { kid: missing }],
    ['getProblem', { code: 'nonsense' }],
    ['getDocsFile', { file: 'plain.html' }],
    ['getPageFile', { file: 'index.html' }],
  ])
    await refused(404, code, id, { values });
  await refused(404, 'not_found', 'getRecordByName', { query: '?name=none' });
  const question = { ...JSON.parse(client.question), key: missing };
  await refused(404, 'not_found', 'verifySignature', {
    type: json,
    body: JSON.stringify(question),
  });
});

test('what a client can get wrong is a problem', async () => {
  for (const [id, parts] of [...reads(), ...posts(), ...streams()])
    await refused(400, 'bad_parameter', id, { ...parts, query: '?nonsense=1' });
  for (const [id, parts] of posts()) {
    await refused(415, 'wrong_content_type', id, { ...parts, type: 'text/plain' });
    const large = { 'Content-Type': parts.type, 'Content-Length': 32 << 20 };
    assert.equal((await headerAlone(id, large)).code, 'too_large');
    const elsewhere = { Origin: 'https://elsewhere.example' };
    await refused(403, 'not_allowed', id, { ...parts, headers: elsewhere });
  }
  const send = (body) => ({ type: jose, body });
  await refused(422, 'not_signed', 'registerClient', send(client.sent));
  await refused(422, 'not_encrypted_to_me', 'postMessages', send('nonsense'));
  const stranger = await ledger.Client.create(node);
  await refused(409, 'unknown_client', 'postMessages', send(await sealed(stranger, 1)));
  client.sequence = 5;
  await refused(409, 'stale_sequence', 'postMessages', send(await sealed(client, 'another')));
  const unknown = await headerAlone('getNode', { Host: 'elsewhere.example' });
  assert.equal(unknown.code, 'wrong_host');
});

test('records are posted, one or many', async () => {
  await refused(501, 'not_supported', 'postRecords', { type: json, body: '{"text":"a"}' });
  await service.end();
  await service.serve();
  await postsRecords(call);
});

const token = (name, scope) => service.run('token', 'make', name, '--scope', scope).trim();
const bearer = (t) => ({ headers: { Authorization: `Bearer ${t}` } });

test('tokens and limits are refused as described', async () => {
  await service.end();
  const lacking = {
    submit: bearer(token('reader', 'read,metrics')),
    read: bearer(token('sender', 'submit,metrics')),
    metrics: bearer(token('client', 'submit,read')),
  };
  await service.serve('--private-ledger', '--client-bytes', '1');
  const all = [...reads(), ...posts(), ...streams()];
  const wrong = bearer('cht_wrong'); // at once, as more than ten are slowed
  await Promise.all(
    all.map(([id, parts]) => refused(401, 'token_unknown', id, { ...parts, ...wrong })),
  );
  for (const [id, parts] of all) {
    const { security, responses } = contract.operations.get(id).operation;
    if (!responses['403']) {
      assert.equal((await call(id, parts)).status, 200, id);
      continue;
    }
    await refused(401, 'token_missing', id, parts);
    const [needed] = security.at(-1).certificate;
    await refused(403, 'scope_missing', id, { ...parts, ...lacking[needed] });
  }
  client.sequence = 1000;
  await refused(429, 'over_limit', 'postMessages', {
    type: jose,
    body: await sealed(client, 'one more'),
    ...lacking.read,
  });
});

// The highest reserve is 1 TiB.
const roomy = statfsSync(tmpdir());
const skip = roomy.bavail * roomy.bsize >= 2 ** 40 && 'more than 1 TiB is free';

test('a full disk is refused as described', { skip }, async () => {
  await service.end();
  const poster = bearer(token('poster', 'submit'));
  await service.serve('--disk-reserve', '1048576');
  const stranger = await ledger.Client.create(node);
  await refused(507, 'disk_full', 'registerClient', {
    type: jose,
    body: await stranger.registration(),
  });
  await refused(507, 'disk_full', 'postMessages', {
    type: jose,
    body: await sealed(client, 'one more'),
  });
  const body = '{"text":"one more"}';
  await refused(507, 'disk_full', 'postRecords', { type: json, body, ...poster });
});

// 503 needs a server that is busy or unwell; `default` is what has no other place.
const unprovoked = ['503', 'default', ...(skip ? ['507'] : [])];

test('every described answer was seen', () => {
  const unseen = [];
  for (const [id, { operation }] of contract.operations)
    for (const status of Object.keys(operation.responses))
      if (!contract.seen.get(id).has(status) && !unprovoked.includes(status))
        unseen.push(`${id} ${status}`);
  assert.deepEqual(unseen, []);
});
