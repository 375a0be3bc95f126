// @ts-check
// One Python for the page: a worker, started at the first request and shared by all that ask.

/** An error raised in Python by a request that fits: whoever wrote the site has to mend it. */
export class Defect extends Error {}
/** The request was given up together with its Python. */
export class Stopped extends Error {}

/** A traceback says at its end what happened. @param {Defect} error */
const lastLine = (error) => error.message.trim().split("\n").pop() ?? "";

const language = document.documentElement.lang;
/** Which snapshot Python starts from: the build says it beside this page's scripts. */
const snapshot = /** @type {HTMLElement | null} */ (document.querySelector("script[data-python]"))?.dataset.python ?? "";
/** @type {Worker | null} */
let worker = null;
let ready = false;
let asked = 0;
/** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, told: (output: any) => void}>} */
const waiting = new Map();

/** What the page shows while Python starts. */
const status = new (class extends EventTarget {})();

/** @param {string} kind @param {number} [part] */
const tell = (kind, part) => status.dispatchEvent(new CustomEvent(kind, { detail: part }));

/** @param {Error} why */
function end(why) {
  worker?.terminate();
  worker = null; // the next request starts another
  ready = false;
  for (const { reject } of waiting.values()) reject(why);
  waiting.clear();
}

/** @param {string} why */
function fail(why) {
  console.info("Python did not start:", why);
  end(new Error(why));
  tell("failed");
}

/** Start Python, if it is not there: whoever will ask soon need not wait so long. */
export function start() {
  if (worker) return;
  // in its address, where the service worker sees it, too
  const started = new Worker(new URL(`worker.js?python=${snapshot}`, import.meta.url), { type: "module" });
  worker = started;
  worker.onerror = (event) => fail(event.message);
  worker.onmessage = ({ data }) => {
    if (worker !== started) return; // it has been ended since
    if ("part" in data) tell("part", data.part);
    else if (data.failed) fail(data.failed);
    else if (data.ready) {
      ready = true;
      tell("ready");
    } else if (data.output) waiting.get(data.id)?.told(JSON.parse(data.output));
    else {
      const { resolve, reject } = waiting.get(data.id) ?? {};
      waiting.delete(data.id);
      if (data.error) reject?.(new Defect(data.error));
      else resolve?.(JSON.parse(data.answer));
    }
  };
  tell("starting");
}

/** End Python, whatever it is doing, with all that it holds, and start another. */
export function restart() {
  end(new Stopped());
  start();
}

/**
 * @param {object} request
 * @param {(output: any) => void} [told] gets what Python tells before it has the answer
 * @returns {Promise<any>}
 */
export function ask(request, told = () => {}) {
  start();
  const id = (asked += 1);
  worker?.postMessage({ id, request: JSON.stringify({ ...request, language }) });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, told }));
}

/**
 * Show beside this block what becomes of the start, from its first request on, and defects.
 * @param {HTMLElement} block has a `.lk-state` in it
 * @returns {(error?: unknown) => void} to be called before a request, and with what it threw
 */
export function stateOf(block) {
  const place = /** @type {HTMLElement} */ (block.querySelector(".lk-state"));
  const bar = /** @type {HTMLProgressElement} */ (place.querySelector("progress"));
  const line = /** @type {HTMLElement} */ (place.querySelector("p"));
  let wanted = false;
  /** @param {string} text @param {boolean} busy */
  const show = (text, busy) => {
    if (!wanted) return;
    line.textContent = text;
    bar.hidden = !busy;
  };
  status.addEventListener("part", (event) => (bar.value = /** @type {CustomEvent} */ (event).detail));
  status.addEventListener("ready", () => show("", false));
  status.addEventListener("failed", () => {
    show(place.dataset.failed ?? "", false);
    bar.removeAttribute("value");
    wanted = false;
  });
  return (error) => {
    if (error instanceof Defect) {
      console.info(error);
      show((place.dataset.broken ?? "").replace("{error}", () => lastLine(error)), false);
    } else if (error) {
      console.info(error); // what there is to say was said when the start failed
    } else {
      wanted = true;
      show(ready ? "" : (place.dataset.starting ?? ""), !ready);
    }
  };
}
