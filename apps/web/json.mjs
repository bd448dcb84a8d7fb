// SPDX-License-Identifier: Apache-2.0
//
// JSON (RFC 8259) for formats that are signed, by the rules of crypto/jose/strict_json.hpp. A
// member that appears twice is refused, because two readers could use different ones; so are a
// byte order mark and nesting deeper than 32. A number that is not a whole one of at most 2^53 - 1,
// written without fraction and exponent, is a JsonNumber, which equals no number. Objects have no
// prototype. Pure functions.

import { fromUtf8 } from './encoding.mjs';

const depthMax = 32;

/** A number that a format of ours never has; a message's body may. */
class JsonNumber {
  constructor(text) {
    this.text = text;
  }
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(what) {
    throw new Error(`it is not strict JSON: ${what} at character ${this.at}`);
  }

  /** The next match of a sticky expression. */
  take(expression) {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (!found) return null;
    this.at = expression.lastIndex;
    return found[0];
  }

  skipSpace() {
    this.take(/[\t\n\r ]*/y);
  }

  /** Whether this character comes next, after white space. */
  takes(character) {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  value(depth) {
    if (this.takes('{')) return this.object(this.deeper(depth));
    if (this.takes('[')) return this.array(this.deeper(depth));
    if (this.takes('"')) return this.string();
    const word = this.take(/(?:true|false|null)/y);
    if (word) return JSON.parse(word);
    const number = this.take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (!number) this.fail('no value');
    const read = Number(number);
    if (!Number.isFinite(read)) this.fail('a number that is too large');
    return /^\d+$/.test(number) && Number.isSafeInteger(read) ? read : new JsonNumber(number);
  }

  deeper(depth) {
    return depth < depthMax ? depth + 1 : this.fail('nesting deeper than 32');
  }

  string() {
    const begin = this.at;
    while (this.at < this.text.length && this.text[this.at] !== '"')
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at += 1;
    let read;
    try {
      read = JSON.parse(this.text.slice(begin - 1, this.at));
    } catch {
      this.fail('a string that is not one');
    }
    if (/\p{Surrogate}/u.test(read)) this.fail('half of a character');
    return read;
  }

  array(depth) {
    const values = [];
    if (this.takes(']')) return values;
    do values.push(this.value(depth));
    while (this.takes(','));
    if (!this.takes(']')) this.fail('no end of a list');
    return values;
  }

  object(depth) {
    const members = Object.create(null);
    if (this.takes('}')) return members;
    do {
      if (!this.takes('"')) this.fail('no name of a member');
      const name = this.string();
      if (name in members) this.fail('a member that appears twice');
      if (!this.takes(':')) this.fail('no colon');
      members[name] = this.value(depth);
    } while (this.takes(','));
    if (!this.takes('}')) this.fail('no end of an object');
    return members;
  }
}

/** The value of a text or of its bytes. Throws for what is not strict JSON. */
export function parseJson(text) {
  const reader = new Reader(typeof text === 'string' ? text : fromUtf8(text));
  const value = reader.value(0);
  reader.skipSpace();
  if (reader.at !== reader.text.length) reader.fail('more than one value');
  return value;
}

export const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) &&
  !(value instanceof JsonNumber);

/** Throws unless it is an object with exactly these members. */
export function requireMembers(what, value, names) {
  const has = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || has.length !== names.length || !names.every((n) => n in value))
    throw new Error(`${what} does not have exactly the members ${names.join(', ')}`);
}

/** Whether it is a whole number from `min` on, as parseJson reads it. */
export const isCount = (value, min = 0) => Number.isSafeInteger(value) && value >= min;
