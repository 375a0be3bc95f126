// @ts-check
// Python for one page: boots Pyodide once and answers lab_kernel.live's requests.
// From the memory snapshot when it is sound and this browser takes it; otherwise from scratch.

/**
 * @typedef {{at: string, wheels: string[], snapshot: string, bytes: number, sha256: string, memory: number}} Manifest
 */

/** @param {URL} address */
async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address.pathname}`);
  return response;
}

/**
 * Download the snapshot, unpack it on the way into memory and check it; says how much has come.
 * @param {Uint8Array} memory @param {URL} files @param {Manifest} manifest
 */
async function fill(memory, files, manifest) {
  const packed = new Uint8Array(manifest.bytes);
  const gzip = new DecompressionStream("gzip");
  const input = gzip.writable.getWriter();
  async function download() {
    const body = (await get(new URL(manifest.snapshot, files))).body;
    if (!body) throw new Error("the snapshot is empty");
    let length = 0;
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      packed.set(value, length); // throws when there is more than there should be
      length += value.length;
      await input.write(value);
      postMessage({ part: length / manifest.bytes });
    }
    await input.close();
    // Over plain http no browser offers digests: there its length and gzip's own sum have to do.
    const digest = await globalThis.crypto.subtle?.digest("SHA-256", packed);
    const sum = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (length !== manifest.bytes || (sum && sum !== manifest.sha256)) {
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

/** @returns {Promise<(request: string) => string>} */
async function boot() {
  /** @type {Manifest} */
  const manifest = await (await get(new URL("runtime.json", import.meta.url))).json();
  const files = new URL(`../../runtime/${manifest.at}/`, import.meta.url);
  // Everything is asked for at once; each is awaited, and its failure told, where it is needed.
  const memory = new Uint8Array(manifest.memory);
  const filled = fill(memory, files, manifest);
  const engine = import(new URL("pyodide.asm.mjs", files).href);
  const wheels = manifest.wheels.map(async (name) => (await get(new URL(name, files))).arrayBuffer());
  for (const early of [filled, engine, ...wheels]) early.catch(() => {});
  const { loadPyodide } = await import(new URL("pyodide.mjs", files).href);
  /** The snapshot holds memory, not files: Python reads recordings from the wheels, which it imports unopened. @param {any} FS */
  const fsInit = async (FS) => {
    for (const [index, name] of manifest.wheels.entries()) FS.writeFile(`/${name}`, new Uint8Array(await wheels[index]));
  };
  const env = { PYTHONPATH: manifest.wheels.map((name) => `/${name}`).join(":") };
  const options = { indexURL: files.href, fsInit, env };
  /** Starts the engine while the snapshot is still coming. @param {object} settings */
  const createPyodideModule = async (settings) => {
    const [module] = await Promise.all([(await engine).default(settings), filled]);
    // Memory grew before the snapshot was taken: here it has to grow first. The snapshot overwrites all of it.
    if (module.HEAP8.length < memory.length) module._malloc(memory.length);
    return module;
  };
  const python = await loadPyodide({ ...options, createPyodideModule, _loadSnapshot: memory }).catch((/** @type {any} */ error) => {
    console.info("plain boot:", error);
    return loadPyodide(options);
  });
  return python.runPython("from lab_kernel import live; live.answer");
}

const booted = boot();
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
