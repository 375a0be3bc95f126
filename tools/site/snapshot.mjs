// Takes the memory snapshot that the site's worker starts from, under Node:
//     node snapshot.mjs PYODIDE_DIRECTORY OUT WHEEL...
// What was imported and drawn before the snapshot is there at once in the page.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, out, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const places = wheels.map((wheel) => `/${basename(wheel)}`);
const python = await loadPyodide({
  _makeSnapshot: true,
  _sysExecutable: "python",
  // where and how the worker has them, too: Python imports from a wheel without unpacking it
  env: { PYTHONPATH: places.join(":") },
  fsInit: async (FS) => places.forEach((place, index) => FS.writeFile(place, readFileSync(wheels[index]))),
});
python.runPython("from lab_kernel import live; live.warm_up()");
writeFileSync(out, python.makeMemorySnapshot());
