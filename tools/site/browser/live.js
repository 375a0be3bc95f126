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
