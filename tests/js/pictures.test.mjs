// SPDX-License-Identifier: Apache-2.0
//
// Not a test: draws the pictures of README.md, by hand after the page has
// changed, into build/js/pictures:
//
//   tests/js/run.sh build/release/apps/chancery pictures
//   cp build/js/pictures/*.png apps/web/screenshots/

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, skip, visit } from './browser.mjs';
import { get, sendMessages } from './page_world.mjs';
import { Service } from './service.mjs';

const folder = join(process.cwd(), '../../pictures');
const customers = ['Weaver & Sons', 'Hansa Freight', 'Bakery Lind', 'Øst Marine'];
const invoice = (i) =>
  JSON.stringify({ invoice: `INV-${i}`, customer: customers[i % 4], total: (i * 37) % 5000 });

/** Records that come for some seconds, so that there is something to see. */
async function work(service, seconds) {
  let next = 1000;
  for (let second = 0; second < 2 * seconds; ++second) {
    const count = Math.round(340 + 250 * Math.sin(second / 3) + 80 * Math.sin(second * 2));
    const lines = Array.from({ length: count }, () =>
      JSON.stringify({ name: `INV-${++next}`, text: invoice(next) }),
    );
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const url = `${service.url}/v1/records`;
    assert.ok((await fetch(url, { method: 'POST', headers, body: lines.join('\n') })).ok);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('pictures for README.md', { skip }, async () => {
  mkdirSync(folder, { recursive: true });
  const service = Service.prepare(process.env.CHANCERY);
  const browser = await launch();
  const settings = (colorScheme) => ({ colorScheme, viewport: { width: 1120, height: 740 } });
  const save = (page, name) => page.screenshot({ path: join(folder, `${name}.png`) });
  const open = (page, address) => page.goto(`${service.url}/#/${address}`);
  try {
    await service.serve();
    await sendMessages(service, 4, 334);
    const { node } = await get(service, '/v1/node');
    await visit(
      browser,
      `${service.url}/`,
      async (page) => {
        await page.getByText('● live').waitFor();
        await work(service, 40);
        await save(page, 'overview');
        await open(page, 'block/2?leaf=237');
        await page.getByText('the same as in the header').waitFor();
        await page.locator('.tree-view').scrollIntoViewIfNeeded();
        await page.getByRole('heading', { name: 'The tree' }).evaluate((h) => h.scrollIntoView());
        await save(page, 'block');
      },
      { settings: settings('light') },
    );
    await visit(
      browser,
      `${service.url}/#/verify/message/137`,
      async (page) => {
        await page.getByLabel('The node’s id').fill(node);
        const payload = page.locator('[data-part="message.payload"]');
        await payload.locator('summary').click();
        const bytes = payload.locator('.bytes button');
        await bytes.nth((await bytes.count()) - 3).click(); // the last digit of its number
        await page.getByText('You flipped').waitFor();
        await page.evaluate(() => scrollTo(0, 0));
        await save(page, 'verify');
        await open(page, 'client');
        await page.getByRole('button', { name: 'Make an identity' }).click();
        await page.getByRole('button', { name: 'Register' }).click();
        await page.getByRole('button', { name: 'Sign, encrypt and send' }).click();
        const receipt = page.getByRole('heading', { name: 'its receipt, checked here' });
        await receipt.waitFor();
        await page.waitForTimeout(500); // the page leads there by itself first
        await receipt.evaluate((h) => h.closest('section').scrollIntoView({ block: 'end' }));
        await save(page, 'client');
      },
      { settings: settings('dark') },
    );
  } finally {
    await browser.close();
    await service.stop();
  }
});
