// Passkeys: the button that makes or shows one. Where the browser knows none, the button stays hidden
// and everything else on the page goes on working. The server's options come as JSON and go back as
// JSON; the browser's own functions translate both.

const usable = window.isSecureContext && typeof PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

async function ask(purpose) {
  const body = new URLSearchParams({ purpose });
  const answer = await fetch("/passkeys/challenge", { method: "POST", headers: { Accept: "application/json" }, body });
  if (!answer.ok) throw new Error("refused");
  return answer.json();
}

async function credential(purpose) {
  const options = await ask(purpose);
  if (purpose === "add") return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function press(box, button, says) {
  says.textContent = "";
  button.disabled = true;
  try {
    const made = await credential(box.dataset.passkey);
    const body = new URLSearchParams({ credential: JSON.stringify(made.toJSON()), next: box.dataset.next ?? "" });
    const answer = await fetch(box.dataset.to, { method: "POST", headers: { Accept: "application/json" }, body });
    const told = await answer.json();
    if (answer.ok) return location.assign(told.go);
    says.textContent = told.say;
  } catch {
    says.textContent = says.dataset.failed; // given up by the person, or by the device
  }
  button.disabled = false;
}

for (const box of usable ? document.querySelectorAll("[data-passkey]") : []) {
  const button = box.querySelector("button");
  button.addEventListener("click", () => press(box, button, box.querySelector("[data-passkey-says]")));
  box.hidden = false;
}
