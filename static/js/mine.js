// Marks one's own items in the programme: the list of them is a region of one's own, the programme is
// the same for everybody. Without this file the list at the top says it all.

import { afterMorph } from "./regions.js";

function paint() {
  const own = new Set([...document.querySelectorAll("[data-mine]")].map((node) => `item-${node.dataset.mine}`));
  const word = document.querySelector("[data-mine-word]")?.dataset.mineWord ?? "";
  for (const item of document.querySelectorAll(".agenda > [id^='item-']")) {
    const mark = item.querySelector(":scope .mine-mark");
    if (!own.has(item.id)) {
      mark?.remove();
      item.classList.remove("mine");
    } else if (!mark) {
      item.classList.add("mine");
      const made = document.createElement("span");
      made.className = "pill mine-mark";
      made.textContent = word;
      item.querySelector("h3")?.append(" ", made);
    }
  }
}

afterMorph(paint);
paint();
