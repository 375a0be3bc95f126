// Takes the memory snapshot that the site's worker starts from, under Node:
//     node snapshot.mjs PYODIDE_DIRECTORY OUT CODE WHEEL...
// What CODE imports and draws is there at once in the page.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, out, code, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({ _makeSnapshot: true, _sysExecutable: "python" });
const packages = "import sys; next(path for path in sys.path if path.endswith('site-packages'))";
const extractDir = python.runPython(packages);
for (const wheel of wheels) {
  python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel", { extractDir });
}
python.runPython(code);
writeFileSync(out, python.makeMemorySnapshot());
