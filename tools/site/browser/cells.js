// @ts-check
// A lab that runs on its own page: its cells, the order in which they run, stop and reset.
// The cells run in the page's one Python, one after the other, and see each other's names.

import { Cell } from "./cell.js";
import { kept, keep } from "./edits.js";
import { ask, Defect, restart, start, stateOf, Stopped } from "./python.js";

/**
 * Turn the page's code into cells that run.
 * @param {HTMLElement} pressed the button that asks for it; it makes room for the bar
 */
export function open(pressed) {
  if (pressed.hidden) return;
  start();
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(".lab-tools"));
  const words = template.dataset;
  /** @param {string} selector */
  const part = (selector) =>
    /** @type {HTMLElement} */ (template.content.querySelector(selector)?.cloneNode(true));

  const bar = part(".lab-bar");
  /** @param {string} selector */
  const inBar = (selector) => /** @type {HTMLElement} */ (bar.querySelector(selector));
  const told = inBar(".lab-told");
  const stop = /** @type {HTMLButtonElement} */ (inBar("[data-do=stop]"));
  const again = inBar("[data-do=again]");
  /** @type {Cell[]} */
  let above = []; // the cells that `again` runs
  /** @type {Cell[]} */
  const queue = [];
  /** @type {Cell | null} */
  let running = null;

  /** @param {string | undefined} text @param {Cell[]} [cells] what to offer to run again */
  function tell(text, cells = []) {
    told.textContent = text ?? "";
    above = cells;
    again.hidden = !cells.length;
  }

  /** @param {Cell[]} wanted */
  async function run(wanted) {
    for (const cell of wanted) {
      if (queue.includes(cell)) continue;
      queue.push(cell);
      cell.waits();
    }
    if (running || !queue.length) return;
    tell(words.running);
    stop.disabled = false;
    let good = true;
    while (good && (running = queue.shift() ?? null)) good = await execute(running);
    running = null;
    rest();
  }

  /** Nothing waits any more. */
  function rest() {
    for (const cell of queue.splice(0)) cell.rests(null);
    stop.disabled = true;
  }

  /** @param {Cell} cell @returns {Promise<boolean>} whether the next may run */
  async function execute(cell) {
    cell.waits();
    state();
    try {
      const done = await ask({ do: "run", code: cell.text }, (output) => cell.show(output));
      cell.rests(done.number);
      const [said, number] =
        done.ok && queue.length ? [words.left, String(queue.length)] : [done.ok ? words.done : words.wrong, done.number];
      tell(said?.replace("{number}", number));
      return done.ok;
    } catch (error) {
      cell.rests(null);
      if (error instanceof Defect) {
        cell.show({ error: error.message });
        fresh(words.broken, cell);
      } else if (!(error instanceof Stopped)) {
        state(error);
        tell("");
      }
      return false;
    }
  }

  /** Another Python, which knows nothing yet. @param {string | undefined} text @param {Cell} [at] */
  function fresh(text, at) {
    running = null;
    rest();
    restart();
    state();
    for (const cell of cells) cell.rests(null);
    tell(text, at ? cells.slice(0, cells.indexOf(at)) : []);
  }

  /** @param {Cell | null} after @param {string} [text] */
  function add(after, text = "") {
    const cell = new Cell(part(".lab-cell"), lab);
    cell.text = text;
    if (after) after.block.after(cell.block);
    else cells[0].block.before(cell.block);
    cells.splice(after ? cells.indexOf(after) + 1 : 0, 0, cell);
    cell.open();
    return cell;
  }

  /** @param {Cell} cell */
  function remove(cell) {
    if (cell === running) return;
    if (queue.includes(cell)) queue.splice(queue.indexOf(cell), 1);
    cell.block.remove();
    cells.splice(cells.indexOf(cell), 1);
  }

  function reset() {
    const changed = cells.some((cell) => cell.id === null || cell.text !== cell.original);
    if (changed && !confirm(words.discard)) return;
    fresh(words.fresh);
    for (const cell of cells.filter((one) => one.id === null)) remove(cell);
    for (const cell of cells) cell.reset();
    keep(cells);
  }

  /** @type {Record<string, (cell: Cell, at: number) => void>} */
  const acts = {
    run: (cell) => run([cell]),
    above: (_cell, at) => run(cells.slice(0, at)),
    add: (cell) => add(cell).focus(),
    remove: (cell, at) => (remove(cell), (cells[at] ?? cells[at - 1]).focus(), keep(cells)),
    "run-next": (cell, at) => (run([cell]), cells[at + 1]?.focus()),
    "run-add": (cell) => (run([cell]), add(cell).focus()),
    previous: (_cell, at) => cells[at - 1]?.button("run")?.focus(),
    next: (_cell, at) => cells[at + 1]?.button("run")?.focus(),
  };
  /** @type {import("./cell.js").Lab} */
  const lab = {
    words,
    part,
    editor: null,
    did: (what, cell) => acts[what]?.(cell, cells.indexOf(cell)),
    changed: () => keep(cells),
  };
  const cells = [...document.querySelectorAll(".lab-cell")].map(
    (block) => new Cell(/** @type {HTMLElement} */ (block), lab),
  );
  /** @type {Record<string, () => void>} */
  const whole = {
    all: () => run(cells),
    again: () => run(above),
    stop() {
      if (running?.stale) running.outputs.clear(); // what stands there is of an earlier run
      fresh(words.stopped, running ?? undefined);
    },
    reset,
  };
  for (const button of bar.querySelectorAll("button")) {
    button.addEventListener("click", () => whole[button.dataset.do ?? ""]?.());
  }

  /** @type {HTMLElement} */ (pressed.closest(".lab-open")).after(part(".lab-keys"), bar);
  const state = stateOf(bar);
  state();
  let last = null;
  for (const [id, text] of kept()) {
    const known = cells.find((cell) => cell.id === id);
    if (known) known.text = text;
    last = known ?? (id === null ? add(last, text) : last);
  }
  pressed.hidden = true;
  cells[0]?.button("run")?.focus({ preventScroll: true });
  // The editor is wanted after Python: nobody waits for it to run what is there. Nor does a cell
  // far away get one: three dozen take a phone longer than Python's start.
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        near.unobserve(target);
        cells.find((cell) => cell.block === target)?.open();
      }
    },
    { rootMargin: "100% 0px" },
  );
  import("./editor.js").then(
    ({ editor }) => {
      lab.editor = editor;
      for (const cell of cells) near.observe(cell.block);
    },
    (error) => {
      console.info(error);
      tell(words.uneditable);
    },
  );
}
