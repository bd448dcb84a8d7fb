// SPDX-License-Identifier: Apache-2.0
//
// One message: its way into a block, what its client signed, the node's receipt,
// and the proof that the block holds it.

import * as api from './api.mjs';
import { preview } from './bytes_view.mjs';
import {
  again,
  command,
  element,
  facts,
  hash,
  link,
  mark,
  saveButton,
  sheet,
  title,
} from './dom.mjs';
import { number, time } from './figures.mjs';
import { bodyOf, jsonText } from './json_text.mjs';
import { live } from './live.mjs';
import { fromBase64url, fromUtf8, utf8 } from './encoding.mjs';
import { way } from './way.mjs';

export async function show(main, place) {
  const index = Number(place.words[0]);
  const path = `/v1/messages/${index}`;
  const stored = await api.get(path, place.signal);
  const receipt = JSON.parse(fromUtf8(fromBase64url(stored.receipt.split('.')[1])));
  const block =
    stored.block === null ? null : await api.get(`/v1/blocks/${stored.block}`, place.signal);
  if (block === null) watch(main, place, index);
  else if (index < block.first_message || index >= block.first_message + block.count)
    throw new Error(
      `The server says that block ${block.index} has this message, but it has others.`,
    );
  const { message } = stored;
  main.replaceChildren(
    title(
      `Message ${number(index)}`,
      null,
      block ? mark('good', 'in a block') : mark('', 'waits for its block'),
      element('a', { className: 'button first push', href: `#/verify/message/${index}` }, 'Verify'),
    ),
    sheet('Its way', theWay(message, receipt, block, index)),
    element(
      'div',
      { className: 'columns' },
      sheet(
        'What its client signed',
        facts([
          ['Client', link(`#/sender/${message.client}`, hash(message.client, false))],
          ['Its number there', number(message.seq)],
          ['Time, as the client says', time(message.time)],
        ]),
        preview(utf8(jsonText(bodyOf(stored.jws), 2)), 'The message’s body'),
        saveButton('Download the message', `message-${index}.jws`, async () => stored.jws),
      ),
      sheet(
        'What the node answered',
        facts([
          ['Leaf', hash(receipt.leaf, false)],
          ['Time', time(receipt.time)],
          ['Node', hash(receipt.node, false)],
        ]),
        element(
          'div',
          { className: 'row' },
          saveButton('Download the receipt', `receipt-${index}.jws`, async () => stored.receipt),
          block
            ? saveButton('Download the proof', `proof-${index}.json`, () =>
                api.getBytes(`${path}/proof`),
              )
            : null,
        ),
      ),
    ),
    sheet(
      'The same with curl',
      command(api.curl(path)),
      block ? command(api.curl(`${path}/proof`)) : null,
      command(api.curl(`/v1/clients/${message.client}`)),
    ),
  );
}

function theWay(message, receipt, block, index) {
  return way([
    { name: 'Signed by its client', done: true, about: time(message.time) },
    {
      name: 'Taken by the node',
      done: true,
      about: element('span', {}, `as number ${number(index)}, `, time(receipt.time)),
    },
    {
      name: 'In a block',
      done: block !== null,
      about: block
        ? link(
            `#/block/${block.index}?leaf=${index}`,
            `leaf ${number(index - block.first_message)} of block ${number(block.index)}`,
          )
        : 'when the block has all its messages',
    },
    {
      name: 'Header signed',
      done: block !== null,
      about: block ? time(block.time) : 'by the node',
    },
  ]);
}

/** Shows the view again once a block holds the message. */
function watch(main, place, index) {
  const look = ({ detail }) => {
    if (index >= detail.first_message + detail.count) return;
    live.removeEventListener('block', look);
    again(main, () => show(main, place));
  };
  live.addEventListener('block', look, { signal: place.signal });
}
