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
  // where and how the worker has them, too (boot.js): a wheel unopened, a .zip as a directory
  env: { PYTHONPATH: places.join(":") },
  fsInit: async (FS) => {
    for (const [index, place] of places.entries()) {
      if (place.endsWith(".zip")) FS.mkdir(place);
      else FS.writeFile(place, readFileSync(wheels[index]));
    }
  },
});
for (const [index, place] of places.entries()) {
  if (place.endsWith(".zip")) python.unpackArchive(new Uint8Array(readFileSync(wheels[index])), "zip", { extractDir: place });
}
python.runPython(code);
writeFileSync(out, python.makeMemorySnapshot());
