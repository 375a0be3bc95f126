// @ts-check
// Boots Pyodide: from a memory snapshot when it is sound and this browser takes it, otherwise from
// scratch, slower and just as right. Everything is asked for at once; the engine compiles while
// the snapshot comes.

/** @typedef {{snapshot: string, bytes: number, sha256: string, memory: number}} Snapshot */

/** @param {URL} address */
export async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address.pathname}`);
  return response;
}

/**
 * Download the snapshot, unpack it on the way into memory, and check it.
 * @param {Uint8Array} memory @param {URL} files @param {Snapshot} made @param {(part: number) => void} came
 */
async function fill(memory, files, made, came) {
  const packed = new Uint8Array(made.bytes);
  const gzip = new DecompressionStream("gzip");
  async function download() {
    const input = gzip.writable.getWriter();
    const body = (await get(new URL(made.snapshot, files))).body;
    if (!body) throw new Error("the snapshot is empty");
    let length = 0;
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      packed.set(value, length); // throws when there is more than there should be
      length += value.length;
      await input.write(value);
      came(length / made.bytes);
    }
    await input.close();
    // Over plain http no browser offers digests: there its length and gzip's own sum have to do.
    const digest = await globalThis.crypto.subtle?.digest("SHA-256", packed);
    const sum = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (length !== made.bytes || (sum && sum !== made.sha256)) {
      throw new Error("the snapshot is not the one that was made");
    }
  }
  async function unpack() {
    let length = 0;
    for (const reader = gzip.readable.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      memory.set(value, length);
      length += value.length;
    }
    if (length !== memory.length) throw new Error("the snapshot is not whole");
  }
  await Promise.all([download(), unpack()]);
}

/**
 * A snapshot holds memory, not files. A wheel lies, unopened, where Python's path says: what is in
 * memory needs nothing of it, and the rest is imported and read from inside it. A `.zip` holds
 * packages that read files beside their code: it becomes a directory of its name.
 * @param {URL} runtime where Pyodide is
 * @param {URL} files where the snapshot and the wheels are
 * @param {Snapshot & {wheels: string[]}} made
 * @param {{came?: (part: number) => void, options?: object}} [how] which part of the snapshot has come; more for loadPyodide
 */
export async function boot(runtime, files, made, { came = () => {}, options = {} } = {}) {
  const memory = new Uint8Array(made.memory);
  const filled = fill(memory, files, made, came);
  const engine = import(new URL("pyodide.asm.mjs", runtime).href);
  const wheels = made.wheels.map(async (name) => (await get(new URL(name, files))).arrayBuffer());
  for (const early of [filled, engine, ...wheels]) early.catch(() => {}); // told below, where they are awaited
  const { loadPyodide } = await import(new URL("pyodide.mjs", runtime).href);
  /** @param {any} FS */
  const fsInit = async (FS) => {
    for (const [index, name] of made.wheels.entries()) {
      if (name.endsWith(".zip")) FS.mkdir(`/${name}`);
      else FS.writeFile(`/${name}`, new Uint8Array(await wheels[index]));
    }
  };
  const env = () => ({ PYTHONPATH: made.wheels.map((name) => `/${name}`).join(":") });
  /** Starts the engine while the snapshot is still coming. @param {object} settings */
  const createPyodideModule = async (settings) => {
    const [module] = await Promise.all([(await engine).default(settings), filled]);
    // Memory grew before the snapshot was taken: here it has to grow first. All of it is overwritten.
    if (module.HEAP8.length < memory.length) module._malloc(memory.length);
    return module;
  };
  const whole = { ...options, indexURL: runtime.href, fsInit };
  const python = await loadPyodide({ ...whole, env: env(), createPyodideModule, _loadSnapshot: memory }).catch(
    (/** @type {unknown} */ error) => {
      console.info("plain boot:", error);
      return loadPyodide({ ...whole, env: env() });
    },
  );
  for (const [index, name] of made.wheels.entries()) {
    if (name.endsWith(".zip")) python.unpackArchive(await wheels[index], "zip", { extractDir: `/${name}` });
  }
  return python;
}
