// SPDX-License-Identifier: Apache-2.0
//
// Reads what a server answers, which may be endless, stop in the middle, or be
// something else. Throws a ServerError, whose message says so to people.

import { fromUtf8 } from './encoding.mjs';

const silence_max_ms = 60_000; // until an answer that does not go on is given up
const json_bytes_max = 128_000_000; // a thousand messages of the largest size fit
const bytes_max = 1_000_000_000;

/** The server answers, but not as one of its kind does. */
export class ServerError extends Error {}

/** What comes, unless nothing does for too long. */
export async function inTime(coming, giveUp) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new ServerError(`The server has not answered for ${silence_max_ms / 1000} seconds.`));
      giveUp();
    }, silence_max_ms);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes of an answer, which must go on, and end before there are too many. */
export async function bytesOf(answer, most = bytes_max) {
  const reader = answer.body?.getReader();
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = (await inTime(reader?.read(), () => {})) ?? { done: true };
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      parts.push(value);
      size += value.length;
      if (size > most) throw new ServerError('The server’s answer is too long to be read.');
    }
  } catch (error) {
    reader?.cancel().catch(() => {});
    if (error.name === 'AbortError' || error instanceof ServerError) throw error;
    throw new ServerError('The server’s answer broke off.', { cause: error });
  }
}

export const textOf = async (answer) =>
  new TextDecoder().decode(await bytesOf(answer, json_bytes_max));

export function jsonIn(bytes) {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    throw new ServerError('The server’s answer is not JSON.');
  }
}

export const jsonOf = async (answer) => jsonIn(await bytesOf(answer, json_bytes_max));
