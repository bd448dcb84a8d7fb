// SPDX-License-Identifier: Apache-2.0
//
// The next things to do, for who sees this for the first time: what is not there
// yet, with commands to copy.

import * as api from './api.mjs';
import { command, element, heading, link, paragraph, sheet } from './dom.mjs';

/** A sheet with the next steps, or none when all was done. */
export function tour({ signing, counts }) {
  const steps = [];
  if (signing.records === 0)
    steps.push(
      step('Have a record signed', [
        paragraph('It is signed and on disk when the answer comes. Then look for INV-1 above.'),
        command(
          api.curl('/v1/records?wait=5', `--json '{"name":"INV-1","text":"{\\"total\\":1190}"}'`),
        ),
      ]),
    );
  if (counts.messages === 0)
    steps.push(
      step('Send a message to the ledger', [
        paragraph(
          'Your browser can be a client: it makes an identity, signs, encrypts, and checks the receipt.',
        ),
        element('p', {}, link('#/client', 'Be a client')),
      ]),
    );
  if (counts.messages > 0 && counts.blocks === 0)
    steps.push(
      step('Complete a block', [
        paragraph(
          `A block has ${counts.block_size} messages. As a client you can send what is missing at once.`,
        ),
        element('p', {}, link('#/client', 'Send more')),
      ]),
    );
  if (steps.length && steps.length < 3)
    steps.push(
      step('Verify what this server says', [
        paragraph(
          'Drop a receipt, a proof or a signature into the verify view. It shows each step with its bytes, ' +
            'and lets you change one to see what breaks.',
        ),
        element('p', {}, link('#/verify', 'Verify')),
      ]),
    );
  if (steps.length && steps.length < 3)
    steps.push(
      step('Sign a whole table', [
        command(
          'chancery records import invoices.csv --format csv --name-column number --record-column body',
        ),
      ]),
    );
  if (steps.length === 0) return [];
  const list = element('ol', { className: 'tour' }, steps.slice(0, 3));
  return [sheet('What to do next', list)];
}

const step = (name, content) => element('li', { className: 'stack' }, heading(3, name), content);
