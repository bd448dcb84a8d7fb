// SPDX-License-Identifier: Apache-2.0
//
// The page before servers that are broken or lie: it says so in a sentence, and
// neither hangs, nor writes an error on its console, nor calls anything good.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, visit } from './browser.mjs';
import { get } from './page_world.mjs';

const expected = ['status of 4', 'status of 5'];

/** Lets a function change what the server answers; `other(json, url)` gives fulfill's options. */
const answering = (other) => (page) =>
  page.route(/\/v1\/(?!events)|\/readyz/, async (route) => {
    const answer = await route.fetch();
    const json = await answer.json().catch(() => null);
    const given = json === null ? null : other(json, new URL(route.request().url()));
    await (given ? route.fulfill(given) : route.fulfill({ response: answer }));
  });

const views = [
  '',
  'records',
  'record/5',
  'chain',
  'block/1',
  'messages',
  'message/7',
  'keys',
  'search/1',
  'verify/message/107',
  'verify/block/1',
  'verify/record/5',
  'client',
  'activity',
];

/** A value in which each number, text and list is another one. */
function each(value, change) {
  if (Array.isArray(value)) return value.map((item) => each(item, change));
  if (value === null || typeof value !== 'object') return change(value);
  return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, each(item, change)]));
}

const numbersAs = (other) => (json) =>
  JSON.stringify(each(json, (value) => (typeof value === 'number' ? other : value)));
const textsAs = (other) => (json) =>
  JSON.stringify(each(json, (value) => (typeof value === 'string' ? other : value)));

const lying = (lie) => (json) => ({ body: lie(json) });

/** What a broken server writes in place of an answer. */
const lies = {
  null: lying(() => 'null'),
  'nothing in it': lying(() => '{}'),
  HTML: lying(() => '<!doctype html><h1>It works!</h1>'),
  'half of it': lying((json) => JSON.stringify(json).slice(0, -3)),
  'nested lists': lying(() => '['.repeat(10_000) + ']'.repeat(10_000)),
  'negative numbers': lying(numbersAs(-1)),
  'large numbers': lying(numbersAs(2 ** 53)),
  'markup for texts': lying(textsAs('<script>alert(1)</script>')),
};
const refusing = (status, body) => () => ({ status, body });
const refusals = {
  404: refusing(404, '{}'),
  500: refusing(500, 'null'),
  429: refusing(429, '{"detail":7,"code":[]}'),
  503: refusing(503, '{"detail":""}'),
  403: refusing(403, '<p>'),
};

/** Opens the page before a server that `before` changes; in the end, lets go what is on its way. */
const visits = (world, address, use, before = undefined) =>
  visit(
    world.browser,
    `${world.full.url}/#/${address}`,
    async (page) => {
      await use(page);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    },
    { before, expected },
  );

/** Goes to a view without a reload; the text of what it shows. */
async function shown(page, address) {
  await page.evaluate((hash) => (location.hash = hash), `#/${address}`);
  const main = page.locator('main:not([aria-busy])');
  await main.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await main.locator('.verdict.good').count(), 0, address);
  return main.innerText();
}

const alertOf = async (page, address) => {
  await shown(page, address);
  return page.locator('main').getByRole('alert').first().innerText();
};

function testsOfForms(world) {
  /** The first of the answers in every view, and the others by turns. */
  const say = async (answers, addresses, words) => {
    let answer = () => null;
    const look = async (page) => {
      for (const [turn, [what, lie]] of Object.entries(answers).entries())
        for (const [place, address] of addresses.entries()) {
          if (turn > 0 && (turn + place) % 5 > 0) continue;
          if (address === 'activity' && what === 'markup for texts') continue; // has none
          await page.evaluate(() => (location.hash = '#/nowhere'));
          await page.getByText('no such view').waitFor();
          answer = lie;
          await shown(page, address);
          const said = page.locator('main').getByText(words).first();
          await said.waitFor().catch(() => assert.fail(`${address} with ${what}`));
        }
    };
    const before = answering((json) => answer(json));
    await visits(world, 'nowhere', look, before);
  };

  test('every view says what is wrong with an answer', { skip }, () =>
    say(lies, views, /The server’s answer (to \S+ )?is (wrong|not)/),
  );
  test('every view says that the server refuses', { skip }, () =>
    say(refusals, ['', 'record/5', 'chain', 'client'], /The server answers \d{3}/),
  );
}

function testsOfOthers(world) {
  test('another thing than was asked for is refused', { skip }, async () => {
    const swapped = async (page) => {
      await page.route(/\/v1\/(messages|blocks|records)\/(7|1|5)(\/proof)?$/, async (route) => {
        const url = route
          .request()
          .url()
          .replace(/\/(7|1|5)(\/proof)?$/, '/0$2');
        await route.fulfill({ response: await route.fetch({ url }) });
      });
    };
    const look = async (page) => {
      const addresses = ['message/7', 'block/1', 'record/5'];
      for (const address of [...addresses, ...addresses.map((one) => `verify/${one}`)])
        assert.match(await alertOf(page, address), /is about \w+ 0, which was not asked for/);
    };
    await visits(world, 'nowhere', look, swapped);
  });

  test('members that their signed thing denies, and leaves without an end', { skip }, async () => {
    let asked = 0;
    let isOther = false;
    const before = answering((json, { pathname, search }) => {
      if (pathname === '/v1/messages/7') json.message.client = world.full.node;
      if (pathname === '/v1/messages/8') json.block = 1;
      if (isOther && pathname === '/v1/blocks/1') json.root = json.previous;
      if (pathname !== '/v1/blocks/0/messages') return { json };
      asked += 1;
      return { json: { ...json, leaves: json.leaves.slice(1), next: pathname + search } };
    });
    const look = async (page) => {
      assert.match(await alertOf(page, 'message/7'), /another client than the message/);
      assert.match(await alertOf(page, 'message/8'), /block 1 has this message, but it has others/);
      isOther = true;
      assert.match(await alertOf(page, 'block/1'), /another root than its header/);
      assert.match(await alertOf(page, 'block/0'), /leaves are not those of block 0/);
      assert.equal(asked, 1);
    };
    await visits(world, 'nowhere', look, before);
  });

  test('a slow answer does not take the keyboard from who types', { skip }, async () => {
    let go;
    const slow = new Promise((resolve) => (go = resolve));
    const before = (page) =>
      page.route('**/v1/blocks?limit=5', async (route) => {
        await slow;
        await route.continue();
      });
    const look = async (page) => {
      await page.evaluate(() => (location.hash = '#/'));
      const field = page.getByRole('searchbox', { name: 'Find or verify' });
      await field.fill('INV-');
      go();
      await page.getByRole('heading', { name: 'Latest blocks' }).waitFor();
      await page.locator('main:not([aria-busy])').waitFor();
      await page.keyboard.type('00042\n');
      await page.waitForURL((url) => url.hash === '#/record/42');
    };
    await visits(world, 'nowhere', look, before);
  });

  test('an answer that does not come is given up', { skip }, () => {
    const before = async (page) => {
      await page.clock.install();
      await page.route('**/v1/messages/7', () => {});
    };
    const look = async (page) => {
      const asked = page.waitForRequest('**/v1/messages/7');
      await page.evaluate(() => (location.hash = '#/message/7'));
      await asked;
      await page.clock.fastForward(61_000);
      await page.getByRole('alert').filter({ hasText: 'has not answered for 60 s' }).waitFor();
    };
    return visits(world, 'nowhere', look, before);
  });
}

const event = (type, data) => `event: ${type}\ndata: ${data}\n\n`;

function testsOfEvents(world) {
  const streaming = (body) => (page) =>
    page.route('**/v1/events', (route) =>
      route.fulfill({ body, contentType: 'text/event-stream' }),
    );

  test('events that are none leave no trace', { skip }, () => {
    const data = ['null', '{', '[]', '{"codes":{"x":"<b>"}}', '{"first":-1}', '7'];
    const types = ['signing', 'batch', 'block', 'refused', 'worker', 'skipped', 'state', 'other'];
    const body =
      'retry: 1\nid: é\u2028\n\n' +
      types.flatMap((type) => data.map((text) => event(type, text))).join('') +
      event('worker', `{"worker":"${'w'.repeat(200_000)}","connected":true}`) +
      event('worker', '{"worker":"w\u202e7","connected":true}');
    const look = async (page) => {
      let asked = 0;
      page.on('request', (request) => (asked += request.url().endsWith('/events') ? 1 : 0));
      const list = page.getByRole('list', { name: 'Events, the newest first' });
      await list.getByText('w\\u{202e}7 connected').first().waitFor();
      const texts = await list.getByRole('listitem').allInnerTexts();
      assert.ok(
        texts.every((text) => text.includes('w\\u{202e}7 connected')),
        String(texts),
      );
      await page.goto(`${world.full.url}/#/`);
      await page.getByRole('region', { name: 'Signing' }).waitFor();
      assert.ok(asked < 10, `${asked} times`);
    };
    return visits(world, 'activity', look, streaming(body));
  });

  test('a stream that falls silent is no connection', { skip }, async () => {
    const silent = async (page) => {
      await page.clock.install();
      await page.addInitScript(() => {
        const send = window.fetch;
        const quiet = () =>
          new Response(
            new ReadableStream({
              start: (stream) => stream.enqueue(new TextEncoder().encode(': here\n\n')),
            }),
          );
        window.fetch = (address, options) =>
          String(address).endsWith('/v1/events')
            ? Promise.resolve(quiet())
            : send(address, options);
      });
    };
    const notices = async (page) => {
      await page.getByText('● live').waitFor();
      await page.clock.fastForward(50_000);
      assert.equal(await page.getByText('● live').count(), 1);
      await page.clock.fastForward(11_000);
      await page.getByText('○ not live').waitFor();
      await page.clock.fastForward(60_000);
      await page.getByText('● live').waitFor();
    };
    await visit(world.browser, `${world.full.url}/#/activity`, notices, { before: silent });
  });

  test('more events than anybody can see are left out', { skip }, async () => {
    const { record, name, signature, ...own } = await get(world.full, '/v1/records/5/signature');
    const batch = { ...own.batch, key: own.key, worker: null, reason: 'full', time: own.time };
    const body = event('batch', JSON.stringify(batch)).repeat(3_000);
    const look = async (page) => {
      const list = page.getByRole('list', { name: 'Events, the newest first' });
      await list.getByText('“batch” were left out').first().waitFor();
      assert.ok((await list.getByRole('listitem').count()) <= 300);
    };
    await visits(world, 'activity', look, streaming(body));
  });
}

const names = {
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  address: 'javascript:alert(1)',
  turned: 'INV\u202e10000\u2066',
  unseen: 'INV\u200b-\u0000\ufeff1',
  halved: 'INV-\ud800',
  long: 'W'.repeat(100_000),
};

function testsOfTexts(world) {
  test('names and texts of strangers stay texts, and in their place', { skip }, async () => {
    let name = '';
    const before = answering((json, { pathname }) => {
      if (Array.isArray(json.records)) json.records[0].name = json.records.at(-1).name = name;
      if (pathname === '/v1/records/5') json.name = name;
      if (pathname === '/readyz') json.checks[0].reason = name;
      return { json };
    });
    const look = async (page) => {
      await page.setViewportSize({ width: 390, height: 800 });
      for (name of Object.values(names))
        for (const address of ['records', 'record/5', '']) {
          const text = await shown(page, address);
          assert.doesNotMatch(text, /[\u0000\u200b\u202a-\u202e\u2066-\u2069\ufeff]/, address);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= 390, `${address} with ${name.slice(0, 20)}: ${wide} pixels`);
        }
    };
    await visits(world, 'nowhere', look, before);
  });

  test('an address is no command and no code', { skip }, async () => {
    const odd = `x';reboot;'`;
    const key = { kty: 'EC', crv: 'P-256', x: 'A', y: 'A' };
    const before = (page) =>
      page.route('**/v1/clients/**', (route) =>
        route.fulfill({ json: { client: odd, key, last_sequence: null } }),
      );
    const look = async (page) => {
      for (const view of ['constructor', '__proto__', 'toString', '%00', `x'"<b>`])
        assert.match(await shown(page, view), /no such view/, view);
      for (const address of ['block/0?leaf=x', 'block/0?leaf=-1', 'block/0?leaf=1e99'])
        assert.match(await shown(page, address), /the same as in the header/, address);
      for (const address of ['record/x', 'message/-1', 'block/..%2F..', 'verify/record/..%2F1'])
        assert.ok(await alertOf(page, address), address);
      assert.match(await shown(page, 'search/%ED%A0%80'), /Nothing has this name/);
      await alertOf(page, `sender/${encodeURIComponent(odd)}`); // its id is none
      const line = await page.evaluate(async () => {
        const { curl } = await import('./page/api.mjs');
        return curl(`/v1/clients/x';reboot;'`);
      });
      assert.equal(line, `curl '${world.full.url}/v1/clients/x%27;reboot;%27'`);
      for (const path of ['https://a.example/', '///a.example/', 'javascript:1', '/\\\\a.example'])
        assert.match(
          await page.evaluate(async (at) => {
            const { get: ask } = await import('./page/api.mjs');
            return ask(at).then(
              () => 'asked',
              (error) => error.message,
            );
          }, path),
          /names a path that is not its own/,
        );
    };
    await visits(world, 'nowhere', look, before);
  });
}

export function testsOfHostility(world) {
  testsOfForms(world);
  testsOfOthers(world);
  testsOfEvents(world);
  testsOfTexts(world);
}
