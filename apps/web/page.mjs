// SPDX-License-Identifier: Apache-2.0
//
// The page: which view the address names, the bars above it, and the prompt for
// a token. A view is a module with `show(main, place)`; it draws into `main` and
// stops what it began when `place.signal` says so.

import * as api from './api.mjs';
import { button, element, fault, heading, link, paragraph, wait } from './dom.mjs';
import { live, past, start } from './live.mjs';

const views = {
  '': ['Overview', () => import('./view_overview.mjs')],
  records: ['Records', () => import('./view_records.mjs')],
  record: ['Record', () => import('./view_record.mjs'), 'records'],
  chain: ['Chain', () => import('./view_chain.mjs')],
  block: ['Block', () => import('./view_block.mjs'), 'chain'],
  messages: ['Messages', () => import('./view_messages.mjs')],
  message: ['Message', () => import('./view_message.mjs'), 'messages'],
  keys: ['Keys', () => import('./view_keys.mjs')],
  verify: ['Verify', () => import('./view_verify.mjs')],
  client: ['Be a client', () => import('./view_client.mjs')],
  sender: ['Client', () => import('./view_sender.mjs'), 'messages'],
  activity: ['Activity', () => import('./view_activity.mjs')],
  search: ['Search', () => import('./view_search.mjs'), ''],
};

const main = document.getElementById('main');
let leaving = new AbortController();
let shown = 0; // counts views, so that a slow one does not draw over a later one

/** The view's name, what stands behind it, and the query: #/block/3?leaf=7 */
function placeOf(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, ...words] = path.split('/').map((word) => {
    try {
      return decodeURIComponent(word);
    } catch {
      return word;
    }
  });
  return { view, words, query: new URLSearchParams(query) };
}

async function route(focus) {
  const place = placeOf(location.hash);
  const number = ++shown;
  leaving.abort();
  leaving = new AbortController();
  const [name, load, parent = place.view] = (Object.hasOwn(views, place.view) &&
    views[place.view]) || ['Nothing here', async () => ({ show: showNothing })];
  for (const a of document.querySelectorAll('#nav a')) {
    const here = a.getAttribute('href') === `#/${parent}`;
    here ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current');
  }
  document.title = `${[name, ...place.words].join(' ')} · chancery`;
  const drawn = element('div', { className: 'stack' }, wait());
  main.replaceChildren(drawn);
  main.setAttribute('aria-busy', 'true');
  try {
    const { show } = await load();
    if (number === shown) await show(main, { ...place, signal: leaving.signal });
  } catch (error) {
    if (number === shown && error.name !== 'AbortError') showFault(name, error);
  }
  if (number !== shown) return;
  main.removeAttribute('aria-busy');
  const held = document.activeElement; // what somebody has begun to use meanwhile
  if (focus && (held === main || !main.contains(held))) {
    const begin = main.querySelector('h1');
    if (begin) begin.tabIndex = -1;
    (begin ?? main).focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function showNothing(place) {
  place.replaceChildren(
    heading(1, 'Nothing here'),
    element('p', {}, 'This page has no such view. ', link('#/', 'To the overview')),
  );
}

function showFault(name, error) {
  const again = button('Try again', () => route(true));
  const given =
    error instanceof api.ApiError && api.needsToken(error)
      ? paragraph('This view needs a token of this server.', 'soft')
      : null;
  main.replaceChildren(
    element(
      'div',
      { className: 'stack' },
      heading(1, name),
      fault(error),
      given ?? '',
      element('div', { className: 'row' }, again),
    ),
  );
}

/** Asks a person for a token: the token, or null. It is checked before it is taken. */
function askForToken(refused) {
  const input = element('input', { type: 'password', autocomplete: 'off', required: true });
  const wrong = element('p', { className: 'error', role: 'alert', hidden: true });
  const cancel = button('Not now', () => dialog.close());
  const form = element(
    'form',
    { className: 'stack', method: 'dialog' },
    heading(2, 'This needs a token'),
    paragraph(refused.message),
    element('label', {}, 'Token', input),
    paragraph(
      'It stays in the memory of this page alone, until you close or reload it. On the server’s host, ' +
        'chancery token make NAME --scope read,submit makes one.',
      'soft small',
    ),
    wrong,
    element(
      'div',
      { className: 'row' },
      element('button', { className: 'first' }, 'Use it'),
      cancel,
    ),
  );
  const dialog = element('dialog', { 'aria-label': 'Token' }, form);
  let taken = null;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const headers = { Authorization: `Bearer ${input.value.trim()}` };
    const answer = await fetch(new URL('v1/access', api.server), { headers }).catch(() => null);
    if (answer?.ok) {
      taken = input.value.trim();
      dialog.close();
    } else {
      const problem = (await answer?.json().catch(() => null)) ?? {};
      wrong.textContent = answer
        ? new api.ApiError(answer, problem).message
        : 'The server does not answer.';
      wrong.hidden = false;
      input.select();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(taken);
    }),
  );
}

/** The bars: no connection; open to everybody; no cryptography here. */
const bars = new Map();

function bar(name, ...content) {
  const place = document.getElementById('bars');
  bars.get(name)?.remove();
  bars.delete(name);
  if (content.length === 0) return;
  const kind = { lost: 'bad', known: 'calm' }[name] ?? '';
  const made = element('div', { className: `bar ${kind}`, role: 'status' }, ...content);
  bars.set(name, made);
  place.append(made);
}

function showState() {
  const words = {
    live: '● live',
    lost: '○ not live',
    begins: '○ connecting',
    'needs a token': '○ not live: needs a token',
  };
  const text = api.server === null ? '○ no server' : words[past.state];
  document.getElementById('link').textContent = text;
}

async function showAccess() {
  if (api.server === null) return;
  try {
    const { open, name, private_ledger: ledger } = await api.get('/v1/access', undefined, true);
    const make = element('code', {}, 'chancery token make NAME --scope read,submit');
    const end = element('span', { className: 'less' }, make, ' ends that.');
    const everybody = 'Open: everybody on this host may read all of this and submit.';
    bar('open', ...(open ? [everybody, end] : []));
    const forget = button('Forget the token', () => api.setToken(''));
    bar('known', ...(name ? [`You are ${name} here.`, forget] : []));
    if (ledger === undefined) showOnly((href) => !/chain|messages|client/.test(href));
    if (ledger !== false) return; // there is none, or its routes need a token
    const { software } = await api.get('/v1/node', undefined, true);
    document.getElementById('software').textContent = software;
  } catch {
    // The view says what is wrong; here nothing is known.
  }
}

/** Keeps the links to those views whose address this takes. */
function showOnly(keeps) {
  for (const a of document.querySelectorAll('#nav a'))
    a.parentElement.hidden = !keeps(a.getAttribute('href'));
}

/** A copy of the page that has no server can verify, and nothing else. */
function withoutServer() {
  bar('none', 'This copy of the page has no server: it verifies what you drop into it.');
  showOnly((href) => href === '#/verify');
  document.getElementById('docs').hidden = true;
}

function begin() {
  api.promptBy(askForToken);
  if (api.server !== null) document.getElementById('docs').href = new URL('docs', api.server);
  else withoutServer();
  if (!globalThis.crypto?.subtle)
    bar(
      'crypto',
      'This browser does cryptography only over TLS or on the loopback, so nothing can be ' +
        'verified or signed here: use https, or http://127.0.0.1 on the server’s host.',
    );
  api.events.addEventListener('lost', () =>
    bar(
      'lost',
      `No connection to the server since ${new Date().toLocaleTimeString('en-GB')}. ` +
        'Trying again; what you see may be old.',
    ),
  );
  api.events.addEventListener('back', () => {
    bar('lost');
    showAccess();
    route(false);
  });
  api.events.addEventListener('token', () => {
    showAccess();
    if (!api.hasToken()) route(false);
  });
  // As an address, #main would be a view.
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  live.addEventListener('state', showState);
  addEventListener('hashchange', () => route(true));
  showState();
  showAccess();
  route(false);
  start();
}

begin();
