// SPDX-License-Identifier: Apache-2.0
//
// What a verification consists of: steps, each with what it compares, and the verdict over them.
// A step is {id, what, why, bytes, expected, found, ok, reads, advisory?}. `ok` null says that it
// could not be checked; an advisory step has no part in the verdict unless it is false. Pure.

/** The parts of an evidence by name. */
export class Parts {
  constructor(evidence) {
    this.all = new Map(evidence.parts.map(({ name, bytes }) => [name, bytes]));
  }

  get(name) {
    return this.all.get(name) ?? null;
  }

  has(name) {
    return this.all.has(name);
  }

  names(prefix) {
    return [...this.all.keys()].filter((name) => name.startsWith(prefix));
  }

  /** The three parts of a JWS, or null when it is not here. */
  jws(name) {
    if (!this.has(`${name}.header`)) return null;
    const [header, payload, signature] = ['header', 'payload', 'signature'].map((part) =>
      this.get(`${name}.${part}`),
    );
    return { header, payload, signature };
  }
}

/** Collects steps. `words` is a table of their ids: [what, why]. */
export class Steps {
  constructor(words) {
    this.words = words;
    this.all = [];
  }

  /** Adds a step; `result` is {ok, expected, found, bytes, advisory}, as far as there is any. */
  add(id, reads, result) {
    const [what, why] = this.words[id];
    const { ok, expected = '', found = '', bytes = null, advisory = false } = result;
    const step = { id, what, why, bytes, expected, found, ok, reads };
    this.all.push(advisory ? { ...step, advisory } : step);
    return ok;
  }

  /** A step that holds unless `check` throws; what it gives, whose `found` is shown, or null. */
  async hold(id, reads, expected, bytes, check) {
    try {
      const value = await check();
      this.add(id, reads, { ok: true, expected, found: value.found, bytes });
      return value;
    } catch (error) {
      this.add(id, reads, { ok: false, expected, found: error.message, bytes });
      return null;
    }
  }

  /** Whether two texts are the same. */
  compare(id, reads, expected, found, bytes = null) {
    return this.add(id, reads, { ok: expected === found, expected, found, bytes });
  }

  /** A step that cannot be checked, and why. */
  skip(id, reads, found, advisory = false) {
    this.add(id, reads, { ok: null, found, advisory });
  }

  /** A signature: `verify` gives whether it holds. Skipped, with a reason, without a key. */
  async signature(id, reads, signer, bytes, verify, reason = null) {
    if (reason) return this.add(id, reads, { ok: null, found: reason, bytes });
    const ok = await verify();
    const found = ok ? 'the signature holds' : 'the signature does not hold';
    return this.add(id, reads, { ok, expected: `a signature of ${signer}`, found, bytes });
  }
}

/** Whether what is said here leads to something that the user gave. */
export function anchorResult(given, found, what) {
  const ids = [given ?? []].flat().filter((id) => id !== '');
  if (ids.length === 0)
    return { ok: null, expected: 'not given', found: `you gave no ${what} to compare with` };
  const expected = ids.join(' or ');
  if (!found) return { ok: null, expected, found: `no ${what} is known` };
  return { ok: ids.includes(found), expected, found };
}

/** A report over all steps. `sentences` has one for each verdict. */
export function report(steps, sentences) {
  const broken = steps.findIndex(({ ok }) => ok === false);
  const anchored = steps.filter(({ id }) => id.endsWith('.anchor'));
  const open = steps.some(({ ok, advisory }) => ok === null && !advisory);
  let verdict = 'verified';
  if (broken >= 0) verdict = 'broken';
  else if (anchored.length === 0 || anchored.some(({ ok }) => ok !== true)) verdict = 'unanchored';
  else if (open) verdict = 'incomplete';
  const said = sentences[verdict];
  const sentence = typeof said === 'function' ? said(steps[broken] ?? null) : said;
  return { verdict, sentence, steps, broken };
}
