// SPDX-License-Identifier: Apache-2.0
//
// What the server may answer, as far as the page reads it. An answer of another
// form, or about another thing than was asked for, is refused whole, with a
// sentence, so that no view has to expect it: a server may be broken, or lie.
// Members that are not named here are let through. Nothing is verified, except
// that what is said beside a signed thing is what that thing says.

import { fromBase64url, fromRfc3339, base64url, hashOf } from './encoding.mjs';
import { isCount, isObject } from './json.mjs';
import { readHeader } from './block_header.mjs';
import { readMessage, readReceipt } from './ledger_objects.mjs';
import { splitJws } from './jose.mjs';

const wrong = (what) => {
  throw new Error(what);
};

const is = (holds, form) => (value, name) => holds(value) || wrong(`${name} is not ${form}`);
const text = is((value) => typeof value === 'string', 'a text');
const flag = is((value) => typeof value === 'boolean', 'true or false');
const count = is((value) => isCount(value), 'a whole number');
const some = is((value) => isCount(value, 1), 'a whole number from 1 on');
const amount = is((value) => Number.isFinite(value) && value >= 0, 'a number from 0 on');
const id = is(hashOf, '43 characters of base64url');
const time = is((value) => fromRfc3339(value) !== null, 'a time in RFC 3339');
const orNull = (form) => (value, name) => value === null || form(value, name);
const maybe = (form) => (value, name) => value === undefined || form(value, name);

/** An object with these members; `sense(value)` gives a sentence where they do not fit. */
const object = (members, sense) => (value, name) => {
  if (!isObject(value)) wrong(`${name} is not an object`);
  for (const [member, form] of Object.entries(members))
    form(Object.hasOwn(value, member) ? value[member] : undefined, `${member} of ${name}`);
  const said = sense?.(value);
  if (said) wrong(`${name} ${said}`);
};

const list = (form) => (value, name) => {
  if (!Array.isArray(value)) wrong(`${name} is not a list`);
  for (const [place, item] of value.entries()) form(item, `item ${place} of ${name}`);
};

const table = (form) => (value, name) => {
  if (!isObject(value)) wrong(`${name} is not an object`);
  for (const [member, item] of Object.entries(value)) form(item, `${member} of ${name}`);
};

const differing = (said, signed) =>
  Object.keys(signed).find((member) => said[member] !== signed[member]);

function headerSense(block) {
  const header = readHeader(fromBase64url(block.header));
  const [previous, root] = [header.previous, header.root].map(base64url);
  const other = differing(block, { ...header, previous, root });
  return other && `says another ${other} than its header`;
}

function storedSense({ index, jws, receipt, message }) {
  const { client, seq, time: sent, node } = readMessage(splitJws(jws));
  const other = differing(message, { client, seq, time: sent, node });
  if (other) return `says another ${other} than the message that was signed`;
  const theirs = differing(readReceipt(splitJws(receipt)), { client, seq, node, index });
  return theirs && `has a receipt with another ${theirs}`;
}

const recordSense = ({ signed, signature }) =>
  signed !== (signature !== undefined) && 'does not say whether it is signed';

const counts = { blocks: count, messages: count, pending: count, block_size: some };
const countsSense = ({ messages, pending, block_size: size }) =>
  (pending > size || pending > messages) &&
  'counts more messages without a block than there can be';
const batchName = { first: count, count: some, lease: text };
const summary = {
  id: count,
  name: orNull(text),
  size: count,
  received: orNull(time),
  signed: flag,
};
const signature = object({
  key: id,
  alg: text,
  format: text,
  value: text,
  batch: object(batchName),
  time,
});
const record = object({ ...summary, signature: maybe(signature) }, recordSense);
const block = object(
  {
    index: count,
    hash: id,
    first_message: count,
    count: some,
    time,
    header: text,
    signature: text,
  },
  headerSense,
);
const sent = object({ client: id, seq: some, time });
const stored = object(
  { index: count, jws: text, receipt: text, block: orNull(count), message: sent },
  storedSense,
);
const batch = object({ ...batchName, key: id, worker: orNull(text), reason: text, time });
const signing = object({
  running: flag,
  records: count,
  signed: count,
  unsigned: count,
  workers: list(() => {}),
  max_wait_ms: orNull(amount),
  oldest_unsigned_seconds: orNull(amount),
  records_per_second: orNull(amount),
  keys: orNull(count),
  keys_out: orNull(count),
});
const key = object({ kid: id, alg: text, chancery_state: text, chancery_purpose: text });
const lent = object({ kid: id, uses: count, held_by: orNull(text) });

const routes = [
  ['/v1/access', object({ open: flag, name: orNull(text) })],
  ['/v1/node', object({ ...counts, node: id, keys: text, software: text }, countsSense)],
  ['/v1/signing', signing],
  ['/v1/keys', object({ keys: list(key) })],
  ['/v1/keys/order', object({ keys: list(lent) })],
  ['/v1/blocks', object({ blocks: list(block) })],
  ['/v1/blocks/count', object(counts, countsSense)],
  ['/v1/blocks/head', block],
  ['/v1/blocks/by-hash/{hash}', block],
  ['/v1/blocks/{index}', block],
  [
    '/v1/blocks/{block}/messages',
    object({
      block: count,
      leaves: list(object({ index: count, leaf: id })),
      messages: maybe(list(stored)),
      next: maybe(text),
    }),
  ],
  ['/v1/messages/{index}', stored],
  ['/v1/messages/{index}/proof', object({ index: count, leaf: id })],
  [
    '/v1/clients/{client}',
    object({
      client: id,
      key: object({ x: text, y: text }),
      last_sequence: orNull(count),
    }),
  ],
  ['/v1/records', object({ records: list(object(summary)) })],
  ['/v1/records/by-name', record],
  ['/v1/records/{id}', record],
  ['/v1/batches/{first}', batch],
  [
    '/readyz',
    object({
      ok: flag,
      checks: list(object({ name: text, ok: flag, reason: maybe(text) })),
    }),
  ],
].map(([route, form]) => [new RegExp(`^${route.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`), form]);

const events = {
  signing,
  batch,
  block,
  refused: object({ codes: table(count) }),
  worker: object({ worker: text, connected: flag }),
  skipped: object({ event: text, count: some }),
};

/** Gives back what the server answered to a path. Throws for what no server answers there. */
export function checkedAnswer(path, value) {
  const { pathname, searchParams } = new URL(path, 'http://server/');
  const [found, form] = routes
    .map(([route, each]) => [route.exec(pathname), each])
    .find(([match]) => match) ?? [null, null];
  if (!form) return value; // nobody reads its members
  try {
    form(value, 'it');
    for (const [member, asked] of Object.entries(found?.groups ?? {}))
      if (String(value[member]) !== decodeURIComponent(asked))
        wrong(`it is about ${member} ${value[member]}, which was not asked for`);
    requirePage(value, searchParams);
  } catch (error) {
    throw new Error(`The server’s answer to ${pathname} is wrong: ${error.message}.`);
  }
  return value;
}

/** A page has no more rows than were asked for, each after the one before. */
function requirePage(value, asked) {
  const { blocks, records, messages, leaves } = value;
  const most = asked.has('limit') ? Number(asked.get('limit')) : Infinity;
  for (const rows of [blocks, records, messages, leaves].filter(Array.isArray)) {
    if (rows.length > most) wrong('it has more rows than were asked for');
    const numbers = rows.map((row) => row.index ?? row.id);
    if (rows === blocks) numbers.reverse();
    if (numbers.some((number, place) => place > 0 && number <= numbers[place - 1]))
      wrong('its rows are not in their order');
  }
}

/** The data of an event, or null for what no server sends. */
export function checkedEvent(type, data) {
  if (!Object.hasOwn(events, type)) return null;
  try {
    events[type](data, 'it');
    return data;
  } catch {
    return null;
  }
}
