// SPDX-License-Identifier: Apache-2.0
//
// Every view: it shows what it should, with data and without; it fits narrow and
// wide windows; axe-core finds nothing serious in light and dark. Screenshots
// are left in build/js/screenshots.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import {
  blockSize, blocks, get, named, pending, sendMessages, unnamed, unsigned,
} from './page_world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = join(process.cwd(), '../../screenshots');
const messages = blocks * blockSize + pending;
const records = named + unnamed + unsigned;

/** [name of the picture, address, title of the view, what else it shows] */
const full = ({ clients }) => [
  ['overview', '', 'Sealed once, and provably so', 'Latest records'],
  ['records', 'records', 'Records', `of which ${named + unnamed} are signed`],
  ['record', 'record/5', 'INV-00005', 'Signature for OpenSSL'],
  ['record-without-name', `record/${named}`, `Record ${named}`, '"bill"'],
  ['record-unsigned', `record/${records - 1}`, /INV-0/, 'waits for its batch'],
  ['chain', 'chain', 'Chain', `Block ${blocks - 1}`],
  ['block', 'block/1?leaf=107', 'Block 1', 'the same as in the header'],
  ['messages', 'messages', 'Messages', `${pending} of them in no block yet`],
  ['message', 'message/7', 'Message 7', 'leaf 7 of block 0'],
  ['message-pending', `message/${messages - 1}`, `Message ${messages - 1}`, 'waits for its block'],
  ['keys', 'keys', 'Keys', '100 keys that may be lent'],
  ['verify', 'verify', 'Verify', 'Nothing to verify yet'],
  ['verify-message', 'verify/message/107', 'Verify', 'against nothing that you gave'],
  ['verify-block', 'verify/block/1', 'Verify', 'against nothing that you gave'],
  ['verify-record', 'verify/record/5', 'Verify', 'against nothing that you gave'],
  ['client', 'client', 'Be a client', 'Make an identity'],
  ['sender', `sender/${clients[0].id}`, 'A client of the ledger', clients[0].id],
  ['activity', 'activity', 'Activity', 'Nothing has happened'],
  ['search', 'search/1', 'Search: 1', 'This may mean'],
  ['search-nothing', 'search/none', 'Search: none', 'Nothing has this name'],
  ['nowhere', 'nowhere', 'Nothing here', 'no such view'],
];

const empty = () => [
  ['empty-overview', '', 'Sealed once, and provably so', 'What to do next'],
  ['empty-records', 'records', 'Records', 'No record yet'],
  ['empty-record', 'record/0', 'Record', 'fewer records'],
  ['empty-chain', 'chain', 'Chain', 'Send messages as a client'],
  ['empty-block', 'block/head', 'Block', 'Try again'],
  ['empty-messages', 'messages', 'Messages', 'No message yet'],
  ['empty-message', 'message/0', 'Message', 'Try again'],
  ['empty-keys', 'keys', 'Keys', 'Next'],
  ['empty-verify', 'verify', 'Verify', 'Nothing to verify yet'],
  ['empty-client', 'client', 'Be a client', 'Make an identity'],
  ['empty-activity', 'activity', 'Activity', 'Nothing has happened'],
];

const sealed = () => [
  ['seal-overview', '', 'Sealed once, and provably so', 'This server keeps no ledger'],
  ['seal-record', 'record/0', 'INV-00000', 'Download the seal'],
  ['seal-keys', 'keys', 'Keys', 'seals, ES256'],
  ['seal-chain', 'chain', 'Chain', 'Try again'],
  ['seal-verify', 'verify/record/0', 'Verify', 'against nothing that you gave'],
];

/** What axe-core finds that keeps somebody out; `rules` alone, or by all rules. */
async function findings(page, rules) {
  const options = rules ? { runOnly: rules } : {};
  const { violations } = await page.evaluate((given) => window.axe.run(given), options);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const [{ target, failureSummary }] = nodes;
      return `${id} of ${nodes.length}: ${target} ${failureSummary}`;
    });
}

/** What is wrong with how a view looks, in each window and scheme. */
async function faultsIn(page, name) {
  const faults = [];
  for (const width of [1440, 390])
    for (const colorScheme of ['light', 'dark']) {
      const what = `${name} ${colorScheme} ${width}`;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) faults.push(`${what}: ${wide} pixels wide`);
      if (width !== 390) continue;
      const rules = colorScheme === 'dark' ? ['color-contrast'] : null; // the rest is the same
      faults.push(...(await findings(page, rules)).map((found) => `${what}: ${found}`));
    }
  return faults;
}

export function testsOfViews(world) {
  const shows = async (service, views) => {
    mkdirSync(screenshots, { recursive: true });
    const before = (page) => page.addInitScript(axe);
    const expected = ['status of 404', 'status of 503'];
    const look = async (page) => {
      const faults = [];
      for (const [name, address, title, shown] of views) {
        await page.goto(`${service.url}/#/${address}`);
        const main = page.locator('main:not([aria-busy])');
        await main.getByRole('heading', { level: 1, name: title }).waitFor();
        await main.getByText(shown).first().waitFor();
        faults.push(...(await faultsIn(page, name)));
      }
      assert.deepEqual(faults, []);
    };
    await visit(world.browser, service.url, look, { before, expected });
  };

  test('every view shows what there is', { skip }, () => shows(world.full, full(world.full)));
  test('every view says what to do where nothing is', { skip }, () => shows(world.empty, empty()));
  test('what strangers wrote stays text', { skip }, async () => {
    const markup = '<img src=x onerror=alert(1)>';
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ name: markup, text: markup });
    const posted = await fetch(`${world.small.url}/v1/records`, { method: 'POST', headers, body });
    const { id } = await posted.json();
    await sendMessages(world.small, 1, 1, markup);
    const { messages: all } = await get(world.small, '/v1/blocks/count');
    const reads = async (page) => {
      const views = ['', 'records', `record/${id}`, 'messages', `message/${all - 1}`];
      for (const view of [...views, `search/${encodeURIComponent(markup + '!')}`]) {
        await page.goto(`${world.small.url}/#/${view}`);
        await page.locator('main:not([aria-busy])').getByText(markup).first().waitFor();
        assert.equal(await page.locator('img[src="x"]').count(), 0, view);
      }
    };
    await visit(world.browser, world.small.url, reads, { expected: ['status of 404'] });
  });

  test('views of seals', { skip }, () => shows(world.sealed, sealed()));
}
