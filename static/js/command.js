// The chair's command line: / or Ctrl-K, a few letters, Enter. It knows no acts of its own: what can be
// typed are the forms with data-command that stand on the page at this moment, and Enter presses one
// of their buttons. What is not offered cannot be typed; what asks before it acts asks here, too.

import { fill } from "./page.js";
import { afterMorph } from "./regions.js";

const LONGEST = 12; // more than fits is no choice
const SLASH_KEY = "conference-slash";
const FIELDS = "input:not([type='hidden'], [type='checkbox']), textarea, select";

const dialog = document.getElementById("command");
const line = document.getElementById("command-line");
const list = document.getElementById("command-list");
const status = document.getElementById("command-say");
const slash = document.getElementById("command-slash");
const opener = document.getElementById("command-open");

let found = []; // what the typed words allow, best first
let active = ""; // the key of the chosen one
let gone = false; // whether it has gone since it was chosen

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const shown = (node) => !node.closest("[hidden], dialog");

/** Everything that can be pressed now: one command for each button of each form that says so. */
function commands() {
  const sent = new Set();
  const forms = [...document.querySelectorAll("form[data-command]")].filter(shown);
  // An empty line and Enter are the suggested step, never whatever happens to stand first.
  forms.sort((a, b) => b.matches(".suggested") - a.matches(".suggested"));
  return forms.flatMap((form) => {
    const buttons = [...form.querySelectorAll("button")].filter((button) => !button.disabled);
    return buttons.flatMap((button, place) => {
      // The same act may stand on the page twice: in its place and as the next step.
      const what = `${form.getAttribute("action")} ${new URLSearchParams(new FormData(form, button))}`;
      if (sent.has(what)) return [];
      sent.add(what);
      const own = button.textContent.trim();
      const name = buttons.length > 1 ? `${form.dataset.command} – ${own}` : form.dataset.command;
      const words = wordsOf(name);
      return [{ key: `${form.id} ${place}`, form, button, name: name.replace(/\s+/g, " ").trim(), words }];
    });
  });
}

const lineOf = (form) => form.querySelector("input[name='line'], input[data-line]");
const numberOf = (form) => form.querySelector("input[inputmode='numeric']");
const fieldOf = (form) => lineOf(form) ?? numberOf(form);
const asks = (form) => form.closest("details.ask") || form.dataset.dialog;

/** How well the typed words name this command, and what is left of them for its field; or null. */
function match(command, text) {
  const typed = [...text.matchAll(/\S+/g)];
  let used = 0;
  for (const { 0: one } of typed) {
    const parts = wordsOf(one);
    if (!parts.length || !parts.every((part) => command.words.some((word) => word.startsWith(part)))) break;
    used += 1;
  }
  if (used === typed.length) return { ...command, used, rest: "" };
  const rest = text.slice(typed[used].index).trim();
  if (!used) return null;
  const takes = lineOf(command.form) || (numberOf(command.form) && /^\d+$/.test(rest));
  return takes ? { ...command, used, rest } : null;
}

function look() {
  const all = commands();
  const matching = all.map((one) => match(one, line.value)).filter(Boolean);
  const best = Math.max(0, ...matching.map((one) => one.used));
  // "announce we go on" names the announcement; that its words also begin something else is chance.
  return matching.filter((one) => one.used === best).slice(0, LONGEST);
}

/** What is looked for and would be refused now, with the reason that the panel gives; or nothing. */
function whyNot(text) {
  const typed = wordsOf(text);
  const names = (node) => typed.every((one) => wordsOf(node.textContent).some((word) => word.startsWith(one)));
  const refused = typed.length && [...document.querySelectorAll("#why dd > span")].find(names);
  if (!refused) return "";
  const why = refused.parentElement.previousElementSibling.textContent.trim();
  return fill(dialog.dataset.why, { what: refused.textContent, why });
}

function draw(typing) {
  found = look();
  const still = found.some((one) => one.key === active);
  // What was chosen has gone: another must not slip under the finger.
  gone = !typing && !still && (gone || active !== "");
  if (!still) active = typing && (line.value.trim() || found[0]?.form.matches(".suggested")) ? (found[0]?.key ?? "") : "";
  list.replaceChildren(...found.map(option));
  const chosen = found.findIndex((one) => one.key === active);
  if (chosen < 0) line.removeAttribute("aria-activedescendant");
  else line.setAttribute("aria-activedescendant", `command-${chosen}`);
  const some = found.length && fill(dialog.dataset.some, { n: found.length });
  const said = gone ? dialog.dataset.gone : some || whyNot(line.value) || dialog.dataset.none;
  if (status.textContent !== said) status.textContent = said;
}

function option(one, place) {
  const node = document.createElement("li");
  node.id = `command-${place}`;
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", String(one.key === active));
  node.textContent = one.rest ? `${one.name}: ${one.rest}` : one.name;
  const more = fieldOf(one.form) && !one.rest ? dialog.dataset.more : asks(one.form) ? dialog.dataset.asks : "";
  if (more) {
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = ` ${more}`;
    node.append(hint);
  }
  node.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the line
  node.addEventListener("click", () => {
    active = one.key;
    run();
  });
  return node;
}

function move(by) {
  if (!found.length) return;
  const at = found.findIndex((one) => one.key === active);
  const to = at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
  active = found[to].key;
  draw(false);
  document.getElementById(`command-${to}`)?.scrollIntoView({ block: "nearest" });
}

/** Press the chosen button, as it stands on the page at this moment. */
function run() {
  const chosen = active;
  draw(false);
  const one = found.find(({ key }) => key === chosen);
  if (!one) return;
  dialog.close();
  for (let box = one.form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  put(one);
  if (one.form.closest("details.ask")) return one.button.focus();
  // Whom it is about is chosen on the page; so is a number that nobody typed.
  const empty = one.form.querySelector("select") ?? (one.rest ? null : fieldOf(one.form));
  if (empty) return empty.focus();
  one.form.requestSubmit(one.button);
}

function put({ form, rest }) {
  const field = fieldOf(form);
  if (!field || !rest) return;
  field.value = rest.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function open() {
  if (dialog.open || document.querySelector("dialog[open]")) return;
  line.value = "";
  active = "";
  dialog.showModal();
  line.focus();
  draw(true);
}

function remembered() {
  try {
    return localStorage.getItem(SLASH_KEY) !== "off";
  } catch {
    return true; // storage is switched off
  }
}

function remember() {
  try {
    localStorage.setItem(SLASH_KEY, slash.checked ? "on" : "off");
  } catch {
    return; // then it holds for this page only
  }
}

function key(event) {
  const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
  const plain = event.key === "/" && slash.checked && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!command && !plain) return;
  if (event.target.closest?.(`${FIELDS}, [contenteditable]`)) return;
  event.preventDefault();
  open();
}

function typing(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    move(step);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    if (!event.repeat) run();
  }
}

function start() {
  slash.checked = remembered();
  slash.addEventListener("change", remember);
  document.addEventListener("keydown", key);
  line.addEventListener("input", () => draw(true));
  line.addEventListener("keydown", typing);
  document.getElementById("command-close").addEventListener("click", () => dialog.close());
  opener.querySelector("button").addEventListener("click", open);
  opener.hidden = false;
  afterMorph(() => dialog.open && draw(false));
}

start();
