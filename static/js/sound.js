// Listening on the floor's own page. What plays stays while the page around it changes. hls.js is
// fetched only by a browser that cannot play an HTTP live stream itself, and only on a press. It runs
// without a worker: a worker would need a script made from text, which this page's policy forbids.

import { announce, word } from "./page.js";
import { afterMorph, guard } from "./regions.js";

const PLAYLIST = "application/vnd.apple.mpegurl";

let allowed = ""; // the one foreign origin that this page was loaded with leave for
let stream = null; // the running hls.js, where one is needed
let listening = false; // somebody has pressed: another address goes on playing

const card = () => document.getElementById("sound-card");
const player = () => document.getElementById("player");
const native = (node) => node.canPlayType(PLAYLIST) !== "";

function tell(text) {
  const place = card()?.querySelector("[data-player-say]");
  if (!place || place.textContent === text) return;
  place.textContent = text;
  place.hidden = !text;
  if (text) announce(text);
}

// Called after each change of the page: the button is there when it is needed, and nowhere else.
function paint() {
  const box = card();
  const show = box?.querySelector("[data-show-embed]");
  if (show) show.hidden = box.dataset.origin !== allowed;
  const node = player();
  if (!box || !node) return;
  const stale = box.dataset.origin !== allowed;
  const line = box.querySelector(".player-line");
  const ours = node.hasAttribute("data-hls") && !native(node);
  if (stale) {
    tell(word("soundmoved"));
    line.hidden = false;
    line.firstElementChild.textContent = word("loadanew");
    node.hidden = true;
    return;
  }
  if (node.dataset.from === undefined) fresh(node, ours);
  if (line) line.hidden = !ours || listening;
  node.hidden = ours && !listening;
}

// A new player, or one that has got another address.
function fresh(node, ours) {
  const address = node.getAttribute("src");
  node.dataset.from = address;
  stream?.destroy();
  stream = null;
  node.addEventListener("playing", () => {
    listening = true;
    tell("");
  });
  node.addEventListener("error", () => node.dataset.from && failed());
  if (ours) {
    node.removeAttribute("src");
    if (listening) attach(node, address);
  } else if (listening) node.play().catch(failed);
}

async function attach(node, address) {
  try {
    const { default: Hls } = await import("../vendor/hls.js");
    if (!Hls.isSupported()) return failed();
    stream = new Hls({ enableWorker: false, lowLatencyMode: false });
    stream.on(Hls.Events.ERROR, (_name, what) => what.fatal && failed());
    stream.loadSource(address);
    stream.attachMedia(node);
    await node.play();
  } catch {
    failed();
  }
}

function failed() {
  tell(word("nosound"));
}

function press(event) {
  if (event.target.closest?.("[data-show-embed]")) return embed();
  if (!event.target.closest?.("[data-listen]")) return;
  const node = player();
  if (!node) return;
  if (card().dataset.origin !== allowed) return location.reload();
  listening = true;
  paint();
  attach(node, node.dataset.from);
}

// Another service's page, after a press: without its own storage, without microphone and camera, and
// without being told which page of ours it stands in.
function embed() {
  const box = document.getElementById("embed");
  const frame = document.createElement("iframe");
  frame.title = box.dataset.title;
  frame.setAttribute("sandbox", "allow-scripts allow-popups");
  frame.setAttribute("allow", "autoplay; fullscreen");
  frame.referrerPolicy = "no-referrer";
  frame.src = box.dataset.embed;
  box.replaceChildren(frame);
  frame.focus();
}

// What plays, or has been opened, is not taken away by a push that says the same again.
function keep(old, node) {
  if (old.id === "player" && node.id === "player") {
    if (old.dataset.from === node.getAttribute("src") && old.localName === node.localName) return true;
    delete old.dataset.from;
  }
  return old.id === "embed" && old.querySelector("iframe") && old.dataset.embed === node.dataset?.embed;
}

/** `origin`: the one foreign origin that the page was loaded with leave for. */
export function start(origin) {
  allowed = origin;
  guard(keep);
  afterMorph(paint);
  document.addEventListener("click", press);
  paint();
}
