// SPDX-License-Identifier: Apache-2.0
//
// All messages of the ledger, the newest first, in the order of their arrival.

import * as api from './api.mjs';
import { cut, element, hash, link, mark, sheet, title } from './dom.mjs';
import { number, plural, time } from './figures.mjs';
import { freshButton } from './fresh_button.mjs';
import { bodyOf, jsonText } from './json_text.mjs';
import { LongList } from './list.mjs';
import { searchField } from './search_field.mjs';

export async function show(main, { signal }) {
  const counts = await api.get('/v1/blocks/count', signal);
  const source = { count: counts.messages, counts, row, name: 'Messages, the newest first' };
  const list = new LongList({ ...source, page: pageOf }, signal);
  const fresh = freshButton(list, {
    type: 'block',
    countOf: (block) => block.first_message + block.count,
    noun: 'message',
    before: async () => (list.source.counts = await api.get('/v1/blocks/count', signal)),
    signal,
  });
  main.replaceChildren(
    title(
      'Messages',
      `${plural(counts.messages, 'message')}, each signed by its sender, and ` +
        `${number(counts.pending)} of them in no block yet.`,
      fresh,
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
async function pageOf(first, rows, signal) {
  const high = this.count - first; // behind the newest of this page
  const low = high - rows;
  const inBlocks = this.counts.blocks * this.counts.block_size;
  const pending = [];
  for (let at = Math.max(low, inBlocks); at < high; ++at)
    pending.push(api.get(`/v1/messages/${at}`, signal));
  const stored = inBlocksOf(low, Math.min(high, inBlocks), this.counts.block_size, signal);
  const [older, ...newer] = await Promise.all([stored, ...pending]);
  return [...older, ...newer].reverse();
}

/** The messages from `low` up to `high`, all of them in blocks. */
async function inBlocksOf(low, high, blockSize, signal) {
  const stored = [];
  for (let at = low; at < high;) {
    const block = Math.floor(at / blockSize);
    const end = Math.min(high, (block + 1) * blockSize);
    const after = at > block * blockSize ? `&after=${at - 1}` : '';
    const path = `/v1/blocks/${block}/messages?limit=${end - at}${after}`;
    let { messages } = await api.get(path, signal);
    if (!messages) {
      await api.get(`/v1/messages/${at}`, signal); // leaves are public; this asks for a token
      ({ messages = [] } = await api.get(path, signal));
    }
    stored.push(...messages);
    at = end;
  }
  return stored;
}

function row(stored) {
  const { message } = stored;
  const body = jsonText(bodyOf(stored.jws));
  return element(
    'span',
    { className: 'cells messages' },
    link(`#/message/${stored.index}`, `Message ${number(stored.index)}`),
    element('span', { className: 'cut mono', title: cut(body, 2_000) }, cut(body)),
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
