// @ts-check
// Runs before JupyterLite starts: its language is the lab's, and a reader whose saved copy is of an
// older release of a lab says first which to go on with. Nothing that was saved is ever deleted.

/** @typedef {Record<string, string>} Words */
/** @typedef {{storage: string, labs: Record<string, string>, words: Record<string, Words>}} About */
/** @typedef {{name: string, path: string, content?: {metadata?: {lab_kernel?: {release?: string}}}}} Saved */

const about = /** @type {About} */ (JSON.parse(element("lab-about").textContent ?? ""));
const opened = new URLSearchParams(location.search).get("path");
const language = /^(ko|en)\//.exec(opened ?? "")?.[1] ?? (/^ko\b/.test(navigator.language) ? "ko" : "en");
document.documentElement.lang = language;

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

/** JupyterLite's settings for this page. @param {Record<string, any>} config */
export function settle(config) {
  const plugin = "@jupyterlab/translation-extension:plugin";
  const locale = { locale: language === "ko" ? "ko_KR" : "en" };
  config.settingsOverrides = { [plugin]: locale, ...config.settingsOverrides };
  return config;
}

/**
 * The reader's own files, or null when there are none yet: asking must not create them.
 * @returns {Promise<IDBDatabase | null>}
 */
function files() {
  return new Promise((resolve) => {
    const asked = indexedDB.open(about.storage);
    asked.onupgradeneeded = () => asked.transaction?.abort();
    asked.onsuccess = () => resolve(asked.result.objectStoreNames.contains("files") ? asked.result : null);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {string} path */
const kept = (path) => `lab-kernel.kept:${path}`;

/** The saved copy, if it is of another release than the published one. @param {IDBDatabase} db @param {string} path */
async function outdated(db, path) {
  const saved = /** @type {Saved | undefined} */ (await done(db.transaction("files").objectStore("files").get(path)));
  const release = saved?.content?.metadata?.lab_kernel?.release;
  const published = about.labs[path];
  return release && published && release !== published && localStorage.getItem(kept(path)) !== published ? saved : null;
}

/** Put the copy under another name, so that the lab opens as published. @param {IDBDatabase} db @param {Saved} saved */
async function setAside(db, saved) {
  const store = db.transaction("files", "readwrite").objectStore("files");
  const day = new Date().toLocaleDateString("sv"); // 2026-11-22, where the reader is
  for (let number = 1; ; number += 1) {
    const ending = `.before-${day}${number > 1 ? `-${number}` : ""}.ipynb`;
    const path = saved.path.replace(/\.ipynb$/, ending);
    if (await done(store.count(path))) continue;
    await done(store.put({ ...saved, path, name: path.split("/").pop() }, path));
    await done(store.delete(saved.path));
    return path;
  }
}

/** Ask what to do, and do it. @param {IDBDatabase} db @param {Saved} saved */
async function ask(db, saved) {
  const words = about.words[saved.path.slice(0, 2)] ?? about.words.en;
  const bar = document.createElement("section");
  bar.id = "lab-renewed";
  bar.lang = saved.path.slice(0, 2);
  bar.setAttribute("role", "alertdialog");
  bar.setAttribute("aria-labelledby", "lab-renewed-title");
  bar.setAttribute("aria-describedby", "lab-renewed-text");
  const title = document.createElement("h1");
  title.id = "lab-renewed-title";
  title.textContent = words.title;
  const text = document.createElement("p");
  text.id = "lab-renewed-text";
  text.textContent = words.text.replace("{path}", saved.path);
  bar.append(title, text);
  await new Promise((resolve) => {
    for (const choice of ["keep", "renew"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.name = choice;
      button.textContent = words[choice];
      button.onclick = () => resolve(choice);
      bar.append(button);
    }
    document.body.prepend(bar);
    /** @type {HTMLButtonElement} */ (bar.querySelector("button")).focus();
  }).then(async (choice) => {
    if (choice === "renew") await setAside(db, saved);
    else localStorage.setItem(kept(saved.path), about.labs[saved.path]);
  });
  bar.remove();
}

/** Resolves when every saved copy that the page may open is the reader's choice. */
export async function before() {
  const db = await files().catch(() => null);
  if (!db) return;
  for (const path of opened ? [opened] : Object.keys(about.labs)) {
    const saved = await outdated(db, path);
    if (saved) await ask(db, saved);
  }
  db.close(); // JupyterLite opens it anew, and may have to change it
}
