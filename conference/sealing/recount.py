"""Recounts a roll-call: python3 recount.py roll-call.json (nothing else is needed).

Needs Python 3.8 or newer. It shares no line with the program that counted. It checks
that every line of the roll-call is bound to the line before, and adds up who voted how.
Exit code 0: everything agrees. 1: something does not. 2: there was nothing to check.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any


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
    print(f"{len(call['lines'])} lines: {call['figures']}")
    print(f"The last line is {call['last']}, signed by {call['signer']}.")
    print("SOUND: the roll-call agrees with itself and with the declared figures.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
