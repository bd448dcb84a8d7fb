// SPDX-License-Identifier: Apache-2.0
//
// Random changes that can be repeated: the seed is printed, and CHANCERY_SEED gives it.

export const seed = Number(process.env.CHANCERY_SEED ?? Date.now() % 2 ** 32);
console.log(`verify: CHANCERY_SEED=${seed}`);

let state = seed >>> 0;

/** A whole number below `end` (mulberry32). */
export function below(end) {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end);
}

/** A bit anywhere in the parts of an evidence: {name, offset, bit}. */
export function anyBit({ parts }) {
  let at = below(parts.reduce((size, { bytes }) => size + bytes.length, 0));
  for (const { name, bytes } of parts) {
    if (at < bytes.length) return { name, offset: at, bit: below(8) };
    at -= bytes.length;
  }
  throw new Error('there are no parts');
}
