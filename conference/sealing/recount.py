"""Recounts a roll-call: python3 recount.py roll-call.json (nothing else is needed).

Needs Python 3.8 or newer. It shares no line with the program that counted. It checks
that every line of the roll-call is bound to the line before, that the last one is signed
by the key that the file names, and adds up who voted how.
Exit code 0: everything agrees. 1: something does not. 2: there was nothing to check.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
POINT = 32
"""Bytes of a point; a signature has twice as many."""


def add(one: Any, other: Any) -> Any:
    """The sum of two points of edwards25519 (RFC 8032, section 5.1.4)."""
    (a, b), (c, d) = one, other
    turn = D * a * b * c * d
    x = (a * d + b * c) * pow(1 + turn, P - 2, P)
    y = (b * d + a * c) * pow(1 - turn, P - 2, P)
    return x % P, y % P


def times(number: int, point: Any) -> Any:
    """The point, so many times."""
    found = (0, 1)
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def point_of(data: bytes) -> Any:
    """The point that these 32 bytes stand for (RFC 8032, section 5.1.3), or None."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(data) != POINT or y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    return (x if x & 1 == odd else P - x), y


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether this is the signature of the owner of `key` under the text (RFC 8032, section 5.1.7)."""
    owner, half = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if owner is None or half is None or len(signature) != 2 * POINT or s >= ORDER:
        return False
    mixed = hashlib.sha512(signature[:32] + key + text).digest()
    k = int.from_bytes(mixed, "little") % ORDER
    return bool(times(s, BASE) == add(half, times(k, owner)))


def bytes_of(text: str) -> bytes:
    """What this base 64 without its end (RFC 4648, section 5) stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(tag: str, *fields: bytes) -> str:
    """SHA-256 over the tag and the fields, each behind its length in two bytes."""
    parts = [tag.encode(), *fields]
    framed = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return hashlib.sha256(framed).hexdigest()


def wrong(call: Any) -> str | None:
    """Say what does not agree in this roll-call, or None."""
    text = hashlib.sha256(call["text"].encode()).hexdigest()
    last = digest("conference roll-call 1", str(call["vote"]).encode(), text.encode())
    counted = {"for": 0, "against": 0, "abstain": 0}
    for number, line in enumerate(call["lines"], 1):
        name, choice = line["name"], line["choice"]
        if choice not in counted:
            return f"Line {number} has no choice."
        fields = (bytes.fromhex(last), name.encode(), choice.encode())
        last = digest("conference roll-call line 1", *fields)
        if line["hash"] != last:
            return f"Line {number} is not bound to the line before it."
        counted[choice] += 1
    if last != call["last"]:
        return "The last line is not the one that was signed."
    said = f"conference roll-call 1\n{call['vote']} {last}".encode()
    if not is_signed(bytes_of(call["signer"]), said, bytes_of(call["signature"])):
        return "The signature is not that of the key that the file names."
    if counted != call["figures"]:
        return f"The lines add up to {counted}, declared is {call['figures']}."
    return None


def main() -> int:
    """Read the file, say what is so."""
    try:
        call = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        found = wrong(call)
    except (IndexError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"There is no roll-call to check: {error!r}")
        return 2
    if found:
        print(f"NOT SOUND: {found}")
        return 1
    print(
        "SOUND: the roll-call agrees with itself, with its signature and with the declared figures."
    )
    print(f"{len(call['lines'])} lines: {call['figures']}")
    print(f"The last line is {call['last']}.")
    print(f"It is signed with the key {call['signer']}: compare it with the page of the vote.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
