// @ts-check
// A problem answers: Python draws it by its seed and grades what is typed.

import { keyOf, remember, remembered } from "./address.js";
import { all, changes, solved } from "./progress.js";
import { ask, stateOf } from "./python.js";

/** @typedef {{problem: string, folded: string}} Problem */
/** @typedef {{status: string, says: string}} Verdict */
/** @typedef {import("./explorable.js").Refusal} Refusal */

/**
 * Make a problem grade its answer, open its hints and draw another.
 * @param {HTMLElement} block
 */
export function quiz(block) {
  const form = block.querySelector("form");
  const verdict = /** @type {HTMLElement} */ (block.querySelector(".lk-verdict"));
  const field = /** @type {HTMLInputElement} */ (form?.querySelector("[name=answer]"));
  const name = block.dataset.quiz ?? "";
  const key = `${keyOf(`quiz-${name.split("/").pop()}`)}.seed`;
  const original = Number(block.dataset.seed);
  const state = stateOf(block);
  let seed = original;
  let wanted = original;

  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (block.querySelector(selector));
  /** @param {string} status @param {string} text */
  function say(status, text) {
    verdict.dataset.status = status;
    verdict.textContent = text;
    field.removeAttribute("aria-invalid");
    if (status === "bad") field.setAttribute("aria-invalid", "true");
  }

  /** Say whether this problem was solved, and how many of its kind. */
  function mark() {
    const line = part(".lk-solved");
    const seeds = Object.keys(all()[name] ?? {});
    const known = seeds.includes(String(seed)) ? [line.dataset.this] : [];
    line.hidden = !seeds.length;
    line.textContent = [...known, line.dataset.kind?.replace("{number}", String(seeds.length))].join(" ");
  }

  async function check() {
    const answer = field.value.trim();
    const about = seed;
    state();
    /** @type {Verdict & Refusal} */
    const graded = await ask({ do: "check", name, seed, answer });
    if (about !== seed) return;
    if (graded.bad) say("bad", graded.bad.message);
    else say(graded.status, graded.says);
    if (graded.status === "right") solved(name, seed);
  }

  /** @param {number} number */
  async function show(number) {
    wanted = number;
    state();
    /** @type {Problem & Refusal} */
    const drawn = await ask({ do: "problem", name, seed: number });
    if (number !== wanted || drawn.bad) return;
    seed = number; // what is graded is what is shown
    part(".lk-problem").innerHTML = drawn.problem;
    part(".lk-folded").innerHTML = drawn.folded;
    block.dataset.seed = String(seed);
    field.value = "";
    say("", "");
    mark();
    remember({ [key]: seed === original ? null : String(seed) });
  }

  const quietly = (/** @type {Promise<void>} */ work) => work.catch(state);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    quietly(check());
  });
  part(".lk-hint").addEventListener("click", () => {
    // The hints are in the page already: open the next one; the last, the answer, is not a hint.
    const hints = [...part(".lk-folded").querySelectorAll("details")].slice(0, -1);
    const next = hints.find((hint) => !hint.open);
    if (next) next.open = true;
  });
  part(".lk-next").addEventListener("click", () => quietly(show(1 + Math.floor(Math.random() * 9999))));

  changes.addEventListener("change", mark);
  mark();
  const number = Number(remembered(key) ?? original);
  if (Number.isSafeInteger(number) && number >= 0 && number !== original) quietly(show(number));
}
