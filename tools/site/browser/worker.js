// @ts-check
// Python for one page: boots Pyodide once and answers lab_kernel.live's requests.
import { boot, get } from "./boot.js";

/** @returns {Promise<(request: string) => string>} */
async function start() {
  const manifest = await (await get(new URL("runtime.json", import.meta.url))).json();
  const files = new URL(`../../runtime/${manifest.at}/`, import.meta.url);
  const came = (/** @type {number} */ part) => postMessage({ part });
  const python = await boot(files, files, manifest, { came });
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
    postMessage({ id: data.id, answer: answer(data.request) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
};
