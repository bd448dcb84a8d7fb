// SPDX-License-Identifier: Apache-2.0
//
// Requests to the server: the one that the page came from, or the one that
// `chancery page --server` wrote into it. A token stays in this module's memory
// and goes nowhere but into a request's header.
//
// `events` says: 'lost' and 'back' when the server cannot be reached and can be
// again, 'token' when a token was given or dropped.

const said = document.querySelector('meta[name="chancery-server"]')?.content ?? '';

/** The server's address with a slash at its end, or null: there is none. */
export const server =
  said === 'none' ? null : said ? `${said}/` : new URL('./', document.baseURI).href;

export const events = new EventTarget();

let token = '';
let lost = false;
let asking = null; // the prompt that is open
let prompt = async () => null; // asks a person for a token: the token or null

export class ApiError extends Error {
  constructor(answer, problem) {
    super(sentence(problem.detail ?? `the server answers ${answer.status} ${answer.statusText}`));
    this.status = answer.status;
    this.code = problem.code ?? '';
    this.problem = problem;
  }
}

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

/** Sends a request as it is; throws a TypeError where there is no connection. */
export async function send(path, options = {}) {
  if (server === null)
    throw new Error('This copy of the page has no server: it verifies what is dropped into it.');
  const headers = new Headers(options.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  try {
    // Nothing from a cache: another ledger may have stood at this address.
    const address = new URL(path.replace(/^\//, ''), server);
    const answer = await fetch(address, { cache: 'no-store', ...options, headers });
    if (lost) found();
    return answer;
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    lose();
    throw new Error('The server does not answer.', { cause: error });
  }
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
    const problem = await answer.json().catch(() => ({}));
    const refused = new ApiError(answer, problem);
    if (quiet || !needsToken(refused)) throw refused;
    if (used !== token) continue; // given meanwhile
    if (!(await askOnce(refused))) throw refused;
  }
}

export const get = async (path, signal = undefined, quiet = false) =>
  (await request(path, { signal }, quiet)).json();

export const getBytes = async (path, signal = undefined) =>
  new Uint8Array(await (await request(path, { signal })).arrayBuffer());

export const post = (path, type, body) =>
  request(path, { method: 'POST', headers: { 'Content-Type': type }, body });

/** The same request as a line for a shell. */
export function curl(path, ...more) {
  const words = ['curl', ...more];
  if (token) words.push('-H "Authorization: Bearer $token"');
  words.push(`'${new URL(path.replace(/^\//, ''), server ?? 'http://127.0.0.1:8080/')}'`);
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
  events.dispatchEvent(new Event('back'));
}

/** Asks until the server answers; `send` then says that it is back. */
async function lose() {
  if (lost) return;
  lost = true;
  events.dispatchEvent(new Event('lost'));
  for (let pause = 500; lost; pause = Math.min(pause * 1.5, 5000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await send('/livez').catch(() => {});
  }
}

export const isLost = () => lost;
