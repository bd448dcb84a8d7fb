// SPDX-License-Identifier: Apache-2.0
//
// DER (X.690): one value after the other, with definite lengths in their shortest form. Enough for
// public keys, signatures and certificates; tags above 30 are refused. Pure functions.

export const tags = {
  boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, none: 0x05, oid: 0x06,
  utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31,
};

const valuesMax = 1000; // beside each other: more than any certificate has

const wrong = (what) => new Error(`its DER is damaged: ${what}`);

/** The value at `at`: {tag, content, whole, end}. */
function valueAt(bytes, at) {
  const tag = bytes[at];
  let size = bytes[at + 1];
  let begin = at + 2;
  if (size === undefined || (tag & 0x1f) === 0x1f) throw wrong('it ends early');
  if (size > 0x80 + 4 || size === 0x80) throw wrong('a length of another form');
  if (size > 0x80) {
    const digits = bytes.subarray(begin, begin + (size & 0x7f));
    begin += digits.length;
    size = digits.reduce((number, byte) => number * 256 + byte, 0);
    if (digits[0] === 0 || size < 0x80) throw wrong('a length that is not the shortest');
  }
  const end = begin + size;
  if (end > bytes.length) throw wrong('it ends early');
  return { tag, content: bytes.subarray(begin, end), whole: bytes.subarray(at, end), end };
}

/** All values inside some content. */
export function valuesOf(bytes) {
  const values = [];
  for (let at = 0; at < bytes.length; at = values.at(-1).end) {
    if (values.length === valuesMax) throw wrong('it has too many values');
    values.push(valueAt(bytes, at));
  }
  return values;
}

/** The only value in these bytes, which has to have this tag. */
export function onlyValue(bytes, tag) {
  const values = valuesOf(bytes);
  if (values.length !== 1) throw wrong('not one value');
  return expect(values[0], tag);
}

export function expect(value, tag) {
  if (value?.tag !== tag) throw wrong('another value than expected');
  return value;
}

/** The values of a SEQUENCE. */
export const membersOf = (value) => valuesOf(expect(value, tags.sequence).content);

/** An OBJECT IDENTIFIER with dots. */
export function oidOf(value) {
  const bytes = expect(value, tags.oid).content;
  if (bytes.length === 0 || bytes.at(-1) >= 0x80) throw wrong('an identifier without an end');
  const arcs = [0];
  let begins = true;
  for (const byte of bytes) {
    if (begins && byte === 0x80) throw wrong('an identifier that is not the shortest');
    begins = byte < 0x80;
    arcs.push(arcs.pop() * 128 + (byte & 0x7f));
    if (begins) arcs.push(0);
  }
  arcs.pop();
  const root = Math.min(Math.floor(arcs[0] / 40), 2);
  return [root, arcs[0] - 40 * root, ...arcs.slice(1)].join('.');
}

/** The bytes of a positive INTEGER, without leading zeros. */
export function positiveInteger(value) {
  const bytes = expect(value, tags.integer).content;
  if (bytes.length === 0 || bytes[0] >= 0x80) throw wrong('a number that is not positive');
  if (bytes.length > 1 && bytes[0] === 0 && bytes[1] < 0x80)
    throw wrong('a number that is not the shortest');
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

/** The bytes of a BIT STRING that has whole bytes. */
export function wholeBits(value) {
  const bytes = expect(value, tags.bits).content;
  if (bytes[0] !== 0) throw wrong('bits that are not whole bytes');
  return bytes.subarray(1);
}

/** TRUE or FALSE. */
export function booleanOf(value) {
  const [byte, ...more] = expect(value, tags.boolean).content;
  if (more.length > 0 || (byte !== 0 && byte !== 0xff)) throw wrong('neither TRUE nor FALSE');
  return byte === 0xff;
}
