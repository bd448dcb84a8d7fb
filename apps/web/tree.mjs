// SPDX-License-Identifier: Apache-2.0
//
// A block's Merkle tree as a picture: leaves below, the root above, and the path
// of the chosen leaf marked. Leaves are chosen by pointer, or by arrow keys.

import { element, hash, link, mark, svg } from './dom.mjs';
import { number, plural } from './figures.mjs';
import { base64url, fromBase64url, merkleLevels } from './verify.mjs';

const width = 1200;
const level_px = 46;

/** leaves: {index, leaf}; `at`: the chosen one's place in them. */
export async function drawTree(leaves, at, root, choose) {
  const levels = await merkleLevels(leaves.map((leaf) => fromBase64url(leaf.leaf)));
  const height = levels.length * level_px + 16;
  const step = width / leaves.length;
  const place = (level, node) => ({
    x: ((node.from + node.to) / 2) * step,
    y: height - 16 - level * level_px,
  });
  const lines = svg('g', { class: 'edges' });
  const dots = svg('g', { class: 'nodes' });
  const siblings = [];
  levels.forEach((nodes, level) => {
    for (const node of nodes) {
      const { x, y } = place(level, node);
      const onPath = node.from <= at && at < node.to;
      const parent = levels[level + 1]?.find((n) => n.from <= node.from && node.to <= n.to);
      const beside = parent && parent.from <= at && at < parent.to && !onPath;
      if (beside) siblings.push(node);
      if (parent) {
        const up = place(level + 1, parent);
        lines.append(
          svg('path', {
            class: onPath ? 'on' : '',
            d: `M${x} ${y}C${x} ${y - 22},${up.x} ${up.y + 22},${up.x} ${up.y}`,
          }),
        );
      }
      const kind = onPath ? 'on' : beside ? 'beside' : '';
      const radius = kind ? 6 : Math.max(2, Math.min(4, step / 3));
      dots.append(svg('circle', { class: kind, cx: x, cy: y, r: radius }));
    }
  });
  return {
    ...frame({ leaves, at, root, choose, height, lines, dots, step }),
    about: about(leaves, at, root, levels, siblings),
  };
}

function frame({ leaves, at, root, choose, height, lines, dots, step }) {
  const picture = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'tree',
      role: 'img',
      'aria-label': `A tree of ${leaves.length} leaves; leaf ${at} is chosen`,
    },
    lines,
    dots,
  );
  const slider = element('input', {
    type: 'range',
    min: 0,
    max: leaves.length - 1,
    value: at,
    'aria-label': 'The chosen leaf',
  });
  slider.setAttribute('aria-valuetext', `leaf ${at}, message ${leaves[at].index}`);
  slider.addEventListener('input', () => choose(Number(slider.value)));
  picture.addEventListener('click', (event) => {
    const box = picture.getBoundingClientRect();
    const leaf = Math.floor((((event.clientX - box.left) / box.width) * width) / step);
    choose(Math.max(0, Math.min(leaf, leaves.length - 1)));
  });
  return {
    element: element('div', { className: 'tree-view' }, picture, slider),
    focus: () => document.activeElement === document.body && slider.focus({ preventScroll: true }),
  };
}

function about(leaves, at, root, levels, siblings) {
  const { index, leaf } = leaves[at];
  const made = base64url(levels.at(-1)[0].hash);
  const steps = siblings.map((node, number_) =>
    element(
      'li',
      {},
      element('span', { className: 'soft' }, `${number_ + 1}. `),
      hash(base64url(node.hash)),
      element(
        'span',
        { className: 'soft small' },
        node.to - node.from === 1 ? ` leaf ${node.from}` : ` leaves ${node.from} to ${node.to - 1}`,
      ),
    ),
  );
  return element(
    'div',
    { className: 'columns' },
    element(
      'div',
      { className: 'stack' },
      element(
        'p',
        {},
        link(`#/message/${index}`, `Message ${number(index)}`),
        ` is leaf ${number(at)} `,
        hash(leaf),
      ),
      element('p', {}, `Its path: ${plural(steps.length, 'hash', 'hashes')}, from the leaf up`),
      element('ol', { className: 'path' }, steps),
    ),
    element(
      'div',
      { className: 'stack' },
      element('p', {}, 'Root, computed here from all leaves: ', hash(made, false)),
      element(
        'p',
        {},
        made === root
          ? mark('good', 'the same as in the header')
          : mark('bad', 'not the one in the header'),
      ),
    ),
  );
}
