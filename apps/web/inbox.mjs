// SPDX-License-Identifier: Apache-2.0
//
// What the user has given to be verified, and what the user trusts. Both live in
// this module's memory: neither the address nor the server puts anything here
// but what the user asked to be fetched, which stays marked as such.

import { readCertificate } from './certificate.mjs';
import { pemBlocks } from './ecdsa.mjs';
import { fromUtf8, recognise, utf8 } from './verify.mjs';

const file_max = 32 * 1024 * 1024;
export const root_max = 1024 * 1024;

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
  const item = await recognise(bytes, name);
  signal?.throwIfAborted(); // the view that wanted it has been left
  inbox.items.push({ ...item, from });
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

/** Root certificates of a PEM or DER file that the user trusts. */
export function trustRoots(bytes, name) {
  if (bytes.length > root_max) throw new Error(`${name} is larger than 1 MB.`);
  const text = bytes[0] === 0x30 ? null : fromUtf8(bytes);
  const found = text === null ? [bytes] : pemBlocks(text, 'CERTIFICATE');
  if (found.length === 0) throw new Error(`${name} has no certificate: give PEM or DER.`);
  for (const der of found) readCertificate(der);
  for (const der of found) trust.roots.push({ name, bytes: der });
}
