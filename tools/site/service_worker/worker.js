// @ts-check
/// <reference path="answer.js" />
// The worker's events, and what a page asks of it.

const BATCH = 4e6; // bytes: an event that lasts too long is ended by the browser

/** @type {Record<string, (data: any, page: string) => Promise<unknown>>} */
const tasks = {
  /**
   * A page is there: keep it with all that it has loaded, what every page needs, and its language's pages.
   * @param {{loaded: string[]}} data @param {string} page its address
   */
  async visited({ loaded }, page) {
    if (!(await current())) await bring().then(takeOver); // somebody has emptied the browser's store
    const release = await current();
    if (!release) return;
    await tidy();
    const own = pathOf(new URL(page));
    const language = own.startsWith("lite/") ? "lite" : own.startsWith("en/") ? "en" : "ko";
    const paths = [page, ...loaded].filter((url) => url.startsWith(scope)).map((url) => pathOf(new URL(url)));
    const saving = /** @type {any} */ (navigator).connection?.saveData;
    const sets = ["shell", ...(saving ? [] : [language])];
    // a Python that was started before this worker was there
    const python = loaded.find((url) => /\/live\/[^?]*\/worker\.js\?/.test(url));
    if (python) sets.push("runtime", `${new URL(python).searchParams.get("python")}.snapshot`);
    if (!saving && (await read("everything"))) sets.push("");
    for (const set of sets) paths.push(...pathsOf(release, set));
    await fetchAll(release, paths.filter((path) => Object.hasOwn(release.files, path)));
  },

  /** How much of everything is kept. */
  async state() {
    const release = await current();
    if (!release) return null;
    const there = await keys();
    /** @type {Map<string, [path: string, bytes: number]>} */
    const all = new Map(pathsOf(release, "").map((path) => [keyOf(release, path), [path, release.files[path][1]]]));
    let [bytes, kept] = [0, 0];
    for (const [key, [, size]] of all) {
      bytes += size;
      if (there.has(key)) kept += size;
    }
    return { bytes, kept, wanted: Boolean(await read("everything")) };
  },

  /** Keep some more of everything; a page asks until all of it is there. */
  async more() {
    const release = await current();
    if (!release) return { failed: true };
    await write("everything", true);
    const there = await keys();
    const missing = pathsOf(release, "").filter((path) => !there.has(keyOf(release, path)));
    let bytes = 0;
    const batch = missing.filter((path) => (bytes += release.files[path][1]) <= BATCH || path === missing[0]);
    const failed = await fetchAll(release, batch);
    return { .../** @type {object} */ (await tasks.state(null, "")), failed: failed.length > 0 };
  },

  /** Keep only what is kept without being asked to. @param {unknown} _ @param {string} page */
  async forget(_, page) {
    const release = await current();
    if (!release) return null;
    const language = pathOf(new URL(page)).startsWith("en/") ? "en" : "ko";
    const paths = [...pathsOf(release, "shell"), ...pathsOf(release, language)];
    await write("everything", null);
    await sweep(new Set(paths.map((path) => keyOf(release, path))));
    return tasks.state(null, "");
  },
};

worker.addEventListener("install", (event) => {
  // A release is data: whichever worker is active serves it from now on, so nobody has to make way for another,
  // and JupyterLite's, which would, is not asked.
  event.stopImmediatePropagation();
  event.waitUntil(bring().then(takeOver));
});

worker.addEventListener("activate", (event) => {
  const early = worker.registration.navigationPreload?.enable(); // a page is asked for while this worker starts
  event.waitUntil(Promise.resolve(early).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.href.startsWith(scope) && !event.request.headers.has("Range");
  // JupyterLite's worker is behind this one: a kernel reads and writes its files through it
  if (!ours || /\/api\/(drive|stdin\/|service-worker-heartbeat)/.test(url.pathname)) return;
  event.stopImmediatePropagation();
  event.respondWith(answer(event, url));
});

worker.addEventListener("message", (event) => {
  const page = /** @type {Client | null} */ (event.source);
  const task = tasks[event.data?.do];
  if (!task || !page) return;
  const done = task(event.data, page.url).catch(() => ({ failed: true }));
  event.waitUntil(done.then((told) => event.ports[0]?.postMessage(told)));
});
