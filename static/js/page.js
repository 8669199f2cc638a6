// What every other script needs of the page: its sentences, the one door for HTML, what is spoken, and
// questions asked in place. One file, because a phone on a bad network pays for each.

// The sentences that scripts show. They are written in templates/parts/words.html, where gettext
// finds them, so that no script carries a language of its own.

const list = document.getElementById("words")?.dataset ?? {};

/** The sentence called `name`, its {places} filled; never null, never "undefined" for a reader. */
export function word(name, places = {}) {
  return fill(list[name] ?? name, places);
}

/** Fill "{cast} of {roll}" from an object; an unknown place stays as it is. */
export function fill(text, places) {
  return text.replace(/\{(\w+)\}/g, (all, key) => places[key] ?? all);
}

// The only door for HTML that comes as text. The page's policy (require-trusted-types-for 'script')
// closes every other sink, so whoever looks for a way to inject markup has one file to read. What
// passes here comes from our own server, rendered and escaped by the templates of the first load.

const rules = { createHTML: (html) => html };
const policy = window.trustedTypes?.createPolicy("conference", rules) ?? rules;

/** The first element of a piece of HTML, inert until it is put into the page. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content.firstElementChild;
}

/** A whole page, parsed but not shown and not run. */
export function wholePage(html) {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}

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

// Questions asked in place. A form with data-dialog leads to a page that asks; with this file the
// same question opens as a dialog, and the page behind it stays alive.
// What was typed in the form that leads here stands in the question, and goes with its answer.

function copy(text, place) {
  if (place.localName === "input") place.value = text;
  else place.textContent = text;
}

function ask(event) {
  const form = event.target;
  const dialog = form.dataset.dialog && document.getElementById(form.dataset.dialog);
  if (!dialog?.showModal || !document.documentElement.dataset.alive) return;
  event.preventDefault();
  for (const place of dialog.querySelectorAll("[data-copy]")) copy(form.elements[place.dataset.copy]?.value ?? "", place);
  if (!dialog.open) dialog.showModal();
  const confirm = dialog.querySelector("[autofocus], form[method='post'] button:not([formmethod='dialog'])");
  confirm?.focus();
}

export function startDialogs() {
  document.addEventListener("submit", ask);
}
