"""What the counting process does with a request. The private keys stand in here and nowhere else."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from conference.counter import messages as m
from conference.counter.keys import KeyFolder
from conference.rules import figures
from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import envelope, heads, merkle
from conference.sealing.bytes import from_text, to_text

ROLL_CALL = "conference roll-call 1\n"
"""What stands before a roll-call's vote and last hash where they are signed."""


class Counting:
    """Holds the keys of one data folder and answers, one request after the other."""

    def __init__(self, folder: KeyFolder) -> None:
        """Hold every key that is on disk."""
        self._folder = folder
        self._keys = {vote: envelope.private_key(key) for vote, key in folder.votes().items()}
        self._signing = heads.signing_key(folder.signing())
        self.signer = heads.verifying_key(self._signing)

    def answer(self, request: m.Request) -> m.Answer:
        """Do what is asked. What cannot be done is answered `Failed` and changes nothing."""
        try:
            return self._answer(request)
        except OSError:
            return m.Failed("disk")

    def _answer(self, request: m.Request) -> m.Answer:
        match request:
            case m.MakeKey(vote=vote):
                return m.Key(self._public(self._key(VoteId(vote))))
            case m.ListKeys():
                keys = {int(vote): self._public(key) for vote, key in self._keys.items()}
                return m.Keys(keys, to_text(self.signer))
            case m.DestroyKey(vote=vote):
                self._keys.pop(VoteId(vote), None)
                self._folder.destroy(VoteId(vote))
                return m.Done()
            case m.SignBox():
                return self._sign_box(request)
            case m.OpenBox():
                return self._open_box(request)
            case m.SignRollCall(vote=vote, hash=last):
                text = f"{ROLL_CALL}{vote} {last}"
                return m.Signed(
                    last, to_text(self._signing.sign(text.encode())), to_text(self.signer)
                )

    def _key(self, vote: VoteId) -> X25519PrivateKey:
        if vote not in self._keys:
            self._keys[vote] = envelope.private_key(self._folder.make(vote))
        return self._keys[vote]

    def _public(self, key: X25519PrivateKey) -> str:
        return to_text(envelope.public_key(key))

    def _signed(self, head: heads.Box | heads.Count) -> m.Signed:
        signed = heads.sign(self._signing, head)
        return m.Signed(signed.line, to_text(signed.signature), to_text(self.signer))

    def _sign_box(self, asked: m.SignBox) -> m.Answer:
        key = self._keys.get(VoteId(asked.vote))
        if key is None:
            return m.Failed("no_key")
        mark = envelope.fingerprint(envelope.public_key(key)).hex()
        return self._signed(
            heads.Box(
                asked.conference, asked.number, asked.previous, VoteId(asked.vote), asked.text,
                mark, asked.roll, asked.voted, asked.envelopes, asked.root, asked.rule, asked.base,
                asked.register,
            )
        )  # fmt: skip

    def _open_box(self, asked: m.OpenBox) -> m.Answer:
        """Open what was signed, all of it and nothing else; the order of what comes out is its own."""
        signed = heads.Signed(asked.line, from_text(asked.signature) or b"")
        box = heads.read(asked.line)
        if not isinstance(box, heads.Box) or not heads.is_signed(self.signer, signed):
            return m.Failed("not_ours")
        key = self._keys.get(box.vote)
        if key is None:
            return m.Failed("no_key")
        sealed = [
            (envelope.Context(box.conference, box.vote, PersonId(who)), envelope.read(text) or b"")
            for who, text in asked.envelopes
        ]
        receipts = sorted(merkle.receipt(where, data) for where, data in sealed)
        mark = envelope.fingerprint(envelope.public_key(key)).hex()
        found = (len(receipts), merkle.root(receipts).hex(), mark)
        if found != (box.envelopes, box.root, box.key):
            return m.Failed("box_differs")
        opened = list(envelope.open_all(key, sealed))
        return self._count(asked, box, signed.hash, opened)

    def _count(
        self,
        asked: m.OpenBox,
        box: heads.Box,
        box_hash: str,
        opened: list[Choice | envelope.Invalid],
    ) -> m.Answer:
        choices = sorted(one.value for one in opened if isinstance(one, Choice))
        invalid = sorted(one.value for one in opened if not isinstance(one, Choice))
        sides = (choices.count("for"), choices.count("against"), choices.count("abstain"))
        withheld = figures.withheld(sides, asked.fewest, small_side=asked.small_side)
        shown = None if withheld else heads.Figures(*sides)
        head = heads.Count(
            box.conference, box.number + 1, box_hash, box.vote, box_hash,
            len(choices), len(invalid), asked.fewest, shown,
        )  # fmt: skip
        return m.Counted(choices, invalid, self._signed(head))
