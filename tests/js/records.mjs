// SPDX-License-Identifier: Apache-2.0
//
// Records posted to a real `chancery serve`, with every answer that a client can
// provoke.

import assert from 'node:assert/strict';

const json = 'application/json';
const ndjson = 'application/x-ndjson';
const octets = 'application/octet-stream';

const record = (name, text) => JSON.stringify({ name, text });
const linesOf = ({ body }) => body.trimEnd().split('\n').map(JSON.parse);

/** Posts by `call(operation, parts)`, which checks each answer. */
export async function postsRecords(call) {
  const send = (type, body, query = '', headers = {}) =>
    call('postRecords', { type, body, query, headers });
  const refused = async (status, code, ...parts) => {
    const answer = await send(...parts);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.body.code, code);
    return answer.body;
  };
  const first = await send(json, record('INV-1', 'one'), '?wait=10');
  assert.equal(first.status, 201);
  assert.equal(first.headers.get('location'), `/v1/records/${first.body.id}`);
  assert.ok(first.body.signature.value);
  const again = await send(json, record('INV-1', 'one'));
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, { ...first.body, existing: true });
  const shown = await call('getRecord', { values: { id: first.body.id } });
  assert.deepEqual(shown.body, first.body);
  const taken = await refused(409, 'name_taken', json, record('INV-1', 'two'));
  assert.equal(taken.id, first.body.id);
  await repeated(send, refused);
  await manyLines(send, refused);
}

async function repeated(send, refused) {
  const key = { 'Idempotency-Key': '"a-key-of-this-test"' };
  const first = await send(octets, 'octets', '', key);
  assert.equal(first.status, 201);
  assert.equal(first.headers.get('idempotent-replay'), null);
  const again = await send(octets, 'octets', '', key);
  assert.equal(again.status, 201);
  assert.equal(again.headers.get('idempotent-replay'), 'true');
  assert.equal(again.body.id, first.body.id);
  await refused(422, 'idempotency_key_reused', octets, 'others', '', key);
}

async function manyLines(send, refused) {
  const mixed = [record('INV-2', 'two'), 'broken', record('INV-1', 'two')].join('\n');
  const broken = await refused(422, 'bad_line', ndjson, mixed);
  assert.deepEqual(broken.items.map(({ line }) => line), [2]);
  const skipped = await send(ndjson, mixed, '?on_error=skip');
  assert.equal(skipped.status, 200);
  assert.deepEqual(
    linesOf(skipped).map((line) => line.refused),
    [undefined, 'bad_line', 'name_taken'],
  );
  const many = [record('INV-2', 'two'), record('INV-3', 'three'), '{"data":"AP-A"}'];
  const stored = await send(ndjson, many.join('\n') + '\n', '?wait=10');
  assert.equal(stored.status, 201);
  assert.ok(linesOf(stored).every(({ signature }) => signature));
  assert.equal(linesOf(stored)[0].existing, true);
}
