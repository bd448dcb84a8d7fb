// SPDX-License-Identifier: Apache-2.0
//
// A long list of rows of one height, of which only those in sight exist. Rows
// are fetched in pages when they come into sight. At most `window_rows` can be
// scrolled at a time, as browsers limit a box's height; buttons lead further.
// Tab stops at one row, so that it leads through the list and out of it; arrow
// keys move between rows.

import { button, element, fault, redraw } from './dom.mjs';
import { number } from './figures.mjs';

const row_px = 36;
const page_rows = 100;
const window_rows = 10_000;
const margin_rows = 8;

/**
 * source: {count, page(first, rows, signal) -> values, row(value, place) ->
 * element, name}. The list's element; `refresh(count)` takes more rows in.
 */
export class LongList {
  constructor(source, signal) {
    this.source = source;
    this.signal = signal;
    this.begin = 0; // the first row of the window
    this.active = 0; // the row where Tab stops
    this.wants_focus = false; // that row, as soon as it is there
    this.pages = new Map(); // number: rows, or null while they are fetched
    this.rows = element('ol', { className: 'rows', 'aria-label': source.name });
    this.box = element(
      'div',
      {
        className: 'scroll',
        tabIndex: 0,
        role: 'group',
        'aria-label': `${source.name}; arrow keys move`,
      },
      this.rows,
    );
    this.where = element('span', { className: 'soft small' });
    this.fault = element('div');
    this.pager = element('div', { className: 'row' }, this.where);
    this.element = element('div', { className: 'stack' }, this.box, this.fault, this.pager);
    this.box.addEventListener('scroll', () => this.draw(), { passive: true });
    this.box.addEventListener('keydown', (event) => this.step(event));
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.box);
    signal.addEventListener('abort', () => this.resized.disconnect());
    this.drawPager();
    this.draw();
  }

  get count() {
    return this.source.count;
  }

  get windowRows() {
    return Math.min(window_rows, this.source.count - this.begin);
  }

  /** Takes another count, and reads all rows anew. */
  refresh(count) {
    this.source.count = count;
    this.pages = new Map(); // what is still on its way goes into the old one
    this.drawPager();
    this.draw(true);
  }

  /** Moves to another row by its key, and scrolls it into sight. */
  step(event) {
    const screen = Math.max(1, Math.floor(this.box.clientHeight / row_px) - 1);
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: screen,
      PageUp: -screen,
      Home: -window_rows,
      End: window_rows,
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = this.active - this.begin + step;
    const place = Math.max(0, Math.min(at, this.windowRows - 1));
    this.active = this.begin + place;
    this.wants_focus = true;
    const { scrollTop, clientHeight } = this.box;
    const top = place * row_px;
    const low = top + row_px - clientHeight;
    this.box.scrollTop = Math.max(low, Math.min(top, scrollTop));
    this.draw(true);
  }

  move(begin) {
    const last = Math.floor(Math.max(0, this.source.count - 1) / window_rows) * window_rows;
    this.begin = Math.max(0, Math.min(begin, last));
    this.active = this.begin;
    this.box.scrollTop = 0;
    this.drawPager();
    this.draw();
  }

  drawPager() {
    const { count } = this.source;
    const buttons = [];
    if (count > window_rows) {
      const add = (text, begin, off) => {
        const made = button(text, () => this.move(begin));
        made.disabled = off;
        buttons.push(made);
      };
      const atEnd = this.begin + window_rows >= count;
      add('First', 0, this.begin === 0);
      add(`${number(window_rows)} back`, this.begin - window_rows, this.begin === 0);
      add(`${number(window_rows)} on`, this.begin + window_rows, atEnd);
      add('Last', count, atEnd);
    }
    this.pager.replaceChildren(...buttons, this.where);
    this.rows.style.height = `${Math.max(1, this.windowRows) * row_px}px`;
  }

  /** Draws the rows in sight, unless they stand there; `anew`: what they say has changed. */
  draw(anew = false) {
    const top = Math.floor(this.box.scrollTop / row_px);
    const sight = Math.ceil((this.box.clientHeight || 400) / row_px);
    const first = Math.max(0, top - margin_rows);
    const last = Math.min(this.windowRows, top + sight + margin_rows);
    const seen = Math.min(top + sight, this.windowRows);
    this.where.textContent = this.source.count
      ? `${number(this.begin + top + 1)} to ${number(this.begin + seen)} of ${number(this.source.count)}`
      : '';
    const range = `${this.begin} ${first} ${last}`;
    if (range === this.drawn && !anew) return;
    this.drawn = range;
    const place = this.active - this.begin;
    if (place < first || place >= last) this.active = this.begin + Math.min(top, last - 1);
    const made = [];
    for (let i = first; i < last; ++i) made.push(this.place(this.begin + i, i));
    const inside = this.box.contains(document.activeElement);
    redraw(this.rows, ...made);
    if (this.wants_focus) this.focusActive();
    else if (inside && document.activeElement === document.body) this.box.focus();
  }

  /** The box has the focus until the row's link is there. */
  focusActive() {
    const row = this.rows.querySelector(`li[data-row="${this.active}"] a`);
    this.wants_focus = row === null;
    (row ?? this.box).focus({ preventScroll: true });
  }

  place(index, at) {
    const value = this.valueOf(index);
    const made = element('li', { 'aria-setsize': this.source.count, 'aria-posinset': index + 1 });
    made.dataset.row = index;
    made.style.top = `${at * row_px}px`;
    made.append(
      value === undefined
        ? element('span', { className: 'soft' }, '…')
        : this.source.row(value, index),
    );
    if (index !== this.active) for (const a of made.querySelectorAll('a')) a.tabIndex = -1;
    return made;
  }

  valueOf(index) {
    const number = Math.floor(index / page_rows);
    const page = this.pages.get(number);
    if (Array.isArray(page)) return page[index - number * page_rows];
    if (page === undefined) this.fetch(number);
    return undefined;
  }

  async fetch(number) {
    this.pages.set(number, null);
    const { pages } = this;
    const first = number * page_rows;
    try {
      const count = Math.min(page_rows, this.source.count - first);
      const page = await this.source.page(first, count, this.signal);
      if (page.length !== count)
        throw new Error(`The server has answered ${page.length} of ${count} rows.`);
      pages.set(number, page);
      this.fault.replaceChildren();
      if (this.pages.size > 60) this.pages.delete(this.pages.keys().next().value);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.fault.replaceChildren(
        fault(error),
        button('Try again', () => this.refresh(this.source.count)),
      );
      return;
    }
    if (!this.signal.aborted) this.draw(true);
  }
}
