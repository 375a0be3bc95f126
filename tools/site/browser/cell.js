// @ts-check
// One cell of a lab: its code, as published until an editor has come; its buttons; its outputs.

import { Outputs } from "./output.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./output.js").Output} Output */
/**
 * What the lab does for a cell; `editor` is null until it has come.
 * @typedef {{words: DOMStringMap, part: (selector: string) => HTMLElement,
 *     did: (what: string, cell: Cell) => void, changed: () => void,
 *     editor: typeof import("./editor.js").editor | null}} Lab
 */

export class Cell {
  /** @param {HTMLElement} block @param {Lab} lab */
  constructor(block, lab) {
    this.block = block;
    this.lab = lab;
    this.id = block.dataset.cell ?? null; // null: added by the reader
    this.input = /** @type {HTMLElement} */ (block.querySelector(".lab-in"));
    this.static = /** @type {HTMLElement} */ (this.input.querySelector("pre"));
    this.original = (this.static.querySelector("code")?.textContent ?? "").replace(/\n$/, "");
    this.typed = this.original;
    /** @type {Editor | null} */
    this.editor = null;
    this.outputs = new Outputs(block, () => lab.part(".lk-state"));
    this.tools = lab.part(".lab-acts");
    this.number = /** @type {HTMLElement} */ (this.tools.querySelector(".lab-number"));
    this.input.after(this.tools);
    this.stale = false; // what stands below the code is from before
    const remove = this.button("remove");
    if (remove) remove.hidden = this.id !== null;
    for (const button of this.tools.querySelectorAll("button")) {
      button.addEventListener("click", () => lab.did(button.dataset.do ?? "", this));
    }
    this.tools.addEventListener("keydown", (event) => {
      const what = { ArrowUp: "previous", ArrowDown: "next" }[event.key];
      if (!what) return;
      event.preventDefault();
      lab.did(what, this);
    });
  }

  /** @param {string} what */
  button(what) {
    return /** @type {HTMLButtonElement | null} */ (this.tools.querySelector(`[data-do="${what}"]`));
  }

  get text() {
    return this.editor ? this.editor.state.doc.toString() : this.typed;
  }

  set text(text) {
    this.typed = text;
    this.editor?.dispatch({ changes: { from: 0, to: this.editor.state.doc.length, insert: text } });
  }

  /** Make the code editable, if that can be done already. */
  open() {
    const { words, did, editor } = this.lab;
    if (this.editor || !editor) return;
    this.editor = editor({
      text: this.typed,
      label: words.code ?? "",
      changed: () => this.lab.changed(),
      keys: {
        "Shift-Enter": () => did("run-next", this),
        "Mod-Enter": () => did("run", this),
        "Ctrl-Enter": () => did("run", this),
        "Alt-Enter": () => did("run-add", this),
        Escape: () => this.button("run")?.focus(),
      },
    });
    this.static.hidden = true;
    this.input.append(this.editor.dom);
  }

  /** Go on here: with the code where it can be edited, else with the button that runs it. */
  focus() {
    this.open();
    if (this.editor) this.editor.focus();
    else this.button("run")?.focus();
    this.input.scrollIntoView({ block: "nearest" });
  }

  waits() {
    this.number.textContent = "[*]";
    this.stale = true;
    this.block.setAttribute("aria-busy", "true");
  }

  /** @param {Output} output */
  show(output) {
    if (this.stale) this.outputs.clear();
    this.stale = false;
    this.outputs.add(output);
  }

  /** @param {number | null} number null: it did not run to its end */
  rests(number) {
    if (this.stale && number !== null) this.outputs.clear();
    this.stale = false;
    this.number.textContent = number === null ? "[ ]" : `[${number}]`;
    this.block.removeAttribute("aria-busy");
  }

  reset() {
    this.rests(null);
    this.outputs.reset();
    if (this.text !== this.original) this.text = this.original;
  }
}
