// SPDX-License-Identifier: Apache-2.0
//
// All messages of the ledger, the newest first, in the order of their arrival.

import * as api from './api.mjs';
import { element, hash, link, mark, sheet, title } from './dom.mjs';
import { number, plural, time } from './figures.mjs';
import { bodyOf, jsonText } from './json_text.mjs';
import { LongList } from './list.mjs';
import { searchField } from './search_field.mjs';

export async function show(main, { signal }) {
  const counts = await api.get('/v1/blocks/count', signal);
  const list = new LongList(
    {
      count: counts.messages,
      name: 'Messages, the newest first',
      row,
      page: (first, rows, stop) => page(counts, first, rows, stop),
    },
    signal,
  );
  main.replaceChildren(
    title(
      'Messages',
      `${plural(counts.messages, 'message')}, each signed by its sender, and ` +
        `${number(counts.pending)} of them in no block yet.`,
    ),
    searchField(),
    counts.messages
      ? sheet(null, list.element)
      : sheet(
          'No message yet',
          element('p', {}, link('#/client', 'Be a client'), ' and send the first one.'),
        ),
  );
}

/** Messages of blocks come by block; those of no block yet, one by one. */
async function page(counts, first, rows, signal) {
  const high = counts.messages - first; // behind the newest of this page
  const low = high - rows;
  const inBlocks = counts.blocks * counts.block_size;
  const parts = [];
  for (let at = Math.max(low, inBlocks); at < high; ++at)
    parts.push(api.get(`/v1/messages/${at}`, signal));
  const pending = await Promise.all(parts);
  const stored = [];
  for (let at = low; at < Math.min(high, inBlocks);) {
    const block = Math.floor(at / counts.block_size);
    const end = Math.min(high, inBlocks, (block + 1) * counts.block_size);
    const begin = at > block * counts.block_size ? `&after=${at - 1}` : '';
    const { messages } = await api.get(
      `/v1/blocks/${block}/messages?limit=${end - at}${begin}`,
      signal,
    );
    stored.push(...(messages ?? []));
    at = end;
  }
  return [...stored, ...pending].reverse();
}

function row(stored) {
  const { message } = stored;
  const body = jsonText(bodyOf(stored.jws));
  return element(
    'span',
    { className: 'cells messages' },
    link(`#/message/${stored.index}`, `Message ${number(stored.index)}`),
    element('span', { className: 'cut mono', title: body }, body.slice(0, 200)),
    element(
      'span',
      { className: 'less' },
      link(`#/sender/${message.client}`, hash(message.client)),
    ),
    element('span', { className: 'soft less' }, time(message.time)),
    stored.block === null
      ? mark('', 'waits')
      : element('span', { className: 'soft' }, `block ${number(stored.block)}`),
  );
}
