// @ts-check
// What a cell shows: text as it is printed, values in the richest form that a page can show.

import { explorable } from "./explorable.js";

/**
 * @typedef {{stream?: "stdout" | "stderr", text?: string, data?: Record<string, string>,
 *     error?: string, solved?: {name: string, seed: number}}} Output
 */

/** @param {string} name @param {string} className @param {string} [text] */
function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * The best form, in this order. Markdown is shown as it is written, which is easy to read and safe.
 * @param {Record<string, string>} data
 */
function shown(data) {
  const markup = data["text/html"] ?? data["image/svg+xml"];
  if (markup === undefined) {
    const markdown = data["text/markdown"];
    return markdown === undefined
      ? element("pre", "", data["text/plain"])
      : element("div", "lab-markdown", markdown);
  }
  const block = element("div", "lab-block");
  block.innerHTML = markup;
  return block;
}

export class Outputs {
  /** @param {HTMLElement} cell @param {() => HTMLElement} state makes a place for Python's state */
  constructor(cell, state) {
    this.cell = cell;
    this.state = state;
    this.published = this.all();
    /** @type {Output[]} */
    this.printed = []; // since the last frame
  }

  all() {
    return /** @type {HTMLElement[]} */ ([...this.cell.querySelectorAll(":scope > .lab-out")]);
  }

  clear() {
    this.printed = [];
    for (const one of this.all()) one.remove();
  }

  /** As the page was published. */
  reset() {
    this.clear();
    this.cell.append(...this.published);
  }

  /** @param {Output} output */
  add(output) {
    if (output.stream) {
      const last = this.printed.at(-1);
      if (last?.stream === output.stream) last.text = `${last.text}${output.text}`;
      else this.printed.push(output);
      if (!last) requestAnimationFrame(() => this.print());
      return;
    }
    this.print();
    if (output.error !== undefined) this.put(element("pre", "lab-error", output.error));
    if (output.data) {
      const block = shown(output.data);
      this.put(block);
      for (const live of block.querySelectorAll(".lk-explorable")) {
        live.querySelector("form")?.after(this.state());
        explorable(/** @type {HTMLElement} */ (live), { shared: false });
      }
    }
    if (output.solved) document.dispatchEvent(new CustomEvent("lk-solved", { detail: output.solved }));
  }

  /** Put what was printed since the last frame on the page, together. */
  print() {
    for (const { stream = "", text = "" } of this.printed) {
      const last = this.all().at(-1)?.lastElementChild;
      const same = last instanceof HTMLElement && last.dataset.stream === stream;
      const place = same ? last : this.put(element("pre", "lab-stream"));
      place.dataset.stream = stream;
      place.append(text);
    }
    this.printed = [];
  }

  /** @param {HTMLElement} what */
  put(what) {
    const place = element("div", "lab-out");
    place.append(what);
    this.cell.append(place);
    return what;
  }
}
