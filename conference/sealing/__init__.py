"""Sealed ballots: envelopes, the tree over them, signed heads, words to read aloud.

Pure but for one thing: `envelope.seal` takes its randomness from the cryptographic library, which
offers no way to hand it in. No I/O, no clock. What is promised with it: docs/secrecy.md.
"""

from __future__ import annotations
