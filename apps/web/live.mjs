// SPDX-License-Identifier: Apache-2.0
//
// What happens on the server, as it happens: one stream of events for the whole
// page (`fetch`, as EventSource sends no token), read anew whenever it ends.
//
// `live` says each event by its type with its data in `detail`, and 'state' when
// the stream begins or ends. What came is kept: the last minutes of signing, the
// refusals, and the newest events for the activity view.

import * as api from './api.mjs';
import { inTime } from './answer_bytes.mjs';
import { checkedEvent } from './answers.mjs';

export const live = new EventTarget();

export const past = {
  state: 'begins', // live, lost, 'needs a token', none
  signing: [], // {at, rate, unsigned} a second, of ten minutes
  refused: new Map(), // code: how many since the page was opened
  log: [], // {at, type, data}, the newest last
};

const signing_ms = 600_000;
const log_max = 1_000;
const event_max = 100_000; // characters
const events_max = 100; // a second
const [pause_min_ms, pause_max_ms] = [1_000, 60_000];

let last = ''; // the id of the last event
let pause_ms = 2_000;
let waiting = null; // ends a pause
let started = false;
let second = { begin: 0, count: 0, left: new Map() }; // events that came in it, and were left out

/** Reads the stream until the page is closed. */
export async function start() {
  if (started || api.server === null) return;
  started = true;
  const wake = () => waiting?.();
  api.events.addEventListener('token', wake);
  api.events.addEventListener('back', wake);
  for (;;) {
    try {
      await read();
      become('lost');
      await rest(pause_ms);
    } catch (error) {
      const asks = error instanceof api.ApiError && api.needsToken(error);
      become(asks ? 'needs a token' : 'lost');
      await rest(asks ? 3_600_000 : pause_ms);
    }
  }
}

function become(state) {
  if (past.state === state) return;
  past.state = state;
  live.dispatchEvent(new Event('state'));
}

const rest = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    waiting = () => {
      clearTimeout(timer);
      resolve();
    };
  });

async function read() {
  const headers = last ? { 'Last-Event-ID': last } : {};
  const answer = await api.request('/v1/events', { headers }, true);
  become('live');
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  // A comment comes each 15 s, so a connection that is silent for longer is none.
  const more = () => inTime(reader.read(), () => reader.cancel().catch(() => {}));
  for (let next = await more(); !next.done; next = await more()) {
    const blocks = (rest + next.value).split('\n\n');
    rest = blocks.pop();
    if (rest.length > event_max) {
      reader.cancel().catch(() => {});
      throw new Error('an event without an end');
    }
    blocks.forEach(take);
  }
}

/** One event as the HTML standard has them (9.2.6), of one line of data; none of another form. */
function take(block) {
  if (block.length > event_max) return;
  const fields = new Map();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const [id, pause] = [fields.get('id') ?? '', Number(fields.get('retry'))];
  if (/^[\x21-\x7e]{1,100}$/.test(id)) last = id;
  if (pause > 0) pause_ms = Math.max(pause_min_ms, Math.min(pause, pause_max_ms));
  const type = fields.get('event') ?? 'message';
  let data = null;
  try {
    data = checkedEvent(type, JSON.parse(fields.get('data') ?? 'null'));
  } catch {
    // no JSON: as good as none
  }
  if (data !== null && isInTime(Date.now(), type)) say(type, data);
}

/** Whether the page keeps up: of more than some a second it leaves out the rest, and says so. */
function isInTime(at, type) {
  if (at - second.begin >= 1_000) {
    for (const [event, count] of second.left) keep(at, 'skipped', { event, count });
    second = { begin: at, count: 0, left: new Map() };
  }
  second.count += 1;
  if (second.count <= events_max) return true;
  second.left.set(type, (second.left.get(type) ?? 0) + 1);
  return false;
}

function keep(at, type, data) {
  past.log.push({ at, type, data });
  if (past.log.length > log_max) past.log.shift();
}

function say(type, data) {
  const at = Date.now();
  if (type === 'signing') {
    const { records_per_second: rate, unsigned } = data;
    past.signing.push({ at, rate: rate ?? 0, unsigned });
    while (past.signing[0].at < at - signing_ms || past.signing.length > log_max)
      past.signing.shift();
  } else keep(at, type, data);
  if (type === 'refused')
    for (const [code, count] of Object.entries(data.codes))
      past.refused.set(code, (past.refused.get(code) ?? 0) + count);
  live.dispatchEvent(new CustomEvent(type, { detail: data }));
}
