// Sends the page's plain forms without leaving the page, and shows a refusal where it belongs, with
// everything that was typed still there. Every form works without this file; it only saves a load.

import { poll, socket } from "./connection.js";
import { announce, say, word } from "./page.js";
import { afterMorph, hold, mark, release, untouch } from "./regions.js";

const DOUBLE_MS = 400;
const PATIENCE_MS = 12000;
const FRESH_MS = 6000; // an older refusal has been read and does not follow the reader

const live = document.body.hasAttribute("data-live");
const underWay = new Map(); // what is sent -> since when
const shown = new Map(); // element with a refusal -> the form's address then, and when
let clicked = ""; // what the first click of this series was for
let serial = 0;

// getAttribute throughout: a field called "action" or "id" hides the form's own property.
const addressOf = (form, by) => by?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
const methodOf = (form, by) => (by?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get").toLowerCase();

function submit(event) {
  const form = event.target;
  const by = event.submitter;
  if (event.defaultPrevented || !document.documentElement.dataset.alive || methodOf(form, by) !== "post") return;
  if (form.matches("[data-plain], [data-ballot], [enctype='multipart/form-data']")) return;
  if (new URL(addressOf(form, by), location.href).origin !== location.origin) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  if (by?.getAttribute("name")) body.append(by.getAttribute("name"), by.value);
  const key = `${addressOf(form, by)} ${body}`;
  const began = underWay.get(key);
  if (began !== undefined) {
    if (performance.now() - began > DOUBLE_MS) tell(form, word("stillsending"));
    return;
  }
  say("");
  clear(form);
  const slot = form.dataset.seen;
  if (slot && socket.send("seen", { slot: Number(slot) })) return;
  send(form, by, body, key);
}

async function send(form, by, body, key) {
  underWay.set(key, performance.now());
  form.setAttribute("aria-busy", "true");
  by?.setAttribute("data-sending", "");
  const address = addressOf(form, by);
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE_MS);
  let answer = null;
  let told = null;
  try {
    const headers = { Accept: "application/json" };
    answer = await fetch(address, { method: "POST", headers, body, redirect: "manual", signal: stop.signal });
    if (answer.type !== "opaqueredirect") told = await answer.json().catch(() => null);
  } catch {
    answer = null;
  }
  clearTimeout(late);
  // A quick answer must not turn the second half of a double click into a second act.
  setTimeout(() => underWay.delete(key), Math.max(0, DOUBLE_MS + underWay.get(key) - performance.now()));
  form.removeAttribute("aria-busy");
  by?.removeAttribute("data-sending");
  if (!answer) tell(form, word("notsent"), address);
  else if (answer.type === "opaqueredirect" || answer.ok) done(form, told, address);
  else refused(form, answer.status, told, address);
}

function done(form, told, address) {
  const follow = form.dataset.follow;
  // Already another form when the push was faster than the answer: then it is not ours to touch.
  if (form.isConnected && addressOf(form) === address) {
    clear(form);
    form.reset();
    untouch(form);
  }
  const dialog = form.closest("dialog");
  dialog?.close();
  // The words that were shown first and are on the screens now need not be typed away.
  for (const asked of dialog ? document.querySelectorAll(`form[data-dialog="${CSS.escape(dialog.id)}"]`) : []) {
    asked.reset();
    untouch(asked);
  }
  if (follow) return location.assign(follow);
  if (told?.say) answered(form, told.say);
  if (!live) location.reload();
  else if (!socket.isOpen()) poll.now();
}

// What the server has to say about a press that was taken: spoken, and shown where the form has room.
function answered(form, text) {
  announce(text);
  const place = form.querySelector("[data-done]");
  if (!place) return;
  place.textContent = text;
  place.hidden = false;
}

function refused(form, status, told, address) {
  // A page may have a better way to say this one; then it says so itself.
  const event = new CustomEvent("refused", { bubbles: true, cancelable: true, detail: told });
  if (form.isConnected && !form.dispatchEvent(event)) return;
  tell(form, told?.say ?? word("notdone"), address);
  for (const [name, sentence] of Object.entries(told?.fields ?? {})) {
    const field = [...form.elements].find((one) => one.name === name && one.type !== "hidden");
    if (field) wrong(field, sentence);
  }
  form.querySelector("[aria-invalid='true']")?.focus();
  if (status === 409 && live) poll.now();
}

/** A sentence in the form itself, or for everybody to see when the form has gone. */
function tell(form, text, address = addressOf(form)) {
  if (!form.isConnected || addressOf(form) !== address) return say(text);
  let place = form.querySelector("[data-say]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.say = "made";
    place.id = `say-${(serial += 1)}`; // with an id of its own it is never taken for another paragraph
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = text;
  place.hidden = false;
  hold(place);
  shown.set(place, { address, at: performance.now() });
}

function wrong(field, sentence) {
  const note = document.createElement("p");
  note.id = `wrong-${(serial += 1)}`;
  note.className = "error";
  note.textContent = sentence;
  hold(note);
  const box = field.closest(".field") ?? field.closest("label") ?? field;
  if (box === field || box.localName === "label") box.after(note);
  else box.append(note);
  field.setAttribute("aria-invalid", "true");
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", [described, note.id].filter(Boolean).join(" "));
  mark(field, true);
}

function clear(form) {
  const place = form.querySelector("[data-say]");
  if (place) forget(place);
  for (const field of form.querySelectorAll("[aria-invalid='true']")) {
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
    for (const id of ids.filter((one) => one.startsWith("wrong-"))) {
      const note = document.getElementById(id);
      if (note) release(note);
      note?.remove();
    }
    const rest = ids.filter((one) => one && !one.startsWith("wrong-")).join(" ");
    if (rest) field.setAttribute("aria-describedby", rest);
    else field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
    mark(field, false);
  }
}

function forget(place) {
  release(place);
  shown.delete(place);
  if (place.dataset.say === "made") place.remove();
  else place.textContent = "";
}

// The page changed. A refusal whose form has become another or has gone is not lost with it.
function move() {
  for (const [place, { address, at }] of shown) {
    const form = place.closest("form");
    if (place.isConnected && form && addressOf(form) === address) continue;
    if (performance.now() - at < FRESH_MS) say(place.textContent);
    forget(place);
  }
}

// "Moved" pressed twice must not become "Seconded": the second click of a double click counts only
// for what was there at the first. A key that is held down presses once.
function click(event) {
  const button = event.target.closest?.("button, input[type='submit']");
  if (!button) return;
  const what = `${button.form && addressOf(button.form, button)} ${button.value}`;
  if (event.detail < 2) clicked = what;
  else if (clicked !== what && button.form) {
    event.preventDefault();
    event.stopPropagation();
    say(word("justchanged"));
  }
}

export function start() {
  afterMorph(move);
  document.addEventListener("submit", submit);
  document.addEventListener("click", click, true);
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest?.("button")) event.preventDefault();
  });
}
