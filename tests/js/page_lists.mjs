// SPDX-License-Identifier: Apache-2.0
//
// Long lists against a server that claims to have a million messages and
// records: the page keeps few rows, and the last can be reached.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';

const nodes_max = 2_000;
const size = 100; // of a block
const blocks = 10_000;
const messages = blocks * size;
const id = (number) => `${String(number).padStart(42, 'A')}A`;
const time = '2026-11-30T12:00:00.000Z';
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** A block whose header says the same; nobody signed it. */
function block(index) {
  const [hash, previous, root, node] = [index, Math.max(0, index - 1), 0, 0].map(id);
  const header = Buffer.alloc(144);
  header.write('\x93chancery block\n', 'latin1');
  header.writeUInt32BE(1, 16);
  header.writeBigUInt64BE(BigInt(index), 20);
  header.write(previous, 28, 'base64url');
  header.write(root, 60, 'base64url');
  header.writeBigUInt64BE(BigInt(index * size), 92);
  header.writeUInt32BE(size, 100);
  header.writeBigUInt64BE(BigInt(Date.parse(time)), 104);
  header.write(node, 112, 'base64url');
  const signed = { header: base64url(header), signature: base64url(Buffer.alloc(64)) };
  const place = { first_message: index * size, count: size };
  return { index, hash, previous, root, ...place, time, node, ...signed };
}

const jws = (typ, kid, payload) =>
  [{ alg: 'ES256', kid, typ: `chancery-${typ}+jws` }, payload]
    .map((part) => base64url(JSON.stringify(part)))
    .concat(base64url(Buffer.alloc(64)))
    .join('.');

function message(index) {
  const own = { v: 1, node: id(0), client: id(1), seq: index + 1, time };
  const payload = { ...own, body: { number: index } };
  const receipt = { ...own, index, leaf: id(2), block: null };
  return {
    index,
    block: Math.floor(index / size),
    message: payload,
    jws: jws('message', id(1), payload),
    receipt: jws('receipt', id(0), receipt),
  };
}

const record = (number) => ({
  id: number,
  name: `R-${number}`,
  size: 12,
  received: time,
  signed: true,
});

const signing = {
  running: true,
  unsigned: 0,
  max_wait_ms: null,
  oldest_unsigned_seconds: null,
  records_per_second: null,
  keys: null,
  keys_out: null,
  workers: [],
};

const down = (from, count, make) =>
  Array.from({ length: Math.min(count, from) }, (_, i) => make(from - 1 - i));
const up = (from, count, end, make) =>
  Array.from({ length: Math.min(count, end - from) }, (_, i) => make(from + i));

/** What that server answers to a path; undefined for others. */
function answerOf({ pathname, searchParams }) {
  const limit = Number(searchParams.get('limit') ?? 100);
  const after = searchParams.has('after') ? Number(searchParams.get('after')) : null;
  const counts = { blocks, messages, pending: 0, block_size: size };
  const inBlock = /^\/v1\/blocks\/(\d+)\/messages$/.exec(pathname);
  if (inBlock) {
    const first = Number(inBlock[1]) * size;
    const rows = up(after === null ? first : after + 1, limit, first + size, message);
    const leaves = rows.map(({ index }) => ({ index, leaf: id(2) }));
    return { block: Number(inBlock[1]), leaves, messages: rows };
  }
  switch (pathname) {
    case '/v1/node':
      return { node: id(0), keys: 'none', software: 'chancery', ...counts };
    case '/v1/blocks/count':
      return counts;
    case '/v1/blocks':
      return { blocks: down(after ?? blocks, limit, block) };
    case '/v1/records':
      return { records: up(after === null ? 0 : after + 1, limit, messages, record) };
    case '/v1/signing':
      return { ...signing, records: messages, signed: messages };
    default:
      return undefined;
  }
}

const mocked = (page) =>
  page.route('**/v1/**', (route) => {
    const answer = answerOf(new URL(route.request().url()));
    return answer ? route.fulfill({ json: answer }) : route.continue();
  });

export function testsOfLists(world) {
  const long = (view, name, first, last) =>
    test(`a long list of ${view} stays small and has an end`, { skip }, () => {
      const scrolls = async (page) => {
        const list = page.getByRole('group', { name });
        const few = async () => {
          const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
          assert.ok(nodes < nodes_max, `${nodes} nodes`);
        };
        await list.getByRole('link', { name: first, exact: true }).waitFor();
        await few();
        for (const share of [0.1, 0.5, 1]) {
          await list.evaluate((box, part) => (box.scrollTop = part * box.scrollHeight), share);
          await list.getByText('…', { exact: true }).first().waitFor({ state: 'detached' });
          await few();
        }
        const onward = page.getByRole('button', { name: 'Last', exact: true });
        if (await onward.count()) await onward.click();
        await list.evaluate((box) => (box.scrollTop = box.scrollHeight));
        const end = list.getByRole('link', { name: last, exact: true });
        await end.waitFor();
        assert.equal(
          await end.locator('xpath=ancestor::li').getAttribute('aria-posinset'),
          await end.locator('xpath=ancestor::li').getAttribute('aria-setsize'),
        );
        await few();
      };
      return visit(world.browser, `${world.empty.url}/#/${view}`, scrolls, { before: mocked });
    });

  long('messages', 'Messages, the newest first', 'Message 999,999', 'Message 0');
  long('records', 'Records, the newest first', 'Record 999,999', 'Record 0');
  long('chain', 'Blocks, from the head back', 'Block 9,999', 'Block 0');
}
