// @ts-check
// An explorable answers: its controls' values go to Python, its pictures come back.

import { keyOf, remember, remembered } from "./address.js";
import { ask, stateOf } from "./python.js";

/** @typedef {{pictures: string, says: string, settings: string, command: string, call: string}} Picture */
/** @typedef {{bad?: {argument: string, message: string}}} Refusal */
/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** @param {Field} field */
const valueOf = (field) =>
  field instanceof HTMLInputElement && field.type === "checkbox" ? (field.checked ? "on" : "off") : field.value;

/** @param {Field} field @param {string} value */
function setValue(field, value) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === "on";
  else field.value = value;
}

/**
 * Make an explorable's controls redraw it.
 * @param {HTMLElement} block
 * @param {{shared?: boolean}} [how] shared: the page's address keeps what was changed
 */
export function explorable(block, { shared = true } = {}) {
  const form = block.querySelector("form");
  if (!form) return;
  const name = block.dataset.explorable ?? "";
  const key = keyOf(name.split("/").pop() ?? name);
  const fields = /** @type {Field[]} */ ([...form.querySelectorAll("[name]")]);
  const original = new Map(fields.map((field) => [field, valueOf(field)]));
  const state = stateOf(block);
  const current = () => Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
  let drawing = false;
  let drawn = JSON.stringify(current()); // as the page was built

  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (block.querySelector(selector));
  /** @param {Field} field */
  const slider = (field) => /** @type {Field | null} */ (form.querySelector(`[data-turns="${field.name}"]`));

  /** @param {Refusal["bad"]} bad */
  function refuse(bad) {
    const wrong = bad && (fields.find((field) => field.name === bad.argument) ?? fields[0]);
    for (const field of fields) {
      const line = /** @type {HTMLElement} */ (field.closest(".lk-control")?.querySelector(".lk-bad"));
      line.id ||= `${key}-${field.name}-bad`;
      line.hidden = field !== wrong;
      line.textContent = field === wrong && bad ? bad.message : "";
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      if (field === wrong) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", line.id);
      }
    }
  }

  /** @param {Record<string, string>} values */
  async function draw(values) {
    state();
    /** @type {Picture & Refusal} */
    const shown = await ask({ do: "picture", name, values });
    refuse(shown.bad);
    if (shown.bad) return;
    part(".lk-pictures").innerHTML = shown.pictures;
    part(".lk-settings").textContent = shown.settings;
    part(".lk-says").textContent = shown.says;
    part(".lk-shell code").textContent = shown.command;
    part(".lk-call code").textContent = shown.call;
    if (!shared) return;
    remember(
      Object.fromEntries(
        fields.map((field) => {
          const value = values[field.name];
          return [`${key}.${field.name}`, value === original.get(field) ? null : value];
        }),
      ),
    );
  }

  /** One request at a time: while Python draws, changes add up, and then the last one is drawn. */
  async function redraw() {
    if (drawing) return;
    drawing = true;
    try {
      for (let values = current(); JSON.stringify(values) !== drawn; values = current()) {
        drawn = JSON.stringify(values);
        await draw(values);
      }
    } catch (error) {
      state(error);
      drawn = ""; // the same change may be tried again
    } finally {
      drawing = false;
    }
  }

  form.addEventListener("input", (event) => {
    const touched = /** @type {Field} */ (event.target);
    if (touched.dataset.turns) {
      const turned = fields.find((field) => field.name === touched.dataset.turns);
      if (turned) turned.value = touched.value;
    } else {
      const own = slider(touched);
      if (own) own.value = touched.value;
    }
    if (touched.type !== "text") redraw(); // a line is drawn when it is finished
  });
  form.addEventListener("change", redraw);
  form.addEventListener("reset", () => setTimeout(redraw)); // once the fields are as they were
  form.addEventListener("submit", (event) => event.preventDefault());

  let restored = false;
  for (const field of fields) {
    const value = shared ? remembered(`${key}.${field.name}`) : null;
    if (value === null) continue;
    setValue(field, value);
    const own = slider(field);
    if (own) own.value = value;
    restored = true;
  }
  if (restored) redraw();
}
