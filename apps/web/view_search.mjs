// SPDX-License-Identifier: Apache-2.0
//
// What a text names. One thing is shown at once; of several one is chosen.

import { element, link, sheet, title, paragraph } from './dom.mjs';
import { find } from './search.mjs';
import { searchField } from './search_field.mjs';

export async function show(main, { words, signal }) {
  const text = words.join('/');
  const found = await find(text, signal);
  if (found.length === 1) {
    location.replace(found[0].href);
    return;
  }
  const hits = found.map(({ title: name, about, href }) =>
    element('li', {}, link(href, name), element('span', { className: 'soft' }, ` ${about}`)),
  );
  main.replaceChildren(
    title(`Search: ${text}`, null),
    searchField(text),
    found.length
      ? sheet('This may mean', element('ul', { className: 'stack' }, hits))
      : sheet(
          'Nothing has this name',
          paragraph(
            'There is no record with this id or name, no message or block with this number, and no block, ' +
              'client or key with this hash. A message is found by its number, which its receipt has.',
          ),
        ),
  );
}
