// SPDX-License-Identifier: Apache-2.0
//
// Verification in the page: nothing is verified without what the user trusts, all
// of it is with it, and each flipped byte breaks the step that it belongs to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import { get } from './page_world.mjs';

const verdict = (page) => page.locator('.verdict');
const says = (page, words) => verdict(page).filter({ hasText: words }).waitFor();
const stepsOf = (page) =>
  page
    .locator('[data-step]')
    .evaluateAll((items) => items.map(({ dataset }) => [dataset.step, dataset.ok]));

const nodeField = (page) => page.getByLabel('The node’s id (ledger)');
const keysField = (page) => page.getByLabel('Ids of record keys');
const rootsField = (page) => page.getByLabel('or pasted', { exact: true });

/** Where in a JSON text a text is. */
const placeOf = (jws, part, text) => {
  const at = Buffer.from(jws.split('.')[part], 'base64url').indexOf(text);
  assert.ok(at >= 0, `${text} is not there`);
  return at;
};

/** Flips a byte, expects this step to break first, and puts it back. */
async function flips(page, part, offset, step) {
  const bytes = page.locator(`details[data-part="${part}"]`);
  if (!(await bytes.evaluate((made) => made.open))) await bytes.locator('summary').click();
  await bytes.getByRole('button', { name: new RegExp(`^byte ${offset}: `) }).click();
  const flipped = page.getByRole('status').filter({ hasText: 'You flipped byte' });
  await flipped.waitFor();
  const what = `byte ${offset} of ${part}`;
  assert.equal(await page.locator('[data-broken]').getAttribute('data-step'), step, what);
  await says(page, 'Broken');
  await flipped.getByRole('button', { name: 'Undo' }).click();
  await flipped.waitFor({ state: 'detached' });
}

export function testsOfVerification(world) {
  const verifies = (service, address, use) => {
    const begin = async (page) => {
      await says(page, 'against nothing that you gave');
      assert.equal(await page.locator('.verdict.good').count(), 0);
      await use(page);
    };
    const expected = ['status of 404']; // of seals there is no ledger
    return visit(world.browser, `${service.url}/#/verify/${address}`, begin, { expected });
  };

  test('a message holds for the node that one trusts', { skip }, () =>
    verifies(world.full, 'message/107', async (page) => {
      const { node } = world.full;
      await nodeField(page).fill(node.slice(1));
      await page.getByText('has 43 characters of base64url').waitFor();
      await nodeField(page).fill(world.full.clients[0].id); // of another
      await says(page, 'Broken');
      await nodeField(page).fill(node);
      await says(page, 'Verified');
      const steps = await stepsOf(page);
      assert.ok(steps.length >= 14 && steps.every(([, ok]) => ok === 'true'), String(steps));
      const { jws, receipt } = await get(world.full, '/v1/messages/107');
      const digit = placeOf(jws, 1, '107}') + 1;
      await flips(page, 'message.payload', digit, 'message.signature');
      await flips(page, 'message.signature', 10, 'message.signature');
      await flips(page, 'client.key', 40, 'client.key');
      await flips(page, 'keys.signature', 0, 'node.keys');
      const index = placeOf(receipt, 1, '"index":107') + 9;
      await flips(page, 'receipt.payload', index, 'receipt.signature');
      await flips(page, 'receipt.signature', 63, 'receipt.signature');
      await flips(page, 'path', 31, 'path');
      await flips(page, 'block.header', 70, 'block.signature');
      await flips(page, 'block.signature', 32, 'block.signature');
      await flips(page, 'previous.header', 110, 'link');
      await says(page, 'Verified');
    }),
  );

  test('a block holds with all its leaves', { skip }, () =>
    verifies(world.full, 'block/1', async (page) => {
      await nodeField(page).fill(world.full.node);
      await says(page, 'Verified');
      await flips(page, 'leaves', 1000, 'leaves');
      await flips(page, 'block.header', 143, 'block.signature');
    }),
  );

  test('a record holds for a key that one trusts', { skip }, () =>
    verifies(world.full, 'record/5', async (page) => {
      const { key } = await get(world.full, '/v1/records/5/signature');
      await keysField(page).fill(`${world.full.node}\n`);
      await says(page, 'Broken');
      await keysField(page).fill(`${world.full.node}\n${key}\n`);
      await says(page, 'Verified');
      await flips(page, 'record', 3, 'record.signature');
      await flips(page, 'signature', 20, 'record.signature');
      await flips(page, 'key', 63, 'record.key');
      await says(page, 'Verified');
    }),
  );

  test('a seal holds under an authority that one trusts', { skip }, () =>
    verifies(world.sealed, 'record/0', async (page) => {
      const unchecked = page.locator('.outline .open').filter({ hasText: 'not checked' });
      await unchecked.getByRole('button', { name: 'Authority' }).waitFor();
      await rootsField(page).fill(world.sealed.root);
      await says(page, 'Verified');
      await page.getByRole('button', { name: 'Drop them' }).click();
      await says(page, 'against nothing that you gave');
      await rootsField(page).fill(world.sealed.root);
      await says(page, 'Verified');
      const jws = await (await fetch(`${world.sealed.url}/v1/records/0/signature`)).text();
      await flips(page, 'seal.header', placeOf(jws, 0, '"iat":') + 10, 'seal.signature');
      await flips(page, 'seal.payload', placeOf(jws, 1, 'INV-00000') + 8, 'seal.signature');
      await flips(page, 'seal.signature', 63, 'seal.signature');
    }),
  );

  test('an export is verified line by line', { skip }, () =>
    visit(
      world.browser,
      `${world.sealed.url}/#/verify`,
      async (page) => {
        const lines = await (await fetch(`${world.sealed.url}/v1/signatures`)).text();
        const file = { name: 'signed.jsonl', mimeType: 'application/x-ndjson' };
        await page.getByLabel('Files').setInputFiles({ ...file, buffer: Buffer.from(lines) });
        const given = page.getByRole('list', { name: 'What was given' }).getByRole('listitem');
        await given.filter({ hasText: 'signed.jsonl, line 3' }).waitFor();
        assert.equal(await given.count(), 3);
        await rootsField(page).fill(world.sealed.root);
        for (const line of ['0', '1', '2']) {
          await page.getByLabel('What is verified').selectOption(line);
          await says(page, 'Verified');
        }
      },
      { expected: ['status of 404'] },
    ),
  );

  test('several messages are told apart, and one is removed', { skip }, () =>
    visit(world.browser, `${world.full.url}/#/verify`, async (page) => {
      await page.getByText('Nothing to verify yet').waitFor();
      const paste = page.getByLabel('Something to verify');
      const texts = await Promise.all([3, 4].map((i) => get(world.full, `/v1/messages/${i}`)));
      for (const text of texts) await paste.fill(JSON.stringify(text));
      const choice = page.getByRole('combobox', { name: 'What is verified' });
      assert.deepEqual(await choice.locator('option').allInnerTexts(), ['message 3', 'message 4']);
      await choice.selectOption('message 4');
      await page.getByRole('heading', { name: 'Message 4' }).waitFor();
      await page.getByRole('button', { name: 'Remove' }).first().click();
      await choice.waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: 'Message 4' }).waitFor();
    }),
  );

  test('what is nothing to verify is said to be nothing', { skip }, () =>
    visit(world.browser, `${world.full.url}/#/verify`, async (page) => {
      const paste = page.getByLabel('Something to verify');
      for (const text of ['{"a":1', '{}', 'hello', 'a.b.c', '-----BEGIN CERTIFICATE-----', '<b>']) {
        await paste.fill(text);
        await page.getByText('From what was given nothing can be verified').waitFor();
        await page.getByRole('button', { name: 'Remove' }).click();
        await page.getByText('Nothing was given yet').waitFor();
      }
    }),
  );
}
