// @ts-check
// What a reader changed in a lab's cells, kept while the tab is open, for this release of the lab.

/** @typedef {{id: string | null, text: string, original: string}} Changed */

const key = `lk-cells ${location.pathname} ${new URL(".", import.meta.url).pathname}`;

/** @param {Changed[]} cells */
export function keep(cells) {
  const changed = cells.some((cell) => cell.id === null || cell.text !== cell.original);
  try {
    if (changed) sessionStorage.setItem(key, JSON.stringify(cells.map((cell) => [cell.id, cell.text])));
    else sessionStorage.removeItem(key);
  } catch (error) {
    console.info(error); // a full or forbidden store: the page itself still has them
  }
}

/** @returns {[string | null, string][]} every cell in order, or nothing when nothing was changed */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
}
