// SPDX-License-Identifier: Apache-2.0
//
// The keys in the order in which they will be used: least recently used first.

import * as api from './api.mjs';
import {
  command,
  element,
  facts,
  hash,
  mark,
  paragraph,
  saveButton,
  sheet,
  title,
} from './dom.mjs';
import { number, plural } from './figures.mjs';

export async function show(main, { words, signal }) {
  const [order, set] = await Promise.all([
    api.get('/v1/keys/order', signal),
    api.get('/v1/keys', signal),
  ]);
  const known = new Map(set.keys.map((key) => [key.kid, key]));
  const out = order.keys.filter((key) => key.held_by !== null).length;
  const retired = set.keys.filter((key) => key.chancery_state === 'retired');
  const strip = element('ol', {
    className: 'strip',
    'aria-label': 'Keys, least recently used first',
  });
  const detail = element('div', { 'aria-live': 'polite' });
  const choose = (kid) => {
    markChosen(strip, kid);
    detail.replaceChildren(oneKey(order, known.get(kid), kid));
  };
  draw(strip, order, choose);
  main.replaceChildren(
    title(
      'Keys',
      `${plural(order.keys.length, 'key')} that may be lent, ${number(out)} in use now. A key signs one batch for one signer ` +
        'at a time; the one that was used least recently is next.',
    ),
    order.keys.length
      ? sheet('Next ← the order of use → last used', strip, detail)
      : sheet('No key', command('chancery init --keys 100')),
    retired.length
      ? sheet(
          'Retired',
          paragraph('They sign no more; what they signed stays valid.'),
          element(
            'ul',
            { className: 'stack' },
            retired.map((key) => element('li', {}, hash(key.kid, false))),
          ),
        )
      : '',
    sheet('The same with curl', command(api.curl('/v1/keys/order')), command(api.curl('/v1/keys'))),
  );
  const first = words[0] ?? order.keys[0]?.kid;
  if (first) choose(first);
  follow(strip, choose, signal);
}

function draw(strip, order, choose) {
  const most = order.keys.reduce((uses, key) => Math.max(uses, key.uses), 1);
  const items = order.keys.map((key, place) => {
    const made = element(
      'button',
      {
        type: 'button',
        title: key.kid,
        className: key.held_by === null ? '' : 'out',
        'aria-label': `Key ${place + 1}: ${key.kid.slice(0, 4)}, ${plural(key.uses, 'use')}${key.held_by === null ? '' : `, in use by ${key.held_by}`}`,
      },
      element('span', { className: 'use', 'aria-hidden': 'true' }),
      element('span', { 'aria-hidden': 'true' }, key.kid.slice(0, 4)),
    );
    made.dataset.kid = key.kid;
    made.firstChild.style.height = `${Math.round((key.uses / most) * 100)}%`;
    made.addEventListener('click', () => choose(key.kid));
    return element('li', {}, made);
  });
  strip.replaceChildren(...items);
}

const buttonOf = (strip, kid) =>
  [...strip.querySelectorAll('button')].find((each) => each.dataset.kid === kid);

function markChosen(strip, kid) {
  strip.querySelector('[aria-current]')?.removeAttribute('aria-current');
  buttonOf(strip, kid)?.setAttribute('aria-current', 'true');
}

/** Reads the order again once a second while somebody looks. */
function follow(strip, choose, signal) {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const order = await api.get('/v1/keys/order', signal, true);
      const active = document.activeElement?.dataset?.kid;
      const chosen = strip.querySelector('[aria-current]')?.dataset.kid;
      draw(strip, order, choose);
      if (chosen) markChosen(strip, chosen);
      if (active) buttonOf(strip, active)?.focus({ preventScroll: true });
    } catch {
      // The bar says that there is no connection.
    }
    busy = false;
  }, 1_000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function oneKey(order, key, kid) {
  const place = order.keys.findIndex((k) => k.kid === kid);
  const entry = order.keys[place];
  if (!key) return paragraph('This server has no key with this id.', 'error');
  return element(
    'div',
    { className: 'stack key' },
    facts([
      ['Id', hash(kid, false)],
      ['State', key.chancery_state === 'active' ? mark('good', 'active') : mark('', 'retired')],
      ['Signs', key.chancery_purpose === 'seal' ? `seals, ${key.alg}` : `raw records, ${key.alg}`],
      [
        'Place in the order',
        entry ? `${number(place + 1)} of ${number(order.keys.length)}` : 'none: it is not lent',
      ],
      ['Lent in this epoch', entry ? plural(entry.uses, 'time') : null],
      [
        'Held by',
        entry ? (entry.held_by === 'local' ? 'this host' : (entry.held_by ?? 'nobody')) : null,
      ],
    ]),
    element(
      'div',
      { className: 'row' },
      saveButton('Download the public key', `${kid}.pem`, () =>
        api.getBytes(`/v1/keys/${kid}.pem`),
      ),
    ),
  );
}
