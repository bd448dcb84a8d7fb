// SPDX-License-Identifier: Apache-2.0
//
// The one field finds everything, by whatever names it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import { get } from './page_world.mjs';

const expected = ['status of 404']; // the page asks for what may not be there
const hexOf = (text) => Buffer.from(text, 'base64url').toString('hex');
const ready = 'main:not([aria-busy])';

/** Searches from the first view. */
async function search(page, text) {
  await page.goto(new URL('#/', page.url()).href);
  await page.getByRole('heading', { level: 1, name: 'Sealed once' }).waitFor();
  await page.getByRole('searchbox', { name: 'Find or verify' }).fill(text);
  await page.keyboard.press('Enter');
}

export function testsOfSearch(world) {
  const tries = (use) =>
    visit(
      world.browser,
      world.full.url,
      async (page) => {
        const finds = async (text, hash, title) => {
          await search(page, text);
          await page.waitForURL((url) => url.hash === hash);
          await page.locator(ready).getByRole('heading', { level: 1, name: title }).waitFor();
        };
        await use(page, finds);
      },
      { expected },
    );

  test('a name, a number or a hash leads to what it names', { skip }, () =>
    tries(async (page, finds) => {
      const { hash } = await get(world.full, '/v1/blocks/1');
      const [{ kid }] = (await get(world.full, '/v1/keys')).keys;
      const client = world.full.clients[0].id;
      await finds('INV-00042', '#/record/42', 'INV-00042');
      await finds('  INV-00042 ', '#/record/42', 'INV-00042');
      await finds('250', '#/record/250', 'INV-00250'); // there is no such message or block
      await finds(hash, '#/block/1', 'Block 1');
      await finds(hexOf(hash), '#/block/1', 'Block 1');
      await finds(hexOf(hash).toUpperCase(), '#/block/1', 'Block 1');
      await finds(client, `#/sender/${client}`, 'A client of the ledger');
      await finds(kid, `#/keys/${kid}`, 'Keys');
      await finds(hexOf(kid), `#/keys/${kid}`, 'Keys');
      await finds(world.full.node, '#/chain', 'Chain');
    }),
  );

  test('a number may mean several things, and one is chosen', { skip }, () =>
    tries(async (page, finds) => {
      await finds('1', '#/search/1', 'Search: 1');
      assert.deepEqual(await page.locator('main section li a').allInnerTexts(), [
        'Record 1 · INV-00001',
        'Message 1',
        'Block 1',
      ]);
      await page.locator('main').getByRole('link', { name: 'Message 1', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Message 1' }).waitFor();
    }),
  );

  test('what has no such name is said, also of odd names', { skip }, () =>
    tries(async (page, finds) => {
      for (const text of ['INV-9', 'a/b', '100%', '?x=1#y', '<b>', 'ä', '9'.repeat(16)]) {
        await search(page, text);
        const name = `Search: ${text}`;
        await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
        await page.getByText('Nothing has this name').waitFor();
      }
      await finds('A'.repeat(43), `#/search/${'A'.repeat(43)}`, /Search: A/);
    }),
  );

  test('something to verify goes to be verified, pasted, typed or dropped', { skip }, () =>
    tries(async (page) => {
      const { jws, receipt } = await get(world.full, '/v1/messages/3');
      const given = page.getByRole('list', { name: 'What was given' }).getByRole('listitem');
      const shows = async (count) => {
        await page.getByRole('heading', { level: 1, name: 'Verify' }).waitFor();
        await given.nth(count - 1).waitFor();
        assert.equal(await given.count(), count);
      };
      await search(page, jws);
      await shows(1);
      await page.goto(`${world.full.url}/#/`);
      await page.getByRole('searchbox').evaluate((field, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text', text);
        field.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
        );
      }, receipt);
      await shows(2);
      await page.goto(`${world.full.url}/#/`);
      await page.getByRole('search').evaluate((form, text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], 'keys.jws'));
        const dropped = { dataTransfer, bubbles: true, cancelable: true };
        form.dispatchEvent(new DragEvent('drop', dropped));
      }, (await get(world.full, '/v1/node')).keys);
      await shows(3);
      await given.filter({ hasText: 'keys.jws' }).getByText('from you').waitFor();
    }),
  );
}
