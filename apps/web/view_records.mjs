// SPDX-License-Identifier: Apache-2.0
//
// All records, the newest first.

import * as api from './api.mjs';
import { command, cut, element, link, mark, paragraph, sheet, title } from './dom.mjs';
import { number, plural, size, time } from './figures.mjs';
import { freshButton } from './fresh_button.mjs';
import { LongList } from './list.mjs';
import { searchField } from './search_field.mjs';

export async function show(main, { signal }) {
  const signing = await api.get('/v1/signing', signal);
  const count = signing.records;
  const source = { count, row, name: 'Records, the newest first', page: pageOf };
  const list = new LongList(source, signal);
  const fresh = freshButton(list, {
    type: 'signing',
    countOf: (detail) => detail.records,
    noun: 'record',
    signal,
  });
  main.replaceChildren(
    title(
      'Records',
      `${plural(count, 'record')}, of which ${number(signing.signed)} are signed. Each is signed once.`,
      fresh,
    ),
    searchField(),
    count
      ? sheet(null, list.element)
      : sheet(
          'No record yet',
          paragraph('Post one, or import a table on the server’s host:'),
          command(
            api.curl('/v1/records?wait=5', `--json '{"name":"INV-1","text":"{\\"total\\":1190}"}'`),
          ),
          command(
            'chancery records import invoices.csv --format csv --name-column number --record-column body',
          ),
        ),
  );
}

/** Rows from the newest: the first of the list has the id count - 1. */
async function pageOf(first, rows, signal) {
  const low = this.count - first - rows;
  const after = low > 0 ? `&after=${low - 1}` : '';
  const { records } = await api.get(`/v1/records?limit=${rows}${after}`, signal);
  const known = new Map(records.map((record) => [record.id, record]));
  return Array.from({ length: rows }, (_, place) => {
    const id = this.count - first - 1 - place;
    return known.get(id) ?? { id };
  });
}

function row(record) {
  if (record.size === undefined)
    return element(
      'span',
      { className: 'soft' },
      `Record ${number(record.id)} is not shown to you`,
    );
  return element(
    'span',
    { className: 'cells records' },
    link(`#/record/${record.id}`, `Record ${number(record.id)}`),
    element('span', { className: 'cut', title: cut(record.name ?? '') }, cut(record.name ?? '')),
    element('span', { className: 'soft less' }, size(record.size)),
    element('span', { className: 'soft less' }, time(record.received) ?? ''),
    record.signed ? mark('good', 'signed') : mark('', 'unsigned'),
  );
}
