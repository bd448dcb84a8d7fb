// SPDX-License-Identifier: Apache-2.0
//
// Numbers, sizes, ages and times for people. Times are shown in the viewer's
// zone; UTC, as it was signed, stands in the tooltip.

import { element } from './dom.mjs';

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const moments = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** With separators; a fraction only where it matters. */
export const number = (value) => numbers.format(Math.abs(value) < 100 ? value : Math.round(value));

export const plural = (count, one, many = one + 's') =>
  `${number(count)} ${count === 1 ? one : many}`;

export function size(bytes) {
  if (bytes < 1000) return plural(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; ++unit) value /= 1000;
  return `${number(value)} ${units[unit]}`;
}

/** A time of day here, with the date; UTC on hover. */
export function time(text) {
  if (!text) return null;
  const at = new Date(text);
  const shown = Number.isNaN(at.getTime()) ? text : moments.format(at);
  return element('time', { dateTime: text, title: `${text} (UTC)` }, shown);
}

/** How long something takes or took. */
export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 100) return `${number(seconds)} s`;
  if (seconds < 7200) return `${number(Math.round(seconds / 60))} min`;
  if (seconds < 200_000) return `${number(Math.round(seconds / 3600))} h`;
  return `${number(Math.round(seconds / 86_400))} days`;
}
