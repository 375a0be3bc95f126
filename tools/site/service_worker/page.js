// @ts-check
// Every page's part in working offline: it starts the worker when there is nothing else to do, tells it what was
// loaded, and on the home page lets the reader keep everything. All words are in the page.

/** @returns {Promise<ServiceWorker>} the worker, once it answers */
async function ready() {
  const active = /** @type {ServiceWorker} */ ((await navigator.serviceWorker.ready).active);
  while (active.state === "activating") {
    await new Promise((resolve) => active.addEventListener("statechange", resolve, { once: true }));
  }
  return active;
}

/** @param {{do: string, loaded?: string[]}} what @returns {Promise<any>} */
async function ask(what) {
  const worker = await ready();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(what, [port2]);
  });
}

/** The home page's block: keep everything, or remove it. @param {HTMLElement} block */
function keeper(block) {
  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (block.querySelector(selector));
  const [keep, remove] = /** @type {HTMLButtonElement[]} */ ([part("[data-keep]"), part("[data-remove]")]);
  const bar = /** @type {HTMLProgressElement} */ (part("progress"));
  const line = part("[role=status]");
  const name = keep.dataset.keep ?? "";
  let bytes = 0;

  /** @param {string} words */
  const sized = (words) => words.replace("{size}", String(Math.max(1, Math.round(bytes / 1e6))));
  /** @param {{bytes: number, kept: number, wanted: boolean} | null} state */
  const show = (state) => {
    if (!state) return;
    bytes = state.bytes;
    const all = state.kept === bytes;
    keep.textContent = sized(name);
    keep.hidden = all;
    remove.hidden = !state.wanted;
    line.textContent = all ? sized(line.dataset.done ?? "") : "";
    block.hidden = false;
  };

  keep.addEventListener("click", async () => {
    keep.setAttribute("aria-disabled", "true");
    if (!bar.hidden) return; // it is being done
    bar.hidden = false;
    line.textContent = line.dataset.doing ?? "";
    await navigator.storage?.persist?.().catch(() => false);
    let state = await ask({ do: "more" });
    for (; !state.failed && state.kept < state.bytes; state = await ask({ do: "more" })) {
      bar.value = state.kept / state.bytes;
    }
    bar.hidden = true;
    keep.removeAttribute("aria-disabled");
    show(await ask({ do: "state" }));
    if (state.failed) line.textContent = line.dataset.failed ?? "";
    else remove.focus(); // the button that was pressed is gone
  });
  remove.addEventListener("click", async () => {
    show(await ask({ do: "forget" }));
    line.textContent = line.dataset.removed ?? "";
    keep.focus();
  });
  ask({ do: "state" }).then(show);
}

/** In idle time, once everything that the page asked for is there. @param {() => void} work */
const later = (work) => ("requestIdleCallback" in window ? requestIdleCallback(work) : setTimeout(work, 1000));

async function begin() {
  // this very address is also what JupyterLite asks for: one worker serves the site and the labs' kernels
  const address = new URL("../service-worker.js?enableCache=false", import.meta.url);
  await navigator.serviceWorker.register(address);
  document.querySelectorAll(".lab-offline").forEach((block) => keeper(/** @type {HTMLElement} */ (block)));
  await ready(); // from now on the worker sees for itself what is loaded
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  await ask({ do: "visited", loaded });
}

if ("serviceWorker" in navigator) {
  performance.setResourceTimingBufferSize(2000); // JupyterLite loads more than the 250 that are remembered
  const start = () => later(() => void begin().catch((error) => console.info("not kept for offline:", String(error))));
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
