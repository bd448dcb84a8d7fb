// SPDX-License-Identifier: Apache-2.0
//
// One block: its header byte by byte, and the tree over its messages with the
// path of the chosen one.

import * as api from './api.mjs';
import {
  command,
  element,
  facts,
  fault,
  hash,
  link,
  paragraph,
  saveButton,
  sheet,
  title,
} from './dom.mjs';
import { number, plural, time } from './figures.mjs';
import { headerBytes } from './header_bytes.mjs';
import { treeOf } from './tree.mjs';
import { requireCryptography } from './ecdsa.mjs';
import { fromBase64url } from './encoding.mjs';
import { way } from './way.mjs';

const drawn_max = 256; // leaves of a tree that can be drawn
const tree_name = 'The tree of its messages';

export async function show(main, { words, query, signal }) {
  const index =
    words[0] === 'head' ? (await api.get('/v1/blocks/head', signal)).index : Number(words[0]);
  const path = `/v1/blocks/${index}`;
  const block = await api.get(path, signal);
  const chosen = /^\d+$/.test(query.get('leaf')) ? Number(query.get('leaf')) : block.first_message;
  const tree = await theTree(block, chosen, signal).catch((error) => withoutTree(error));
  const { blocks } = await api.get('/v1/blocks/count', signal);
  const older = index > 0 ? link(`#/block/${index - 1}`, `← Block ${number(index - 1)}`) : null;
  const newer =
    index + 1 < blocks
      ? link(`#/block/${index + 1}`, `Block ${number(index + 1)} →`)
      : element('span', { className: 'soft' }, 'This is the head.');
  main.replaceChildren(
    title(
      `Block ${number(index)}`,
      null,
      element(
        'span',
        { className: 'soft' },
        `${plural(block.count, 'message')}, `,
        time(block.time),
      ),
      element('a', { className: 'button first push', href: `#/verify/block/${index}` }, 'Verify'),
    ),
    element('p', { className: 'row' }, older, newer),
    sheet('Its way', theWay(block, blocks)),
    sheet(
      'The header, byte by byte',
      paragraph(
        'The node signs these 144 bytes, and nothing else of a block. Their hash is the block’s name, and the next block has it inside.',
      ),
      headerBytes(fromBase64url(block.header)),
      facts([
        ['Hash', hash(block.hash, false)],
        ['Signature', hash(block.signature, false)],
      ]),
      element(
        'div',
        { className: 'row' },
        saveButton('Download the block', `block-${index}.json`, () => api.getBytes(path)),
        saveButton('Header alone', `block-${index}.header`, async () =>
          fromBase64url(block.header),
        ),
      ),
    ),
    tree,
    sheet(
      'The same with curl',
      command(api.curl(path)),
      command(api.curl(`${path}/messages`)),
      command(api.curl(`/v1/blocks/by-hash/${block.hash}/previous`)),
    ),
  );
}

function theWay(block, blocks) {
  const held = block.index + 1 < blocks;
  return way([
    {
      name: 'Messages arrived',
      done: true,
      about: `${number(block.first_message)} to ${number(block.first_message + block.count - 1)}`,
    },
    { name: 'Root made', done: true, about: 'of the tree of their hashes' },
    { name: 'Header signed', done: true, about: time(block.time) },
    {
      name: 'Held by the next block',
      done: held,
      about: held
        ? link(`#/block/${block.index + 1}`, `block ${number(block.index + 1)} has its hash`)
        : 'when that has all its messages',
    },
  ]);
}

/** All leaves of a block that can be drawn; a page has more than that. */
async function leavesOf(block, signal) {
  const { index, first_message: first, count } = block;
  const { leaves } = await api.get(`/v1/blocks/${index}/messages?limit=${drawn_max}`, signal);
  if (leaves.length !== count || leaves.some((leaf, place) => leaf.index !== first + place))
    throw new Error(`The server’s leaves are not those of block ${index}.`);
  return leaves;
}

/** The header can be seen without its tree. */
function withoutTree(error) {
  if (error.name === 'AbortError') throw error;
  return sheet(tree_name, fault(error));
}

async function theTree(block, chosen, signal) {
  if (block.count > drawn_max)
    return sheet(
      tree_name,
      paragraph(
        `A tree of ${number(block.count)} leaves is too large to be drawn; the verify view shows the path of a message.`,
      ),
      element('p', {}, link('#/messages', 'All messages')),
    );
  requireCryptography();
  const leaves = await leavesOf(block, signal);
  const at = Math.min(Math.max(0, chosen - block.first_message), block.count - 1);
  const tree = await treeOf(leaves, at, block.root);
  return sheet(
    tree_name,
    paragraph(
      'A message’s hash is a leaf. Two hashes make the one above them, up to the root, which stands in the header. ' +
        'Choose a leaf: the marked hashes are all that is needed to come from it to the root.',
    ),
    tree,
  );
}
