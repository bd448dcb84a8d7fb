// SPDX-License-Identifier: Apache-2.0
//
// The pages /docs and /docs/plain in Chromium: they show every operation, and
// sending works, without an error on the console, a breach of the page's policy,
// or a request to another host. CHANCERY is the program.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, skip, visit } from './browser.mjs';
import { Service, signedRecords } from './service.mjs';

let service;
let browser;
let operations;
let question;

before(async () => {
  if (skip) return;
  service = await Service.start(process.env.CHANCERY, '--no-signing');
  const get = async (path) => (await fetch(service.url + path)).json();
  const { paths } = await get('/openapi.json');
  operations = Object.values(paths).flatMap(Object.values);
  const { key, signature } = await get('/v1/records/0/signature');
  question = JSON.stringify({ text: signedRecords[0], signature, key });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

const opened = (path, use) => visit(browser, service.url + path, use);

test('Swagger UI shows the operations and sends them', { skip }, async (t) => {
  const bundle = await fetch(service.url + '/docs/swagger-ui-bundle.js');
  if (bundle.status === 404) return t.skip('the program was built without Swagger UI');
  await opened('/docs', async (page) => {
    await page.locator('.opblock').first().waitFor();
    assert.equal(await page.locator('.opblock').count(), operations.length);
    const tries = async (id, status, fill) => {
      const block = page.locator(`[id$="-${id}"]`);
      await block.locator('.opblock-summary-control').click();
      await block.locator('.try-out__btn').click();
      await fill?.(block);
      await block.locator('.execute').click();
      const line = block.locator('.live-responses-table .response-col_status');
      await line.filter({ hasText: status }).first().waitFor();
      return block.locator('.live-responses-table .response-col_description');
    };
    await tries('getNode', '200');
    const record = await tries('getRecord', '200', (block) =>
      block.locator('tr[data-param-name="id"] input').fill('1'),
    );
    await record.filter({ hasText: '"id": 1' }).first().waitFor();
    const verdict = await tries('verifySignature', '200', (block) =>
      block.locator('textarea').fill(question),
    );
    await verdict.filter({ hasText: '"valid": true' }).first().waitFor();
  });
});

test('the plain page shows the operations and sends them', { skip }, async () => {
  await opened('/docs/plain', async (page) => {
    await page.locator('main:not([aria-busy])').waitFor();
    assert.equal(await page.locator('details').count(), operations.length);
    const sends = async (id, expected, fill) => {
      const block = page.locator(`#${id}`);
      await block.locator('summary').click();
      await fill?.(block);
      await block.getByRole('button', { name: 'Send' }).click();
      await block.locator('pre').filter({ hasText: expected }).waitFor();
    };
    await sends('getNode', /^200 OK[^]*"software": "chancery/);
    await sends('getRecordData', /^200 OK[^]*\{"invoice":18\}/, (block) =>
      block.locator('input').first().fill('1'),
    );
    await sends('listRecords', /^200 OK[^]*"id": 3/, (block) =>
      block.locator('select').selectOption('unsigned'),
    );
    await sends('verifySignature', /^200 OK[^]*"valid": true/, (block) =>
      block.locator('textarea').fill(question),
    );
    await sends('getSignatureDer', /^200 OK[^]*\n30 4[0-9a-f] /);
    await sends('listEvents', /^200 OK[^]*\nretry: \d+\n/); // though it has no end
  });
});

test('the plain page sends its token', { skip }, async () => {
  const token = service.run('token', 'make', 'reader', '--scope', 'read').trim();
  await service.end();
  await service.serve();
  await opened('/docs/plain', async (page) => {
    await page.locator('#token').fill(token);
    await page.locator('#listRecords summary').click();
    await page.locator('#listRecords button').click();
    await page.locator('#listRecords pre').filter({ hasText: '200 OK' }).waitFor();
  });
});
