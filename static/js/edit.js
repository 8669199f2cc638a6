// The editor of the programme: an item is dragged to its place, or moved with Alt and the arrow keys,
// and what would not fit together is said while times are typed. Everything here presses the page's
// own forms, which work without it.

import { announce } from "./page.js";
import { afterMorph } from "./regions.js";

const CHECK_MS = 300;

let dragged = null;
let timer = 0;
let asked = 0;

const rows = () => [...document.querySelectorAll("[data-editor] > [data-item]")];
const rowOf = (node) => node.closest?.("[data-editor] > [data-item]") ?? null;

function paint() {
  for (const handle of document.querySelectorAll(".handle[hidden]")) handle.hidden = false;
}

function place(row, before) {
  const form = document.getElementById("edit-drag");
  if (!form || row === before || row.nextElementSibling === before) return;
  form.elements.namedItem("item").value = row.dataset.item;
  form.elements.namedItem("before").value = before?.dataset.item ?? 0;
  form.requestSubmit();
}

// Where it would be dropped: before the first row whose middle is below the pointer.
function under(y) {
  return rows().find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;
}

function mark(before) {
  for (const row of rows()) row.classList.toggle("drop", row === before);
}

function start(event) {
  const handle = event.target.closest?.(".handle");
  if (!handle) return;
  dragged = rowOf(handle);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.item);
  dragged.classList.add("dragged");
}

function over(event) {
  if (!dragged) return;
  event.preventDefault();
  mark(under(event.clientY));
}

function drop(event) {
  if (!dragged) return;
  event.preventDefault();
  place(dragged, under(event.clientY));
}

function end() {
  dragged?.classList.remove("dragged");
  dragged = null;
  mark(null);
}

function key(event) {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = rowOf(event.target);
  const form = row?.querySelector(event.key === "ArrowUp" ? "form[data-up]" : "form[data-down]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}

function typed(event) {
  const form = event.target.closest?.("form[data-check]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(form), CHECK_MS);
}

async function look(form) {
  const mine = (asked += 1);
  const body = new URLSearchParams(new FormData(form));
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.dataset.check, { method: "POST", headers, body }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (mine !== asked || !form.isConnected || !told) return;
  const said = answer.ok ? told.odd : Object.values(told.fields ?? { "": told.say });
  let note = form.querySelector(".odd-note");
  if (!note) {
    note = document.createElement("p");
    note.className = "odd-note warn";
    form.append(note);
  }
  note.hidden = said.length === 0;
  note.textContent = said.join(" ");
  if (said.length) announce(note.textContent);
}

// What does not fit together is asked about on a page of its own: the form goes there by itself.
function refused(event) {
  if (event.detail?.code !== "agenda_odd") return;
  event.preventDefault();
  event.target.submit();
}

document.addEventListener("dragstart", start);
document.addEventListener("dragover", over);
document.addEventListener("drop", drop);
document.addEventListener("dragend", end);
document.addEventListener("keydown", key);
document.addEventListener("input", typed);
document.addEventListener("refused", refused);
afterMorph(paint);
paint();
