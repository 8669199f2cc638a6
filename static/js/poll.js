// The page without a socket: some networks block websockets, and a ballot must not depend on one.
// Fetches the same page that a reload would and takes its regions; the socket goes on trying.

import { fromPage } from "./regions.js";
import { wholePage } from "./trusted.js";

const EVERY_MS = 3000;
const CALM_MS = 10000; // a page that only reads, and never had a socket
const PATIENCE_MS = 10000;

let on = { page() {}, state() {} };
let timer = 0;
let every = EVERY_MS;
let running = false;
let busy = false;
let again = false;
let turn = Promise.resolve(false); // the fetch under way, or the last one

/** `page(document)` gets each page that arrived, `state(well)` whether the last one did. */
export const start = (handlers) => (on = handlers);

export function run() {
  if (running) return;
  running = true;
  now();
}

/** For as long as the page stands, without haste: nobody has signed in, so there is no socket. */
export function calm() {
  running = true;
  every = CALM_MS;
  next();
}

export function stop() {
  running = false;
  clearTimeout(timer);
}

/** Once, at once; asked while one is under way, once more after it. Whether the page has arrived. */
export function now() {
  if (busy) again = true;
  else turn = fetchThem();
  return turn;
}

async function fetchThem() {
  clearTimeout(timer);
  busy = true;
  let well = false;
  do {
    again = false;
    well = await once();
    if (running) on.state(well);
  } while (again);
  busy = false;
  if (running) next();
  return well;
}

function next() {
  timer = setTimeout(now, every * (0.8 + Math.random() * 0.4));
}

async function once() {
  const since = performance.now();
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const address = location.pathname + location.search;
    const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store", signal: stop.signal });
    if (!answer.ok) return false;
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      location.reload(); // the server sends us elsewhere, most likely to sign in
      return true;
    }
    const page = wholePage(await answer.text());
    if (!page.querySelector("[data-region]")) return false; // a hotel's log-in page, not ours
    on.page(page);
    fromPage(page, since);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(late);
  }
}
