// One press on For, Against or Abstain, until the server has stored it or refused it. "Recorded"
// stands here only after the server's word. The choice is sealed before anything leaves this page,
// and the same envelope is sent until there is an answer. The choice lives in memory while it is under
// way and nowhere else: not in storage, not in an address, not as a mark on the page afterwards.

import { poll, socket } from "./connection.js";
import { say, word } from "./page.js";
import { afterMorph, guard } from "./regions.js";

const ACK_MS = 4000; // then the same ballot goes by POST
const POST_MS = 6000;
const GIVE_UP_MS = 20000; // a killed server is back well before
const AGAIN_MS = [500, 1000, 2000, 3000];

const presses = new Map(); // vote -> the last press
const server = new Map(); // vote -> what the server's own receipt said last

// What seals is the heaviest part of the page, and most pages have no vote: it is fetched once one is
// announced, well before it opens. A press that comes first waits for it; if it does not come, nothing goes.
const SEALS = "[data-vote-state='announced'], form[data-ballot]:not([data-by-name])";
let sealing = null;

function fetchSeal() {
  sealing ??= import("./seal.js");
  sealing.catch(() => (sealing = null));
  return sealing;
}

function expectVote() {
  if (!sealing && document.querySelector(SEALS)) fetchSeal().catch(() => {});
}

const formOf = (vote) => document.querySelector(`form[data-ballot="${CSS.escape(vote)}"]`);
const receiptOf = (vote) => document.querySelector(`[data-receipt="${CSS.escape(vote)}"]`);
const sending = (press) => press.phase === "sending" && presses.get(press.vote) === press;

function freshId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function submit(event) {
  const form = event.target;
  if (!form.matches("form[data-ballot]") || !document.documentElement.dataset.alive) return;
  event.preventDefault();
  const vote = form.dataset.ballot;
  const choice = event.submitter?.value;
  if (!choice) return;
  const before = presses.get(vote);
  if (before?.phase === "sending") {
    if (before.choice === choice) return; // a double tap: that very ballot is under way
    before.stop?.abort();
    clearTimeout(before.timer);
  }
  const press = { vote, choice, id: freshId(), phase: "sending", at: performance.now(), tries: 0, action: form.getAttribute("action") };
  presses.set(vote, press);
  say("");
  press.body = new URLSearchParams(new FormData(form)); // also for whom the page was made
  press.body.set("id", press.id);
  paint();
  press.timer = setTimeout(unsealed, GIVE_UP_MS, press);
  sealed(press, form.dataset).then(attempt, () => unsealed(press));
}

function unsealed(press) {
  if (sending(press)) settle(press, "refused", word("notsealed")); // never in the clear instead
}

async function sealed(press, form) {
  press.paper = await paperOf(form, press.choice);
  press.body?.set("paper", press.paper);
  return press;
}

/** What is sent: the envelope; the choice itself only in a vote that conference takes by name. */
async function paperOf(form, choice) {
  const { ballot: vote, key, mark: conference, byName } = form;
  if (byName !== undefined) return choice;
  const { seal } = await fetchSeal();
  return seal(key, { conference, vote, person: document.body.dataset.person }, choice).text;
}

/** Over the socket when there is one, by POST when not, or when no answer comes. */
function attempt(press) {
  if (!sending(press) || !press.paper) return;
  clearTimeout(press.timer);
  const { vote, id, paper } = press;
  press.n = socket.send("ballot", { vote: Number(vote), id, paper });
  if (press.n) press.timer = setTimeout(post, ACK_MS, press);
  else post(press);
}

async function post(press) {
  if (!sending(press) || press.posting) return;
  press.posting = true;
  paint();
  press.stop = new AbortController();
  const late = setTimeout(() => press.stop.abort(), POST_MS);
  let answer = null;
  let told = null;
  try {
    const headers = { Accept: "application/json" };
    answer = await fetch(press.action, { method: "POST", headers, body: press.body, redirect: "manual", signal: press.stop.signal });
    if (answer.type !== "opaqueredirect" && !answer.ok) told = await answer.json().catch(() => null);
  } catch {
    answer = null;
  }
  clearTimeout(late);
  press.posting = false;
  if (!sending(press)) return;
  if (answer && (answer.type === "opaqueredirect" || answer.ok)) {
    settle(press, "recorded");
    if (!socket.isOpen()) poll.now();
  } else if (told?.say && told.code !== "busy" && answer.status < 500) settle(press, "refused", told.say);
  else if (answer && answer.status < 500 && told?.code !== "busy") settle(press, "refused", word("notrecordedodd"));
  else if (performance.now() - press.at > GIVE_UP_MS) settle(press, "refused", word("notrecorded"));
  else press.timer = setTimeout(attempt, AGAIN_MS[Math.min(press.tries++, AGAIN_MS.length - 1)], press);
}

function settle(press, phase, text = "") {
  clearTimeout(press.timer);
  press.phase = phase;
  press.text = text;
  delete press.choice;
  delete press.paper;
  delete press.body;
  paint();
}

const byNumber = (n) => [...presses.values()].find((press) => press.n === n && sending(press));

/** The server has stored it. */
export function ack({ n }) {
  const press = byNumber(n);
  if (press) settle(press, "recorded");
}

/** The server has refused it; false when the number is none of ours. */
export function refused({ n, code, say: text }) {
  const press = byNumber(n);
  if (!press) return false;
  if (code === "busy") press.timer = setTimeout(attempt, AGAIN_MS[1], press);
  else settle(press, "refused", text);
  return true;
}

/** Connected again: what has no answer is sent again, with the same id. */
export function reconnected() {
  for (const press of presses.values()) attempt(press);
}

export function dropped() {
  for (const press of presses.values()) if (press.n && sending(press)) press.timer = restart(press);
}

function restart(press) {
  clearTimeout(press.timer);
  press.n = 0;
  return setTimeout(attempt, AGAIN_MS[0], press);
}

/** Another epoch is another database: what was answered before says nothing about it. */
export function forget() {
  for (const [vote, press] of presses) if (!sending(press)) presses.delete(vote);
}

function paint() {
  for (const [vote, press] of presses) {
    const under = sending(press);
    for (const button of formOf(vote)?.querySelectorAll("button") ?? []) {
      const pressed = under && button.value === press.choice;
      button.toggleAttribute("data-sending", pressed);
      if (pressed) button.setAttribute("aria-pressed", "true");
      else button.removeAttribute("aria-pressed");
    }
    const receipt = receiptOf(vote) ?? makeReceipt(vote);
    if (!receipt) continue;
    if (press.phase === "recorded" && press.told) {
      receipt.replaceChildren(...press.told);
      receipt.dataset.state = press.phase;
      presses.delete(vote);
      continue;
    }
    const text = under ? word(press.posting ? "stillsending" : "sending") : press.phase === "recorded" ? word("recorded") : press.text;
    if (receipt.textContent !== text) receipt.textContent = text;
    receipt.dataset.state = press.phase;
  }
}

function makeReceipt(vote) {
  const form = formOf(vote);
  if (!form) return null;
  const receipt = document.createElement("p");
  receipt.dataset.receipt = vote;
  receipt.dataset.made = "";
  receipt.setAttribute("role", "status");
  form.append(receipt);
  return receipt;
}

/** The server's receipt has come: the one made in its absence goes. */
function tidy() {
  for (const made of document.querySelectorAll("[data-receipt][data-made]")) {
    if (document.querySelectorAll(`[data-receipt="${CSS.escape(made.dataset.receipt)}"]`).length > 1) made.remove();
  }
}

// Our sentence stays in the receipt until the server's own changes: a page that is fetched every few
// seconds would otherwise wipe a refusal, and have "Recorded" spoken again and again.
function keepReceipt(old, node) {
  const vote = old.dataset?.receipt;
  if (vote === undefined || vote !== node.getAttribute("data-receipt")) return false;
  const text = node.textContent.trim();
  const news = text !== server.get(vote);
  server.set(vote, text);
  const press = presses.get(vote);
  if (!press) return false;
  if (sending(press)) {
    // The server may tell before it answers: what it told is shown when the answer has come.
    press.told = node.querySelector(".words") ? [...node.childNodes].map((child) => child.cloneNode(true)) : null;
    return true;
  }
  if (news) presses.delete(vote);
  return !news;
}

export function start() {
  for (const node of document.querySelectorAll("[data-receipt]")) server.set(node.dataset.receipt, node.textContent.trim());
  guard(keepReceipt);
  expectVote();
  afterMorph(expectVote);
  afterMorph(tidy);
  afterMorph(paint);
  document.addEventListener("submit", submit);
}
