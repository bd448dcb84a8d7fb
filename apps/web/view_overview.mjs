// SPDX-License-Identifier: Apache-2.0
//
// The first view: one field that finds everything, and lines that answer "is it
// well, does it keep up". Where nothing is there yet, what to do next.

import * as api from './api.mjs';
import { line } from './chart.mjs';
import {
  button,
  cut,
  element,
  fault,
  isSelecting,
  link,
  mark,
  paragraph,
  redraw,
  sheet,
  title,
} from './dom.mjs';
import { duration, number, plural, size, time } from './figures.mjs';
import { live, past } from './live.mjs';
import { searchField } from './search_field.mjs';
import { tour } from './tour.mjs';

const line_min_ms = 60_000;
const line_max_ms = 600_000;

/** What is asked for, or why not; the view shows the rest. */
const tried = (work) => work.catch((error) => ({ error }));

export async function show(main, { signal }) {
  if (api.server === null) {
    location.replace('#/verify');
    return;
  }
  const [signing, counts, health, refused] = await Promise.all([
    tried(api.get('/v1/signing', signal, true)),
    tried(api.get('/v1/blocks/count', signal)),
    tried(readiness(signal)),
    tried(refusals(signal)),
  ]);
  const state = { signing, counts, health, refused };
  const lines = element('div', { className: 'lines' });
  const below = element('div', { className: 'columns' });
  main.replaceChildren(
    title(
      'Sealed once, and provably so',
      'This server signs every record once, each by a key that nobody else uses at that time, and keeps ' +
        'a ledger of signed messages that cannot be changed unseen. Look anything up, and verify it here.',
    ),
    searchField(),
    lines,
    below,
  );
  const draw = () => {
    if (isSelecting(lines)) return;
    redraw(lines, signingLine(state), ledgerLine(state), healthLine(state));
  };
  const drawBelow = async () =>
    below.replaceChildren(
      ...tour(state),
      ...(await latest(state, signal).catch((error) => [sheet('Latest', fault(error))])),
    );
  state.giveToken = async () => {
    state.signing = await tried(api.get('/v1/signing', signal));
    draw();
    await drawBelow();
  };
  draw();
  await drawBelow();
  follow(state, draw, signal);
}

function follow(state, draw, signal) {
  const on = (type, act) =>
    live.addEventListener(type, (event) => (act(event.detail), draw()), { signal });
  on('signing', (signing) => (state.signing = signing));
  on('refused', () => {});
  on('block', (block) => {
    const messages = Math.max(state.counts.messages ?? 0, block.first_message + block.count);
    state.counts = { ...state.counts, blocks: block.index + 1, messages };
  });
  const timer = setInterval(async () => {
    state.counts = await tried(api.get('/v1/blocks/count', signal, true));
    state.health = await tried(readiness(signal));
    if (!signal.aborted) draw();
  }, 5_000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** /readyz says what is not well with 503. */
const readiness = (signal) => api.getOfAnyStatus('/readyz?verbose', signal);

/** The node's refusals since its start, by code, where the metrics may be read. */
async function refusals(signal) {
  const text = await api.textOf(await api.request('/metrics', { signal }, true));
  const codes = new Map();
  for (const [, code, count] of text.matchAll(
    /^chancery_messages_refused_total\{code="(\w+)"\} (\d+)/gm,
  ))
    codes.set(code, Number(count));
  return { codes, since: Date.now() };
}

const figure = (value, name, ...more) =>
  element(
    'div',
    { className: 'figure' },
    element('b', {}, value),
    element('span', {}, name, ...more),
  );

function signingState({ running, unsigned, oldest_unsigned_seconds: oldest, max_wait_ms: wait }) {
  if (!running) return ['warn', 'nothing signs now'];
  if (unsigned === 0) return ['good', 'all signed'];
  return oldest > (wait ?? 0) / 1000 + 10 ? ['warn', 'behind'] : ['good', 'keeps up'];
}

/** Where the routes of records need a token, the rest of the view goes without. */
const signingWithout = ({ signing: { error }, giveToken }) =>
  sheet(
    'Signing',
    paragraph(error.message, 'soft'),
    api.needsToken(error)
      ? element('div', { className: 'row' }, button('Give a token', giveToken))
      : null,
  );

function signingLine(state) {
  const { signing } = state;
  if (signing.error) return signingWithout(state);
  const { unsigned, oldest_unsigned_seconds: oldest, records, keys, keys_out: out } = signing;
  const rates = past.signing.map(({ at, rate }) => ({ at, value: rate }));
  const most = Math.max(0, ...rates.map((r) => r.value));
  const open_ms = Date.now() - (rates[0]?.at ?? Date.now());
  const span = Math.max(line_min_ms, Math.min(open_ms, line_max_ms));
  const age = oldest === null || unsigned === 0 ? '' : `, the oldest for ${duration(oldest)}`;
  return element(
    'section',
    { className: 'sheet line', 'aria-label': 'Signing' },
    element(
      'div',
      { className: 'row' },
      element('h2', {}, link('#/records', 'Signing')),
      mark(...signingState(signing)),
    ),
    element(
      'div',
      { className: 'figures' },
      figure(number(unsigned), `unsigned${age}`),
      figure(number(records), 'records'),
      figure(number(signing.records_per_second ?? 0), 'signed a second'),
      figure(
        keys === null ? '—' : `${number(out ?? 0)} of ${number(keys)}`,
        link('#/keys', 'keys'),
        ' in use',
      ),
      figure(number(signing.workers.length), 'workers of other hosts'),
    ),
    element(
      'figure',
      { className: 'stack' },
      line(rates, span, `Signed a second: at most ${number(most)}`),
      element(
        'figcaption',
        { className: 'soft small' },
        `Signed a second, for ${duration(span / 1000)}; the most was ${number(most)}`,
      ),
    ),
  );
}

function ledgerLine({ counts, health }) {
  if (counts.error)
    return sheet(
      'Ledger',
      paragraph(
        counts.error.status === 404 ? 'This server keeps no ledger.' : counts.error.message,
        'soft',
      ),
    );
  const { blocks, messages, pending, block_size: full } = counts;
  const takes = health.checks?.find(({ name }) => name === 'node')?.ok;
  return element(
    'section',
    { className: 'sheet line', 'aria-label': 'Ledger' },
    element(
      'div',
      { className: 'row' },
      element('h2', {}, link('#/chain', 'Ledger')),
      takes ? mark('good', 'takes messages') : mark('warn', 'takes no messages now'),
    ),
    element(
      'div',
      { className: 'figures' },
      figure(number(messages), link('#/messages', 'messages')),
      figure(number(blocks), link('#/chain', 'blocks')),
      figure(`${number(pending)} of ${number(full)}`, 'wait for the next block'),
    ),
    element(
      'div',
      { className: 'stack' },
      element('progress', {
        max: full,
        value: pending,
        'aria-label': `${pending} of ${full} messages of the next block`,
      }),
      paragraph('The next block', 'soft small'),
    ),
  );
}

function healthLine({ health, refused }) {
  const codes = refused.error ? past.refused : sum(refused);
  const total = [...codes.values()].reduce((a, b) => a + b, 0);
  const since = refused.error ? 'since this page was opened' : 'since the start';
  const checks = (health.checks ?? []).map((check) =>
    element(
      'li',
      {},
      mark(check.ok ? 'good' : 'bad', check.name),
      check.reason ? ` ${cut(check.reason, 1_000)}` : null,
    ),
  );
  return element(
    'section',
    { className: 'sheet line', 'aria-label': 'Health' },
    element(
      'div',
      { className: 'row' },
      element('h2', {}, 'Health'),
      health.error
        ? mark('bad', health.error.message)
        : mark(health.ok ? 'good' : 'bad', health.ok ? 'ready' : 'not ready'),
    ),
    element(
      'div',
      { className: 'figures' },
      figure(number(total), `messages refused ${since}`),
      figure('—', 'checkpoint, anchor, backup: not kept by this version'),
      element(
        'ul',
        { className: 'row' },
        [...codes].map(([code, count]) =>
          element(
            'li',
            { className: 'mark' },
            link(new URL(`problems/${code}`, api.server).href, code),
            ` ${number(count)}`,
          ),
        ),
      ),
    ),
    element('ul', { className: 'row', 'aria-label': 'Checks' }, checks),
  );
}

/** What the server had counted, and what came by events since. */
function sum({ codes, since }) {
  const all = new Map(codes);
  for (const { at, type, data } of past.log)
    if (type === 'refused' && at > since)
      for (const [code, count] of Object.entries(data.codes))
        all.set(code, (all.get(code) ?? 0) + count);
  return all;
}

/** The latest blocks and records, when there are some. */
async function latest({ signing, counts }, signal) {
  const places = [];
  if (counts.blocks > 0) {
    const { blocks } = await api.get('/v1/blocks?limit=5', signal);
    const rows = blocks.map((block) =>
      element(
        'li',
        {},
        link(`#/block/${block.index}`, `Block ${number(block.index)}`),
        element(
          'span',
          { className: 'soft push' },
          `${plural(block.count, 'message')} · `,
          time(block.time),
        ),
      ),
    );
    places.push(sheet('Latest blocks', element('ol', { className: 'latest' }, rows)));
  }
  if (signing.records > 0) {
    const after = signing.records > 5 ? `&after=${signing.records - 6}` : '';
    const { records } = await api.get(`/v1/records?limit=5${after}`, signal);
    const rows = records
      .reverse()
      .map((record) =>
        element(
          'li',
          {},
          link(`#/record/${record.id}`, cut(record.name ?? `Record ${number(record.id)}`)),
          element(
            'span',
            { className: 'soft push' },
            `${size(record.size)} · `,
            record.signed ? mark('good', 'signed') : mark('', 'unsigned'),
          ),
        ),
      );
    places.push(sheet('Latest records', element('ol', { className: 'latest' }, rows)));
  }
  return places;
}
