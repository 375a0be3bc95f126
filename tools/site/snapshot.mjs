// Takes the memory snapshot that the site's worker starts from, under Node:
//     node snapshot.mjs PYODIDE_DIRECTORY OUT CODE WHEEL...
// What CODE imports and draws is there at once in the page.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, out, code, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const places = wheels.map((wheel) => `/${basename(wheel)}`);
const python = await loadPyodide({
  _makeSnapshot: true,
  _sysExecutable: "python",
  // where and how the worker has them, too: Python imports from a wheel without unpacking it
  env: { PYTHONPATH: places.join(":") },
  fsInit: async (FS) => places.forEach((place, index) => FS.writeFile(place, readFileSync(wheels[index]))),
});
python.runPython(code);
writeFileSync(out, python.makeMemorySnapshot());
