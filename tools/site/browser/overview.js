// @ts-check
// The home page's list of topics: how much of each is solved; saving, loading and erasing it.

import { all, changes, erase, isKept, merge, saved } from "./progress.js";

const LARGEST = 5e6; // bytes: more than a browser would keep

/** @param {string | undefined} text @param {Record<string, number>} numbers */
const fill = (text, numbers) => (text ?? "").replace(/{(\w+)}/g, (_, name) => String(numbers[name]));

/** @param {HTMLElement} block */
function overview(block) {
  const words = block.dataset;
  /** @template {HTMLElement} T @param {string} selector @returns {T} */
  const part = (selector) => /** @type {T} */ (block.querySelector(selector));
  const note = part(".lk-note");
  /** @type {HTMLDialogElement} */
  const dialog = part("dialog");
  /** @type {HTMLInputElement} */
  const chosen = part("input[type=file]");

  function show() {
    const solved = all();
    /** @param {Element} kind */
    const number = (kind) => Object.keys(solved[/** @type {HTMLElement} */ (kind).dataset.kind ?? ""] ?? {}).length;
    for (const kind of block.querySelectorAll("[data-kind]")) {
      const done = /** @type {HTMLElement} */ (kind.querySelector(".lk-done"));
      done.textContent = number(kind) ? fill(words.done, { number: number(kind) }) : "";
    }
    for (const count of /** @type {NodeListOf<HTMLElement>} */ (block.querySelectorAll(".lk-count"))) {
      const kinds = [...(count.closest("[data-group]")?.querySelectorAll("[data-kind]") ?? [])];
      const done = kinds.filter(number).length;
      const bar = count.parentElement?.querySelector("progress");
      if (bar) bar.value = done;
      count.textContent = fill(words.count, { solved: done, all: kinds.length });
    }
    part(".lk-unkept").hidden = isKept();
  }

  function save() {
    const now = new Date();
    const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([saved()], { type: "application/json" }));
    link.download = `kernel-lab-progress-${date.join("-")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function load() {
    const file = chosen.files?.[0];
    if (!file) return;
    const text = file.size > LARGEST ? "" : await file.text().catch(() => "");
    chosen.value = ""; // so that the same file may be chosen again
    const added = merge(text);
    note.textContent = added === null ? (words.bad ?? "") : fill(words.added, { number: added });
  }

  part(".lk-save").addEventListener("click", save);
  part(".lk-load").addEventListener("click", () => chosen.click());
  chosen.addEventListener("change", load);
  part(".lk-erase").addEventListener("click", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });
  for (const button of dialog.querySelectorAll("button")) {
    button.addEventListener("click", () => dialog.close(button.value));
  }
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "erase") return;
    erase();
    note.textContent = words.erased ?? "";
  });
  changes.addEventListener("change", show);
  show();
}

document.querySelectorAll(".lk-progress").forEach((block) => overview(/** @type {HTMLElement} */ (block)));
