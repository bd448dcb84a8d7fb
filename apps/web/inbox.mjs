// SPDX-License-Identifier: Apache-2.0
//
// What the user has given to be verified, and what the user trusts. Both live in
// this module's memory: neither the address nor the server puts anything here
// but what the user asked to be fetched, which stays marked as such.

import { utf8 } from './encoding.mjs';

const file_max = 32 * 1024 * 1024;
const lines_max = 1_000;

/** Items as verify.mjs recognises them; `from`: 'you' or 'server'. */
export const inbox = { items: [], refused: [] };

/** What the user trusts: typed, pasted or dropped into the field of it. */
export const trust = { node: '', keys: [], roots: [] };

export const anchors = () => ({
  node: trust.node || null,
  keys: trust.keys,
  roots: trust.roots.map((root) => root.bytes),
  at: new Date(),
});

export async function addBytes(bytes, name, from = 'you', signal = undefined) {
  const { recognise } = await import('./verify.mjs'); // not before it is needed
  const items = await itemsIn(bytes, name, recognise);
  signal?.throwIfAborted(); // the view that wanted it has been left
  for (const item of items) inbox.items.push({ ...item, from });
}

/** What bytes are; of lines as an export has them, each. */
async function itemsIn(bytes, name, recognise) {
  const whole = await recognise(bytes, name);
  if (whole.kind !== 'bytes' || bytes[0] !== 0x7b) return [whole]; // a line begins with {
  const lines = new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split('\n', lines_max + 1);
  if (lines.length < 2) return [whole];
  const items = await Promise.all(
    lines
      .slice(0, lines_max)
      .map((line, place) => recognise(utf8(line), `${name}, line ${place + 1}`)),
  );
  if (items.some(({ kind }) => kind === 'bytes')) return [whole];
  if (lines.length > lines_max)
    inbox.refused.push(`${name} has more than ${lines_max} lines: the others are not read.`);
  return items;
}

export const addText = (text) => addBytes(utf8(text.trim()), '');

export async function addFiles(files) {
  inbox.refused = [];
  for (const file of files) {
    if (file.size > file_max)
      inbox.refused.push(`${file.name} is larger than 32 MB, so it is not read.`);
    else await addFile(file);
  }
}

/** A folder, and a file that is gone, can be dropped but not read. */
async function addFile(file) {
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes) await addBytes(new Uint8Array(bytes), file.name);
  else inbox.refused.push(`${file.name} cannot be read: give files, not folders.`);
}

export function clearInbox() {
  inbox.items = [];
  inbox.refused = [];
}
