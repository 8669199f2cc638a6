// The one WebSocket of a page: opens it, keeps it, and says honestly when it is gone. It stays open
// while the page is hidden, because presence and quorum do not depend on which tab is in front.

import { wholePage } from "./page.js";
import { fromPage } from "./regions.js";

const FIRST_MS = 300;
const SPREAD_MS = 1500; // a whole hall that is cut off must not come back in the same moment
const LONGEST_MS = 5000;
const HANGING_MS = 20000; // some networks neither answer nor refuse; whoever gives up a place in the
// queue of a busy server goes to its end
const STEADY_MS = 5000; // only a connection that lasted resets the back-off

const page = document.body.dataset;
// Where this page stands: everything up to `version` has arrived. An act may change two regions, and
// the line may break between them; so a version counts as had only when something later has come.
const here = { epoch: page.epoch ?? "", version: Number(page.version) || 0 };
let begun = here.version;

let on = {};
let line = null;
let greeted = false;
let since = 0;
let numbers = 0;
let tries = 0;
let timer = 0;
let hanging = 0;
let bye = null;
let heard = 0;
let beats = [];

const isOpen = () => greeted && line?.readyState === WebSocket.OPEN;

/** Send one request; its number, or 0 when there is no connection. */
function send(t, fields) {
  if (!isOpen()) return 0;
  numbers += 1;
  line.send(JSON.stringify({ t, n: numbers, ...fields }));
  return numbers;
}

/** A page that was fetched is complete: stand where it stands. Tells whether the epoch is another. */
function standAt(epoch, version) {
  const other = epoch !== here.epoch;
  here.epoch = epoch;
  begun = here.version = other ? version : Math.max(here.version, version);
  return other;
}

/** `handlers`: open(other epoch?), closed(tries), ended(), and one for each kind of message. */
function start(handlers) {
  on = handlers;
  const wake = () => {
    if (document.visibilityState === "hidden") return;
    if (!line) connect();
    else if (isOpen()) listen();
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  setInterval(listen, 1000);
  connect();
}

function connect() {
  clearTimeout(timer);
  const url = new URL("/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = new URLSearchParams({ view: page.view ?? "", e: here.epoch, v: here.version, as: page.as ?? "" });
  greeted = false;
  bye = null;
  beats = [];
  let mine;
  try {
    mine = line = new WebSocket(url);
  } catch {
    line = mine = {}; // refused by a policy of the browser: the same as a connection that failed
    queueMicrotask(() => drop(mine, 1006));
    return;
  }
  hanging = setTimeout(() => !greeted && drop(mine, 1006), HANGING_MS);
  mine.onmessage = (event) => mine === line && receive(event.data);
  mine.onclose = (event) => drop(mine, event.code);
}

function receive(data) {
  heard = performance.now();
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    return;
  }
  if (message.t === "hello") {
    greeted = true;
    since = heard;
    const other = String(message.epoch) !== here.epoch;
    if (other) here.version = 0;
    here.epoch = String(message.epoch);
    begun = message.version;
    on.open(other, message);
  } else if (message.t === "region") {
    if (message.v > begun) {
      here.version = begun;
      begun = message.v;
    }
    on.region(message);
  } else {
    if (message.t === "clock") {
      here.version = begun;
      beats.push(heard);
    } else if (message.t === "bye") bye = message;
    on[message.t]?.(message);
  }
}

// A phone that changes networks keeps a line that looks open and hears nothing. Once the server's
// clock has come twice we know its beat, and three beats of silence are a dead line.
function listen() {
  if (!isOpen() || beats.length < 2) return;
  beats = beats.slice(-4);
  const beat = Math.max(...beats.slice(1).map((at, i) => at - beats[i]));
  const limit = Math.max(3 * beat, (Number(page.alive) || 0) * 1000, 6000);
  if (performance.now() - heard > limit) drop(line, 1006);
}

function drop(mine, code) {
  if (mine !== line) return;
  line = null;
  clearTimeout(hanging);
  mine.close?.(); // not waited for: on a dead line the answer may take a minute
  if (code === 4401 || bye?.code === "session_ended") return on.ended();
  if (code === 4408) here.version = 0;
  const steady = greeted && performance.now() - since > STEADY_MS;
  greeted = false;
  tries = steady ? 0 : tries + 1;
  const most = code === 4429 ? LONGEST_MS : Math.min(LONGEST_MS, (FIRST_MS + SPREAD_MS) * 2 ** tries);
  const wait = bye?.retry_ms >= 0 ? bye.retry_ms * (1 + Math.random() / 5) : FIRST_MS + Math.random() * (most - FIRST_MS);
  timer = setTimeout(connect, wait);
  on.closed(tries);
}

export const socket = { isOpen, send, standAt, start };

// The page without a socket: some networks block websockets, and a ballot must not depend on one.
// Fetches the same page that a reload would and takes its regions; the socket goes on trying.

const EVERY_MS = 3000;
const CALM_MS = 10000; // a page that only reads, and never had a socket
const PATIENCE_MS = 10000;

let fetched = { page() {}, state() {} };
let due = 0;
let every = EVERY_MS;
let running = false;
let busy = false;
let again = false;
let turn = Promise.resolve(false); // the fetch under way, or the last one

/** `page(document)` gets each page that arrived, `state(well)` whether the last one did. */
const startPolling = (handlers) => (fetched = handlers);

function run() {
  if (running) return;
  running = true;
  now();
}

/** For as long as the page stands, without haste: nobody has signed in, so there is no socket. */
function calm() {
  running = true;
  every = CALM_MS;
  next();
}

function stop() {
  running = false;
  clearTimeout(due);
}

/** Once, at once; asked while one is under way, once more after it. Whether the page has arrived. */
function now() {
  if (busy) again = true;
  else turn = fetchThem();
  return turn;
}

async function fetchThem() {
  clearTimeout(due);
  busy = true;
  let well = false;
  do {
    again = false;
    well = await once();
    if (running) fetched.state(well);
  } while (again);
  busy = false;
  if (running) next();
  return well;
}

function next() {
  due = setTimeout(now, every * (0.8 + Math.random() * 0.4));
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
    fetched.page(page);
    fromPage(page, since);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(late);
  }
}

export const poll = { start: startPolling, run, calm, stop, now };
