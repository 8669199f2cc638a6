// Seals a ballot in the browser, so that nobody on its way can read it: not this server's web pages,
// not its disk. RFC 9180 (HPKE), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// ChaCha20-Poly1305, the same as conference/sealing/envelope.py. The key schedule stands here because
// the browser's own cryptography is missing on plain HTTP; what it is made of is vendored.

import { chacha20poly1305, hmac, sha256, x25519 } from "../vendor/noble.js";

const INSIDE = { for: 1, against: 2, abstain: 3 };
const KEM = bytes("KEM", Uint8Array.of(0x00, 0x20));
const SUITE = bytes("HPKE", Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03));
const NOTHING = new Uint8Array();

/** Strings (as UTF-8) and bytes, one behind the other. */
function bytes(...parts) {
  const all = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
  const joined = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Each field behind its length in two bytes: no two lists give the same bytes. */
function framed(...fields) {
  const framedFields = fields.map((field) => bytes(field)).map((field) => {
    if (field.length > 0xffff) throw new RangeError("a field is longer than its length can say");
    return bytes(Uint8Array.of(field.length >> 8, field.length & 0xff), field);
  });
  return bytes(...framedFields);
}

const extract = (salt, suite, label, input) => hmac(sha256, salt, bytes("HPKE-v1", suite, label, input));

// One block of HKDF's expansion is 32 bytes, and nothing here needs more.
const expand = (key, suite, label, info, length) =>
  hmac(sha256, key, bytes(Uint8Array.of(0, length), "HPKE-v1", suite, label, info, Uint8Array.of(1))).slice(0, length);

/** RFC 9180, 4.1 and 5.1: what both sides make of the secret they share. */
export function schedule(dh, encapsulated, publicKey, info) {
  const shared = expand(extract(NOTHING, KEM, "eae_prk", dh), KEM, "shared_secret", bytes(encapsulated, publicKey), 32);
  const context = bytes(Uint8Array.of(0), extract(NOTHING, SUITE, "psk_id_hash", NOTHING), extract(NOTHING, SUITE, "info_hash", info));
  const secret = extract(shared, SUITE, "secret", NOTHING);
  return { key: expand(secret, SUITE, "key", context, 32), nonce: expand(secret, SUITE, "base_nonce", context, 12) };
}

/** RFC 9180, 6.1: the encapsulated key and the ciphertext. `secret` is random and used once. */
export function encrypt(secret, publicKey, info, plain, aad = NOTHING) {
  const encapsulated = x25519.scalarMult(secret, x25519.GuBytes);
  const { key, nonce } = schedule(x25519.scalarMult(secret, publicKey), encapsulated, publicKey, info);
  return bytes(encapsulated, chacha20poly1305(key, nonce, aad).encrypt(plain));
}

const toText = (data) => btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toHex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The choice ("for", "against", "abstain") sealed to the vote's key (base64url, as it stands on the
 * form). `context` is { conference, vote, person }. Gives { text, receipt }: the envelope as it is
 * sent, always 66 characters, and its hash in hex, by which it is found on the board. The hash says
 * nothing about the choice. Throws when the key is none, or the choice.
 */
export function seal(publicKey, { conference, vote, person }, choice) {
  if (!Object.hasOwn(INSIDE, choice)) throw new RangeError("not a choice");
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const info = framed("conference ballot 1", conference, String(vote), person);
  const envelope = encrypt(secret, fromText(publicKey), info, Uint8Array.of(INSIDE[choice]));
  secret.fill(0);
  return { text: toText(envelope), receipt: toHex(sha256(framed("conference envelope 1", info, envelope))) };
}

// The first seals take a slow phone several times as long as the later ones, because all of this is yet
// to be compiled. So a few that nobody sees are made before anybody presses, with pauses between them.
function warmUp(times) {
  encrypt(new Uint8Array(32).fill(1), x25519.GuBytes, NOTHING, NOTHING);
  if (times > 1) setTimeout(warmUp, 50, times - 1);
}
setTimeout(warmUp, 0, 4);
