// SPDX-License-Identifier: Apache-2.0
//
// A block's Merkle tree as a picture: leaves below, the root above, and the path
// of the chosen leaf marked. Leaves are chosen by pointer, or by arrow keys.

import { element, hash, link, mark, svg } from './dom.mjs';
import { number, plural } from './figures.mjs';
import { base64url, fromBase64url } from './encoding.mjs';
import { merkleLevels } from './merkle.mjs';

const width = 1200;
const level_px = 46;

/** leaves: {index, leaf}; `at`: the chosen one's place in them; `root`: the header's. */
export async function treeOf(leaves, at, root) {
  const levels = await merkleLevels(leaves.map((leaf) => fromBase64url(leaf.leaf)));
  return new Tree(leaves, levels, at, root).element;
}

class Tree {
  constructor(leaves, levels, at, root) {
    Object.assign(this, { leaves, levels, root, step: width / leaves.length });
    this.height = levels.length * level_px + 16;
    this.picture = svg('svg', {
      viewBox: `0 0 ${width} ${this.height}`,
      class: 'tree',
      role: 'img',
    });
    this.slider = element('input', { type: 'range', 'aria-label': 'The chosen leaf' });
    Object.assign(this.slider, { min: 0, max: leaves.length - 1, value: at });
    this.slider.addEventListener('input', () => this.choose(Number(this.slider.value)));
    this.picture.addEventListener('click', (event) => this.choose(this.leafUnder(event)));
    this.about = element('div', { className: 'columns' });
    const view = element('div', { className: 'tree-view' }, this.picture, this.slider);
    this.element = element('div', { className: 'stack' }, view, this.about);
    this.choose(at);
  }

  leafUnder({ clientX }) {
    const box = this.picture.getBoundingClientRect();
    const leaf = Math.floor((((clientX - box.left) / box.width) * width) / this.step);
    return Math.max(0, Math.min(leaf, this.leaves.length - 1));
  }

  choose(at) {
    this.at = at;
    this.slider.value = at;
    this.slider.setAttribute('aria-valuetext', `leaf ${at}, message ${this.leaves[at].index}`);
    const name = `A tree of ${plural(this.leaves.length, 'leaf', 'leaves')}; leaf ${at} is chosen`;
    this.picture.setAttribute('aria-label', name);
    this.draw();
    this.about.replaceChildren(this.path(), this.rootFound());
  }

  /** The parent of a node, or undefined for the root. */
  above(level, node) {
    return this.levels[level + 1]?.find((n) => n.from <= node.from && node.to <= n.to);
  }

  isOnPath(node) {
    return node.from <= this.at && this.at < node.to;
  }

  /** Whether a node's hash is needed to come from the chosen leaf to the root. */
  isBeside(level, node) {
    const parent = this.above(level, node);
    return Boolean(parent) && this.isOnPath(parent) && !this.isOnPath(node);
  }

  draw() {
    const place = (level, node) => ({
      x: ((node.from + node.to) / 2) * this.step,
      y: this.height - 16 - level * level_px,
    });
    const lines = svg('g');
    const dots = svg('g');
    this.levels.forEach((nodes, level) => {
      for (const node of nodes) {
        const { x, y } = place(level, node);
        const kind = this.isOnPath(node) ? 'on' : this.isBeside(level, node) ? 'beside' : '';
        const parent = this.above(level, node);
        if (parent) {
          const up = place(level + 1, parent);
          const d = `M${x} ${y}C${x} ${y - 22},${up.x} ${up.y + 22},${up.x} ${up.y}`;
          lines.append(svg('path', { class: kind === 'on' ? 'on' : '', d }));
        }
        const r = kind ? 6 : Math.max(2, Math.min(4, this.step / 3));
        dots.append(svg('circle', { class: kind, cx: x, cy: y, r }));
      }
    });
    this.picture.replaceChildren(lines, dots);
  }

  path() {
    const { index, leaf } = this.leaves[this.at];
    const beside = this.levels.flatMap((nodes, level) =>
      nodes.filter((node) => this.isBeside(level, node)),
    );
    const covers = ({ from, to }) =>
      to - from === 1 ? ` leaf ${from}` : ` leaves ${from} to ${to - 1}`;
    const steps = beside.map((node, place) =>
      element(
        'li',
        {},
        element('span', { className: 'soft' }, `${place + 1}. `),
        hash(base64url(node.hash)),
        element('span', { className: 'soft small' }, covers(node)),
      ),
    );
    const message = link(`#/message/${index}`, `Message ${number(index)}`);
    return element(
      'div',
      { className: 'stack' },
      element('p', {}, message, ` is leaf ${number(this.at)} `, hash(leaf)),
      element('p', {}, `Its path: ${plural(steps.length, 'hash', 'hashes')}, from the leaf up`),
      element('ol', { className: 'path' }, steps),
    );
  }

  rootFound() {
    const made = base64url(this.levels.at(-1)[0].hash);
    return element(
      'div',
      { className: 'stack' },
      element('p', {}, 'Root, computed here from all leaves: ', hash(made, false)),
      element(
        'p',
        {},
        made === this.root
          ? mark('good', 'the same as in the header')
          : mark('bad', 'not the one in the header'),
      ),
    );
  }
}
