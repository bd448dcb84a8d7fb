// SPDX-License-Identifier: Apache-2.0
//
// The page as a client of the ledger, against a server with small blocks; and a
// server that goes away, and one that asks for tokens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import * as ledger from './ledger.mjs';
import { get, sendMessages } from './page_world.mjs';

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
export const reached = (page, name) =>
  page.getByRole('listitem').filter({ hasText: `${name} (done)` }).waitFor();
const heading = (page, name) => page.getByRole('heading', { name }).waitFor();

/** What the browser keeps beside the page's memory. */
const kept = (page) =>
  page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );

export async function registers(page) {
  await press(page, 'Make an identity');
  await reached(page, 'Identity');
  await press(page, 'Register');
  await reached(page, 'Registered');
}

async function sendsAndFinds(page, service) {
  await registers(page);
  await page.getByLabel('Any JSON').fill('{"event": "from a test"}');
  await press(page, 'Sign, encrypt and send');
  await reached(page, 'Receipt');
  const verdict = page.locator('.verdict');
  await verdict.filter({ hasText: 'against nothing that you gave' }).waitFor();
  const { node } = await get(service, '/v1/node');
  await page.getByLabel('The node’s id, as its operator told you').fill(node);
  await press(page, 'Check against it');
  await heading(page, 'Its block is not complete yet');
  await page.getByRole('button', { name: /^Send .* small messages? more$/ }).click();
  await heading(page, /^Found in block/);
  await reached(page, 'In a block');
  await verdict.filter({ hasText: 'Verified' }).waitFor();
}

export function testsOfClients(world) {
  test('a browser is a client: its message is found in a block', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/client`, async (page) => {
      await sendsAndFinds(page, world.small);
      await page.getByRole('link', { name: 'See it in the tree' }).click();
      await page.getByText('the same as in the header').waitFor();
      const index = Number(new URL(page.url()).hash.split('leaf=')[1]);
      const { jws, receipt, message } = await get(world.small, `/v1/messages/${index}`);
      assert.deepEqual(message.body, { event: 'from a test' });
      // Another library says the same of it.
      const node = await ledger.nodeKeys((await get(world.small, '/v1/node')).keys);
      const { leaf } = await ledger.receipt(receipt, node);
      assert.equal(leaf, ledger.leafHash(jws).toString('base64url'));
    }),
  );

  test('an identity survives a reload, and cannot be read out', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/client`, async (page) => {
      await registers(page);
      const id = await page.locator('dd .hash').first().innerText();
      await page.reload();
      await reached(page, 'Registered');
      assert.equal(await page.locator('dd .hash').first().innerText(), id);
      await press(page, 'Sign, encrypt and send');
      await reached(page, 'Receipt');
      const extractable = await page.evaluate(async () => {
        const opening = indexedDB.open('chancery', 1);
        await new Promise((resolve) => (opening.onsuccess = resolve));
        const all = opening.result.transaction('clients').objectStore('clients').getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        return all.result.map(({ privateKey }) => privateKey.extractable);
      });
      assert.deepEqual(extractable, [false]);
      page.once('dialog', (dialog) => dialog.accept());
      await press(page, 'Forget this identity');
      await page.getByRole('button', { name: 'Make an identity' }).waitFor();
    }),
  );

  test('what is no JSON is not sent', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/client`, async (page) => {
      await registers(page);
      const { messages } = await get(world.small, '/v1/blocks/count');
      await page.getByLabel('Any JSON').fill('{"event": ');
      await press(page, 'Sign, encrypt and send');
      await page.getByRole('alert').filter({ hasText: /^The message is not JSON/ }).waitFor();
      assert.equal((await get(world.small, '/v1/blocks/count')).messages, messages);
    }),
  );

  test('views show what comes: a record, a block, an event', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/activity`, async (page) => {
      await page.getByRole('status').filter({ hasText: '● live' }).waitFor();
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ name: 'live', text: 'a record' });
      await fetch(`${world.small.url}/v1/records`, { method: 'POST', headers, body });
      await sendMessages(world.small, 1, 8);
      const events = page.getByRole('list', { name: 'Events, the newest first' });
      await events.getByRole('link', { name: '1 record from' }).waitFor();
      await events.getByRole('link', { name: /^Block \d/ }).first().click();
      await page.getByText('the same as in the header').waitFor();
    }),
  );

  test('a lost server is said, and a new start seen', { skip }, () => {
    const { small } = world;
    const lost = async (page) => {
      await heading(page, 'Records');
      await page.getByRole('status').filter({ hasText: '● live' }).waitFor();
      await small.end();
      const bar = page.getByRole('status').filter({ hasText: 'No connection to the server since' });
      await bar.waitFor();
      small.import(['{"invoice":"AWAY-1"}']);
      await small.serve();
      await bar.waitFor({ state: 'detached' });
      await page.getByText('AWAY-1').waitFor();
      await page.getByRole('status').filter({ hasText: '● live' }).waitFor();
    };
    small.place = new URL(small.url).host;
    const expected = ['net::ERR_'];
    return visit(world.browser, `${small.url}/#/records`, lost, { expected });
  });
}

export function testsOfTokens(world) {
  const expected = ['status of 401', 'status of 403'];
  const prompt = (page) => page.getByRole('dialog', { name: 'Token' });

  test('a token is asked for, checked, and kept nowhere', { skip }, () => {
    const { guarded } = world;
    const use = async (page, context) => {
      await prompt(page).waitFor();
      await prompt(page).getByLabel('Token').fill('cht_wrong');
      await prompt(page).getByRole('button', { name: 'Use it' }).click();
      await prompt(page).getByRole('alert').filter({ hasText: 'no such token' }).waitFor();
      await prompt(page).getByLabel('Token').fill(guarded.token);
      await prompt(page).getByRole('button', { name: 'Use it' }).click();
      await heading(page, 'Records');
      await page.getByText('You are reader').waitFor();
      await page.getByRole('status').filter({ hasText: '● live' }).waitFor();
      assert.equal(await kept(page), '[{},{},""]');
      assert.deepEqual(await context.cookies(), []);
      assert.ok(!page.url().includes(guarded.token));
      assert.ok(!(await page.content()).includes(guarded.token));
      await page.reload();
      await prompt(page).waitFor();
      await prompt(page).getByRole('button', { name: 'Not now' }).click();
      await page.getByText('This view needs a token of this server').waitFor();
    };
    return visit(world.browser, `${guarded.url}/#/records`, use, { expected });
  });

  test('the first view goes without a token, and takes one', { skip }, () => {
    const use = async (page) => {
      await page.getByRole('region', { name: 'Ledger' }).getByText('takes messages').waitFor();
      assert.equal(await prompt(page).count(), 0);
      await press(page, 'Give a token');
      await prompt(page).getByLabel('Token').fill(world.guarded.token);
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Signing' }).getByText('all signed').waitFor();
    };
    return visit(world.browser, world.guarded.url, use, { expected });
  });

  test('a token is forgotten when one says so', { skip }, () => {
    const use = async (page) => {
      await prompt(page).getByLabel('Token').fill(world.guarded.token);
      await page.keyboard.press('Enter');
      await heading(page, 'Records');
      await press(page, 'Forget the token');
      await prompt(page).waitFor();
    };
    return visit(world.browser, `${world.guarded.url}/#/records`, use, { expected });
  });

  test('what a token may not do is said', { skip }, () => {
    const use = async (page) => {
      await prompt(page).getByLabel('Token').fill(world.guarded.sender);
      await page.keyboard.press('Enter');
      await prompt(page).getByText('the token lacks the scope read').waitFor();
    };
    return visit(world.browser, `${world.guarded.url}/#/records`, use, { expected });
  });
}
