// SPDX-License-Identifier: Apache-2.0
//
// JSON that strangers signed, for eyes: with its numbers as they were written,
// which JSON.parse would round.

import { JsonNumber, parseJson } from './json.mjs';
import { fromBase64url, fromUtf8 } from './encoding.mjs';

/** The text of a value that parseJson has read; `indent` blanks a level, or none. */
export function jsonText(value, indent = 0, margin = '') {
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const parts = Array.isArray(value)
    ? value.map((item) => jsonText(item, indent, inner))
    : Object.entries(value).map(
        ([name, item]) =>
          `${JSON.stringify(name)}:${indent ? ' ' : ''}${jsonText(item, indent, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return open + close;
  const join = indent ? `,\n${inner}` : ',';
  const [first, last] = indent ? [`\n${inner}`, `\n${margin}`] : ['', ''];
  return open + first + parts.join(join) + last + close;
}

/** The body of a message, as its client signed it. */
export const bodyOf = (jws) => parseJson(fromUtf8(fromBase64url(jws.split('.')[1]))).body;
