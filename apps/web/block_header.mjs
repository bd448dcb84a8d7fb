// SPDX-License-Identifier: Apache-2.0
//
// A block's header: 144 bytes, integers big endian, as crypto/ledger/block.hpp draws them. The
// block's hash is SHA-256 of these bytes; the node signs them with ECDSA on P-256 and SHA-256.
// Pure functions.

import { base64url, bigEndian, concat, same, timeText, utf8 } from './encoding.mjs';

export const headerSize = 144;
export const headerMagic = concat(Uint8Array.of(0x93), utf8('chancery block'), Uint8Array.of(10));
const blockSizeMax = 65_536;

const number = (bytes) => bigEndian(bytes).toString();
const fields = [
  ['magic', 16, 'what this is', () => '0x93 "chancery block" 0x0a'],
  ['version', 4, 'version of the format', number],
  ['index', 8, 'number of the block', number],
  ['previous', 32, 'hash of the previous block', base64url],
  ['root', 32, 'root of the tree over its messages', base64url],
  ['first_message', 8, 'number of its first message', number],
  ['count', 4, 'how many messages', number],
  ['time', 8, 'time', (bytes) => timeText(bigEndian(bytes))],
  ['node', 32, 'id of the node', base64url],
];

/** Each field of 144 bytes for a reader, in order: {name, offset, size, label, text}. */
export function headerFields(bytes) {
  let offset = 0;
  return fields.map(([name, size, label, textOf]) => {
    const field = bytes.subarray(offset, offset + size);
    const known = name !== 'magic' || same(field, headerMagic);
    offset += size;
    const text = known ? textOf(field) : 'not the bytes that a header begins with';
    return { name, offset: offset - size, size, label, text };
  });
}

/** The header's members, as the JSON of a block has them. Throws unless the bytes are one. */
export function readHeader(bytes) {
  if (bytes.length !== headerSize) throw new Error('a header has 144 bytes');
  if (!same(bytes.subarray(0, 16), headerMagic))
    throw new Error('it does not begin as a header does');
  const at = Object.fromEntries(headerFields(bytes).map((field) => [field.name, field]));
  const of = (name) => bytes.subarray(at[name].offset, at[name].offset + at[name].size);
  const integer = (name) => Number(bigEndian(of(name)));
  if (integer('version') !== 1) throw new Error('its version is not 1');
  const header = {
    index: integer('index'),
    previous: of('previous'),
    root: of('root'),
    first_message: integer('first_message'),
    count: integer('count'),
    time: timeText(bigEndian(of('time'))),
    node: base64url(of('node')),
  };
  if (header.count < 1 || header.count > blockSizeMax)
    throw new Error('its number of messages is not from 1 to 65,536');
  if (!Number.isSafeInteger(header.index) || !Number.isSafeInteger(header.first_message))
    throw new Error('its numbers are larger than a ledger can count');
  return header;
}
