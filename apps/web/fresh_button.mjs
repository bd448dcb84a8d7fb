// SPDX-License-Identifier: Apache-2.0
//
// A button above a list, newest first, that shows what has come since the list
// was drawn. Rows never move by themselves under who reads them.

import { button } from './dom.mjs';
import { plural } from './figures.mjs';
import { live } from './live.mjs';

/**
 * `type` is the event that tells of new ones, `countOf(event)` how many there are
 * then, `noun` what one is called; `before(count)` runs before the list is read.
 */
export function freshButton(list, { type, countOf, noun, before = () => {}, signal }) {
  let count = list.count;
  const made = button('', async () => {
    await before(count);
    list.refresh(count);
    made.hidden = true;
  });
  made.hidden = true;
  live.addEventListener(
    type,
    ({ detail }) => {
      count = countOf(detail);
      made.textContent = `Show ${plural(count - list.count, `new ${noun}`)}`;
      made.hidden = count <= list.count;
    },
    { signal },
  );
  return made;
}
