// SPDX-License-Identifier: Apache-2.0
//
// Requests to the server: the one that the page came from, or the one that
// `chancery page --server` wrote into it. A token stays in this module's memory
// and goes nowhere but into a request's header.
//
// `events` says: 'lost' and 'back' when the server cannot be reached and can be
// again, 'token' when a token was given or dropped.

import { checkedAnswer } from './answers.mjs';
import { ServerError, bytesOf, inTime, jsonIn, jsonOf, textOf } from './answer_bytes.mjs';
import { isObject } from './json.mjs';

const sentence_max = 1_000;
const steady_ms = 60_000; // a connection that lasted this long is no flickering one

const said = document.querySelector('meta[name="chancery-server"]')?.content ?? '';

/** The server's address with a slash at its end, or null: there is none. */
export const server =
  said === 'none' ? null : said ? `${said}/` : new URL('./', document.baseURI).href;

export const events = new EventTarget();

let token = '';
let lost = false;
let found_at = 0; // when a lost server was there again
let pause_ms = 500; // until it is asked again
let asking = null; // the prompt that is open
let prompt = async () => null; // asks a person for a token: the token or null

export class ApiError extends Error {
  constructor(answer, problem) {
    const plain = `the server answers ${answer.status} ${answer.statusText}`.trim();
    super(sentence(wordsOf(problem, 'detail') || plain));
    this.status = answer.status;
    this.code = wordsOf(problem, 'code');
  }
}

/** A member of a problem, which may be of any form. */
const wordsOf = (problem, name) =>
  isObject(problem) && typeof problem[name] === 'string'
    ? problem[name].slice(0, sentence_max)
    : '';

const sentence = (text) =>
  `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export const hasToken = () => token !== '';

export function promptBy(ask) {
  prompt = ask;
}

export function setToken(text) {
  token = text;
  events.dispatchEvent(new Event('token'));
}

/** Sends a request as it is. Throws where there is no connection, and no answer in time. */
export async function send(path, { signal, ...options } = {}) {
  if (server === null)
    throw new Error('This copy of the page has no server: it verifies what is dropped into it.');
  const headers = new Headers(options.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const ending = new AbortController();
  const end = () => ending.abort();
  signal?.addEventListener('abort', end, { signal: ending.signal });
  if (signal?.aborted) end();
  try {
    // Nothing from a cache: another ledger may have stood at this address.
    const own = { cache: 'no-store', redirect: 'manual', ...options, headers };
    const asked = fetch(addressOf(path), { ...own, signal: ending.signal });
    const answer = await inTime(asked, end);
    if (lost) found();
    if (answer.type === 'opaqueredirect')
      throw new ServerError(
        'The server sends this request to another place, which none of it does.',
      );
    return answer;
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof ServerError) throw error;
    lose();
    throw new Error('The server does not answer.', { cause: error });
  }
}

/** Where a path is. It must be at the server, which a path may come from, as of a next page. */
function addressOf(path) {
  const address = new URL(path.replace(/^\//, ''), server);
  if (!address.href.startsWith(server))
    throw new ServerError('The server names a path that is not its own.');
  return address;
}

/**
 * Sends a request until it may: where a token is missing or not good, the person
 * is asked for one, unless `quiet`. Throws ApiError for what the server refuses.
 */
export async function request(path, options = {}, quiet = false) {
  for (;;) {
    const used = token;
    const answer = await send(path, options);
    if (answer.ok) return answer;
    const problem = await jsonOf(answer).catch(() => null);
    const refused = new ApiError(answer, problem);
    if (quiet || !needsToken(refused)) throw refused;
    if (used !== token) continue; // given meanwhile
    if (!(await askOnce(refused))) throw refused;
  }
}

export { jsonOf, textOf };

/** What the server says at a path, in the form that it has there. */
export const get = async (path, signal = undefined, quiet = false) =>
  checkedAnswer(path, await jsonOf(await request(path, { signal }, quiet)));

/** The same where a refusal has that form, too. */
export const getOfAnyStatus = async (path, signal) =>
  checkedAnswer(path, await jsonOf(await send(path, { signal })));

/** The same, and the bytes that say it. */
export async function getWithBytes(path, signal) {
  const bytes = await getBytes(path, signal);
  return { bytes, value: checkedAnswer(path, jsonIn(bytes)) };
}

export const getBytes = async (path, signal = undefined) =>
  bytesOf(await request(path, { signal }));

export const post = (path, type, body) =>
  request(path, { method: 'POST', headers: { 'Content-Type': type }, body });

/** The same request as a line for a shell. */
export function curl(path, ...more) {
  const words = ['curl', ...more];
  if (token) words.push('-H "Authorization: Bearer $token"');
  // An address may have quotes in it, and what stands behind one would be a command.
  const address = new URL(path.replace(/^\//, ''), server ?? 'http://127.0.0.1:8080/');
  words.push(`'${address.href.replaceAll("'", '%27')}'`);
  return words.join(' ');
}

export const needsToken = (error) =>
  error.status === 401 || (error.status === 403 && error.code === 'scope_missing');

async function askOnce(refused) {
  asking ??= prompt(refused).finally(() => (asking = null));
  const given = await asking;
  if (given === null) return false;
  if (given !== token) setToken(given);
  return true;
}

function found() {
  lost = false;
  found_at = Date.now();
  events.dispatchEvent(new Event('back'));
}

/** Asks until the server answers; `send` then says that it is back. */
async function lose() {
  if (lost) return;
  lost = true;
  events.dispatchEvent(new Event('lost'));
  if (Date.now() - found_at > steady_ms) pause_ms = 500;
  for (; lost; pause_ms = Math.min(pause_ms * 1.5, 5000)) {
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
    await send('/livez').catch(() => {});
  }
}
