// SPDX-License-Identifier: Apache-2.0
//
// The page of `chancery serve` in Chromium: every view with data and without,
// in each of its uses, without an error on the console, a breach of the page's
// policy, or a request to another host. CHANCERY is the program.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { launch, skip } from './browser.mjs';
import { testsOfArrival } from './page_first.mjs';
import { testsOfSearch } from './page_search.mjs';
import { testsOfVerification } from './page_verify.mjs';
import { testsOfViews } from './page_views.mjs';
import { StaticHost, startEmpty, startFull, startSealed } from './page_world.mjs';

// Filled before the first test: servers and hosts with their `url`.
const world = { browser: null, full: null, empty: null, sealed: null, copy: null, alone: null };

before(async () => {
  if (skip) return;
  const folder = process.cwd();
  mkdirSync(join(folder, 'copies'), { recursive: true });
  world.copy = await StaticHost.start(join(folder, 'copies/named'));
  world.alone = await StaticHost.start(join(folder, 'copies/alone'));
  world.full = await startFull('--cors', world.copy.url);
  world.full.run('page', '--out', 'copies/named', '--server', world.full.url);
  world.full.run('page', '--out', 'copies/alone');
  world.empty = await startEmpty();
  world.sealed = await startSealed();
  world.browser = await launch();
});

after(async () => {
  await world.browser?.close();
  for (const started of [world.copy, world.alone, world.full, world.empty, world.sealed])
    await started?.stop();
});

testsOfArrival(world);
testsOfSearch(world);
testsOfVerification(world);
testsOfViews(world);
