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
const id = (number) => String(number).padStart(43, 'A');
const time = '2026-11-30T12:00:00.000Z';

const block = (index) => ({
  index,
  hash: id(index),
  previous: id(index - 1),
  root: id(0),
  first_message: index * size,
  count: size,
  time,
  node: id(0),
  header: id(0),
  signature: id(0),
});

function message(index) {
  const [client, node, body] = [id(1), id(0), { number: index }];
  const payload = { v: 1, client, seq: index + 1, time, node, body };
  const signed = Buffer.from(JSON.stringify(payload)).toString('base64url');
  const jws = `e30.${signed}.AAAA`;
  const inBlock = Math.floor(index / size);
  return { index, block: inBlock, message: payload, jws, receipt: jws, leaf: id(2) };
}

const record = (number) => ({
  id: number,
  name: `R-${number}`,
  size: 12,
  received: time,
  signed: true,
});

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
    return { messages: up(after === null ? first : after + 1, limit, first + size, message) };
  }
  switch (pathname) {
    case '/v1/node':
      return { node: id(0), keys: '', software: 'chancery', ...counts };
    case '/v1/blocks/count':
      return counts;
    case '/v1/blocks':
      return { blocks: down(after ?? blocks, limit, block) };
    case '/v1/records':
      return { records: up(after === null ? 0 : after + 1, limit, messages, record) };
    case '/v1/signing':
      return { running: true, records: messages, signed: messages, unsigned: 0, workers: [] };
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
