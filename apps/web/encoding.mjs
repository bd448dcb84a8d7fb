// SPDX-License-Identifier: Apache-2.0
//
// Texts that stand for bytes, and bytes that stand for numbers: base64url (RFC 4648 5), base64
// (section 4), hexadecimal, UTF-8, big-endian integers, RFC 3339 times in UTC. Each has one
// spelling: no padding in base64url, no stray bits, no white space. What is spelt otherwise is an
// error, whose sentence quotes nothing. Pure functions.

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

/** Throws for what is not UTF-8; a byte order mark is kept as a character. */
export function fromUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error('it is not a text in UTF-8');
  }
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export function fromHex(text) {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new Error('it is not hexadecimal');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Standard base64 with padding. */
export function base64(bytes) {
  let characters = '';
  for (let at = 0; at < bytes.length; at += 8192)
    characters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(characters);
}

/** Standard base64, with the padding that it needs and no white space. */
export function fromBase64(text) {
  const wrong = () => new Error('it is not base64');
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw wrong();
  let characters;
  try {
    characters = atob(text);
  } catch {
    throw wrong();
  }
  const bytes = Uint8Array.from(characters, (c) => c.charCodeAt(0));
  if (base64(bytes) !== text) throw wrong(); // stray bits, or padding that is missing
  return bytes;
}

export const base64url = (bytes) =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** Without padding, and with zeros for the bits that stand for no byte. */
export function fromBase64url(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1)
    throw new Error('it is not base64url');
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return fromBase64(standard + '='.repeat((4 - (text.length % 4)) % 4));
  } catch {
    throw new Error('it is not base64url');
  }
}

/** A hash or an id: 43 characters for 32 bytes; null for anything else. */
export function hashOf(text) {
  try {
    const bytes = fromBase64url(text);
    return bytes.length === 32 ? bytes : null;
  } catch {
    return null;
  }
}

export const bigEndian = (bytes) => bytes.reduce((number, b) => (number << 8n) | BigInt(b), 0n);

/** Milliseconds since 1970 of YYYY-MM-DDThh:mm:ss[.fraction]Z on a day that exists, or null. */
export function fromRfc3339(text) {
  const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
  const found = typeof text === 'string' && form.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const leap = second === 60 && hour === 23 && minute === 59;
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (year < 1970 || !exists || hour > 23 || minute > 59 || (second > 59 && !leap)) return null;
  const fraction = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const time = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
  return time < Date.UTC(10000, 0) ? time : null;
}

/** As fields of a block's header print it; numbers that no calendar has stay numbers. */
export function timeText(milliseconds) {
  const ms = Number(milliseconds);
  return ms < Date.UTC(10000, 0) ? new Date(ms).toISOString() : `${milliseconds} ms`;
}
