"""Honest bundles made by chance, ways to spoil them, and what the verifier says of each.

The suite tries some, `benchmarks/bundles.py` ten thousand: the same code.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import bundle, envelope, heads, merkle, verifier
from conference.sealing.words import words

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Made:
    """An honest bundle, and what people noted down of it."""

    bundle: bundle.Bundle
    text: str
    key: Ed25519PrivateKey
    noted: tuple[str, ...]
    """The words of the verifier's command line: signer, the count's head, one receipt."""


def vote_of(chance: random.Random, number: int, most: int):
    """One vote by chance: its public key, the receipts, what was opened, whether withheld."""
    private = envelope.private_key(chance.randbytes(32))
    opened, receipts = [], []
    for person in range(chance.randint(0, most)):
        where = envelope.Context("made", VoteId(number), PersonId(f"p{person}"))
        choice = chance.choice(list(Choice))
        sealed = envelope.seal(envelope.public_key(private), where, choice)
        if chance.random() < 0.1:
            sealed = chance.randbytes(envelope.LENGTH)
        opened.append(envelope.open_envelope(private, where, sealed).value)
        receipts.append(merkle.receipt(where, sealed))
    return envelope.public_key(private), sorted(receipts), sorted(opened)


def honest(seed: int, most: int = 12) -> Made:
    """A chain of some votes, and the bundle of the last; the same seed makes the same facts."""
    chance = random.Random(seed)
    signing = heads.signing_key(chance.randbytes(32))
    signer = heads.verifying_key(signing)
    chain: list[heads.Signed] = []
    last = chance.randint(1, 4)
    for number in range(1, last + 1):
        public, receipts, opened = vote_of(chance, number, most)
        text = f"That conference does the {chance.randbytes(3).hex()} thing — “now”."
        previous = chain[-1].hash if chain else heads.FIRST
        size = len(receipts)
        box = heads.Box(
            "made", len(chain) + 1, previous, VoteId(number),
            hashlib.sha256(text.encode()).hexdigest(), envelope.fingerprint(public).hex(),
            size + chance.randint(0, 3), size, size, merkle.root(receipts).hex(),
            chance.choice(["simple", "two_thirds"]), "cast", size + 3,
        )  # fmt: skip
        chain.append(heads.sign(signing, box))
        sides = [opened.count(choice.value) for choice in Choice]
        fewest = chance.choice([1, 5])
        shown = None if sum(sides) < fewest else heads.Figures(*sides)
        if number < last and chance.random() < 0.2:
            continue  # void: its box was never counted
        mark = chain[-1].hash
        count = heads.Count(
            "made", len(chain) + 1, mark, VoteId(number), mark,
            sum(sides), size - sum(sides), fewest, shown,
        )  # fmt: skip
        chain.append(heads.sign(signing, count))
    facts = bundle.Bundle(
        VoteId(last), signer, public, text, chain,
        [one.hex() for one in receipts], None if shown is None else opened,
    )  # fmt: skip
    noted = ["--signer", words(heads.signer_fingerprint(signer))]
    noted += ["--head", chain[-1].hash if chance.random() < 0.5 else words_of(chain[-1])]
    if receipts:
        one = chance.choice(receipts)
        noted += ["--receipt", words(one) if chance.random() < 0.5 else one.hex()]
    return Made(facts, bundle.document(facts), signing, tuple(noted))


def words_of(signed: heads.Signed) -> str:
    return words(bytes.fromhex(signed.hash))


def verdict(text: str, noted: tuple[str, ...], folder: Path) -> tuple[int, str]:
    """Exit code and words of the verifier, in this process, as its command line would have them."""
    (folder / "bundle.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    said = io.StringIO()
    command = ["verify.py", str(folder / "bundle.json"), *noted]
    with mock.patch.object(sys, "argv", command), contextlib.redirect_stdout(said):
        code = verifier.main()
    return code, said.getvalue()


# What a bundle is spoiled with. Those of `BY_ANYBODY` need no key; those of `BY_THE_OPERATOR` sign
# anew, with the very key of the conference, and are found out by what people noted down.


def _written(found) -> str:
    return json.dumps(found, sort_keys=True, separators=(",", ":"))


def flip_a_character(chance, made):
    place = chance.randrange(len(made.text))
    letter = chance.choice([c for c in '0123456789abcdef"{}[]:, z\n' if c != made.text[place]])
    return made.text[:place] + letter + made.text[place + 1 :]


def drop_a_character(chance, made):
    place = chance.randrange(len(made.text))
    return made.text[:place] + made.text[place + 1 :]


def double_a_piece(chance, made):
    place = chance.randrange(len(made.text))
    piece = made.text[place : place + chance.randint(1, 40)]
    return made.text[:place] + piece + made.text[place:]


def cut_short(chance, made):
    return made.text[: chance.randrange(len(made.text))]


def write_it_otherwise(chance, made):
    found = json.loads(made.text)
    ways = [
        json.dumps(found, sort_keys=True),
        json.dumps(found, sort_keys=True, indent=1),
        made.text + "\n",
        json.dumps(dict(reversed(found.items())), separators=(",", ":")),
        made.text[:-1] + ',"vote":' + str(found["vote"]) + "}",
        made.text.replace("That", "\\u0054hat"),
        json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    ]
    return chance.choice(ways)


def change_the_envelopes(chance, made):
    found = json.loads(made.text)
    listed = found["envelopes"]
    how = chance.randrange(4 if listed else 1)
    if how == 0:
        listed.append(chance.randbytes(32).hex())
    elif how == 1:
        listed.pop(chance.randrange(len(listed)))
    elif how == 2:
        listed[chance.randrange(len(listed))] = chance.randbytes(32).hex()
    else:
        listed.append(chance.choice(listed))
    found["envelopes"] = sorted(listed) if chance.random() < 0.8 else [*listed, listed[:1]]
    return _written(found)


def change_what_was_opened(chance, made):
    found = json.loads(made.text)
    opened = found["opened"]
    if opened is None:
        found["opened"] = sorted(chance.choices(["for", "against"], k=len(found["envelopes"])))
    elif not opened or chance.random() < 0.4:
        found["opened"] = sorted([*opened, chance.choice(["for", "against", "invalid", "maybe"])])
    elif chance.random() < 0.2:
        found["opened"] = None
    else:
        place = chance.randrange(len(opened))
        others = {"for", "against", "abstain", "invalid"} - {opened[place]}
        opened[place] = chance.choice(sorted(others))
        found["opened"] = sorted(opened)
    return _written(found)


def change_a_fact(chance, made):
    found = json.loads(made.text)
    name = chance.choice([one for one in sorted(found) if one != "heads"])
    value = {
        "bundle": "conference 2", "key": chance.randbytes(32).hex(), "vote": found["vote"] + 1,
        "signer": chance.randbytes(32).hex(), "text": found["text"] + " ",
        "words": found["words"].replace("acorn", "corn"),
    }.get(name, chance.choice([None, True, [], {}, 1]))  # fmt: skip
    if value == found[name]:
        value = "other"
    if chance.random() < 0.2:
        del found[name]
    else:
        found[name] = value
    return _written(found)


def change_the_chain(chance, made):
    found = json.loads(made.text)
    chain = found["heads"]
    how = chance.randrange(6)
    place = chance.randrange(len(chain))
    if how == 0:
        chain.pop(place)
    elif how == 1:
        chain.insert(place, chain[chance.randrange(len(chain))])
    elif how == 2:
        other = (place + 1) % len(chain)
        chain[place], chain[other] = chain[other], chain[place]
        if other == place:
            chain.append(chain[0])
    elif how == 3:
        signature = bytearray.fromhex(chain[place]["signature"])
        signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        chain[place]["signature"] = signature.hex()
    elif how == 4:
        head = json.loads(chain[place]["line"])
        name = chance.choice(sorted(head))
        head[name] = head[name] + 1 if isinstance(head[name], int) else f"{head[name]}0"
        chain[place]["line"] = _written(head)
    else:
        # The same signature a second time: s plus the order of the group, which a careless
        # verifier takes for another valid one.
        signature = bytes.fromhex(chain[place]["signature"])
        s = int.from_bytes(signature[32:], "little") + verifier.ORDER
        chain[place]["signature"] = (signature[:32] + s.to_bytes(32, "little")).hex()
    return _written(found)


def _again(made, chain, **change):
    facts = replace(made.bundle, heads=chain, **change)
    return bundle.document(facts)


def _resigned(made, lines, key=None):
    """A chain of these heads, numbered and signed anew from the first."""
    chain: list[heads.Signed] = []
    boxes: dict[str, str] = {}
    for old, head in lines:
        previous = chain[-1].hash if chain else heads.FIRST
        again = replace(head, number=len(chain) + 1, previous=previous)
        if isinstance(again, heads.Count):
            again = replace(again, box=boxes[again.box])
        chain.append(heads.sign(key or made.key, again))
        boxes[old] = chain[-1].hash
    return chain


def rewrite_the_count(chance, made):
    """Other figures, with everything adding up and signed by the conference itself."""
    lines = [(one.hash, heads.read(one.line)) for one in made.bundle.heads]
    mark, count = lines[-1]
    box = next(head for old, head in lines if old == count.box)
    if count.counted and chance.random() < 0.7:
        sides = [0, 0, 0]
        for _ in range(count.counted):
            sides[chance.randrange(3)] += 1
        while count.figures == heads.Figures(*sides):
            sides = sides[1:] + sides[:1] if len(set(sides)) > 1 else [count.counted, 0, 0]
            if count.figures == heads.Figures(*sides):
                sides = [0, count.counted, 0]
        names = [["for"] * sides[0], ["against"] * sides[1], ["abstain"] * sides[2]]
        opened = [one for some in names for one in some] + ["invalid"] * count.invalid
        lines[-1] = (mark, replace(count, figures=heads.Figures(*sides)))
        return _again(made, _resigned(made, lines), opened=opened)
    # An envelope more: in the list, in the root, in the count.
    entries = sorted([*map(bytes.fromhex, made.bundle.envelopes), chance.randbytes(32)])
    more = {"envelopes": len(entries), "voted": len(entries), "roll": box.roll + 1}
    boxed = replace(box, root=merkle.root(entries).hex(), **more)
    lines = [(old, boxed if old == count.box else head) for old, head in lines]
    lines[-1] = (mark, replace(count, invalid=count.invalid + 1))
    opened = None if made.bundle.opened is None else [*made.bundle.opened, "invalid"]
    listed = [one.hex() for one in entries]
    return _again(made, _resigned(made, lines), envelopes=listed, opened=opened)


def rewrite_an_earlier_vote(chance, made):
    lines = [(one.hash, heads.read(one.line)) for one in made.bundle.heads]
    place = next(i for i, (_, head) in enumerate(lines) if isinstance(head, heads.Box))
    lines[place] = (lines[place][0], replace(lines[place][1], text=chance.randbytes(32).hex()))
    text = made.bundle.text
    if len(lines) == 2:
        text = "That conference does nothing."
        said = hashlib.sha256(text.encode()).hexdigest()
        lines[place] = (lines[place][0], replace(lines[place][1], text=said))
    return _again(made, _resigned(made, lines), text=text)


def sign_with_another_key(chance, made):
    key = heads.signing_key(chance.randbytes(32))
    lines = [(one.hash, heads.read(one.line)) for one in made.bundle.heads]
    return _again(made, _resigned(made, lines, key), signer=heads.verifying_key(key))


def lose_my_envelope(chance, made):
    """The delegate's own envelope swapped for another; found out by the receipt alone."""
    mine = made.noted[made.noted.index("--receipt") + 1]
    kept = [one for one in made.bundle.envelopes if mine not in {one, words(bytes.fromhex(one))}]
    entries = sorted([*map(bytes.fromhex, kept), chance.randbytes(32)])
    lines = [(one.hash, heads.read(one.line)) for one in made.bundle.heads]
    marked = lines[-1][1].box
    root = merkle.root(entries).hex()
    lines = [(old, replace(h, root=root) if old == marked else h) for old, h in lines]
    return _again(made, _resigned(made, lines), envelopes=[one.hex() for one in entries])


Spoil = Callable[[random.Random, Made], str]
BY_ANYBODY: list[Spoil] = [
    flip_a_character, drop_a_character, double_a_piece, cut_short, write_it_otherwise,
    change_the_envelopes, change_what_was_opened, change_a_fact, change_the_chain,
]  # fmt: skip
BY_THE_OPERATOR: dict[Spoil, str] = {
    rewrite_the_count: "--head",
    rewrite_an_earlier_vote: "--head",
    sign_with_another_key: "--signer",
    lose_my_envelope: "--receipt",
}
"""What finds it out."""


def only(noted: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Of what was noted, this alone."""
    return noted[noted.index(name) :][:2]


def try_mutations(number: int, seed: int, folder: Path) -> dict[str, tuple[int, int]]:
    """Spoil that many bundles; by the way of spoiling, how many were tried and how many noticed."""
    found: dict[str, tuple[int, int]] = {}
    chance = random.Random(seed)
    ways = [*BY_ANYBODY, *BY_THE_OPERATOR]
    made = honest(seed)
    for turn in range(number):
        if turn % (3 * len(ways)) == 0:
            made = next(
                m for m in (honest(chance.randrange(2**32)) for _ in range(100))
                if "--receipt" in m.noted
            )  # fmt: skip
        way = ways[turn % len(ways)]
        text = way(chance, made)
        if text == made.text:
            continue  # nothing was changed: no mutation
        noted = only(made.noted, BY_THE_OPERATOR[way]) if way in BY_THE_OPERATOR else ()
        if way in BY_THE_OPERATOR:
            assert verdict(text, (), folder)[0] == 0, "the forgery itself is sloppy"
        code, _said = verdict(text, noted, folder)
        tried, noticed = found.get(way.__name__, (0, 0))
        found[way.__name__] = (tried + 1, noticed + (code != 0))
    return found


def try_honest(number: int, seed: int, folder: Path) -> int:
    """How many of that many honest bundles the verifier accepts."""
    chance = random.Random(seed)
    accepted = 0
    for _ in range(number):
        made = honest(chance.randrange(2**32))
        accepted += verdict(made.text, made.noted, folder)[0] == 0
    return accepted
