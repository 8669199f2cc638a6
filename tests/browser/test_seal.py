from __future__ import annotations

import base64
import hashlib
import re

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.async_api import async_playwright

from conference.devtools import find_browser
from tests.browser.served import CHROMIUM_FLAGS, ROOT
from tests.sealing.vectors import ENVELOPE, HPKE

pytestmark = pytest.mark.browser

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
INSIDE = {"for": b"\x01", "against": b"\x02", "abstain": b"\x03"}
PRIVATE = X25519PrivateKey.from_private_bytes(bytes.fromhex(ENVELOPE["private"]))
WHERE = {name: ENVELOPE[name] for name in ("conference", "vote", "person")}

WITH = """
const { seal, encrypt, schedule } = await import("/static/js/seal.js");
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
"""


def text_of(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
async def hall(served):
    """A page as it is seen in a hall without https: no secure context, the server's own policy."""
    flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP hall.test 127.0.0.1"]
    async with async_playwright() as playwright:
        path = str(find_browser())
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        page = await browser.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = await page.goto(f"http://hall.test:{served.port}/sign-in")
        assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
        assert await page.evaluate("[isSecureContext, crypto.subtle === undefined]") == [
            False,
            True,
        ]
        yield page
        # Chromium says of a page without https that one header means nothing there.
        assert [said for said in complaints if "Cross-Origin-Opener-Policy" not in said] == []
        await browser.close()


async def run(page, body, argument=None):
    return await page.evaluate("async (given) => {" + WITH + body + "}", argument)


async def test_the_browser_makes_the_envelopes_that_rfc_9180_and_the_server_make(hall):
    made = """return hex(encrypt(bytes(given.skEm ?? given.secret), bytes(given.pkRm ?? given.public),
        bytes(given.info), bytes(given.pt ?? given.inside), bytes(given.aad ?? "")));"""
    assert await run(hall, made, HPKE) == HPKE["pkEm"] + HPKE["ct"]
    assert await run(hall, made, ENVELOPE) == ENVELOPE["envelope"]


async def test_what_the_browser_seals_opens_here_and_says_nothing_by_its_length(hall):
    body = """return given.choices.map((choice) =>
        [choice, ...Object.values(seal(given.key, given.where, choice))]);"""
    given = {"key": text_of(bytes.fromhex(ENVELOPE["public"])), "where": WHERE}
    made = await run(hall, body, {**given, "choices": [*INSIDE] * 20})
    assert len({text for _, text, _ in made}) == 60
    for choice, text, receipt in made:
        assert re.fullmatch("[A-Za-z0-9_-]{66}", text)
        sealed = base64.urlsafe_b64decode(text + "==")
        opened = SUITE.decrypt(sealed, PRIVATE, info=bytes.fromhex(ENVELOPE["info"]))
        assert opened == INSIDE[choice]
        fields = [b"conference envelope 1", bytes.fromhex(ENVELOPE["info"]), sealed]
        framed = b"".join(len(field).to_bytes(2, "big") + field for field in fields)
        assert receipt == hashlib.sha256(framed).hexdigest()


async def test_what_the_server_seals_opens_in_the_browser(hall):
    body = """
    const { x25519, chacha20poly1305 } = await import("/static/vendor/noble.js");
    return given.sealed.map((envelope) => {
      const [enc, ct] = [bytes(envelope).slice(0, 32), bytes(envelope).slice(32)];
      const dh = x25519.scalarMult(bytes(given.private), enc);
      const { key, nonce } = schedule(dh, enc, bytes(given.public), bytes(given.info));
      return hex(chacha20poly1305(key, nonce).decrypt(ct));
    });"""
    info = bytes.fromhex(ENVELOPE["info"])
    plain = [*INSIDE.values()] * 10
    sealed = [SUITE.encrypt(one, PRIVATE.public_key(), info=info).hex() for one in plain]
    opened = await run(hall, body, {**ENVELOPE, "sealed": sealed})
    assert opened == [one.hex() for one in plain]


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        ("", "for"),
        ("AAAA", "for"),
        ("A" * 43, "for"),  # a point of low order: everybody would know the secret
        ("?" * 43, "for"),
        (text_of(bytes.fromhex(ENVELOPE["public"])), "For"),
        (text_of(bytes.fromhex(ENVELOPE["public"])), "constructor"),
    ],
)
async def test_no_key_or_no_choice_seals_nothing(hall, key, choice):
    body = (
        """try { return seal(given.key, given.where, given.choice) } catch { return "refused" }"""
    )
    said = await run(hall, body, {"key": key, "where": WHERE, "choice": choice})
    assert said == "refused"


def test_what_is_vendored_is_what_the_page_beside_it_says():
    folder = ROOT / "static" / "vendor"
    said = (folder / "README.md").read_text()
    for file in folder.glob("*.js"):
        row = next(line for line in said.splitlines() if line.startswith(f"| `{file.name}` |"))
        assert hashlib.sha256(file.read_bytes()).hexdigest() in row
