// @ts-check
/// <reference path="store.js" />
// Which release is kept, and how the next one replaces it: whole, or not at all.

/** @type {{name: string, list: string}} set when the site is put together: this worker's release */
const MINE = /* made by tools/site/offline.py */ { name: "", list: "" };

/** @type {Promise<Release | null> | undefined} */
let known;
/** The release whose files are served. */
const current = () => (known ??= read("release"));
/** Where a worker that has brought a release tells the one that serves. */
const news = new BroadcastChannel(`kept ${scope}`);
news.onmessage = () => (known = undefined);

/** A file's name without the hash in it: what is the same file in every release. @param {string} path */
const stemOf = (path) => path.replace(/([./-])(?=[a-f]*\d)[0-9a-f]{7,}(?=[./])/g, "$1*");

/**
 * Bring this worker's release beside the one that is served: whatever the reader has of the old one, as it is
 * in the new one. Throws when anything of it cannot be had: then the old one stays.
 */
async function bring() {
  const old = await current();
  if (old?.name === MINE.name) return null;
  const response = await fetch(new URL(MINE.list, scope), { cache: "reload" });
  const text = await response.text();
  if ((await hashOf(new TextEncoder().encode(text))) !== MINE.name) throw new Error(`no release ${MINE.name}`);
  /** @type {Release} */
  const next = { name: MINE.name, files: JSON.parse(text) };
  if (old) {
    const kept = await keys();
    const had = new Set(pathsOf(old, "").filter((path) => kept.has(keyOf(old, path))).map(stemOf));
    const all = await read("everything");
    const failed = await fetchAll(next, pathsOf(next, "").filter((path) => all || had.has(stemOf(path))));
    if (failed.length) throw new Error(`not to be had: ${failed}`);
  }
  return next;
}

/**
 * Serve what was brought. Pages that are open now may still ask for scripts of the release that they were made
 * with: its list is remembered, and its contents kept, until the last of them is closed.
 * @param {Release | null} next
 */
async function takeOver(next) {
  if (!next) return;
  const old = await current();
  if (old) {
    const before = await read("before");
    const pages = await worker.clients.matchAll({ includeUncontrolled: true });
    const files = { ...before?.files, ...old.files };
    await write("before", { name: old.name, files, pages: pages.map((page) => page.id) });
  }
  await write("release", next);
  known = Promise.resolve(next);
  news.postMessage(next.name);
}

/** Delete the old release's contents once no page of it is open. */
async function tidy() {
  const before = await read("before");
  const release = await current();
  if (!before || !release || worker.registration.installing) return; // what comes must not be taken for old
  const pages = await worker.clients.matchAll({ includeUncontrolled: true });
  if (pages.some((page) => before.pages.includes(page.id))) return;
  await write("before", null);
  await sweep(new Set(pathsOf(release, "").map((path) => keyOf(release, path))));
}
