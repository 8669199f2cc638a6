"""What anybody may take home of a counted vote, and check without us: `verifier.py` says how.

Everything in a bundle is bound by the last head in it, directly or through a hash: nothing in it
can be changed without its being noticed. A person's name, or an envelope itself, is not in it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from conference.rules.kinds import Choice, VoteId
from conference.sealing import words
from conference.sealing.heads import Signed

MADE_AT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a bundle: the same bundle is the same to the byte, whenever it is made."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The facts of one vote as everybody may have them."""

    vote: VoteId
    signer: bytes
    """The public key of the heads' signatures."""
    key: bytes
    """The vote's public key."""
    text: str
    """The exact text that was put."""
    heads: Sequence[Signed]
    """The chain of this signer from its first head up to this vote's count."""
    envelopes: Sequence[str]
    """The hash of every envelope in the box, hex."""
    opened: Sequence[str] | None
    """What was in the envelopes, reasons in place of the invalid ones; None when it is withheld."""


def document(bundle: Bundle) -> str:
    """The bundle as one line of JSON; the same facts always give the same line."""
    choices = {choice.value for choice in Choice}
    opened = bundle.opened
    found = {
        "bundle": "conference 1",
        "envelopes": sorted(bundle.envelopes),
        "heads": [{"line": one.line, "signature": one.signature.hex()} for one in bundle.heads],
        "key": bundle.key.hex(),
        # Why one was invalid is nobody's business but the count's: no head says it.
        "opened": None
        if opened is None
        else sorted(one if one in choices else "invalid" for one in opened),
        "signer": bundle.signer.hex(),
        "text": bundle.text,
        "vote": bundle.vote,
        "words": words.TEXT,
    }
    return json.dumps(found, sort_keys=True, separators=(",", ":"))


def packed(bundle: Bundle, verifier: str, readme: str) -> bytes:
    """A zip file with the document, the program that checks it, and the page that says how."""
    folder = f"vote-{bundle.vote}"
    files = {"README.txt": readme, "bundle.json": document(bundle), "verify.py": verifier}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return out.getvalue()
