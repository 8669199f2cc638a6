// Questions asked in place. A form with data-dialog leads to a page that asks; with this file the
// same question opens as a dialog, and the page behind it stays alive.

function open(event) {
  const form = event.target;
  const dialog = form.dataset.dialog && document.getElementById(form.dataset.dialog);
  if (!dialog?.showModal || !document.documentElement.dataset.alive) return;
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
  const confirm = dialog.querySelector("[autofocus], form[method='post'] button:not([formmethod='dialog'])");
  confirm?.focus();
}

export function start() {
  document.addEventListener("submit", open);
}
