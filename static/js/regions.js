// Puts a region's new HTML into the page without taking anything from the person who uses it: the
// focus, half-typed text, what they opened and where they scrolled to stay. The server sends the
// same bytes to a whole audience and cannot know any of this; here is the one place that does.

import { Idiomorph } from "../vendor/idiomorph.js";
import { announce, element, say, word } from "./page.js";

const touched = new WeakSet(); // fields somebody changed by hand
const held = new WeakSet(); // elements that a script owns until it releases them
const marked = new WeakSet(); // fields whose aria-* a script owns
const late = new WeakMap(); // open dialog -> what it will be when it closes
const spoken = new Map(); // region -> the sentences it carried last
const applied = new Map(); // region -> when it was last replaced
const after = []; // what to repaint after a change
const guards = []; // who else may keep an element as it is

export const hold = (node) => held.add(node);
export const release = (node) => held.delete(node);
export const mark = (node, on) => (on ? marked.add(node) : marked.delete(node));
export const untouch = (form) => [...form.elements].forEach((field) => touched.delete(field));
/** Call `paint(root)` after each change, before the browser draws. */
export const afterMorph = (paint) => after.push(paint);
/** Ask `keep(old, new)` before an element is changed; true leaves it alone. */
export const guard = (keep) => guards.push(keep);

const regionOf = (root, name) => root.querySelector(`[data-region="${CSS.escape(name)}"]`);

/** A region from the wire. Unknown to this page: not ours, ignored. */
export function region(name, html) {
  const node = element(html);
  if (node?.dataset.region === name) put(name, node);
}

/** All regions of a page that was fetched, except those that were pushed while it was under way. */
export function fromPage(page, since) {
  for (const old of document.querySelectorAll("[data-region]")) {
    const name = old.dataset.region;
    const node = regionOf(page, name);
    if (node && (applied.get(name) ?? -1) < since) put(name, document.importNode(node, true));
  }
}

function put(name, node) {
  const old = regionOf(document, name);
  if (!old) return;
  applied.set(name, performance.now());
  morph(old, node);
  // By name again: a morph of the outer element may have put another one in its place.
  const now = regionOf(document, name);
  if (!now) return;
  const before = spoken.get(name) ?? [];
  const sentences = sentencesOf(now);
  sentences.filter((text) => !before.includes(text)).forEach(announce);
  spoken.set(name, sentences);
}

function morph(old, node) {
  const place = old.closest("[data-region]")?.dataset.region;
  const focus = document.activeElement;
  const inside = old.contains(focus);
  Idiomorph.morph(old, node, { morphStyle: "outerHTML", callbacks });
  after.forEach((paint) => paint());
  if (!inside || document.activeElement === focus) return;
  if (focus.isConnected) return focus.focus({ preventScroll: true });
  // What had the focus is gone. Stay near: a keyboard user must not start again at the top.
  const near = place && regionOf(document, place);
  if (!near) return;
  if (!near.hasAttribute("tabindex")) near.tabIndex = -1;
  near.focus({ preventScroll: true });
}

const typed = (field) =>
  touched.has(field) ||
  (/^(text|email|search|tel|url|number|password|textarea)$/.test(field.type) && field.value !== field.defaultValue);

const callbacks = {
  beforeNodeMorphed(old, node) {
    if (old.nodeType !== 1) return true;
    if (guards.some((keep) => keep(old, node))) return false;
    if (held.has(old)) {
      if (node.hasAttribute("data-say")) return false;
      held.delete(old);
    }
    // A dialog that is being read does not change under the reader: what is confirmed is what was
    // shown. If it is out of date the server says so (409), and the new text stands at the close.
    if (old.localName === "dialog" && old.open) {
      late.set(old, node.cloneNode(true));
      return false;
    }
    // An unnamed match: another field takes this one's place, and must not inherit its text.
    if (old.form !== undefined && old.name !== undefined && old.name !== node.getAttribute("name")) {
      touched.delete(old);
      if (old.defaultValue !== undefined && old.type !== "hidden") old.value = old.defaultValue;
    }
    return true;
  },
  beforeNodeRemoved(old) {
    if (held.has(old)) return false;
    const dialog = old.nodeType === 1 && (old.matches("dialog[open]") ? old : old.querySelector("dialog[open]"));
    if (dialog && !dialog.querySelector("[aria-busy]")) say(word("changed"));
    return true;
  },
  beforeAttributeUpdated(name, old, kind) {
    if (name === "open") return !["details", "dialog"].includes(old.localName);
    if (name === "tabindex") return !(kind === "remove" && old.hasAttribute("data-region"));
    if (name === "aria-invalid" || name === "aria-describedby") return !marked.has(old);
    if (name === "value" || name === "checked") return !typed(old);
    if (name === "selected") return !touched.has(old.closest("select"));
    return true;
  },
};

function sentencesOf(root) {
  return [root, ...root.querySelectorAll("[data-announce]")]
    .filter((node) => node.hasAttribute("data-announce"))
    .map((node) => (node.dataset.announce || node.textContent).replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

export function start() {
  const touch = (event) => touched.add(event.target);
  document.addEventListener("input", touch);
  document.addEventListener("change", touch);
  document.addEventListener("reset", (event) => untouch(event.target));
  document.addEventListener(
    "close",
    ({ target }) => {
      const node = late.get(target);
      late.delete(target);
      if (node && target.isConnected) morph(target, node);
    },
    true, // close does not bubble
  );
  for (const root of document.querySelectorAll("[data-region]")) spoken.set(root.dataset.region, sentencesOf(root));
}
