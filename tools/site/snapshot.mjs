// Takes the memory snapshot that the site's worker starts from, under Node:
//     node snapshot.mjs PYODIDE_DIRECTORY OUT WHEEL...
// What was imported and drawn before the snapshot is there at once in the page.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, out, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({ _makeSnapshot: true, _sysExecutable: "python" });
for (const wheel of wheels) {
  python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel");
}
python.runPython("from lab_kernel import live; live.warm_up()");
writeFileSync(out, python.makeMemorySnapshot());
