// SPDX-License-Identifier: Apache-2.0
//
// A verification at a glance: its steps in groups, from the thing itself to what
// the user trusts, each with what came of it. A group leads to its steps.

import { button, element } from './dom.mjs';
import { plural } from './figures.mjs';

/** [name, ids of its steps] in the words of ledger, records and seals. */
const groups = [
  ['Message', ['message.form', 'message.node', 'node.took']],
  ['Client', ['client.key', 'message.signature']],
  ['Node', ['node.key', 'node.keys']],
  ['Receipt', ['receipt.form', 'receipt.signature', 'receipt.about', 'receipt.block']],
  ['Header', ['block.form', 'block.signature', 'block.claims']],
  ['Tree', ['leaf', 'path', 'leaves']],
  ['Chain', ['link']],
  ['Record', ['record.form', 'record.digest']],
  ['Key', ['record.key']],
  ['Seal', ['seal.form', 'seal.header', 'seal.critical', 'seal.unsigned', 'seal.stamps']],
  ['Certificate', ['seal.certificate', 'seal.reference', 'seal.profile', 'seal.time']],
  ['Signature', ['record.signature', 'seal.content', 'seal.signature']],
  ['Authority', ['seal.order', 'seal.dates', 'seal.revocation']],
  ['What you trust', ['node.anchor', 'record.anchor', 'seal.anchor']],
];

const words = { good: '✓', warn: '?', bad: '✕', open: '' };

/** A group in which nothing could be checked does not look like one that holds. */
function stateOf(steps) {
  if (steps.some(({ ok }) => ok === false)) return 'bad';
  if (steps.some(({ ok, advisory }) => ok === null && !advisory)) return 'warn';
  return steps.some(({ ok }) => ok) ? 'good' : 'open';
}

function sentenceOf(state, steps) {
  if (state === 'bad') return 'does not hold';
  if (state !== 'good') return 'not checked';
  const held = steps.filter(({ ok }) => ok).length;
  return held === 1 ? 'holds' : `${plural(held, 'step')} hold`;
}

/** `go(step)` shows a step. */
export function outline(report, go) {
  const seen = groups
    .map(([name, ids]) => [name, report.steps.filter(({ id }) => ids.includes(id))])
    .filter(([, steps]) => steps.length);
  return element(
    'ol',
    { className: 'way outline', 'aria-label': 'The verification at a glance' },
    seen.map(([name, steps]) => {
      const state = stateOf(steps);
      const first = steps.find(({ ok }) => ok === false) ?? steps.find(({ ok }) => ok !== true);
      return element(
        'li',
        { className: state },
        element('span', { className: 'dot', 'aria-hidden': 'true' }, words[state]),
        button(name, () => go(first ?? steps[0]), 'plain'),
        element('span', { className: 'soft small' }, sentenceOf(state, steps)),
      );
    }),
  );
}
