// SPDX-License-Identifier: Apache-2.0
//
// openapi.json as something to hold answers against: which statuses, content
// types, headers and bodies an operation may answer with.

import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const pointerOf = (...names) =>
  names.map((n) => '/' + n.replaceAll('~', '~0').replaceAll('/', '~1')).join('');

const mediaType = (text) => text.split(';')[0].trim().toLowerCase();

/** Refuses members that no schema names: answers may get new ones only here. */
function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, closed(member)]),
  );
  if (copy.type === 'object' && copy.properties) copy.additionalProperties ??= false;
  return copy;
}

/** The same for the schemas of events alone. */
function withClosedEvents(value) {
  if (Array.isArray(value)) return value.map(withClosedEvents);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      (name === 'x-event-schemas' ? closed : withClosedEvents)(member),
    ]),
  );
}

/** The events of a stream, as { id, event, data } (HTML, "Server-sent events"). */
export function eventsIn(text) {
  const events = [];
  for (const block of text.split('\n\n')) {
    const event = {};
    for (const line of block.split('\n')) {
      const [, name, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
      if (name) event[name] = name === 'data' ? JSON.parse(value) : value;
    }
    if ('data' in event) events.push(event);
  }
  return events;
}

export class Contract {
  constructor(document) {
    this.document = {
      ...document,
      paths: withClosedEvents(document.paths),
      components: { ...document.components, schemas: closed(document.components.schemas) },
    };
    this.ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
    this.ajv.addSchema(this.document, 'openapi', false, false);
    this.seen = new Map(); // operationId to the statuses it was seen with
    this.operations = new Map(); // operationId to { method, path, operation }
    for (const [path, item] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(item)) {
        const at = pointerOf('paths', path, method);
        this.operations.set(operation.operationId, { method, path, operation, at });
        this.seen.set(operation.operationId, new Set());
      }
  }

  /** What a value is, or what its $ref leads to, with the pointer to it. */
  resolved(value, at) {
    if (!value.$ref) return { value, at };
    const target = value.$ref.slice(1);
    const found = target
      .split('/')
      .slice(1)
      .reduce((v, n) => v[n.replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    assert.ok(found, `${value.$ref} leads nowhere`);
    return { value: found, at: target };
  }

  /** Asserts that a value follows the schema at a pointer. */
  check(value, at, what) {
    const validate =
      this.ajv.getSchema(`openapi#${at}`) ?? this.ajv.compile({ $ref: `openapi#${at}` });
    assert.ok(
      validate(value),
      `${what}: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(value)?.slice(0, 300)}`,
    );
  }

  /** Asserts that a body, as text, is of a media type as `content` at `at` describes it. */
  checkBody(text, type, content, at, what) {
    const described = content[type];
    assert.ok(described, `${what}: the type ${type} is not described`);
    const here = at + pointerOf('content', type);
    const isJson = type.endsWith('json') && type !== 'application/x-ndjson';
    if (described.schema)
      this.check(isJson ? JSON.parse(text) : text, here + '/schema', what);
    if (described['x-event-schemas'])
      this.checkEvents(
        text,
        described['x-event-schemas'],
        here + '/x-event-schemas',
        what,
      );
    if (described['x-line-schema'])
      for (const line of text.split('\n').filter((l) => l !== ''))
        this.check(
          line.startsWith('{') ? JSON.parse(line) : line,
          here + '/x-line-schema',
          what,
        );
  }

  /** Asserts that every event in a text is described. */
  checkEvents(text, schemas, at, what) {
    for (const { event, data } of eventsIn(text)) {
      assert.ok(schemas[event], `${what}: the event ${event} is not described`);
      this.check(data, at + pointerOf(event), `${what}: ${event}`);
    }
  }

  /** Asserts that this operation may answer so. Returns the parsed body. */
  checkAnswer(id, status, headers, text) {
    const { operation, at } = this.operations.get(id);
    const what = `${id}, ${status}`;
    const key = operation.responses[status] ? String(status) : 'default';
    const response = this.resolved(
      operation.responses[key],
      at + pointerOf('responses', key),
    );
    for (const [name, header] of Object.entries(response.value.headers ?? {})) {
      const { value, at: place } = this.resolved(header, '');
      const sent = headers.get(name.toLowerCase()) ?? undefined;
      assert.ok(sent !== undefined || !value.required, `${what}: lacks ${name}`);
      if (sent !== undefined) this.check(sent, place + '/schema', `${what}: ${name}`);
    }
    this.seen.get(id).add(key);
    if (!response.value.content) {
      assert.equal(text, '', `${what}: has a body`);
      return undefined;
    }
    const type = mediaType(headers.get('content-type') ?? '');
    this.checkBody(text, type, response.value.content, response.at, what);
    if (!/[/+]json$/.test(type)) return text;
    const body = JSON.parse(text);
    if (status >= 400 && type === 'application/problem+json')
      assert.equal(body.status, status, what);
    return body;
  }

  /** Calls `visit(example, media type, content, pointer)` for every example of a body. */
  eachExample(visit) {
    const walk = (value, at) => {
      if (value === null || typeof value !== 'object') return;
      if (value.content && !Array.isArray(value))
        for (const [type, media] of Object.entries(value.content)) {
          const examples = 'example' in media ? [media.example] : [];
          for (const example of Object.values(media.examples ?? {}))
            examples.push(this.resolved(example, '').value.value);
          assert.ok(examples.length > 0, `${at}: ${type} has no example`);
          for (const example of examples) visit(example, type, value.content, at);
        }
      for (const [name, member] of Object.entries(value))
        if (!['schema', 'example', 'examples', 'schemas'].includes(name))
          walk(member, at + pointerOf(name));
    };
    walk(this.document, '');
  }
}
