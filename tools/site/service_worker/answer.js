// @ts-check
/// <reference path="release.js" />
// How a request is answered. What has its hash in its address never changes: from what is kept. All else:
// from the network, and from what is kept when there is none.

const PATIENCE = 4000; // ms before a bad line counts as none, where something is kept
/** Pages of another release than the one that is served: nothing of ours is mixed into them. @type {Set<string>} */
const strangers = new Set();
news.addEventListener("message", () => strangers.clear());
let looked = false; // whether a newer release has been looked for

/** @param {URL} url the file's path below the site */
function pathOf(url) {
  let path = url.pathname;
  try {
    path = decodeURIComponent(path);
  } catch {
    // an address that nothing of ours has
  }
  path = path.slice(new URL(scope).pathname.length);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

/** The first letters of the contents' hash, if the address says them. @param {URL} url @param {string} path */
const versionOf = (url, path) => (path.startsWith("lite/") ? "" : (url.searchParams.get("v") ?? ""));

/** @param {string} path @param {string} version */
const isNamed = (path, version) => version !== "" || path !== stemOf(path);

/** @param {string} path @param {string} version */
async function kept(path, version) {
  const store = await opened;
  for (const name of isNamed(path, version) ? ["release", "before"] : ["release"]) {
    /** @type {Release | null} */
    const release = name === "release" ? await current() : await read(name);
    if (!release || !Object.hasOwn(release.files, path) || !release.files[path][0].startsWith(version)) continue;
    const response = await store.match(keyOf(release, path));
    if (response) return response;
  }
  return undefined;
}

/**
 * Keep what came from the network. A page of another release says that there is one to look for.
 * @param {FetchEvent} event @param {Release} release @param {string} path @param {Response} response
 */
async function note(event, release, path, response) {
  if (response.status !== 200 || (await keep(release, path, response)) || event.request.mode !== "navigate") return;
  strangers.add(event.resultingClientId);
  if (!looked) worker.registration.update().catch(() => {}); // not awaited: its worker may wait for this event
  looked = true;
}

/** Says that a page is not kept, in the page's language. @param {string} path */
async function apology(path) {
  const own = path.startsWith("en/") ? "en/offline.html" : "offline.html";
  const page = await kept(own, "");
  return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error();
}

/** @param {FetchEvent} event @param {URL} url @returns {Promise<Response>} */
async function answer(event, url) {
  const path = pathOf(url);
  const version = versionOf(url, path);
  const release = await current();
  const page = event.request.mode === "navigate";
  const mixed = !page && strangers.has(event.clientId) && !isNamed(path, version);
  const had = mixed ? undefined : await kept(path, version);
  if (had && isNamed(path, version)) return had;
  const asked = Promise.resolve(event.preloadResponse).then((early) => early ?? fetch(event.request));
  const noted = asked.then((response) => {
    if (release && (page || (Object.hasOwn(release.files, path) && !had))) {
      event.waitUntil(note(event, release, path, response.clone()).catch(() => {}));
    }
    return response;
  });
  event.waitUntil(noted.catch(() => {})); // also when it comes too late for this answer
  try {
    if (!had) return await noted;
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    const response = /** @type {Response} */ (await Promise.race([noted, late]));
    return response.status < 500 ? response : had;
  } catch {
    if (had) return had;
    if (!page) return Response.error();
    if (release?.files[`${path}/index.html`]) return Response.redirect(`${url.pathname}/${url.search}`);
    return apology(path);
  }
}
