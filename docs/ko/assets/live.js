// @ts-check
// Makes a page's explorables and problems live. The simulators are Python's: one worker, started at
// the first touch and shared by the page, draws and grades; this file moves values and results.

/** @typedef {{pictures: string, says: string, settings: string, command: string}} Picture */
/** @typedef {{problem: string, folded: string}} Problem */
/** @typedef {{status: string, says: string}} Verdict */
/** @typedef {{bad?: {argument: string, message: string}}} Refusal */
/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

const language = document.documentElement.lang;

/* One worker for the page ------------------------------------------------------------------- */

/** @type {Worker | null} */
let worker = null;
let ready = false;
let asked = 0;
/** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void}>} */
const waiting = new Map();

/** What the page shows while Python starts. */
const status = new (class extends EventTarget {})();

/** @param {string} kind @param {number} [part] */
const tell = (kind, part) => status.dispatchEvent(new CustomEvent(kind, { detail: part }));

/** @param {string} why */
function fail(why) {
  console.info("Python did not start:", why);
  worker?.terminate();
  worker = null; // the next touch tries again
  ready = false;
  for (const { reject } of waiting.values()) reject(new Error(why));
  waiting.clear();
  tell("failed");
}

function start() {
  const address = new URL(`live-worker.js${new URL(import.meta.url).search}`, import.meta.url);
  worker = new Worker(address, { type: "module" });
  worker.onerror = (event) => fail(event.message);
  worker.onmessage = ({ data }) => {
    if ("part" in data) tell("part", data.part);
    else if (data.failed) fail(data.failed);
    else if (data.ready) {
      ready = true;
      tell("ready");
    } else {
      const { resolve, reject } = waiting.get(data.id) ?? {};
      waiting.delete(data.id);
      if (data.error) reject?.(new Error(data.error));
      else resolve?.(JSON.parse(data.answer));
    }
  };
  tell("starting");
}

/**
 * @param {object} request
 * @returns {Promise<any>}
 */
function ask(request) {
  if (!worker) start();
  const id = (asked += 1);
  worker?.postMessage({ id, request: JSON.stringify({ ...request, language }) });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

/**
 * Show beside this block what becomes of the start, from its first request on.
 * @param {HTMLElement} block
 * @returns {() => void} to be called before a request
 */
function stateOf(block) {
  const place = /** @type {HTMLElement} */ (block.parentElement?.querySelector(".lk-state"));
  const bar = /** @type {HTMLProgressElement} */ (place.querySelector("progress"));
  const line = /** @type {HTMLElement} */ (place.querySelector("p"));
  block.querySelector("form")?.after(place);
  let wanted = false;
  /** @param {string} text @param {boolean} busy */
  const show = (text, busy) => {
    if (!wanted) return;
    line.textContent = text;
    bar.hidden = !busy;
    block.toggleAttribute("aria-busy", busy);
  };
  status.addEventListener("part", (event) => (bar.value = /** @type {CustomEvent} */ (event).detail));
  status.addEventListener("ready", () => show("", false));
  status.addEventListener("failed", () => {
    show(place.dataset.failed ?? "", false);
    bar.removeAttribute("value");
    wanted = false;
  });
  return () => {
    wanted = true;
    if (!ready) show(place.dataset.starting ?? "", true);
  };
}

/* The address keeps what was changed ---------------------------------------------------------- */

/** @type {Map<string, number>} */
const taken = new Map();

/**
 * A short name for a block in the address, its own even when the page shows it twice.
 * @param {string} name
 */
function keyOf(name) {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count > 1 ? `${name}-${count}` : name;
}

/** @param {Record<string, string | null>} settings null: as the page has it */
function remember(settings) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", address);
}

/** @param {string} name */
const remembered = (name) => new URL(location.href).searchParams.get(name);

/* Explorables ------------------------------------------------------------------------------- */

/** @param {Field} field */
const valueOf = (field) =>
  field instanceof HTMLInputElement && field.type === "checkbox" ? (field.checked ? "on" : "off") : field.value;

/** @param {Field} field @param {string} value */
function setValue(field, value) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === "on";
  else field.value = value;
}

/** @param {HTMLElement} block */
function explorable(block) {
  const form = block.querySelector("form");
  if (!form) return;
  const name = block.dataset.explorable ?? "";
  const key = keyOf(name.split("/").pop() ?? name);
  const fields = /** @type {Field[]} */ ([...form.querySelectorAll("[name]")]);
  const original = new Map(fields.map((field) => [field, valueOf(field)]));
  const starting = stateOf(block);
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
    starting();
    /** @type {Picture & Refusal} */
    const shown = await ask({ do: "picture", name, values });
    refuse(shown.bad);
    if (shown.bad) return;
    part(".lk-pictures").innerHTML = shown.pictures;
    part(".lk-settings").textContent = shown.settings;
    part(".lk-says").textContent = shown.says;
    part(".lk-command code").textContent = shown.command;
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
      console.info(error);
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
    const value = remembered(`${key}.${field.name}`);
    if (value === null) continue;
    setValue(field, value);
    const own = slider(field);
    if (own) own.value = value;
    restored = true;
  }
  if (restored) redraw();
}

/* Problems ---------------------------------------------------------------------------------- */

/** @param {HTMLElement} block */
function quiz(block) {
  const form = block.querySelector("form");
  const verdict = /** @type {HTMLElement} */ (block.querySelector(".lk-verdict"));
  const field = /** @type {HTMLInputElement} */ (form?.querySelector("[name=answer]"));
  const name = block.dataset.quiz ?? "";
  const key = `${keyOf(`quiz-${name.split("/").pop()}`)}.seed`;
  const original = Number(block.dataset.seed);
  const starting = stateOf(block);
  let seed = original;

  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (block.querySelector(selector));
  /** @param {string} status @param {string} text */
  function say(status, text) {
    verdict.dataset.status = status;
    verdict.textContent = text;
    field.removeAttribute("aria-invalid");
    if (status === "bad") field.setAttribute("aria-invalid", "true");
  }

  async function check() {
    const answer = field.value.trim();
    const about = seed;
    starting();
    /** @type {Verdict & Refusal} */
    const graded = await ask({ do: "check", name, seed, answer });
    if (about !== seed) return;
    if (graded.bad) say("bad", graded.bad.message);
    else say(graded.status, graded.says);
  }

  /** @param {number} number */
  async function show(number) {
    seed = number;
    starting();
    /** @type {Problem & Refusal} */
    const drawn = await ask({ do: "problem", name, seed });
    if (number !== seed || drawn.bad) return;
    part(".lk-problem").innerHTML = drawn.problem;
    part(".lk-folded").innerHTML = drawn.folded;
    block.dataset.seed = String(seed);
    field.value = "";
    say("", "");
    remember({ [key]: seed === original ? null : String(seed) });
  }

  const quietly = (/** @type {Promise<void>} */ work) => work.catch((error) => console.info(error));
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

  const number = Number(remembered(key) ?? original);
  if (Number.isSafeInteger(number) && number >= 0 && number !== original) quietly(show(number));
}

document.querySelectorAll(".lk-explorable").forEach((block) => explorable(/** @type {HTMLElement} */ (block)));
document.querySelectorAll(".lk-quiz").forEach((block) => quiz(/** @type {HTMLElement} */ (block)));
