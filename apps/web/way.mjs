// SPDX-License-Identifier: Apache-2.0
//
// The way of a thing as a row of stations: what has happened and what is next.

import { element } from './dom.mjs';

/** stations: {name, done, about}. */
export function way(stations) {
  return element(
    'ol',
    { className: 'way' },
    stations.map(({ name, done, about }) =>
      element(
        'li',
        { className: done ? 'done' : 'open' },
        element('span', { className: 'dot', 'aria-hidden': 'true' }, done ? '✓' : ''),
        element(
          'b',
          {},
          name,
          element('span', { className: 'unseen' }, done ? ' (done)' : ' (not yet)'),
        ),
        element('span', { className: 'soft small' }, about),
      ),
    ),
  );
}
