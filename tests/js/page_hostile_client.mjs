// SPDX-License-Identifier: Apache-2.0
//
// The page as a client where something is against it: a node with other keys, an
// answer that is no receipt, refusals, several tabs, storage that fails. No
// number is used twice, nothing is encrypted to a stranger, and nothing is called
// a receipt that is none.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import { get } from './page_world.mjs';

const expected = ['status of 4', 'status of 5'];
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const reached = (page, name) =>
  page.getByRole('listitem').filter({ hasText: `${name} (done)` }).waitFor();
const alert = (page, words) => page.getByRole('alert').filter({ hasText: words }).waitFor();

async function registered(page) {
  await press(page, 'Make an identity');
  await press(page, 'Register');
  await reached(page, 'Registered');
}

/** What the browser keeps of its identity. */
const kept = (page) =>
  page.evaluate(async () => {
    const opening = indexedDB.open('chancery', 1);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = opening.result.transaction('clients').objectStore('clients').getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    opening.result.close();
    return all.result.map(({ id, seq, waiting }) => ({ id, seq, waiting }));
  });

const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
const payloadOf = (jws) => JSON.parse(Buffer.from(jws.split('.')[1], 'base64url'));

/** The node's keys with a key for encryption that the node has not signed. */
function withOtherKey(keys) {
  const payload = payloadOf(keys);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y }));
  Object.assign(payload.keys[1], { x, y, kid: thumbprint.digest('base64url') });
  return keys.split('.').with(1, part(payload)).join('.');
}

/** Opens the view of a client that is registered. */
const visits = (world, use, before = undefined) =>
  visit(
    world.browser,
    `${world.small.url}/#/client`,
    async (page, context) => {
      await registered(page);
      await use(page, context);
    },
    { before, expected },
  );

function testsOfNodes(world) {
  test('nothing is encrypted to a key that the node has not signed', { skip }, () => {
    const { url } = world.small;
    const answer = (change) => async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change(await response.json()) });
    };
    const swapped = answer((node) => ({ ...node, keys: withOtherKey(node.keys) }));
    const before = (page) => page.route('**/v1/node', swapped);
    const said = (page) => alert(page, 'did not sign its keys');
    return visit(world.browser, `${url}/#/client`, said, { before });
  });

  test('a node whose key for encryption is another one now is sent nothing', { skip }, () =>
    visits(world, async (page) => {
      const { keys } = await get(world.small, '/v1/node');
      await page.evaluate(async (earlier) => {
        const opening = indexedDB.open('chancery', 1);
        await new Promise((resolve) => (opening.onsuccess = resolve));
        const clients = opening.result.transaction('clients', 'readwrite').objectStore('clients');
        const all = clients.getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        const change = clients.put({ ...all.result[0], keys: earlier }, all.result[0].node);
        await new Promise((resolve) => (change.onsuccess = resolve));
        opening.result.close();
      }, withOtherKey(keys));
      await press(page, 'Sign, encrypt and send'); // drawn before; it checks, too
      await alert(page, 'did not sign its keys');
      await page.reload();
      await alert(page, 'another key for encryption than when this identity was made');
      assert.equal(await page.getByLabel('Any JSON').count(), 0);
      await page.getByRole('button', { name: 'Forget this identity' }).waitFor();
    }),
  );

  test('what is no receipt of the message is not called one', { skip }, () =>
    visits(world, async (page) => {
      const { receipt } = await get(world.full, '/v1/messages/7');
      const own = { receipt: null };
      const answers = [
        () => ({ index: 7, receipt }),
        () => ({ index: 7 }),
        () => null,
        () => ({ index: 7, receipt: own.receipt.replace(/.{9}$/, 'AAAAAAAAA') }),
        () => ({ index: 7, receipt: own.receipt.split('.').with(1, part({})).join('.') }),
      ];
      for (const make of answers) {
        await page.route('**/v1/messages', async (route) => {
          own.receipt ??= (await (await route.fetch()).json()).receipt;
          await route.fulfill({ json: make() });
        });
        const name = own.receipt ? 'Send it again' : 'Sign, encrypt and send';
        await press(page, name);
        await alert(page, 'is no receipt of the node for message 1');
        assert.equal(await page.getByText('Receipt (done)').count(), 0);
        assert.equal(await page.locator('.verdict').count(), 0);
        await page.unroute('**/v1/messages');
      }
      await press(page, 'Send it again');
      await reached(page, 'Receipt');
      const [{ seq, waiting }] = await kept(page);
      assert.deepEqual([seq, waiting], [1, null]);
    }),
  );

  test('a block without a proof that holds is not called found', { skip }, () =>
    visits(world, async (page) => {
      const other = await get(world.small, '/v1/messages/0/proof');
      await page.route(/\/v1\/messages\/\d+$/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ json: { ...(await response.json()), block: 0 } });
      });
      await page.route('**/proof', (route) => route.fulfill({ json: other }));
      await press(page, 'Sign, encrypt and send');
      await reached(page, 'Receipt');
      await page.getByRole('heading', { name: 'It is not proven to be in a block' }).waitFor();
      assert.equal(await page.getByText('In a block (done)').count(), 0);
    }),
  );
}

/** Refuses the next messages. */
const refusing = (page, status, code) =>
  page.route('**/v1/messages', (route) =>
    route.fulfill({ status, json: { detail: `refused as ${code}`, code } }),
  );

function testsOfRefusals(world) {
  test('a refused message does not block the next one', { skip }, () =>
    visits(world, async (page) => {
      const refusals = [
        [409, 'stale_sequence'], [403, 'not_allowed'], [422, 'bad_schema'], [413, 'too_large'],
      ];
      for (const [status, code] of refusals) {
        await refusing(page, status, code);
        await press(page, 'Sign, encrypt and send');
        await alert(page, `Refused as ${code}`);
        assert.equal((await kept(page))[0].waiting, null, code);
        await page.unroute('**/v1/messages');
      }
      await press(page, 'Sign, encrypt and send');
      await reached(page, 'Receipt');
      assert.equal((await kept(page))[0].seq, refusals.length + 1);
      await refusing(page, 409, 'unknown_client');
      await press(page, 'Sign, encrypt and send');
      await page.getByRole('heading', { name: 'Registration' }).waitFor();
      await page.unroute('**/v1/messages');
      await press(page, 'Register');
      await reached(page, 'Registered');
      await press(page, 'Sign, encrypt and send');
      await page.getByText(`your number ${refusals.length + 3}`).waitFor();
    }),
  );

  test('a message whose answer is lost is kept, sent again or given up', { skip }, () =>
    visits(world, async (page) => {
      for (const [status, code] of [[429, 'over_limit'], [503, 'busy'], [500, 'internal']]) {
        await refusing(page, status, code);
        await press(page, 'Sign, encrypt and send');
        await alert(page, `Refused as ${code}`);
        await page.unroute('**/v1/messages');
        assert.equal((await kept(page))[0].waiting.seq, 1);
      }
      await page.reload();
      await page.getByText('Message 1 has no receipt yet').waitFor();
      await press(page, 'Give it up');
      await page.getByText('Message 1 has no receipt yet').waitFor({ state: 'detached' });
      await press(page, 'Sign, encrypt and send');
      await page.getByText('your number 2').waitFor();
    }),
  );
}

function testsOfTabs(world) {
  test('tabs that send at once use each number once', { skip }, () =>
    visits(world, async (page, context) => {
      const others = [await context.newPage(), await context.newPage()];
      for (const one of others) {
        await one.goto(page.url());
        await reached(one, 'Registered');
      }
      await Promise.all([page, ...others].map((one) => press(one, 'Sign, encrypt and send')));
      await Promise.all([page, ...others].map((one) => reached(one, 'Receipt')));
      const [{ id, seq }] = await kept(page);
      assert.equal(seq, 3);
      assert.equal((await get(world.small, `/v1/clients/${id}`)).last_sequence, 3);
      others[0].once('dialog', (dialog) => dialog.accept());
      await press(others[0], 'Forget this identity');
      await others[0].getByRole('button', { name: 'Make an identity' }).waitFor();
      await press(page, 'Sign, encrypt and send');
      await alert(page, 'was forgotten in another tab');
      await page.getByRole('button', { name: 'Make an identity' }).waitFor();
    }),
  );

  test('what a tab has not seen does not undo what another did', { skip }, () =>
    visit(world.browser, `${world.small.url}/#/client`, async (page, context) => {
      const other = await context.newPage();
      await other.goto(page.url());
      await other.getByRole('button', { name: 'Make an identity' }).waitFor();
      await press(page, 'Make an identity');
      await reached(page, 'Identity');
      await registered(other); // the same one
      await press(other, 'Sign, encrypt and send');
      await reached(other, 'Receipt');
      const [before] = await kept(other);
      await press(page, 'Register');
      await reached(page, 'Registered');
      assert.deepEqual(await kept(page), [before]);
    }),
  );
}

function testsOfBrowsers(world) {
  const shows = (what, before, address, words) =>
    test(what, { skip }, () =>
      visit(world.browser, `${world.small.url}/#/${address}`, (page) => alert(page, words), {
        before: (page) => page.addInitScript(before),
      }),
    );
  const noStorage = () => (IDBFactory.prototype.open = () => {
    throw new Error('the disk is full');
  });
  const noCryptography = () =>
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  shows('storage that fails is said', noStorage, 'client', 'IndexedDB: the disk is full');
  for (const address of ['client', 'verify', 'verify/message/0', 'block/0'])
    shows(`${address} without cryptography`, noCryptography, address, 'There is no cryptography');

  test('a file that cannot be read is said', { skip }, () =>
    visit(
      world.browser,
      `${world.small.url}/#/verify`,
      async (page) => {
        const file = { name: 'folder', mimeType: '', buffer: Buffer.from('x') };
        await page.getByLabel('Files', { exact: true }).setInputFiles(file);
        await page.getByText('folder cannot be read').waitFor();
        await page.getByLabel(/^Root certificates/).setInputFiles(file);
        await alert(page, 'folder has no certificate');
      },
      {
        before: (page) =>
          page.addInitScript(
            () => (Blob.prototype.arrayBuffer = () => Promise.reject(new Error('a folder'))),
          ),
      },
    ),
  );
}

export function testsOfHostileClients(world) {
  testsOfNodes(world);
  testsOfRefusals(world);
  testsOfTabs(world);
  testsOfBrowsers(world);
}
