// SPDX-License-Identifier: Apache-2.0
//
// Debian's Chromium for tests of pages. A visit asserts that the page wrote no
// error on its console, did not breach its policy, and asked no other host. The
// environment variable CHROMIUM, if set, is the browser.

import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

// The shell has no windows, and takes a third of the CPU time.
const names = ['chromium-headless-shell', 'chromium'];
const folders = process.env.PATH.split(delimiter);

const found = [
  process.env.CHROMIUM,
  ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
].find((path) => {
  try {
    accessSync(path ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** Why tests are skipped, or false. */
export const skip = found ? false : 'there is no chromium';

/** For a browser on a busy machine, which is no fault of a page. */
export const patience = 120_000;

export const launch = () =>
  chromium.launch({
    executablePath: found,
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
    timeout: patience,
  });

/** Gives to `note` what a page must not do. */
async function watch(page, origins, note) {
  page.on('console', (m) => m.type() === 'error' && note(`console: ${m.text()}`));
  page.on('pageerror', (error) => note(`error: ${error.stack}`));
  page.on('requestfailed', (r) => {
    const reason = r.failure()?.errorText ?? '';
    // A page that is left gives up what it was reading.
    if (reason !== 'net::ERR_ABORTED') note(`failed: ${r.url()} ${reason}`);
  });
  page.on('request', (r) => {
    const url = new URL(r.url());
    if (!['data:', 'blob:'].includes(url.protocol) && !origins.includes(url.origin))
      note(`elsewhere: ${r.url()}`);
  });
  await page.exposeFunction('breach', (what) => note(`policy: ${what}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      window.breach(`${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
}

/**
 * Opens a page, lets `use(page, context)` work with it, and asserts that nothing
 * was wrong. `also`: further origins that it may ask; `expected`: words
 * of what belongs to the test ("status of 404"); `before(page)` runs before
 * the page is opened; `settings` are those of the browser's context.
 */
export async function visit(
  browser,
  url,
  use,
  { also = [], expected = [], settings = {}, before = () => {} } = {},
) {
  const wrong = [];
  const context = await browser.newContext(settings);
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await watch(page, [new URL(url).origin, ...also], (what) => {
    if (!expected.some((words) => what.includes(words))) wrong.push(what);
  });
  try {
    await before(page);
    await page.goto(url);
    await use(page, context);
    assert.deepEqual(wrong, []);
  } catch (error) {
    if (wrong.length > 0 && error.code !== 'ERR_ASSERTION') error.message += `; ${wrong}`;
    throw error;
  } finally {
    await context.close();
  }
}
