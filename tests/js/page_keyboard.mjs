// SPDX-License-Identifier: Apache-2.0
//
// The page without a pointer: every view and the ways through them, by Tab,
// Enter and arrow keys, with the focus in sight; and without motion.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';

const tabs_max = 150;

const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent;
    const style = getComputedStyle(at);
    const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return { name: (label ?? at.textContent).trim(), tag: at.tagName, seen };
  });

/** Presses a key until the focus is on what has this name. */
async function moveTo(page, name, key = 'Tab') {
  const passed = [];
  for (let i = 0; i < tabs_max; ++i) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at.tag === 'BODY') continue; // between the page's end and its beginning
    passed.push(at.name.slice(0, 40));
    assert.ok(at.seen, `the focus on ${at.name} cannot be seen`);
    if (typeof name === 'string' ? at.name === name : name.test(at.name)) return;
  }
  assert.fail(`the focus never comes to ${name}: ${passed.join(' | ')}`);
}

async function follow(page, name, title) {
  await moveTo(page, name);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  // A view that was opened has the focus, so that it is read and Tab goes on in it.
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
}

export function testsOfKeyboard(world) {
  test('every view is reached by Tab and Enter', { skip }, () =>
    visit(world.browser, world.full.url, async (page) => {
      await page.locator('main:not([aria-busy]) h1').waitFor();
      await page.keyboard.press('Tab');
      assert.equal((await focused(page)).name, 'To the content');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id + location.hash), 'main');
      for (const [name, title] of [
        ['Records', 'Records'],
        ['Chain', 'Chain'],
        ['Messages', 'Messages'],
        ['Keys', 'Keys'],
        ['Verify', 'Verify'],
        ['Be a client', 'Be a client'],
        ['Activity', 'Activity'],
        ['Overview', 'Sealed once'],
      ])
        await follow(page, name, title);
    }),
  );

  test('a list is moved through by arrow keys, and left by Tab', { skip }, () =>
    visit(world.browser, `${world.full.url}/#/records`, async (page) => {
      await page.getByRole('link', { name: 'Record 319', exact: true }).waitFor();
      await moveTo(page, /^Records, the newest first/);
      await page.keyboard.press('Tab');
      assert.equal((await focused(page)).name, 'Record 319');
      await page.keyboard.press('Tab');
      assert.doesNotMatch((await focused(page)).name, /^Record \d/);
      await page.keyboard.press('Shift+Tab');
      const moves = async (key, name) => {
        await page.keyboard.press(key);
        await page.waitForFunction((n) => document.activeElement.textContent === n, name);
        const sight = await page.evaluate(() => {
          const { top, bottom } = document.activeElement.getBoundingClientRect();
          const box = document.activeElement.closest('[role="group"]').getBoundingClientRect();
          return top >= box.top && bottom <= box.bottom;
        });
        assert.ok(sight, `${name} is out of sight`);
      };
      await moves('ArrowDown', 'Record 318');
      await moves('ArrowUp', 'Record 319');
      await moves('ArrowUp', 'Record 319');
      await moves('End', 'Record 0');
      await moves('ArrowUp', 'Record 1');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'INV-00001' }).waitFor();
    }),
  );

  test('a record is found, verified and broken by keys alone', { skip }, () =>
    visit(world.browser, world.full.url, async (page) => {
      await page.locator('main:not([aria-busy]) h1').waitFor();
      await moveTo(page, 'Find or verify');
      await page.keyboard.type('INV-00042');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'INV-00042' }).waitFor();
      await page.waitForFunction(() => document.activeElement.tagName === 'H1');
      await follow(page, 'Verify', 'Verify');
      await page.locator('.verdict').waitFor();
      await moveTo(page, /^the record, /);
      await page.keyboard.press('Enter');
      await moveTo(page, /^byte 0: /);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.match((await focused(page)).name, /^byte 2: /);
      await page.keyboard.press('Enter');
      await page.locator('[data-broken]').waitFor();
      assert.match((await focused(page)).name, /^byte 2: .*, changed$/);
      await moveTo(page, 'Undo');
      await page.keyboard.press('Enter');
      await page.locator('[data-broken]').waitFor({ state: 'detached' });
    }),
  );

  test('who types while a view is still being read keeps the field', { skip }, () => {
    let go;
    const waited = new Promise((resolve) => (go = resolve));
    const before = (page) =>
      page.route('**/v1/records?limit=5*', async (route) => {
        await waited;
        await route.continue();
      });
    const types = async (page) => {
      await page.locator('main:not([aria-busy]) h1').waitFor();
      await page.goto(`${world.full.url}/#/`);
      const field = page.getByRole('searchbox', { name: 'Find or verify' });
      await field.fill('INV-0');
      go();
      await page.locator('main:not([aria-busy])').getByText('Latest records').waitFor();
      await page.keyboard.type('0042');
      assert.equal(await field.inputValue(), 'INV-00042');
    };
    return visit(world.browser, `${world.full.url}/#/records`, types, { before });
  });

  test('a leaf of a tree is chosen by arrow keys', { skip }, () =>
    visit(world.browser, `${world.full.url}/#/block/1`, async (page) => {
      const slider = page.getByRole('slider', { name: 'The chosen leaf' });
      await slider.waitFor();
      await moveTo(page, 'The chosen leaf');
      for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowRight');
      await page.getByRole('link', { name: 'Message 103', exact: true }).waitFor();
      assert.equal((await focused(page)).name, 'The chosen leaf');
      await page.getByText('the same as in the header').waitFor();
    }),
  );

  test('a client registers and sends by keys alone', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/client`, async (page) => {
      for (const name of ['Make an identity', 'Register', 'Sign, encrypt and send']) {
        await page.getByRole('button', { name, exact: true }).waitFor();
        if ((await focused(page)).name !== name) await moveTo(page, name);
        await page.keyboard.press('Enter');
      }
      await page.locator('.verdict').waitFor();
      await page.waitForFunction(() => document.activeElement.tagName === 'H2');
    }),
  );

  test('a prompt for a token holds the focus, and Escape leaves it', { skip }, () => {
    const use = async (page) => {
      await page.getByRole('dialog', { name: 'Token' }).waitFor();
      assert.equal((await focused(page)).tag, 'INPUT');
      for (let i = 0; i < 6; ++i) {
        await page.keyboard.press('Tab');
        const outside = await page.evaluate(
          () => document.activeElement.closest('dialog') === null
            && document.activeElement !== document.body,
        );
        assert.ok(!outside, 'the focus leaves the prompt');
      }
      await page.keyboard.press('Escape');
      await page.getByText('This view needs a token of this server').waitFor();
    };
    const expected = ['status of 401'];
    return visit(world.browser, `${world.guarded.url}/#/records`, use, { expected });
  });

  test('nothing moves for who wants no motion', { skip }, async () => {
    // What moves, if only for a moment: an element that has just come is one.
    const moving = (page) =>
      page.evaluate(() => {
        const come = document.createElement('p');
        come.className = 'fresh';
        document.querySelector('main').append(come);
        const moves = ({ animationName, transitionDuration }) =>
          animationName !== 'none' || !/^(0s(, )?)+$/.test(transitionDuration);
        const all = [...document.querySelectorAll('*')];
        return all.filter((each) => moves(getComputedStyle(each))).map((each) => each.outerHTML);
      });
    const looks = (reducedMotion, use) =>
      visit(world.browser, world.full.url, use, { settings: { reducedMotion } });
    await looks('no-preference', async (page) => {
      await page.locator('main:not([aria-busy]) h1').waitFor();
      assert.equal((await moving(page)).length, 1);
    });
    await looks('reduce', async (page) => {
      for (const view of ['', 'record/5', 'chain', 'block/1', 'keys', 'verify/message/7']) {
        await page.goto(`${world.full.url}/#/${view}`);
        await page.locator('main:not([aria-busy]) h1').waitFor();
        assert.deepEqual(await moving(page), [], view);
      }
    });
  });
}
