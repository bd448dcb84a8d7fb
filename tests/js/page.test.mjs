// SPDX-License-Identifier: Apache-2.0
//
// The page of `chancery serve` in Chromium: every view with data and without,
// in each of its uses, without an error on the console, a breach of the page's
// policy, or a request to another host. CHANCERY is the program.

import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { launch, skip } from './browser.mjs';
import { testsOfClients, testsOfTokens } from './page_client.mjs';
import { testsOfArrival } from './page_first.mjs';
import { testsOfHostility } from './page_hostile.mjs';
import { testsOfHostileClients } from './page_hostile_client.mjs';
import { testsOfKeyboard } from './page_keyboard.mjs';
import { testsOfLists } from './page_lists.mjs';
import { testsOfSearch } from './page_search.mjs';
import { testsOfVerification } from './page_verify.mjs';
import { testsOfViews } from './page_views.mjs';
import { StaticHost, startEmpty, startFull, startGuarded, startSealed } from './page_world.mjs';

// Filled before the first test: servers, and hosts of copies, with their `url`.
const world = {};

before(async () => {
  if (skip) return;
  mkdirSync('copies', { recursive: true });
  world.copy = await StaticHost.start('copies/named');
  world.alone = await StaticHost.start('copies/alone');
  world.full = await startFull();
  world.empty = await startEmpty();
  world.small = await startEmpty('--block-size', '4');
  world.sealed = await startSealed();
  world.guarded = await startGuarded('--cors', world.copy.url);
  world.guarded.run('page', '--out', 'copies/named', '--server', world.guarded.url);
  world.guarded.run('page', '--out', 'copies/alone');
  world.browser = await launch();
});

after(async () => {
  const { browser, ...started } = world;
  await browser?.close();
  for (const each of Object.values(started)) await each.stop();
});

testsOfArrival(world);
testsOfSearch(world);
testsOfVerification(world);
testsOfClients(world);
testsOfTokens(world);
testsOfLists(world);
testsOfHostility(world);
testsOfHostileClients(world);
testsOfKeyboard(world);
testsOfViews(world);
