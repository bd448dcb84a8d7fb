// SPDX-License-Identifier: Apache-2.0
//
// A verification for eyes: its verdict, and each step with what was expected,
// what was found, and the bytes that it is about.

import { dump } from './bytes_view.mjs';
import { element, mark } from './dom.mjs';
import { plural } from './figures.mjs';

const bytes_max = 2_048;

const verdicts = {
  verified: ['good', 'Verified'],
  unanchored: ['warn', 'It fits together, but against nothing that you gave'],
  incomplete: ['warn', 'Not all could be checked'],
  broken: ['bad', 'Broken'],
};

/** The verdict in a word and a sentence. */
export function verdictLine(report) {
  const [state, word] = verdicts[report.verdict];
  return element(
    'div',
    { className: `verdict ${state}`, role: 'status' },
    element('p', {}, mark(state, word)),
    element('p', {}, report.sentence),
  );
}

/** All steps in their order; `evidence` names the parts that they read. */
export function stepList(report, evidence) {
  const labels = new Map(evidence.parts.map(({ name, label }) => [name, label]));
  return element(
    'ol',
    { className: 'steps' },
    report.steps.map((step, number) => stepItem(step, number === report.broken, labels)),
  );
}

function stepItem(step, isBroken, labels) {
  const state = step.ok === true ? 'good' : step.ok === false ? 'bad' : step.advisory ? '' : 'warn';
  const word =
    step.ok === true
      ? 'holds'
      : step.ok === false
        ? isBroken
          ? 'breaks here'
          : 'does not hold'
        : 'not checked';
  const reads = step.reads.map((name) => labels.get(name)).filter(Boolean);
  const item = element(
    'li',
    { className: `step ${state}` },
    element('div', { className: 'row' }, element('b', {}, step.what), mark(state, word)),
    element('p', { className: 'soft small' }, step.why),
    compared(step),
    step.bytes ? bytesOf(step, reads) : null,
  );
  item.dataset.step = step.id;
  item.dataset.ok = String(step.ok);
  if (isBroken) item.dataset.broken = '';
  return item;
}

function compared({ ok, expected, found }) {
  if (ok === true && expected === found)
    return expected ? element('p', { className: 'hash' }, expected) : null;
  const rows = [];
  if (expected)
    rows.push(element('dt', {}, 'expected'), element('dd', { className: 'hash' }, expected));
  if (found) rows.push(element('dt', {}, 'found'), element('dd', { className: 'hash' }, found));
  return rows.length ? element('dl', { className: 'facts small' }, rows) : null;
}

function bytesOf({ bytes }, reads) {
  const about = reads.length ? ` of ${reads.join(', ')}` : '';
  const more =
    bytes.length > bytes_max ? `\n… ${plural(bytes.length - bytes_max, 'more byte')}` : '';
  return element(
    'details',
    {},
    element('summary', { className: 'small' }, `${plural(bytes.length, 'byte')}${about}`),
    element('pre', { tabIndex: 0, className: 'small' }, dump(bytes.subarray(0, bytes_max)) + more),
  );
}
