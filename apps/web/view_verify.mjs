// SPDX-License-Identifier: Apache-2.0
//
// Verify what was dropped or chosen, step by step, against what the user trusts.
// Each byte can be flipped, to see which step breaks.

import { flipField } from './bytes_view.mjs';
import { button, element, fault, mark, paragraph, saveButton, sheet, title } from './dom.mjs';
import { plural, size } from './figures.mjs';
import { fetchEvidence } from './fetched_evidence.mjs';
import { addFiles, addText, anchors, clearInbox, inbox } from './inbox.mjs';
import { outline } from './outline.mjs';
import { takeDrops } from './search_field.mjs';
import { stepList, verdictLine } from './steps_view.mjs';
import { trustForm } from './trust_form.mjs';
import { evidenceOf, hex, requireCryptography, verify, withFlippedBit } from './verify.mjs';

export async function show(main, { words, signal }) {
  requireCryptography();
  if (words.length === 2) {
    clearInbox();
    await fetchEvidence(words[0], words[1], signal);
  }
  new VerifyView(main).begin();
}

class VerifyView {
  constructor(main) {
    this.main = main;
    this.chosen = 0;
    this.flips = []; // {part, offset}
    this.result = element('div', { className: 'stack' });
    this.given = element('div', { className: 'stack' });
    this.number = 0; // of the latest verification
  }

  begin() {
    this.main.replaceChildren(
      title(
        'Verify',
        'Everything is computed in this browser. A page from the server that it checks proves nothing against that server: ' +
          'for that, use this page from another host (chancery page --out DIR), or verify.mjs in Node.js.',
      ),
      element(
        'div',
        { className: 'columns verify' },
        element(
          'div',
          { className: 'stack' },
          this.dropPlace(),
          trustForm(() => this.check()),
        ),
        this.result,
      ),
    );
    this.drawGiven();
    this.check();
  }

  dropPlace() {
    const text = element('textarea', {
      rows: 3,
      spellcheck: false,
      placeholder: 'or paste one here',
      'aria-label': 'Something to verify',
    });
    const take = async (work) => {
      await work();
      this.flips = [];
      this.chosen = 0;
      this.drawGiven();
      this.check();
    };
    text.addEventListener('input', () => {
      const { value } = text;
      text.value = '';
      take(() => addText(value));
    });
    const file = element('input', { type: 'file', multiple: true });
    file.addEventListener('change', () => take(() => addFiles(file.files)));
    const place = sheet(
      'What to verify',
      paragraph(
        'Drop receipts, proofs, messages, blocks, signatures with their records and keys, or seals: several that belong together at once.',
        'soft small',
      ),
      element('label', {}, 'Files', file),
      text,
      this.given,
    );
    place.classList.add('drop');
    takeDrops(place, () => take(async () => {}));
    return place;
  }

  drawGiven() {
    const rows = inbox.items.map((item, number) =>
      element(
        'li',
        { className: 'row' },
        element(
          'span',
          { className: 'wrap' },
          item.title,
          item.name
            ? element(
                'span',
                { className: 'soft small' },
                ` ${item.name}, ${size(item.bytes.length)}`,
              )
            : null,
        ),
        item.from === 'server' ? mark('', 'from this server') : mark('', 'from you'),
        button(
          'Remove',
          () => {
            inbox.items.splice(number, 1);
            this.flips = [];
            this.drawGiven();
            this.check();
          },
          'plain',
        ),
      ),
    );
    const refused = inbox.refused.map((text) => element('p', { className: 'error' }, text));
    this.given.replaceChildren(
      ...refused,
      element('ul', { className: 'stack given', 'aria-label': 'What was given' }, rows),
    );
  }

  async check() {
    const number = ++this.number;
    const all = evidenceOf(inbox.items);
    this.result.classList.toggle('full', all.length > 0);
    if (all.length === 0) {
      this.result.replaceChildren(this.nothing());
      return;
    }
    const original = all[Math.min(this.chosen, all.length - 1)];
    let evidence = original;
    for (const { part, offset } of this.flips) evidence = withFlippedBit(evidence, part, offset);
    try {
      const report = await verify(evidence, anchors());
      if (number === this.number) this.drawResult(all, evidence, report);
    } catch (error) {
      if (number === this.number) this.result.replaceChildren(fault(error));
    }
  }

  nothing() {
    const seen = inbox.items.length
      ? paragraph(
          'From what was given nothing can be verified: a key, a client or a certificate alone supports other things. Add a message, receipt, block, signature or seal.',
        )
      : paragraph(
          'Nothing was given yet. Choose a record, message or block of this server and press Verify there, or drop what somebody sent you.',
        );
    return sheet('Nothing to verify yet', seen);
  }

  drawResult(all, evidence, report) {
    const choice = all.length > 1 ? this.choice(all) : null;
    const missing = evidence.missing.map(({ why }) => element('li', {}, why));
    const steps = sheet(
      evidence.title[0].toUpperCase() + evidence.title.slice(1),
      choice,
      verdictLine(report),
      outline(report, (step) => this.showStep(step)),
      missing.length
        ? element('div', { className: 'note' }, 'What would show more:', element('ul', {}, missing))
        : null,
      stepList(report, evidence),
      saveButton('Download this report', 'report.json', async () => reportText(evidence, report)),
    );
    const flipped = this.flips.length ? this.flipped(evidence, report) : '';
    this.result.replaceChildren(steps, this.bytesSheet(evidence), flipped);
  }

  choice(all) {
    const select = element(
      'select',
      { 'aria-label': 'What is verified' },
      all.map((one, number) => new Option(one.title, number)),
    );
    select.value = this.chosen;
    select.addEventListener('change', () => {
      this.chosen = Number(select.value);
      this.flips = [];
      this.check();
    });
    return select;
  }

  /** What was flipped and which step it broke; stays in sight while bytes are. */
  flipped(evidence, report) {
    const labels = new Map(evidence.parts.map(({ name, label }) => [name, label]));
    const words = this.flips.map(
      ({ part, offset }) => `byte ${offset} of ${labels.get(part) ?? part}`,
    );
    const step = report.steps[report.broken];
    const said = step
      ? [` Step ${report.broken + 1} breaks: `, element('b', {}, step.what), '.']
      : [' No step breaks.'];
    return element(
      'div',
      { className: 'flipped row', role: 'status' },
      element('span', { className: 'grow' }, `You flipped ${words.join(', ')}.`, ...said),
      step ? button('Show the step', () => this.showStep(step)) : null,
      button('Undo', () => {
        this.flips = [];
        this.check();
      }),
    );
  }

  showStep({ id }) {
    const item = this.result.querySelector(`[data-step="${id}"]`);
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: 'center' });
  }

  bytesSheet(evidence) {
    const open = this.openParts ?? (this.openParts = new Set());
    const parts = evidence.parts.map((part) => {
      const changed = new Set(this.flips.filter((f) => f.part === part.name).map((f) => f.offset));
      const made = element(
        'details',
        { open: open.has(part.name) },
        element('summary', {}, `${part.label}, ${plural(part.bytes.length, 'byte')}`),
      );
      made.dataset.part = part.name;
      const fill = () => {
        if (made.childElementCount > 1) return;
        made.append(
          flipField(part.bytes, part.label, changed, (offset) => this.flip(part.name, offset)),
        );
      };
      made.addEventListener('toggle', () => {
        made.open ? open.add(part.name) : open.delete(part.name);
        if (made.open) fill();
      });
      if (made.open) fill();
      return made;
    });
    return sheet(
      'The bytes',
      paragraph(
        'Choose a byte to flip its lowest bit, and see which step breaks. A second time puts it back.',
        'soft small',
      ),
      element('div', { className: 'parts' }, parts),
    );
  }

  async flip(part, offset) {
    const at = this.flips.findIndex((f) => f.part === part && f.offset === offset);
    if (at >= 0) this.flips.splice(at, 1);
    else this.flips.push({ part, offset });
    await this.check();
    this.result.querySelector(`[data-part="${part}"]`)?.querySelectorAll('button')[offset]?.focus();
  }
}

function reportText(evidence, report) {
  const steps = report.steps.map((step) => ({
    ...step,
    bytes: step.bytes ? hex(step.bytes) : null,
  }));
  const trusted = anchors();
  const given = {
    node: trusted.node,
    keys: trusted.keys,
    roots: trusted.roots.length,
    at: trusted.at,
  };
  return `${JSON.stringify({ what: evidence.title, verdict: report.verdict, sentence: report.sentence, anchors: given, steps }, null, 2)}\n`;
}
