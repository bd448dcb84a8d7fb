// SPDX-License-Identifier: Apache-2.0
//
// Puts seals and the records beside them together. Nothing is verified here. Pure functions.

import { recordOf } from './record_evidence.mjs';
import { splitSeal } from './seal_text.mjs';
import { utf8 } from './encoding.mjs';

function partsOf(text) {
  const { header, payload, signature, unsigned } = splitSeal(text);
  const parts = [
    { name: 'seal.header', label: 'the signed header', bytes: header, form: 'json' },
    { name: 'seal.payload', label: 'the record inside', bytes: payload, form: 'text' },
    { name: 'seal.signature', label: 'the signature, r and s', bytes: signature, form: 'hex' },
  ];
  return { parts: parts.filter(({ bytes }) => bytes.length > 0), unsigned };
}

/** The record that was given with a seal. Beside one inside, only a file that can be no other's. */
function recordBeside(items, name, inside) {
  const names = [name, name.replace(/\.[^.]*$/, '')];
  if (!inside) return recordOf(items, names);
  const others = ['signature_line', 'der_signature'];
  const alone = !items.some(({ kind }) => others.includes(kind));
  const record = alone && recordOf(items.filter(({ kind }) => kind === 'bytes'), names);
  return items.filter(({ kind }) => kind === 'seal').length === 1 ? record : null;
}

export function sealEvidence(items) {
  const seals = items.filter(({ kind }) => kind === 'seal');
  return seals.map(({ name, value: { text } }) => {
    const evidence = { kind: 'seal', title: `seal ${name}`.trimEnd(), facts: {}, missing: [] };
    try {
      Object.assign(evidence, partsOf(text));
    } catch (error) {
      evidence.facts.fault = error.message;
      const bytes = utf8(text);
      evidence.parts = [{ name: 'seal.text', label: 'the seal', bytes, form: 'text' }];
      return evidence;
    }
    if (evidence.unsigned !== undefined) evidence.facts.unsigned = evidence.unsigned;
    delete evidence.unsigned;
    const inside = evidence.parts.some((part) => part.name === 'seal.payload');
    const record = recordBeside(items, name, inside);
    const { bytes } = record ?? {};
    if (bytes) evidence.parts.push({ name: 'record', label: 'the record', bytes, form: 'text' });
    else if (!inside)
      evidence.missing.push({ kind: 'bytes', why: 'the record, which is not inside the seal' });
    return evidence;
  });
}
