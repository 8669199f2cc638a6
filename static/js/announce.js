// What a screen reader is told, and nothing more often than it can be spoken. News goes politely
// into #announce, joined when several arrive in one beat; a refusal goes into #say, which is also
// seen, because the form it belongs to may have left the page by then.

const GATHER_MS = 120; // several regions of one act arrive within this
const APART_MS = 1200; // a polite region that changes faster loses sentences
const SHOWN_MS = 30000; // long enough to be read slowly, and twice

const polite = document.getElementById("announce");
const loud = document.getElementById("say");
let waiting = [];
let timer = 0;
let last = -APART_MS;
let hide = 0;

export function announce(text) {
  const sentence = text.trim();
  if (!polite || !sentence || waiting.includes(sentence)) return;
  waiting.push(sentence);
  if (!timer) timer = setTimeout(flush, Math.max(GATHER_MS, last + APART_MS - performance.now()));
}

function flush() {
  const text = waiting.join(" ");
  waiting = [];
  timer = 0;
  last = performance.now();
  // The same sentence twice is no change to a screen reader unless it was gone in between.
  const same = polite.textContent === text;
  polite.textContent = same ? "" : text;
  if (same) setTimeout(() => (polite.textContent = text), 50);
}

/** Show and speak a refusal; an empty text takes it away. */
export function say(text) {
  if (!loud) return;
  clearTimeout(hide);
  loud.textContent = text;
  if (text) hide = setTimeout(() => (loud.textContent = ""), SHOWN_MS);
}
