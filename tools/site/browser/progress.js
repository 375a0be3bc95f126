// @ts-check
// What was solved: which problems, by name and seed, and when first. Kept in this browser alone.

/** @typedef {Record<string, Record<string, string>>} Solved name -> seed -> when first, in UTC */

const VERSION = 1;
const KEY = `kernel-lab.progress.${VERSION}`; // so old scripts never write over what newer ones keep
const FORMAT = "kernel-lab progress"; // what the text calls itself, here and in a saved file
const NAME = /^[a-z0-9-]+(\/[a-z0-9-]+)+$/;
const SEED = /^(0|[1-9]\d{0,15})$/;
const WHEN = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** @param {string} when a day that there is, unlike the 31st of February */
const isMoment = (when) => WHEN.test(when) && new Date(when).toJSON()?.slice(0, 10) === when.slice(0, 10);

/** Tells with a "change" event that something was solved, loaded or erased, in any tab. */
export const changes = new EventTarget();
const changed = () => changes.dispatchEvent(new Event("change"));

/** @type {Solved} what the browser would not keep: there until the page is left */
let unkept = {};

/** @param {...Solved} parts @returns {Solved} every problem of the parts, with its earliest date */
function union(...parts) {
  /** @type {Solved} */
  const whole = {};
  for (const [name, seeds] of parts.flatMap((part) => Object.entries(part))) {
    const known = (whole[name] ??= {});
    for (const [seed, when] of Object.entries(seeds)) {
      if (!known[seed] || when < known[seed]) known[seed] = when;
    }
  }
  return whole;
}

/** @param {Solved} solved */
const count = (solved) => Object.values(solved).reduce((sum, seeds) => sum + Object.keys(seeds).length, 0);

/**
 * A text of ours; entries that make no sense are left out.
 * @param {string} text
 * @returns {Solved | null} null: none of ours, or of another version
 */
function parse(text) {
  try {
    const { format, version, solved } = JSON.parse(text);
    if (format !== FORMAT || version !== VERSION || Object(solved) !== solved) return null;
    const sound = Object.entries(solved)
      .filter(([name]) => NAME.test(name))
      .map(([name, seeds]) => [
        name,
        Object.fromEntries(Object.entries(seeds ?? {}).filter(([seed, when]) => SEED.test(seed) && isMoment(when))),
      ])
      .filter(([, seeds]) => Object.keys(seeds).length);
    return Object.fromEntries(sound);
  } catch {
    return null;
  }
}

/** What the browser keeps; throws when it lets nobody look. */
const stored = () => parse(localStorage.getItem(KEY) ?? "") ?? {};

/** @param {Solved} more */
function keep(more) {
  try {
    // read again each time: another tab may have solved something meanwhile
    const solved = union(stored(), unkept, more);
    localStorage.setItem(KEY, JSON.stringify({ format: FORMAT, version: VERSION, solved }));
    unkept = {};
  } catch {
    unkept = union(unkept, more);
  }
  changed();
}

/** Everything that was solved. @returns {Solved} */
export function all() {
  try {
    return union(stored(), unkept);
  } catch {
    return unkept;
  }
}

/** Whether what is solved will still be there at the next visit. */
export function isKept() {
  try {
    return Boolean(stored()) && !count(unkept);
  } catch {
    return false;
  }
}

/** @param {string} name the exercise @param {number} seed */
export function solved(name, seed) {
  if (NAME.test(name) && SEED.test(String(seed))) keep({ [name]: { [seed]: new Date().toISOString() } });
}

/** All of it as the text of a file. */
export const saved = () =>
  JSON.stringify({ format: FORMAT, version: VERSION, saved: new Date().toISOString(), solved: all() }, null, 1);

/**
 * Add what a saved file holds.
 * @param {string} text
 * @returns {number | null} how many problems are new; null when the file is none of ours
 */
export function merge(text) {
  const more = parse(text);
  if (!more) return null;
  const before = count(all());
  keep(more);
  return count(all()) - before;
}

export function erase() {
  unkept = {};
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
  changed();
}

addEventListener("storage", ({ key }) => (key === KEY || key === null) && changed());
addEventListener("pageshow", ({ persisted }) => persisted && changed()); // back from elsewhere
// Whoever grades a problem without knowing this module says so to the document.
document.addEventListener("lk-solved", (event) => {
  const { name, seed } = /** @type {CustomEvent} */ (event).detail ?? {};
  solved(String(name), Number(seed));
});
