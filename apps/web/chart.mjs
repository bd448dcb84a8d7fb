// SPDX-License-Identifier: Apache-2.0
//
// A line of values over time, as SVG that scales with its place.

import { svg } from './dom.mjs';

const width = 600;
const height = 80;

/** points: {at, value}, oldest first; over `span_ms` until now. */
export function line(points, span_ms, name) {
  const now = Date.now();
  const most = Math.max(1, ...points.map((p) => p.value));
  const x = (at) => width - ((now - at) / span_ms) * width;
  const y = (value) => height - 4 - (value / most) * (height - 8);
  const places = points.map((p) => `${x(p.at).toFixed(1)},${y(p.value).toFixed(1)}`);
  const drawn = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      class: 'line',
      role: 'img',
      'aria-label': name,
    },
    svg('path', { class: 'ground', d: `M0 ${height - 4}H${width}` }),
  );
  if (places.length > 1) {
    const first = x(points[0].at).toFixed(1);
    const area = `M${first},${height - 4}L${places.join('L')}V${height - 4}Z`;
    drawn.append(svg('path', { class: 'area', d: area }));
    drawn.append(svg('polyline', { class: 'stroke', points: places.join(' ') }));
  }
  return drawn;
}
