// @ts-check
// Python for one page: boots Pyodide once and answers lab_kernel.live's requests.
// From the memory snapshot when it is sound and this browser takes it; otherwise from scratch.

/** @typedef {{at: string, wheels: string[], snapshot: string, bytes: number, sha256: string}} Manifest */

/** @param {URL} address */
async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address.pathname}`);
  return response;
}

/**
 * The snapshot, checked and unpacked; says on the way which part has come.
 * @param {URL} files @param {Manifest} manifest
 */
async function snapshot(files, manifest) {
  const packed = new Uint8Array(manifest.bytes);
  const body = (await get(new URL(manifest.snapshot, files))).body;
  if (!body) throw new Error("the snapshot is empty");
  let length = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    packed.set(value, length); // throws when there is more than there should be
    length += value.length;
    postMessage({ part: length / manifest.bytes });
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", packed));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== manifest.sha256) throw new Error("the snapshot is not the one that was made");
  const whole = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}

/** @returns {Promise<(request: string, tell: (output: string) => void) => string>} */
async function boot() {
  /** @type {Manifest} */
  const manifest = await (await get(new URL("runtime.json", import.meta.url))).json();
  const files = new URL(`../../runtime/${manifest.at}/`, import.meta.url);
  const wheels = manifest.wheels.map(async (name) => (await get(new URL(name, files))).arrayBuffer());
  wheels.forEach((wheel) => wheel.catch(() => {})); // told below, where they are awaited
  const taken = snapshot(files, manifest).catch((error) => console.info("plain boot:", error.message));
  const { loadPyodide } = await import(new URL("pyodide.mjs", files).href);
  const options = { indexURL: files.href };
  const memory = await taken;
  /** Memory grew before the snapshot was taken: here it has to grow first. @param {object} settings */
  const createPyodideModule = async (settings) => {
    const module = await (await import(new URL("pyodide.asm.mjs", files).href)).default(settings);
    if (memory && module.HEAP8.length < memory.length) module._malloc(memory.length); // all of it is overwritten by the snapshot
    return module;
  };
  let python;
  try {
    python = await loadPyodide(memory ? { ...options, createPyodideModule, _loadSnapshot: memory } : options);
  } catch (error) {
    if (!memory) throw error;
    console.info("plain boot:", error);
    python = await loadPyodide(options);
  }
  // The snapshot holds memory, not files: recordings are read from the unpacked wheel.
  for (const wheel of wheels) python.unpackArchive(await wheel, "wheel");
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
    const tell = (/** @type {string} */ output) => postMessage({ id: data.id, output });
    postMessage({ id: data.id, answer: answer(data.request, tell) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
};
