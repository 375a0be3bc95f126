// @ts-check
// What JupyterLite's kernel imports as Pyodide: ours, with IPython and all labs need already there.
import { boot, get } from "./boot.js";

/** @param {Record<string, unknown>} options the kernel's; where Pyodide is, we know better */
export async function loadPyodide({ indexURL, packages, ...options }) {
  const here = new URL(".", import.meta.url);
  const made = await (await get(new URL("made.json", here))).json();
  const python = await boot(new URL(made.runtime, here), here, made, { options });
  // Widgets that were imported before there was a kernel, in the snapshot, meet it now.
  python.runPython("import pyodide_kernel, ipywidgets; ipywidgets._handle_ipython()");
  return python;
}
