// @ts-check
// Python for one page: boots Pyodide once and answers lab_kernel.live's requests.
import { boot, get } from "./boot.js";

/** @returns {Promise<(request: string, tell: (output: string) => void) => string>} */
async function start() {
  const manifest = await (await get(new URL("runtime.json", import.meta.url))).json();
  const files = new URL(`../../runtime/${manifest.at}/`, import.meta.url);
  // the page's own snapshot, or that of all pages
  const name = new URLSearchParams(location.search).get("python") ?? "";
  const made = manifest.snapshots[Object.hasOwn(manifest.snapshots, name) ? name : "base"];
  const came = (/** @type {number} */ part) => postMessage({ part });
  const python = await boot(files, files, { ...made, wheels: manifest.wheels }, { came });
  return python.runPython("from lab_kernel import live; live.answer");
}

const booted = start();
booted.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

/** @param {MessageEvent<{id: number, request: string}>} event */
onmessage = async ({ data }) => {
  const answer = await booted.catch(() => null);
  if (!answer) return;
  try {
    const tell = (/** @type {string} */ output) => postMessage({ id: data.id, output });
    postMessage({ id: data.id, answer: answer(data.request, tell) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
};
