// SPDX-License-Identifier: Apache-2.0
//
// A block's header with its fields in sight: each byte belongs to a field, and a
// field and its bytes light up together.

import { element } from './dom.mjs';
import { headerFields } from './block_header.mjs';
import { hex } from './encoding.mjs';

export function headerBytes(bytes) {
  const fields = headerFields(bytes);
  const grid = element('div', {
    className: 'bytes header',
    role: 'img',
    'aria-label': '144 bytes of the header, listed by field below',
  });
  const table = element('tbody');
  fields.forEach((field, number) => {
    const cells = [];
    for (let at = field.offset; at < field.offset + field.size; ++at)
      cells.push(
        element(
          'span',
          { className: `field-${number % 4}`, title: `byte ${at}: ${field.label}` },
          hex(bytes.subarray(at, at + 1)),
        ),
      );
    grid.append(...cells);
    const row = element(
      'tr',
      {},
      element('td', { className: 'number soft' }, String(field.offset)),
      element('td', { className: 'number soft less' }, String(field.size)),
      element(
        'th',
        { scope: 'row' },
        element('span', { className: `swatch field-${number % 4}`, 'aria-hidden': 'true' }),
        field.label,
      ),
      element('td', { className: 'hash' }, field.text),
    );
    const light = (on) => [row, ...cells].forEach((part) => part.classList.toggle('lit', on));
    for (const part of [row, ...cells]) {
      part.addEventListener('pointerenter', () => light(true));
      part.addEventListener('pointerleave', () => light(false));
    }
    table.append(row);
  });
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col', className: 'number' }, 'Byte'),
      element('th', { scope: 'col', className: 'number less' }, 'Size'),
      element('th', { scope: 'col' }, 'Field'),
      element('th', { scope: 'col' }, 'Value'),
    ),
  );
  return element('div', { className: 'header-view' }, grid, element('table', {}, head, table));
}
