// SPDX-License-Identifier: Apache-2.0
//
// Bytes for eyes: as text where they are text, else as hexadecimal digits; and
// as a field of bytes that can be flipped one by one.

import { element } from './dom.mjs';
import { plural } from './figures.mjs';
import { hex } from './encoding.mjs';

const shown_max = 4_096;

/** The text of bytes, or null where they are no text. */
export function textOf(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(
      text,
    )
      ? null
      : text;
  } catch {
    return null;
  }
}

/** Bytes that can be read; of many the beginning. */
export function preview(bytes, name) {
  const part = bytes.subarray(0, shown_max);
  const text = textOf(bytes);
  const shown = text === null ? dump(part) : text.slice(0, shown_max);
  const more =
    bytes.length > part.length ? `\n… ${plural(bytes.length - part.length, 'more byte')}` : '';
  return element(
    'pre',
    { tabIndex: 0, role: 'group', 'aria-label': name },
    shown + more || '(no bytes)',
  );
}

/** Offsets, 16 bytes a line, and their characters. */
export function dump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const digits = [...row].map((b) => b.toString(16).padStart(2, '0')).join(' ');
    const letters = [...row]
      .map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '·'))
      .join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${digits.padEnd(47)}  ${letters}`);
  }
  return lines.join('\n');
}

/**
 * A field of bytes: arrow keys move, Enter or a click flips the lowest bit of a
 * byte. `changed` has the offsets that differ; `flip(offset)` is called.
 */
export function flipField(bytes, name, changed, flip, field_max = 1_024) {
  const count = Math.min(bytes.length, field_max);
  const grid = element('div', {
    className: 'bytes',
    role: 'group',
    'aria-label': `${name}: ${plural(bytes.length, 'byte')}; arrow keys move, Enter flips one`,
  });
  for (let at = 0; at < count; ++at) {
    const letter = bytes[at] > 32 && bytes[at] < 127 ? ` ${String.fromCharCode(bytes[at])}` : '';
    grid.append(
      element(
        'button',
        {
          type: 'button',
          className: changed.has(at) ? 'changed' : '',
          tabIndex: at === 0 ? 0 : -1,
          title: `byte ${at}${letter}`,
          'aria-label': `byte ${at}: ${hex(bytes.subarray(at, at + 1))}${changed.has(at) ? ', changed' : ''}`,
        },
        hex(bytes.subarray(at, at + 1)),
      ),
    );
  }
  grid.addEventListener('click', (event) => {
    const at = [...grid.children].indexOf(event.target);
    if (at >= 0) flip(at);
  });
  grid.addEventListener('keydown', (event) => moveFocus(grid, event));
  const rest = bytes.length - count;
  return element(
    'div',
    { className: 'stack' },
    grid,
    rest ? element('p', { className: 'soft small' }, `and ${plural(rest, 'more byte')}`) : null,
  );
}

function moveFocus(grid, event) {
  const all = [...grid.children];
  const at = all.indexOf(document.activeElement);
  const perRow = all.findIndex((b) => b.offsetTop > all[0].offsetTop);
  const steps = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: perRow,
    ArrowUp: -perRow,
    Home: -at,
    End: all.length - 1 - at,
  };
  const step = steps[event.key];
  if (at < 0 || step === undefined || !all[at + step]) return;
  event.preventDefault();
  all[at].tabIndex = -1;
  all[at + step].tabIndex = 0;
  all[at + step].focus();
}
