// SPDX-License-Identifier: Apache-2.0
//
// How the page comes: its weight, its policy, and its copies on other hosts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import { reached, registers } from './page_client.mjs';
import { get } from './page_world.mjs';

const first_view_bytes_max = 300_000;

export function testsOfArrival(world) {
  test('a visit sees errors, breaches and requests elsewhere', { skip }, async () => {
    const bad = (page) =>
      page.evaluate(async () => {
        console.error('an error');
        await fetch('http://127.0.0.1:9/elsewhere').catch(() => {});
      });
    const all = ['console: an error', 'violates the following Content Security Policy'];
    const noted = ({ message }) => all.every((what) => message.includes(what));
    await assert.rejects(visit(world.browser, world.full.url, bad), noted);
  });

  test('the first view is light', { skip }, async () => {
    const answers = [];
    const note = (page) => page.on('response', (answer) => answers.push(answer));
    const weigh = async (page) => {
      await shownOverview(page);
      const finite = answers.filter((answer) => !answer.url().endsWith('/v1/events'));
      const sizes = await Promise.all(finite.map((answer) => answer.request().sizes()));
      const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
      assert.ok(finite.some((answer) => answer.url().endsWith('/page/page.mjs')));
      assert.ok(bytes > 10_000 && bytes < first_view_bytes_max, `${bytes} bytes`);
    };
    await visit(world.browser, world.full.url, weigh, { before: note });
  });

  test('markup from text and code from text are refused', { skip }, async () => {
    const attempts = async (page) => {
      const outcomes = await page.evaluate(() => {
        const refused = (work) => {
          try {
            work();
            return false;
          } catch (error) {
            return error instanceof TypeError;
          }
        };
        return [
          refused(() => (document.createElement('div').innerHTML = '<b>text</b>')),
          refused(() => (document.createElement('script').text = 'alert(1)')),
          refused(() => trustedTypes.createPolicy('own', { createHTML: (text) => text })),
        ];
      });
      assert.deepEqual(outcomes, [true, true, true]);
    };
    const expected = ['trusted-types', 'TrustedHTML', 'TrustedScript', 'TrustedTypePolicy'];
    await visit(world.browser, world.full.url, attempts, { expected });
    await visit(world.browser, world.alone.url, attempts, { expected });
  });

  test('a copy on another host asks the server that it names', { skip }, () => {
    const { browser, copy, guarded } = world;
    const use = async (page) => {
      await page.getByLabel('Token', { exact: true }).last().fill(guarded.token);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Records', level: 1 }).waitFor();
      await page.getByRole('status').filter({ hasText: '● live' }).waitFor();
      await page.goto(`${copy.url}/#/client`);
      await registers(page);
      await page.getByRole('button', { name: 'Sign, encrypt and send' }).click();
      await reached(page, 'Receipt');
      const { messages } = await get(guarded, '/v1/blocks/count');
      assert.equal(messages, 1);
    };
    const settings = { also: [guarded.url], expected: ['status of 401'] };
    return visit(browser, `${copy.url}/#/records`, use, settings);
  });

  test('a copy without a server asks nobody, and verifies', { skip }, async () => {
    const show = async (page) => {
      await page.getByRole('heading', { name: 'Verify', level: 1 }).waitFor();
      const { jws, receipt } = await get(world.full, '/v1/messages/0');
      const { keys } = await get(world.full, '/v1/node');
      const paste = page.getByLabel('Something to verify');
      for (const text of [jws, receipt, keys]) await paste.fill(text);
      await page.getByRole('status').filter({ hasText: 'but against nothing' }).waitFor();
    };
    await visit(world.browser, world.alone.url, show);
  });
}

const shownOverview = (page) => page.locator('main:not([aria-busy]) .figures').first().waitFor();
