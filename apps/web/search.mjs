// SPDX-License-Identifier: Apache-2.0
//
// What a text in the search field may mean. Numbers are a record, a message and
// a block at once; all that exist are found. Hashes are taken as base64url and
// as hexadecimal digits.

import * as api from './api.mjs';
import { cut } from './dom.mjs';
import { number, plural } from './figures.mjs';
import { base64url, fromHex } from './encoding.mjs';

/** {title, about, href} for each thing that the text names. */
export async function find(text, signal) {
  const words = text.trim().toWellFormed();
  if (words === '') return [];
  const found = [];
  if (/^\d{1,15}$/.test(words)) found.push(...(await byNumber(Number(words), signal)));
  if (/^([A-Za-z0-9_-]{43}|[0-9A-Fa-f]{64})$/.test(words))
    found.push(...(await byHash(words, signal)));
  found.push(...(await byName(words, signal)));
  return found;
}

/** Whether a text is something to verify rather than the name of a thing. */
export const isEvidence = (text) =>
  /^\s*[{[]/.test(text) ||
  text.includes('-----BEGIN') ||
  /^\s*[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{8,}\s*$/.test(text);

/** What is asked for, or null where there is no such thing. */
async function asked(path, signal) {
  try {
    return await api.get(path, signal);
  } catch (error) {
    if (error.status === 404 || error.status === 410 || error.status === 400) return null;
    throw error;
  }
}

async function byNumber(at, signal) {
  const [record, counts] = await Promise.all([
    asked(`/v1/records/${at}`, signal),
    asked('/v1/blocks/count', signal),
  ]);
  const found = [];
  if (record) found.push(recordHit(record));
  if (counts && at < counts.messages)
    found.push({
      title: `Message ${number(at)}`,
      about: `of ${plural(counts.messages, 'message')} in the ledger`,
      href: `#/message/${at}`,
    });
  if (counts && at < counts.blocks)
    found.push({
      title: `Block ${number(at)}`,
      about: `of ${plural(counts.blocks, 'block')} in the chain`,
      href: `#/block/${at}`,
    });
  return found;
}

async function byHash(words, signal) {
  const id = words.length === 64 ? base64url(fromHex(words)) : words;
  const [block, client, keys, node] = await Promise.all([
    asked(`/v1/blocks/by-hash/${id}`, signal),
    asked(`/v1/clients/${id}`, signal),
    asked('/v1/keys', signal),
    asked('/v1/node', signal),
  ]);
  const found = [];
  if (block)
    found.push({
      title: `Block ${number(block.index)}`,
      about: 'its header has this hash',
      href: `#/block/${block.index}`,
    });
  if (client)
    found.push({
      title: 'A client of the ledger',
      about: `its last message has the sequence number ${client.last_sequence ?? 'none yet'}`,
      href: `#/sender/${id}`,
    });
  if (keys?.keys.some((key) => key.kid === id))
    found.push({
      title: 'A key of the keyring',
      about: 'which signs records',
      href: `#/keys/${id}`,
    });
  if (node?.node === id)
    found.push({
      title: 'The ledger’s node',
      about: 'which signs receipts and blocks',
      href: '#/chain',
    });
  return found;
}

async function byName(words, signal) {
  const record = await asked(`/v1/records/by-name?name=${encodeURIComponent(words)}`, signal);
  return record ? [recordHit(record)] : [];
}

function recordHit(record) {
  const name = record.name === null ? '' : ` · ${cut(record.name)}`;
  const about = `${plural(record.size, 'byte')}, ${record.signed ? 'signed' : 'not signed yet'}`;
  return { title: `Record ${number(record.id)}${name}`, about, href: `#/record/${record.id}` };
}
