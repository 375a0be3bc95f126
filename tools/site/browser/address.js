// @ts-check
// The page's address keeps what was changed, so that it can be shared.

/** @type {Map<string, number>} */
const taken = new Map();

/**
 * A short name for a block in the address, its own even when the page shows it twice.
 * @param {string} name
 */
export function keyOf(name) {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count > 1 ? `${name}-${count}` : name;
}

/** @param {Record<string, string | null>} settings null: as the page has it */
export function remember(settings) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", address);
}

/** @param {string} name */
export const remembered = (name) => new URL(location.href).searchParams.get(name);
