// SPDX-License-Identifier: Apache-2.0
//
// Fetches what is needed to verify a thing of this server. It comes from the
// server that is to be checked, and is marked so; what is trusted never does.
// Another thing than the one that was asked for is refused.

import * as api from './api.mjs';
import { addBytes } from './inbox.mjs';
import { utf8 } from './encoding.mjs';

const fetchers = { message, block, record };

/** Puts a message, block or record with what belongs to it into the inbox. */
export async function fetchEvidence(kind, number, signal) {
  if (!Object.hasOwn(fetchers, kind) || !/^(0|[1-9]\d{0,15})$/.test(number))
    throw new Error('This server has no such thing: give message, block or record and a number.');
  await fetchers[kind](number, signal);
}

const take = (bytes, name, signal) => addBytes(bytes, name, 'server', signal);

/** Adds what is at a path, unless it is something else; gives it back as JSON, too. */
async function add(path, name, signal) {
  const { bytes, value } = await api.getWithBytes(path, signal);
  await take(bytes, name, signal);
  return value;
}

const addPlain = async (path, name, signal) => take(await api.getBytes(path, signal), name, signal);

async function message(index, signal) {
  const path = `/v1/messages/${index}`;
  const stored = await add(path, `message ${index}`, signal);
  if (stored.block !== null) await add(`${path}/proof`, `proof of message ${index}`, signal);
  if (stored.block > 0) await add(`/v1/blocks/${stored.block - 1}`, 'the block before', signal);
  await add(`/v1/clients/${stored.message.client}`, 'its client', signal);
  await node(signal);
}

async function block(index, signal) {
  const { count } = await add(`/v1/blocks/${index}`, `block ${index}`, signal);
  if (count <= 1_000) await add(`/v1/blocks/${index}/messages?limit=1000`, 'its leaves', signal);
  if (Number(index) > 0) await add(`/v1/blocks/${index - 1}`, `block ${index - 1}`, signal);
  await node(signal);
}

async function record(id, signal) {
  const { signature } = await api.get(`/v1/records/${id}`, signal);
  if (!signature) throw new Error(`Record ${id} is not signed yet: try again in a moment.`);
  await addPlain(`/v1/records/${id}/signature`, `signature of record ${id}`, signal);
  if (signature.format === 'jades') return;
  await addPlain(`/v1/records/${id}/data`, `record ${id}`, signal);
  await addPlain(`/v1/keys/${signature.key}.pem`, 'its key', signal);
}

async function node(signal) {
  const { keys } = await api.get('/v1/node', signal);
  await take(utf8(keys), 'the node’s keys', signal);
}
