// One soft sound and a short vibration for what must not be missed: a vote is open, you are called,
// your slot has moved. And the way back from a locked screen: the page is made true at once, and says
// whether a vote has been missed. All of it is off until somebody switches it on, with "I am here" or
// with the switch beside it; that choice is kept on this device and sent nowhere.

import { poll } from "./connection.js";
import { say, word } from "./page.js";
import { afterMorph } from "./regions.js";

const KEY = "conference-alerts";
const AWAY_MS = 1500; // a glance at another window is not worth a fetch
const AWAKE_MS = 700;
const AWAKE_TRIES = 30;
const OPEN = ["announced", "open"];

const rung = new Set(); // what has been told already
let on = false;
let audio = null;
let lock = null;
let left = null; // where the votes stood when the page was hidden

function read() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false; // storage is switched off: it is asked for again on the next page
  }
}

function set(value, sample) {
  on = value;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // for this page only
  }
  if (on) arm();
  if (on && sample) chime();
  awake();
  paint();
}

// A browser lets a page sound only after somebody has pressed something on it.
function arm() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return;
  audio ??= new Context();
  if (audio.state === "suspended") audio.resume().catch(() => {});
}

// Two soft tones, a fifth apart, made here: no file to fetch.
function chime() {
  if (!audio || audio.state === "closed") return;
  for (const [pitch, after] of [[523, 0], [784, 0.18]]) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    const at = audio.currentTime + after;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.12, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.75);
  }
}

async function awake() {
  const wanted = on && document.visibilityState === "visible";
  if (!wanted) {
    lock?.release().catch(() => {});
    lock = null;
  } else if (!lock && navigator.wakeLock) {
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => (lock = null));
    } catch {
      lock = null; // a battery that is low, or a browser that does not want to
    }
  }
}

function ring() {
  for (const node of document.querySelectorAll("[data-alert]")) {
    const key = node.dataset.alert;
    if (!key || rung.has(key)) continue;
    rung.add(key);
    if (!on) continue;
    arm();
    chime();
    navigator.vibrate?.([180, 90, 180]);
  }
}

function paint() {
  for (const label of document.querySelectorAll("[data-alerts]")) {
    label.hidden = false;
    label.querySelector("input").checked = on;
  }
}

// --- away and back ------------------------------------------------------------------------------------

function votes() {
  const cards = [...document.querySelectorAll("[data-vote-state]")].map((node) => ({
    number: Number(node.dataset.vote),
    over: !OPEN.includes(node.dataset.voteState),
  }));
  const results = [...document.querySelectorAll("[data-result]")].map((node) => ({
    number: Number(node.dataset.result),
    over: true,
  }));
  return [...cards, ...results].sort((a, b) => b.number - a.number)[0] ?? { number: 0, over: true };
}

const recorded = (number) => document.querySelector(`[data-receipt="${number}"] strong`)?.textContent === word("recorded");

// A socket that slept may look alive: the page itself is asked. A phone that wakes may need a moment
// for its network, and what was missed must be said all the same.
async function fresh() {
  for (let tries = 0; tries < AWAKE_TRIES && document.visibilityState !== "hidden"; tries += 1) {
    if (tries) await new Promise((done) => setTimeout(done, AWAKE_MS));
    if (await poll.now()) return true;
  }
  return false;
}

async function shown() {
  awake();
  const before = left;
  left = null;
  if (!before || performance.now() - before.at < AWAY_MS) return;
  if (!(await fresh())) return;
  const now = votes();
  const newer = now.number - before.number;
  if (!before.watched || !now.over || (newer <= 0 && before.over) || recorded(now.number)) return;
  say(newer > 1 ? word("votesmissed", { n: newer }) : word("votemissed"));
}

function hidden() {
  // Only who could vote can have missed a vote: the floor of a delegate who is here.
  const watched = Boolean(document.querySelector("#leave"));
  left = { ...votes(), watched, at: performance.now() };
}

export function start() {
  on = read();
  for (const node of document.querySelectorAll("[data-alert]")) rung.add(node.dataset.alert);
  document.addEventListener("submit", (event) => {
    const here = ["yes", "here", "standing_by"].includes(event.submitter?.value);
    if (here && event.target.matches("#check-in, [data-arms]")) set(true, false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest?.("[data-alerts]")) set(event.target.checked, true);
  });
  // The first press of any kind: sound that was switched on earlier may play from now on.
  document.addEventListener("pointerdown", () => on && arm(), { passive: true });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hidden() : shown()));
  window.addEventListener("pageshow", (event) => event.persisted && shown());
  afterMorph(() => {
    paint();
    ring();
  });
  paint();
  awake();
}
