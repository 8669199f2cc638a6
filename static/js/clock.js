// Time as the server has it. A browser's clock may be minutes wrong, so every countdown runs on the
// offset to the server's; and a time of day is shown in the conference's zone and in the reader's.
// Numbers that run are not spoken: one sentence, ten seconds before the end, where it is asked for.

import { announce, word } from "./page.js";
import { afterMorph } from "./regions.js";

const AMBER_MS = 30000;
const TEN_MS = 10000;

const samples = [];
let offset = 0;
const told = new Set();

export const serverNow = () => Date.now() + offset;

/** The server said it is `now`. Each sample is late by its way here: the greatest is the best. */
export function heardNow(now, fresh = false) {
  if (!Number.isFinite(now)) return;
  if (fresh) samples.length = 0;
  samples.push(now - Date.now());
  if (samples.length > 8) samples.shift();
  offset = Math.max(...samples);
}

function span(ms) {
  const all = Math.max(0, ms);
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const two = (n) => String(n).padStart(2, "0");
const write = (node, text) => node.textContent !== text && (node.textContent = text);

function tick() {
  const now = serverNow();
  for (const node of document.querySelectorAll("[data-countdown-to]")) {
    const left = Number(node.dataset.countdownTo) - now;
    const over = Number(node.dataset.overrunFrom ?? Infinity);
    write(node, now >= over ? `+${span(Math.floor((now - over) / 1000))}` : span(Math.ceil(left / 1000)));
    if (!node.hasAttribute("data-plain")) colour(node, left);
    if (node.hasAttribute("data-countdown-announce")) tell(node, left);
  }
  for (const node of document.querySelectorAll("[data-overrun-from]:not([data-countdown-to])")) {
    const over = now - Number(node.dataset.overrunFrom);
    write(node, over < 0 ? "" : `+${span(Math.floor(over / 1000))}`);
  }
  for (const node of document.querySelectorAll("[data-elapsed-from]")) {
    write(node, span(Math.floor((now - Number(node.dataset.elapsedFrom)) / 1000)));
  }
  // What is possible for a short while only goes by itself, not only with the next push.
  for (const node of document.querySelectorAll("[data-until]")) node.hidden = now > Number(node.dataset.until);
  for (const node of document.querySelectorAll("progress[data-from][data-to]")) {
    const from = Number(node.dataset.from);
    const part = (now - from) / (Number(node.dataset.to) - from);
    node.max = 1;
    node.value = Math.min(1, Math.max(0, part)) || 0;
  }
}

// Never by colour alone: a .clock-word beside the figures says the same.
function colour(node, left) {
  const state = left <= 0 ? "red" : left < AMBER_MS ? "amber" : "green";
  node.classList.toggle("amber", state === "amber");
  node.classList.toggle("red", state === "red");
  const clock = node.closest(".clock");
  if (!clock) return;
  let label = clock.querySelector(".clock-word");
  if (!label) {
    label = document.createElement("span");
    label.className = "clock-word";
    clock.append(" ", label);
  }
  write(label, word(`clock${state}`));
}

function tell(node, left) {
  const target = node.dataset.countdownTo;
  if (left > TEN_MS || left < TEN_MS - 1500 || told.has(target)) return;
  told.add(target);
  announce(node.dataset.countdownAnnounce || word("tenseconds"));
}

function localise() {
  for (const node of document.querySelectorAll("time[datetime][data-zone]")) {
    const at = new Date(node.getAttribute("datetime"));
    if (node.querySelector(".local") || Number.isNaN(at.getTime())) continue;
    const there = shown(at, node.dataset.zone);
    const mine = shown(at);
    if (!there || there.day + there.time === mine.day + mine.time) continue;
    const local = document.createElement("span");
    local.className = "local";
    const time = there.day === mine.day ? mine.time : `${mine.day} ${mine.time}`;
    const city = node.dataset.zone.split("/").pop().replaceAll("_", " ");
    // In two pieces, so that a narrow column can put one below the other.
    for (const piece of word("local", { city, time }).split(" · ")) {
      const part = document.createElement("span");
      part.textContent = local.childNodes.length ? ` · ${piece}` : ` ${piece}`;
      local.append(part);
    }
    node.append(local);
  }
}

function shown(at, timeZone) {
  const language = document.documentElement.lang || "en";
  const make = (options) => new Intl.DateTimeFormat(language, { timeZone, ...options }).format(at);
  try {
    return { day: make({ weekday: "short" }), time: make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) };
  } catch {
    return null; // a zone this browser does not know: the conference's own time stands
  }
}

export function start() {
  // The page was written when its first byte came, not when this script ran.
  const began = performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();
  heardNow(Number(document.body.dataset.now) + performance.now() - began, true);
  const paint = () => {
    tick();
    localise();
  };
  afterMorph(paint);
  paint();
  setInterval(tick, 250);
}
