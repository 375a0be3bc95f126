// @ts-check
// Makes a page's explorables and problems live. The simulators are Python's, in a worker; these
// scripts move values and results.

import { explorable } from "./explorable.js";
import { quiz } from "./quiz.js";

/** @param {string} selector @param {(block: HTMLElement) => void} enliven */
const each = (selector, enliven) =>
  document.querySelectorAll(selector).forEach((block) => enliven(/** @type {HTMLElement} */ (block)));

each(".lk-explorable", explorable);
each(".lk-quiz", quiz);

const here = /** @type {HTMLElement | null} */ (document.querySelector(".lab-here"));
here?.addEventListener("click", async () => {
  try {
    (await import("./cells.js")).open(here);
  } catch (error) {
    console.info(error);
    here.textContent = here.dataset.failed ?? "";
  }
});
