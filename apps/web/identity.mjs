// SPDX-License-Identifier: Apache-2.0
//
// This browser's identity as a client of the ledger. It is kept in IndexedDB, as
// a key that cannot be read out, with the number of its last message and the
// message that has no receipt yet: so a reload or a lost answer loses nothing.
// Tabs take turns by a lock.

import * as api from './api.mjs';
import { encrypt, encryptionKey, makeIdentity, message, registration } from './client_messages.mjs';
import { base64url, leafHash, requireCryptography, utf8 } from './verify.mjs';
import { signingInput, splitJws } from './jose.mjs';
import { readReceipt, verifiedNodeKeys } from './ledger_objects.mjs';
import { verifies } from './ecdsa.mjs';

const kept_max = 50; // messages that are remembered
const seq_max = Number.MAX_SAFE_INTEGER;

const now = () => new Date().toISOString();

const whenDone = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const whenKept = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error('it was given up'));
  });

/** Does one thing with what is stored; done when it is on disk. */
async function inStore(mode, act) {
  let database;
  try {
    const opening = indexedDB.open('chancery', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('clients');
    database = await whenDone(opening);
    const transaction = database.transaction('clients', mode);
    const kept = whenKept(transaction);
    const [value] = await Promise.all([whenDone(act(transaction.objectStore('clients'))), kept]);
    return value;
  } catch (error) {
    throw new Error(`This browser does not keep the identity (IndexedDB: ${error.message}).`);
  } finally {
    database?.close();
  }
}

/** The identity for this node, or undefined. */
export const stored = (node) => inStore('readonly', (clients) => clients.get(node));
const keep = (mine) => inStore('readwrite', (clients) => clients.put(mine, mine.node));

/** Other tabs wait meanwhile, so that two never use what is stored at once. */
const alone = (work) => navigator.locks.request('chancery-client', work);

export const forget = (node) =>
  alone(() => inStore('readwrite', (clients) => clients.delete(node)));

/** The identity as it is now: another tab may have used or forgotten it. */
async function current(node) {
  const mine = await stored(node);
  if (!mine) throw new Error('This identity was forgotten in another tab: make another one.');
  return mine;
}

/** The node as this server shows it; throws unless it signed the keys, and its id is its key's. */
export async function theNode(signal) {
  requireCryptography();
  const node = await api.get('/v1/node', signal);
  await requireKeys(node);
  return node;
}

async function requireKeys({ node, keys }) {
  const { id } = await verifiedNodeKeys(splitJws(keys));
  if (id !== node) throw new Error('The node’s keys are not those that its id names.');
}

/** Whether the node shows the key for encryption that it had when the identity was made. */
export const hasSameKey = (mine, node) =>
  JSON.stringify(encryptionKey(mine.keys)) === JSON.stringify(encryptionKey(node.keys));

/** The identity for a node, made unless there is one. Not registered yet. */
export const make = (node) =>
  alone(async () => {
    const there = await stored(node.node);
    if (there) return there; // another tab made it
    const own = { node: node.node, keys: node.keys, registered: false };
    const mine = { ...(await makeIdentity()), ...own, seq: 0, waiting: null, sent: [] };
    await keep(mine);
    return mine;
  });

export const register = (node) =>
  alone(async () => {
    const mine = await current(node);
    const jws = await registration(mine, node, now());
    await api.post('/v1/clients', 'application/jose', jws);
    await keep({ ...mine, registered: true });
  });

/** Takes the next `count` numbers, which no other message ever gets; the first of them. */
function takeNumbers(mine, count) {
  if (!(Number.isSafeInteger(count) && count > 0 && mine.seq <= seq_max - count))
    throw new Error('This identity has no number left: forget it, and make another one.');
  mine.seq += count;
  return mine.seq - count + 1;
}

/** Signs, stores, encrypts and sends a message: what was sent, with its receipt. */
export const send = (node, body) =>
  alone(async () => {
    const mine = await current(node);
    if (mine.waiting) await deliver(mine); // its answer was lost
    const seq = takeNumbers(mine, 1);
    mine.waiting = { seq, jws: await message(mine, node, seq, now(), body) };
    await keep(mine); // before it is sent, so that its number is never used twice
    return deliver(mine);
  });

/** Sends the message without a receipt again; the node answers the first receipt. */
export const resend = (node) =>
  alone(async () => {
    const mine = await current(node);
    return mine.waiting ? deliver(mine) : mine.sent[0]; // another tab has delivered it
  });

/** Gives up the message without a receipt. Whether the node has taken it stays unknown. */
export const giveUp = (node) =>
  alone(async () => keep({ ...(await current(node)), waiting: null }));

async function deliver(mine) {
  const { seq, jws } = mine.waiting;
  await requireKeys(mine);
  const jwe = await encrypt(jws, encryptionKey(mine.keys));
  let answer;
  try {
    answer = await api.jsonOf(await api.post('/v1/messages', 'application/jose', jwe));
  } catch (error) {
    await settle(mine, error);
    throw error;
  }
  const index = await requireReceipt(mine, answer);
  const entry = { seq, jws, jwe, receipt: answer.receipt, index };
  mine.waiting = null;
  mine.sent = [entry, ...mine.sent].slice(0, kept_max);
  await keep(mine);
  return entry;
}

/** The message's number in the ledger; throws unless the node signed it for this message. */
async function requireReceipt(mine, answer) {
  const { seq, jws } = mine.waiting;
  let receipt = null;
  try {
    const signed = splitJws(answer.receipt);
    receipt = readReceipt(signed);
    const { key } = await verifiedNodeKeys(splitJws(mine.keys));
    if (!(await verifies(key, signed.signature, signingInput(signed)))) receipt = null;
  } catch {
    // none, or one that cannot be read
  }
  const leaf = base64url(await leafHash(utf8(jws)));
  const own = { node: mine.node, client: mine.id, seq, leaf };
  if (!receipt || Object.keys(own).some((name) => own[name] !== receipt[name]))
    throw new Error(
      `The server’s answer is no receipt of the node for message ${seq}. It may or may not have ` +
        'been taken: send it again.',
    );
  return receipt.index;
}

/** What the node refuses it has not taken, and never will as it is. */
async function settle(mine, error) {
  if (!(error instanceof api.ApiError)) return;
  const { status, code } = error;
  if (![400, 403, 409, 413, 415, 422].includes(status)) return;
  mine.waiting = null;
  if (code === 'unknown_client') mine.registered = false;
  await keep(mine);
  if (code !== 'stale_sequence') return;
  const known = await api.get(`/v1/clients/${mine.id}`).catch(() => null);
  mine.seq = Math.max(mine.seq, known?.last_sequence ?? 0);
  await keep(mine);
}

/** Sends `count` small messages at once, as lines; how many the node took. */
export const sendMany = (node, count) =>
  alone(async () => {
    const mine = await current(node);
    if (mine.waiting) await deliver(mine);
    const first = takeNumbers(mine, count);
    await keep(mine);
    await requireKeys(mine);
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
    const answers = (await api.textOf(answer)).trim().split('\n').map(readLine);
    const refused = answers.find((line) => typeof line?.receipt !== 'string');
    if (refused !== undefined || answers.length !== count)
      throw new Error(`The node did not take all of them: ${reasonOf(refused)}.`);
    return answers.length;
  });

function readLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Why a line was refused, in the words of the server. */
const reasonOf = (line) =>
  [line?.reason, line?.detail, line?.code, line?.refused].find(
    (word) => typeof word === 'string',
  ) ?? 'the server’s answer is wrong';
