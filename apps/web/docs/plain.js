// SPDX-License-Identifier: Apache-2.0
//
// The operations of openapi.json as a plain list, each with a form that sends
// it. /docs shows it where Swagger UI is not built in; /docs/plain always.
'use strict';

const followedMax = 20_000; // characters that are shown of an answer that goes on

/** An element with these members and children. */
function element(name, members = {}, ...children) {
  const made = Object.assign(document.createElement(name), members);
  made.append(...children);
  return made;
}

/** A value, or what its $ref leads to in the description. */
function resolved(description, value) {
  if (!value?.$ref) return value;
  return value.$ref
    .split('/')
    .slice(1)
    .reduce((v, n) => v[n.replaceAll('~1', '/').replaceAll('~0', '~')], description);
}

/** The first example of a media type, as text. */
function exampleOf(description, media) {
  const first = Object.values(media.examples ?? {})[0];
  const example = media.example ?? resolved(description, first)?.value ?? '';
  return typeof example === 'string' ? example : JSON.stringify(example, null, 2);
}

/** A field for a parameter; only a value that the path needs is filled in. */
function parameterField(description, parameter) {
  const { schema = {}, name, required, example } = parameter;
  const { enum: choices } = resolved(description, schema);
  const input = choices
    ? element('select', {}, ...(required ? [] : ['']).concat(choices).map((c) => new Option(c)))
    : element('input', { autocomplete: 'off' });
  input.required = required ?? false;
  if (required) input.value = example ?? '';
  else if (!choices) input.placeholder = example ?? '';
  const where = parameter.in === 'path' ? '' : `, ${parameter.in}`;
  const label = element('label', {}, `${name}${where}: ${parameter.description}`, input);
  return { parameter, input, label };
}

/** The fields for a body: its type and its text. */
function bodyFields(description, requestBody) {
  const { content } = resolved(description, requestBody);
  const type = element('select', {}, ...Object.keys(content).map((t) => new Option(t)));
  const text = element('textarea', { rows: 6, spellcheck: false });
  const fill = () => (text.value = exampleOf(description, content[type.value]));
  type.addEventListener('change', fill);
  fill();
  return {
    type,
    text,
    labels: [
      element('label', {}, 'Content-Type', type),
      element('label', {}, 'body', text),
    ],
  };
}

/** What fetch() needs to send an operation with the values of its fields. */
function requestOf(path, method, fields, body) {
  const query = new URLSearchParams();
  const headers = new Headers();
  const token = document.getElementById('token').value;
  if (token) headers.set('Authorization', `Bearer ${token}`);
  let filled = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === 'path')
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value && parameter.in === 'query') query.set(parameter.name, input.value);
    else if (input.value) headers.set(parameter.name, input.value);
  }
  if (body) headers.set('Content-Type', body.type.value);
  const asked = String(query);
  return [
    asked ? `${filled}?${asked}` : filled,
    { method: method.toUpperCase(), headers, body: body?.text.value, cache: 'no-store' },
  ];
}

/** A body for people: text as it is, JSON indented, other bytes as digits. */
async function shown(answer) {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const type = answer.headers.get('Content-Type') ?? '';
    return /[/+]json\b/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
  } catch {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
}

/** Shows an answer that goes on, as it comes; of a long one the end. */
async function follow(answer, head, output) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text = (text + next.value).slice(-followedMax);
    output.textContent = head + text;
  }
}

/** Sends a request and shows the answer, or why there is none. */
async function send(path, options, output) {
  output.textContent = '…';
  try {
    const answer = await fetch(path, options);
    const fields = [...answer.headers].map(([name, value]) => `${name}: ${value}\n`);
    const head = `${answer.status} ${answer.statusText}\n${fields.join('')}\n`;
    if (answer.headers.get('Content-Type') === 'text/event-stream')
      await follow(answer, head, output);
    else output.textContent = head + (await shown(answer));
  } catch (error) {
    if (error.name === 'AbortError') return; // the next one has been sent
    output.textContent = `There is no answer: ${error.message}`;
  }
}

/** One operation, closed at first. */
function operationDetails(description, path, method, operation) {
  const fields = (operation.parameters ?? []).map((p) =>
    parameterField(description, resolved(description, p)),
  );
  const body = operation.requestBody && bodyFields(description, operation.requestBody);
  const output = element('pre', { role: 'status' });
  const form = element('form', {}, ...fields.map((f) => f.label), ...(body?.labels ?? []));
  form.append(element('button', {}, 'Send'), output);
  let last;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    last?.abort(); // one that goes on would keep its place
    last = new AbortController();
    const [target, options] = requestOf(path, method, fields, body);
    send(target, { ...options, signal: last.signal }, output);
  });
  const needed = operation.security.some((s) => Object.keys(s).length === 0)
    ? ''
    : ` (scope ${operation.security[0].token.join(', ')})`;
  return element(
    'details',
    { id: operation.operationId },
    element('summary', {}, element('code', {}, `${method.toUpperCase()} ${path}`),
      ` ${operation.summary}${needed}`),
    element('p', {}, (operation.description ?? '').replaceAll('`', '')),
    form,
  );
}

async function list() {
  const routes = document.getElementById('routes');
  try {
    const description = await (await fetch('/openapi.json')).json();
    for (const { name, description: what } of description.tags) {
      routes.append(element('h2', {}, what));
      for (const [path, item] of Object.entries(description.paths))
        for (const [method, operation] of Object.entries(item))
          if (operation.tags.includes(name))
            routes.append(operationDetails(description, path, method, operation));
    }
  } catch (error) {
    routes.append(element('p', {}, `openapi.json cannot be read: ${error.message}`));
  }
  routes.removeAttribute('aria-busy');
}

list();
