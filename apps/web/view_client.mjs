// SPDX-License-Identifier: Apache-2.0
//
// Be a client: an identity in this browser, a registration, a message signed and
// encrypted here, the node's receipt checked here, and the message found again
// in its block.

import * as api from './api.mjs';
import {
  button,
  copyButton,
  element,
  facts,
  fault,
  hash,
  link,
  paragraph,
  redraw,
  sheet,
  title,
} from './dom.mjs';
import { number, plural } from './figures.mjs';
import * as identity from './identity.mjs';
import { trust } from './inbox.mjs';
import { live } from './live.mjs';
import { checkSent, whatWasSent } from './sent_message.mjs';
import { stepList, verdictLine } from './steps_view.mjs';
import { idPattern } from './trust_form.mjs';
import { way } from './way.mjs';

const batch_max = 1_000; // lines of one request
const other_key =
  'The node shows another key for encryption than when this identity was made, so nothing is sent. ' +
  'Ask its operator, by other means, why; then forget the identity and make another.';

export async function show(main, { signal }) {
  const node = await identity.theNode(signal);
  const mine = await identity.stored(node.node);
  const view = new ClientView(main, node, mine, signal);
  await view.draw();
}

class ClientView {
  constructor(main, node, mine, signal) {
    Object.assign(this, { main, node, mine, signal, last: mine?.sent[0] ?? null, counts: node });
    this.problem = element('div');
    live.addEventListener('block', () => this.countAgain(), { signal });
  }

  /** Runs what a button does; a failure shows, and nothing runs twice. */
  act(text, work, className = 'first', next = '') {
    const made = button(
      text,
      async () => {
        made.disabled = true;
        this.problem.replaceChildren();
        try {
          await work();
          await this.draw();
          this.goOn(next);
        } catch (error) {
          made.disabled = false;
          this.mine = await identity.stored(this.node.node).catch(() => this.mine);
          await this.drawAgain();
          this.problem.replaceChildren(fault(error));
        }
      },
      className,
    );
    return made;
  }

  /** Leads the eye and the keyboard to what comes next. */
  goOn(next) {
    const place =
      this.main.querySelector(`[data-next="${next}"]`) ?? this.main.querySelector('button.first');
    const target = place?.querySelector('h2') ?? place;
    if (!target) return;
    if (target.tagName === 'H2') target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: 'nearest' });
  }

  async countAgain() {
    this.counts = await api.get('/v1/blocks/count', this.signal, true).catch(() => this.counts);
    if (!this.main.contains(document.activeElement?.closest('textarea'))) await this.drawAgain();
  }

  /** Draws what there is now; a failure shows above it. */
  async drawAgain() {
    try {
      await this.draw();
    } catch (error) {
      this.problem.replaceChildren(fault(error));
    }
  }

  async draw() {
    const { last, mine, signal } = this;
    const checked = last && mine ? await checkSent(last, mine, signal) : null;
    if (this.signal.aborted) return;
    const inBlock = checked?.block ?? null;
    const parts = [
      title(
        'Be a client',
        'Send a message as any client does, in any language: everything that a client computes is computed here, in your browser.',
      ),
      sheet('The way', this.theWay(inBlock)),
      this.problem,
    ];
    if (!this.mine) parts.push(this.beginning());
    else if (!identity.hasSameKey(this.mine, this.node))
      parts.push(fault(new Error(other_key)), this.identitySheet());
    else if (!this.mine.registered) parts.push(this.registering());
    else {
      const sent = checked ? this.sentSheets(checked) : [];
      parts.push(this.writing(), ...sent, this.identitySheet());
    }
    redraw(this.main, ...parts);
  }

  theWay(inBlock) {
    const { mine, last } = this;
    return way([
      {
        name: 'Identity',
        done: Boolean(mine),
        about: mine ? hash(mine.id) : 'a key that stays here',
      },
      { name: 'Registered', done: Boolean(mine?.registered), about: 'the node knows the key' },
      {
        name: 'Sent',
        done: Boolean(last),
        about: last
          ? link(`#/message/${last.index}`, `message ${number(last.index)}`)
          : 'signed and encrypted here',
      },
      {
        name: 'Receipt',
        done: Boolean(last),
        about: 'signed by the node, once the message is on disk',
      },
      {
        name: 'In a block',
        done: inBlock !== null,
        about:
          inBlock !== null
            ? link(`#/block/${inBlock}?leaf=${last.index}`, `block ${number(inBlock)}`)
            : 'with its path to the root',
      },
    ]);
  }

  beginning() {
    return sheet(
      'An identity',
      paragraph(
        'An identity is a pair of keys. The private key is made in this browser and cannot be read out of it, not even by this page; the id is the thumbprint of the public one.',
      ),
      facts([['The node, as this server says', hash(this.node.node, false)]]),
      paragraph(
        'The identity will send to this node alone. Compare its id with what the operator tells you by other means.',
        'note',
      ),
      element(
        'div',
        { className: 'row' },
        this.act('Make an identity', async () => (this.mine = await identity.make(this.node))),
      ),
    );
  }

  registering() {
    return sheet(
      'Registration',
      facts([['Your id', hash(this.mine.id, false)]]),
      paragraph(
        'A registration is signed with the key that it names, so it proves that you hold it. After it the node takes messages of this id.',
      ),
      element(
        'div',
        { className: 'row' },
        this.act('Register', async () => {
          await identity.register(this.node.node);
          this.mine = await identity.stored(this.node.node);
        }),
        this.forgetting(),
      ),
    );
  }

  forgetting() {
    return this.act(
      'Forget this identity',
      async () => {
        if (!confirm('The key is deleted, and nobody can send as this client again. Forget it?'))
          return;
        await identity.forget(this.node.node);
        this.mine = this.last = null;
      },
      '',
    );
  }

  writing() {
    const text = element('textarea', { rows: 6, spellcheck: false, id: 'body' });
    text.value =
      this.draft ?? JSON.stringify({ event: 'hello', from: 'a browser', weight: 12.5 }, null, 1);
    text.addEventListener('input', () => (this.draft = text.value));
    const send = async () => {
      let body;
      try {
        body = JSON.parse(text.value);
      } catch (error) {
        throw new Error(`The message is not JSON: ${error.message}.`);
      }
      this.last = await identity.send(this.node.node, body);
      this.mine = await identity.stored(this.node.node);
      this.counts = await api.get('/v1/blocks/count', this.signal, true).catch(() => this.counts);
    };
    const again = this.mine.waiting
      ? element(
          'p',
          { className: 'note' },
          `Message ${this.mine.waiting.seq} has no receipt yet: its answer was lost. `,
          this.act(
            'Send it again',
            async () => {
              this.last = await identity.resend(this.node.node);
              this.mine = await identity.stored(this.node.node);
            },
            '',
          ),
          ' If it is refused for ever: ',
          this.act(
            'Give it up',
            async () => {
              await identity.giveUp(this.node.node);
              this.mine = await identity.stored(this.node.node);
            },
            '',
          ),
        )
      : '';
    return sheet(
      'A message',
      element('label', { htmlFor: 'body' }, 'Any JSON', text),
      again,
      element(
        'div',
        { className: 'row' },
        this.act('Sign, encrypt and send', send, 'first', 'receipt'),
      ),
    );
  }

  sentSheets({ evidence, report, said, block }) {
    const { last } = this;
    const steps = stepList(report, evidence);
    const next = (name, made) => (made.setAttribute('data-next', name), made);
    return [
      next(
        'receipt',
        sheet(
          `Message ${number(last.index)} and its receipt, checked here`,
          verdictLine(report),
          report.verdict === 'unanchored' ? this.anchoring() : '',
          element(
            'details',
            {},
            element('summary', {}, plural(report.steps.length, 'step')),
            steps,
          ),
          whatWasSent(last),
        ),
      ),
      next('found', block !== null ? this.found(block) : this.waitingForBlock(said)),
    ];
  }

  anchoring() {
    const input = element('input', {
      autocomplete: 'off',
      spellcheck: false,
      placeholder: '43 characters',
      value: trust.node,
    });
    const form = element(
      'form',
      { className: 'row' },
      element('label', { className: 'grow' }, 'The node’s id, as its operator told you', input),
      element('button', {}, 'Check against it'),
    );
    input.addEventListener('input', () => input.setCustomValidity(''));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const id = input.value.trim();
      input.setCustomValidity(idPattern.test(id) ? '' : 'A node’s id has 43 characters.');
      if (!form.reportValidity()) return;
      trust.node = id;
      this.drawAgain();
    });
    return form;
  }

  /** `said`: the block that it is in, as the server says without a proof that holds. */
  waitingForBlock(said) {
    if (said !== null)
      return sheet(
        'It is not proven to be in a block',
        fault(
          new Error(`The server says that block ${said} has it, but its proof does not show it.`),
        ),
      );
    const { pending, block_size: full } = this.counts;
    const missing = Math.max(1, Math.min(full - pending, batch_max));
    return sheet(
      'Its block is not complete yet',
      element('progress', {
        max: full,
        value: pending,
        'aria-label': `${pending} of ${full} messages`,
      }),
      paragraph(
        `${number(pending)} of ${plural(full, 'message')} are there. Wait for other clients, or send the rest yourself.`,
      ),
      element(
        'div',
        { className: 'row' },
        this.act(
          `Send ${plural(missing, 'small message')} more`,
          async () => {
            await identity.sendMany(this.node.node, missing);
            this.mine = await identity.stored(this.node.node);
            this.counts = await api.get('/v1/blocks/count', this.signal);
          },
          '',
          'found',
        ),
      ),
    );
  }

  found(block) {
    const { index } = this.last;
    return sheet(
      `Found in block ${number(block)}`,
      paragraph(
        'The node signed a header whose root can only be made with your message in its place. Whoever has that header has your message fixed, too.',
      ),
      element(
        'div',
        { className: 'row' },
        link(`#/block/${block}?leaf=${index}`, 'See it in the tree'),
        link(`#/verify/message/${index}`, 'Verify each step, and flip a byte'),
      ),
    );
  }

  identitySheet() {
    const rows = this.mine.sent
      .slice(0, 10)
      .map((sent) =>
        element(
          'li',
          {},
          link(`#/message/${sent.index}`, `Message ${number(sent.index)}`),
          element('span', { className: 'soft' }, ` your number ${number(sent.seq)}`),
        ),
      );
    return sheet(
      'Your identity',
      facts([
        ['Id', hash(this.mine.id, false)],
        ['Messages', number(this.mine.seq)],
      ]),
      rows.length ? element('ul', { className: 'stack' }, rows) : '',
      element(
        'div',
        { className: 'row' },
        copyButton(this.mine.id, 'Copy the id'),
        this.forgetting(),
      ),
    );
  }
}
