// SPDX-License-Identifier: Apache-2.0
//
// Elements of a page. Text goes in as text, never as markup, so nothing that a
// server or a user wrote can become code. What has no shape, or turns the order of
// what follows it, is shown by its code: a name must not pose as another one.

/** An element; members are set as properties, those with a dash as attributes. */
export function element(name, members = {}, ...children) {
  return filled(document.createElement(name), members, children);
}

/** The same in SVG, where everything is an attribute. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function filled(made, members, children) {
  for (const [key, value] of Object.entries(members)) {
    if (key.includes('-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(
    ...children
      .flat()
      .filter((child) => child !== null && child !== undefined)
      .map((child) => (typeof child === 'string' ? visible(child) : child)),
  );
  return made;
}

/** The beginning of a text that a stranger may have made long. */
export const cut = (text, most = 200) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** Controls, marks of direction, and what has no width, but for tabs and line ends. */
const hidden =
  /[^\P{C}\t\n\r\u{ad}\p{Co}\p{Cn}]|[\u{2028}\u{2029}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;

const visible = (text) => text.replace(hidden, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

export const heading = (level, text) => element(`h${level}`, {}, text);
export const paragraph = (text, className = '') => element('p', { className }, text);
export const link = (href, ...text) => element('a', { href }, ...text);

export function button(text, act, className = '') {
  const made = element('button', { type: 'button', className }, text);
  made.addEventListener('click', act);
  return made;
}

/** A title of a view: its name, what it is, and things at its right. */
export function title(text, about, ...right) {
  return element(
    'div',
    { className: 'title' },
    element('div', { className: 'row' }, heading(1, text), ...right),
    about ? paragraph(about, 'soft') : null,
  );
}

export function sheet(name, ...children) {
  return element('section', { className: 'sheet' }, name ? heading(2, name) : null, ...children);
}

/** Names and values; those without a value are left out. */
export function facts(rows) {
  const list = element('dl', { className: 'facts' });
  for (const [name, ...value] of rows) {
    if (value[0] === null || value[0] === undefined) continue;
    list.append(element('dt', {}, name), element('dd', {}, ...value));
  }
  return list;
}

/** A word with a sign, so that nothing depends on colour: good, warn, bad or ''. */
export function mark(state, text) {
  const signs = { good: '✓', warn: '!', bad: '✕' };
  const sign = signs[state] ? element('span', { 'aria-hidden': 'true' }, signs[state]) : null;
  return element('span', { className: `mark ${state}` }, sign, text);
}

export const wait = (text = 'Reading …') =>
  element('p', { className: 'soft', role: 'status' }, text);

export function fault(error) {
  const made = element('p', { className: 'error', role: 'alert' }, error.message ?? String(error));
  return made;
}

/** Draws a view another time; a failure shows in it. */
export async function again(main, draw) {
  try {
    await draw();
  } catch (error) {
    if (error.name !== 'AbortError') main.prepend(fault(error));
  }
}

/** Whether somebody is selecting text in a place. */
export function isSelecting(place) {
  const selection = getSelection();
  return !selection.isCollapsed && place.contains(selection.anchorNode);
}

/** Draws a place anew; the keyboard stays where it was. */
export function redraw(place, ...children) {
  const held = place.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  place.replaceChildren(...children);
  if (held === null) return;
  const again = [...place.querySelectorAll('a, button, input, select, textarea, summary')];
  again.find((part) => nameOf(part) === held)?.focus({ preventScroll: true });
}

const nameOf = (part) => part.getAttribute('href') ?? part.id + part.textContent;

/** Copies a text, and says so on the button. */
export function copyButton(text, name = 'Copy') {
  const made = button(name, async () => {
    try {
      await navigator.clipboard.writeText(text);
      made.textContent = 'Copied';
    } catch {
      made.textContent = 'Select and copy it by hand';
    }
    setTimeout(() => (made.textContent = name), 1500);
  });
  return made;
}

/** A command to type, with a button that copies it. */
export function command(text) {
  return element(
    'div',
    { className: 'command' },
    element('pre', { tabIndex: 0 }, text),
    copyButton(text),
  );
}

/** Gives bytes or a text to the user as a file. */
export function save(content, name, type = 'application/octet-stream') {
  const url = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A button that gets a file and gives it to the user; a failure shows beside it. */
export function saveButton(text, name, get) {
  const place = element('span', {});
  const made = button(text, async () => {
    place.replaceChildren();
    try {
      save(await get(), name);
    } catch (error) {
      place.replaceChildren(' ', fault(error));
    }
  });
  place.className = 'row';
  return element('span', { className: 'row' }, made, place);
}

/** A hash or an id: whole for who copies it, and for screen readers. */
export function hash(text, short = true) {
  const shown = short && text.length > 20 ? `${text.slice(0, 10)}…${text.slice(-6)}` : text;
  return element('span', { className: 'hash', title: text }, shown);
}
