// @ts-check
/// <reference lib="webworker" />
// What is kept on the reader's device: contents by their hash. The same bytes are kept once, whatever
// their address and release; what an address stands for is said by a release's list of files.

/**
 * hash and size of what is at each address below the site, and for which readers it is fetched unasked
 * @typedef {{name: string, files: Record<string, [hash: string, bytes: number, sets: string]>}} Release
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = worker.registration.scope;
const opened = caches.open(`kept ${scope}`);
const AT_ONCE = 4;

/** The addresses of a release's files. @param {Release} release @param {string} set "" for all */
const pathsOf = (release, set) =>
  Object.keys(release.files).filter((path) => release.files[path][2].split(" ").includes(set) || !set);

/** Where contents are kept: with their ending, because a type belongs to them. @param {Release} release @param {string} path */
const keyOf = (release, path) => `${scope}?${release.files[path][0]}${/\.\w+$/.exec(path)?.[0] ?? ""}`;

/** @returns {Promise<Set<string>>} the keys of all that is kept */
const keys = async () => new Set((await (await opened).keys()).map((request) => request.url));

/** @param {string} name @returns {Promise<any>} what was written down under this name, or null */
const read = async (name) => (await (await opened).match(`${scope}?${name}`))?.json() ?? null;

/** @param {string} name @param {unknown} value null removes it */
async function write(name, value) {
  const store = await opened;
  if (value === null) await store.delete(`${scope}?${name}`);
  else await store.put(`${scope}?${name}`, new Response(JSON.stringify(value)));
}

/** @param {BufferSource} bytes */
async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Keep a response if its contents are the release's: nothing half updated or cut off is ever kept.
 * @param {Release} release @param {string} path @param {Response} response
 */
async function keep(release, path, response) {
  const bytes = await response.arrayBuffer();
  if (response.status !== 200 || (await hashOf(bytes)) !== release.files[path]?.[0]) return false;
  const store = await opened;
  if (await store.match(keyOf(release, path))) return true;
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // these bytes are unpacked,
  headers.delete("Content-Length"); // and as many as they are
  await store.put(keyOf(release, path), new Response(bytes, { headers }));
  return true;
}

/** The address that a server answers without sending the reader on. @param {string} path */
const addressOf = (path) => new URL(path.replace(/(^|\/)index\.html$/, "$1"), scope);

/** @param {Release} release @param {string} path */
async function fetchOne(release, path) {
  const response = await fetch(addressOf(path), { priority: "low" });
  if (await keep(release, path, response)) return true;
  // perhaps the browser's own cache is older than the release
  return keep(release, path, await fetch(addressOf(path), { cache: "reload", priority: "low" }));
}

/**
 * Fetch what is not kept yet, a few files at a time.
 * @param {Release} release @param {string[]} paths
 * @returns {Promise<string[]>} what could not be had
 */
async function fetchAll(release, paths) {
  const kept = await keys();
  /** @type {Map<string, string>} */
  const missing = new Map(paths.map((path) => [keyOf(release, path), path]));
  const queue = [...missing].filter(([key]) => !kept.has(key)).map(([, path]) => path);
  /** @type {string[]} */
  const failed = [];
  const lane = async () => {
    for (let path = queue.shift(); path; path = queue.shift()) {
      if (!(await fetchOne(release, path).catch(() => false))) failed.push(path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return failed;
}

/** Delete the contents whose keys are not wanted. @param {Set<string>} wanted */
async function sweep(wanted) {
  const store = await opened;
  for (const request of await store.keys()) {
    const contents = /\?[0-9a-f]{32}/.test(request.url);
    if (contents && !wanted.has(request.url)) await store.delete(request);
  }
}
