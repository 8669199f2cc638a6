// Where a page comes alive: starts every part, joins the socket to them, and chooses between socket
// and polling. Last of all it reports itself alive; until then every form is a plain form, and the
// watchdog in the page (templates/parts/watchdog.js) reloads a page whose script never got here.

import * as alerts from "./alerts.js";
import * as ballot from "./ballot.js";
import * as clock from "./clock.js";
import { poll, socket } from "./connection.js";
import * as forms from "./forms.js";
import { announce, fill, say, startDialogs, word } from "./page.js";
import * as regions from "./regions.js";

const PATIENCE_MS = 4000; // so long we wait for a socket before the page refreshes itself
// Longer when there was one: everybody else may have lost theirs, too, and a page costs the server as much
// as ten sockets.
const LOST_MS = 8000;
const ENDED_KEY = "conference-ended";

const badge = document.getElementById("connection");
const turnouts = new Map();
let patience = 0;
let lost = false;

function show(state) {
  if (!badge || badge.dataset.state === state) return;
  badge.dataset.state = state;
  badge.textContent = word(state);
  badge.hidden = false;
}

function wait() {
  patience ||= setTimeout(pollNow, lost ? LOST_MS * (1 + Math.random()) : PATIENCE_MS);
}

function pollNow() {
  if (!socket.isOpen()) poll.run();
}

// Only a page on which something is to be heard needs what plays it. What the page may load from is said
// by the answer it came with, whatever a push names later.
const origin = document.getElementById("sound-card")?.dataset.origin ?? "";
let sound = null;

function listen() {
  if (sound || !document.getElementById("sound-card")) return;
  sound = import("./sound.js").then((part) => part.start(origin));
  sound.catch(() => (sound = null)); // with the next change of the page once more
}

function turnout(message) {
  turnouts.set(String(message.vote), message);
  count();
}

function count() {
  for (const node of document.querySelectorAll("[data-turnout]")) {
    const message = turnouts.get(node.dataset.turnout);
    if (message) node.textContent = fill(node.dataset.text ?? "", message);
  }
}

// The session is over: load the page anew and be sent where one signs in. Once: a page that comes
// back with the same answer is not loaded in a circle.
function ended() {
  let before = 0;
  try {
    before = Number(sessionStorage.getItem(ENDED_KEY));
    sessionStorage.setItem(ENDED_KEY, Date.now());
  } catch {
    before = 0; // storage is switched off
  }
  if (Date.now() - before > 10000) return location.reload();
  show("polling");
  poll.run();
}

const handlers = {
  open(otherEpoch, hello) {
    clearTimeout(patience);
    patience = 0;
    poll.stop();
    show("live");
    if (lost) announce(word("connectedagain"));
    lost = false;
    clock.heardNow(hello.now, true);
    if (otherEpoch) ballot.forget();
    ballot.reconnected();
  },
  closed(tries) {
    turnouts.clear();
    if (badge?.dataset.state === "live") {
      show("reconnecting");
      announce(word("reconnecting"));
      lost = true;
    }
    ballot.dropped();
    wait();
    if (tries >= 2 && !lost) pollNow();
  },
  ended,
  region: (message) => regions.region(message.id, message.html),
  turnout,
  ack: ballot.ack,
  refused: (message) => ballot.refused(message) || say(message.say),
  clock: (message) => clock.heardNow(message.now),
  bye: (message) => message.say && announce(message.say),
};

function start() {
  regions.start();
  clock.start();
  startDialogs();
  ballot.start();
  forms.start();
  listen();
  regions.afterMorph(listen);
  alerts.start();
  regions.afterMorph(count);
  poll.start({
    page(page) {
      const { epoch = "", version, now, as } = page.body.dataset;
      if (as !== document.body.dataset.as) return location.reload(); // the device changed hands
      if (socket.standAt(epoch, Number(version) || 0)) ballot.forget();
      clock.heardNow(Number(now));
    },
    state: (well) => show(well ? "polling" : "reconnecting"),
  });
  if (document.body.dataset.live === "poll") {
    show("polling");
    poll.calm();
  } else if (document.body.hasAttribute("data-live")) {
    show("connecting");
    wait();
    socket.start(handlers);
  }
  document.documentElement.dataset.alive = "yes";
}

start();
