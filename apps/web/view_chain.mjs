// SPDX-License-Identifier: Apache-2.0
//
// The chain from its head back: each block holds the hash of the one before.

import * as api from './api.mjs';
import { element, facts, hash, link, paragraph, sheet, title } from './dom.mjs';
import { number, plural, time } from './figures.mjs';
import { freshButton } from './fresh_button.mjs';
import { LongList } from './list.mjs';
import { searchField } from './search_field.mjs';

export async function show(main, { signal }) {
  const node = await api.get('/v1/node', signal);
  const count = node.blocks;
  const source = { count, row, name: 'Blocks, from the head back', page: pageOf };
  const list = new LongList(source, signal);
  const fresh = freshButton(list, {
    type: 'block',
    countOf: (detail) => detail.index + 1,
    noun: 'block',
    signal,
  });
  main.replaceChildren(
    title(
      'Chain',
      `A block is made of every ${number(node.block_size)} messages. The node signs its header, which has the hash of ` +
        'the block before: who knows one header knows that nothing before it has changed.',
      fresh,
    ),
    searchField(),
    await links(node, signal),
    element(
      'div',
      { className: 'columns uneven' },
      count
        ? sheet(`${plural(count, 'block')}, from the head back`, list.element)
        : sheet(
            'No block yet',
            paragraph(
              `${number(node.pending)} of ${number(node.block_size)} messages of the first block are there.`,
            ),
            element('p', {}, link('#/client', 'Send messages as a client')),
          ),
      sheet(
        'The node',
        facts([
          ['Its id, as this server says', hash(node.node, false)],
          ['Messages', link('#/messages', number(node.messages))],
          ['In no block yet', `${number(node.pending)} of ${number(node.block_size)}`],
        ]),
        paragraph(
          'Get the id from the operator by other means, too, and give it in the verify view: a server that lies would show you its own.',
          'note',
        ),
      ),
    ),
  );
}

/** The head of the chain as a picture: boxes that hold the hash of the one before. */
async function links(node, signal) {
  if (node.blocks === 0) return '';
  const { blocks } = await api.get('/v1/blocks?limit=6', signal);
  const boxes = blocks.map((block) =>
    element(
      'li',
      {},
      element(
        'a',
        { href: `#/block/${block.index}` },
        element('b', {}, `Block ${number(block.index)}`),
        hash(block.hash),
        element(
          'span',
          { className: 'soft small' },
          'has ',
          block.index ? hash(block.previous) : 'none before',
        ),
      ),
    ),
  );
  const next = element(
    'li',
    {},
    element(
      'span',
      { className: 'next' },
      element('b', {}, 'The next'),
      element(
        'span',
        { className: 'small' },
        `${number(node.pending)} of ${number(node.block_size)}`,
      ),
      element('span', { className: 'small' }, 'messages'),
    ),
  );
  return element(
    'ol',
    { className: 'links', 'aria-label': 'The latest blocks', tabIndex: 0 },
    next,
    boxes,
  );
}

async function pageOf(first, rows, signal) {
  const { blocks } = await api.get(`/v1/blocks?after=${this.count - first}&limit=${rows}`, signal);
  return blocks;
}

function row(block) {
  return element(
    'span',
    { className: 'cells blocks' },
    link(`#/block/${block.index}`, `Block ${number(block.index)}`),
    element('span', { className: 'soft' }, time(block.time)),
    hash(block.hash),
    element(
      'span',
      { className: 'soft less' },
      '← ',
      block.index === 0 ? 'the first' : hash(block.previous),
    ),
  );
}
