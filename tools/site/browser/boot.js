// @ts-check
// Boots Pyodide: from a memory snapshot when it is sound and this browser takes it, otherwise from
// scratch, slower and just as right.

// where Python looks for packages: the snapshot has them there, too
const PACKAGES = "import sys; next(path for path in sys.path if path.endswith('site-packages'))";

/** @typedef {{snapshot: string, bytes: number, sha256: string}} Snapshot */

/** @param {URL} address */
export async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address.pathname}`);
  return response;
}

/**
 * The snapshot, checked and unpacked.
 * @param {URL} files @param {Snapshot} made @param {(part: number) => void} came
 */
async function memoryOf(files, made, came) {
  const packed = new Uint8Array(made.bytes);
  const body = (await get(new URL(made.snapshot, files))).body;
  if (!body) throw new Error("the snapshot is empty");
  let length = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    packed.set(value, length); // throws when there is more than there should be
    length += value.length;
    came(length / made.bytes);
  }
  // Over plain http no browser offers digests: there its length and gzip's own sum have to do.
  const digest = await globalThis.crypto.subtle?.digest("SHA-256", packed);
  const sum = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (length !== made.bytes || (sum && sum !== made.sha256)) {
    throw new Error("the snapshot is not the one that was made");
  }
  const whole = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}

/**
 * A snapshot holds memory, not files: what Python reads from its wheels has to be unpacked, too.
 * @param {URL} runtime where Pyodide is
 * @param {URL} files where the snapshot and the wheels are
 * @param {Snapshot & {wheels: string[]}} made
 * @param {{came?: (part: number) => void, options?: object}} [how] which part of the snapshot has come; more for loadPyodide
 */
export async function boot(runtime, files, made, { came = () => {}, options = {} } = {}) {
  const wheels = made.wheels.map(async (name) => (await get(new URL(name, files))).arrayBuffer());
  wheels.forEach((wheel) => wheel.catch(() => {})); // told below, where they are awaited
  const taken = memoryOf(files, made, came).catch((error) => console.info("plain boot:", error.message));
  const { loadPyodide } = await import(new URL("pyodide.mjs", runtime).href);
  const whole = { ...options, indexURL: runtime.href };
  const memory = await taken;
  /** Memory grew before the snapshot was taken: here it has to grow first. @param {object} settings */
  const createPyodideModule = async (settings) => {
    const module = await (await import(new URL("pyodide.asm.mjs", runtime).href)).default(settings);
    if (memory && module.HEAP8.length < memory.length) module._malloc(memory.length); // all of it is overwritten by the snapshot
    return module;
  };
  let python;
  try {
    python = await loadPyodide(memory ? { ...whole, createPyodideModule, _loadSnapshot: memory } : whole);
  } catch (error) {
    if (!memory) throw error;
    console.info("plain boot:", error);
    python = await loadPyodide(whole);
  }
  const extractDir = python.runPython(PACKAGES);
  for (const wheel of wheels) python.unpackArchive(await wheel, "wheel", { extractDir });
  return python;
}
