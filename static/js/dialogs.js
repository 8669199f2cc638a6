// Questions asked in place. A form with data-dialog leads to a page that asks; with this file the
// same question opens as a dialog, and the page behind it stays alive.

// What was typed in the form that leads here stands in the question, and goes with its answer.
function copy(text, place) {
  if (place.localName === "input") place.value = text;
  else place.textContent = text;
}

function open(event) {
  const form = event.target;
  const dialog = form.dataset.dialog && document.getElementById(form.dataset.dialog);
  if (!dialog?.showModal || !document.documentElement.dataset.alive) return;
  event.preventDefault();
  for (const place of dialog.querySelectorAll("[data-copy]")) copy(form.elements[place.dataset.copy]?.value ?? "", place);
  if (!dialog.open) dialog.showModal();
  const confirm = dialog.querySelector("[autofocus], form[method='post'] button:not([formmethod='dialog'])");
  confirm?.focus();
}

export function start() {
  document.addEventListener("submit", open);
}
