// SPDX-License-Identifier: Apache-2.0
//
// This browser's identity as a client of the ledger. It is kept in IndexedDB, as
// a key that cannot be read out, with the number of its last message and the
// message that has no receipt yet: so a reload or a lost answer loses nothing.
// Tabs take turns by a lock.

import * as api from './api.mjs';
import { encrypt, encryptionKey, makeIdentity, message, registration } from './client_messages.mjs';
import { splitJws } from './jose.mjs';
import { readNodeKeys } from './ledger_objects.mjs';

const kept_max = 50; // messages that are remembered

const now = () => new Date().toISOString();
const whenDone = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open('chancery', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('clients');
  const database = await whenDone(opening);
  return database.transaction('clients', mode).objectStore('clients');
}

/** The identity for this node, or undefined. */
export const stored = async (node) => whenDone((await store('readonly')).get(node));
const keep = async (mine) => whenDone((await store('readwrite')).put(mine, mine.node));
export const forget = async (node) => whenDone((await store('readwrite')).delete(node));

const alone = (work) => navigator.locks.request('chancery-client', work);

/** The node as this server shows it; throws unless its keys fit its id. */
export async function theNode(signal) {
  const node = await api.get('/v1/node', signal);
  const { id } = await readNodeKeys(splitJws(node.keys));
  if (id !== node.node) throw new Error('The node’s keys are not those that its id names.');
  return node;
}

/** Makes an identity for a node. Not registered yet. */
export async function make(node) {
  const mine = {
    ...(await makeIdentity()),
    node: node.node,
    keys: node.keys,
    registered: false,
    seq: 0,
    waiting: null,
    sent: [],
  };
  await keep(mine);
  return mine;
}

export async function register(mine) {
  const jws = await registration(mine, mine.node, now());
  await api.post('/v1/clients', 'application/jose', jws);
  mine.registered = true;
  await keep(mine);
}

/** Signs, stores, encrypts and sends a message: what was sent, with its receipt. */
export const send = (node, body) =>
  alone(async () => {
    const mine = await stored(node);
    if (mine.waiting) await deliver(mine); // its answer was lost
    mine.waiting = { seq: mine.seq + 1, jws: await message(mine, node, mine.seq + 1, now(), body) };
    mine.seq += 1;
    await keep(mine); // before it is sent, so that its number is never used twice
    return deliver(mine);
  });

/** Sends the message without a receipt again; the node answers the first receipt. */
export const resend = (node) => alone(async () => deliver(await stored(node)));

async function deliver(mine) {
  const { seq, jws } = mine.waiting;
  const jwe = await encrypt(jws, encryptionKey(mine.keys));
  let answer;
  try {
    answer = await (await api.post('/v1/messages', 'application/jose', jwe)).json();
  } catch (error) {
    await settle(mine, error);
    throw error;
  }
  const entry = { seq, jws, jwe, receipt: answer.receipt, index: answer.index };
  mine.waiting = null;
  mine.sent = [entry, ...mine.sent].slice(0, kept_max);
  await keep(mine);
  return entry;
}

/** What the node refuses it has not taken, and never will as it is. */
async function settle(mine, error) {
  if (!(error instanceof api.ApiError)) return;
  const { status, code } = error;
  if (![400, 403, 409, 413, 422].includes(status)) return;
  mine.waiting = null;
  if (code === 'unknown_client') mine.registered = false;
  if (code === 'stale_sequence') {
    const known = await api.get(`/v1/clients/${mine.id}`);
    mine.seq = Math.max(mine.seq, known.last_sequence ?? 0);
  }
  await keep(mine);
}

/** Sends `count` small messages at once, as lines; how many the node took. */
export const sendMany = (node, count) =>
  alone(async () => {
    const mine = await stored(node);
    if (mine.waiting) await deliver(mine);
    const first = mine.seq + 1;
    mine.seq += count;
    await keep(mine);
    const key = encryptionKey(mine.keys);
    const lines = [];
    for (let i = 0; i < count; ++i) {
      const jws = await message(mine, node, first + i, now(), {
        event: 'filling a block',
        number: i + 1,
        of: count,
      });
      lines.push(`${await encrypt(jws, key)}\n`);
    }
    const answer = await api.post('/v1/messages', 'application/x-ndjson', lines.join(''));
    const answers = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = answers.find((line) => !line.receipt);
    if (refused)
      throw new Error(
        `The node refused one of them: ${refused.detail ?? refused.code ?? refused.error}`,
      );
    return answers.length;
  });
