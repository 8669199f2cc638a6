"""Checks the bundle of one vote: python3 verify.py (README.txt says more, or --help).

Needs Python 3.8 or newer and nothing else, asks no server, changes no file. It stands alone: it
shares no line with the program that counted, signs nothing and opens nothing.
Exit code 0: everything agrees. 1: something does not. 2: there was nothing to check.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

# Ed25519 verification: RFC 8032, section 5.1.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


class Point(NamedTuple):
    """In extended coordinates: X/Z and Y/Z are the point's own, T = XY/Z."""

    x: int
    y: int
    z: int
    t: int


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    e = (a.y - a.x) * (b.y - b.x) % P
    f = (a.y + a.x) * (b.y + b.x) % P
    g = 2 * a.t * b.t * D % P
    h = 2 * a.z * b.z % P
    k, m, n, o = f - e, h - g, h + g, f + e
    return Point(k * m % P, n * o % P, m * n % P, k * o % P)


def times(number: int, point: Point) -> Point:
    """The point added to itself so many times."""
    total = Point(0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when they stand for none, or for one not uniquely."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return Point(x, y, 1, x * y % P)


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = Point(BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of the owner of `key` (32 bytes) under `message`."""
    owner, half = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if owner is None or half is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = times(s, BASE)
    right = add(half, times(int.from_bytes(digest, "little") % ORDER, owner))
    same_x = (left.x * right.z - right.x * left.z) % P == 0
    return same_x and (left.y * right.z - right.y * left.z) % P == 0


WORDS = "e8d22531bfebecad3a7391f6da9867656326a98e842bc58b0c8aca0d3599791b"


def tagged(tag: str, *fields: bytes) -> bytes:
    """SHA-256 over fields with their lengths in front, the first being what they are for."""
    framed = [len(one).to_bytes(2, "big") + one for one in (tag.encode(), *fields)]
    return hashlib.sha256(b"".join(framed)).digest()


def words_of(list_: list[str], hash_: bytes) -> str:
    """The first 40 bits as four words."""
    number = int.from_bytes(hash_[:5], "big")
    return " ".join(list_[number >> shift & 1023] for shift in (30, 20, 10, 0))


def root_of(entries: list[bytes]) -> bytes:
    """The root of the Merkle tree over the entries, RFC 9162, section 2.1.1."""
    level = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0]


FIELDS = {"bundle", "envelopes", "heads", "key", "opened", "signer", "text", "vote", "words"}
BOX = {"base", "conference", "envelopes", "head", "key", "number", "previous", "register", "roll"}
BOX |= {"root", "rule", "text", "vote", "voted"}
COUNT = {"box", "conference", "counted", "fewest", "figures", "head", "invalid", "number"}
COUNT |= {"previous", "vote"}
SIDES = {"for": "votes_for", "against": "votes_against", "abstain": "abstentions"}


class Wrong(Exception):
    """Something does not agree; the text says what."""


def demand(holds: object, otherwise: str) -> None:
    """Raise Wrong unless it holds."""
    if not holds:
        raise Wrong(otherwise)


def exactly(text: str, what: str) -> Any:
    """The value of JSON that is written in the one way in which we write it."""
    try:
        value = json.loads(text)
        same = json.dumps(value, sort_keys=True, separators=(",", ":")) == text
    except (ValueError, RecursionError):
        same = False
    demand(same, f"{what} is not written as it was made.")
    return value


def from_hex(text: Any, length: int, what: str) -> bytes:
    """Bytes from lower-case hexadecimal of exactly that many bytes."""
    wanted = f"[0-9a-f]{{{2 * length}}}"
    demand(isinstance(text, str) and re.fullmatch(wanted, text), f"{what} is no hash or key.")
    return bytes.fromhex(text)


def numbers(head: Any, *names: str) -> None:
    """That these fields are whole numbers from 0."""
    for name in names:
        good = type(head[name]) is int and head[name] >= 0
        demand(good, "A head has something else where a number belongs.")


def read_chain(signer: bytes, signed: Any) -> list[tuple[str, Any]]:
    """Every head of the chain with its hash, each signed, each naming the one before."""
    demand(isinstance(signed, list) and signed, "There is no chain of heads.")
    chain: list[tuple[str, Any]] = []
    previous, boxes = "0" * 64, {}
    for place, one in enumerate(signed, 1):
        shaped = isinstance(one, dict) and set(one) == {"line", "signature"}
        demand(shaped and isinstance(one["line"], str), f"Head {place} is not a signed line.")
        message = b"conference head 1\n" + one["line"].encode("utf-8", "surrogatepass")
        mark = hashlib.sha256(message).hexdigest()
        signature = from_hex(one["signature"], 64, f"The signature of head {place}")
        demand(is_signed(signer, message, signature), f"The signature of head {place} is wrong.")
        head = exactly(one["line"], f"Head {place}")
        demand(isinstance(head, dict), f"Head {place} is not a head.")
        demand(set(head) in (BOX, COUNT), f"Head {place} has other fields than a head has.")
        numbers(head, "number", "vote")
        follows = head["number"] == place and head["previous"] == previous
        demand(follows, f"Head {place} does not follow the one before it.")
        if set(head) == BOX:
            numbers(head, "roll", "register", "voted", "envelopes")
            boxes[mark] = head
        else:
            numbers(head, "counted", "invalid", "fewest")
            box = boxes.pop(head["box"], None)
            demand(box is not None, f"Head {place} counts a box that is not there, or again.")
            same = (box["vote"], box["conference"]) == (head["vote"], head["conference"])
            demand(same, f"Head {place} counts the box of another vote.")
            total = head["counted"] + head["invalid"]
            demand(total == box["envelopes"], f"Head {place} counts more or fewer envelopes.")
        chain.append((mark, head))
        previous = mark
    return chain


def check_box(box: Any, bundle: Any) -> None:
    """That the list of envelopes, the text and the key are those that were fixed in the box."""
    listed = bundle["envelopes"]
    demand(isinstance(listed, list), "There is no list of envelopes.")
    entries = [from_hex(one, 32, "A line of the list of envelopes") for one in listed]
    demand(listed == sorted(set(listed)), "The envelopes are not in order, or one is there twice.")
    demand(len(entries) == box["envelopes"], "The list has more or fewer envelopes than the box.")
    demand(root_of(entries).hex() == box["root"], "The envelopes are not those of the box.")
    demand(box["voted"] == box["envelopes"], "The box has more or fewer envelopes than voters.")
    demand(box["voted"] <= box["roll"], "More have voted than could.")
    demand(isinstance(bundle["text"], str), "There is no text of what was voted on.")
    text = hashlib.sha256(bundle["text"].encode("utf-8", "surrogatepass")).hexdigest()
    demand(text == box["text"], "The text is not the one that was voted on.")
    key = tagged("conference vote key 1", from_hex(bundle["key"], 32, "The key of the vote"))
    demand(key.hex() == box["key"], "The key of the vote is not the one in the head.")


def check_count(count: Any, opened: Any) -> None:
    """That what was in the envelopes adds up to the figures that were signed."""
    figures = count["figures"]
    if figures is None:
        demand(opened is None, "What was opened is listed although its figures are withheld.")
        return
    shaped = isinstance(figures, dict) and set(figures) == set(SIDES.values())
    demand(shaped and isinstance(opened, list), "There are no figures, or no list behind them.")
    numbers(figures, *SIDES.values())
    demand(all(one in [*SIDES, "invalid"] for one in opened), "An envelope held something else.")
    demand(opened == sorted(opened), "The list of what was opened is not in order.")
    for choice, name in SIDES.items():
        demand(opened.count(choice) == figures[name], f"The figures for {choice!r} differ.")
    demand(opened.count("invalid") == count["invalid"], "The number of invalid ones differs.")
    demand(sum(figures.values()) == count["counted"], "The figures do not add up to the count.")


def check(text: str) -> tuple[Any, list[tuple[str, Any]], Any, Any]:
    """Check the whole bundle; gives it, its chain, its box and its count. Raises Wrong."""
    bundle = exactly(text, "The bundle")
    demand(isinstance(bundle, dict) and set(bundle) == FIELDS, "This is no bundle of a vote.")
    demand(bundle["bundle"] == "conference 1", "This bundle is of another kind or version.")
    list_ = hashlib.sha256(str(bundle["words"]).encode("utf-8", "replace")).hexdigest()
    demand(list_ == WORDS, "The list of words is not ours.")
    chain = read_chain(from_hex(bundle["signer"], 32, "The signing key"), bundle["heads"])
    count = chain[-1][1]
    demand(set(count) == COUNT, "The last head is not the count of a vote.")
    same = type(bundle["vote"]) is int and bundle["vote"] == count["vote"]
    demand(same, "The last head is the count of another vote.")
    box = next(head for mark, head in chain if mark == count["box"])
    check_box(box, bundle)
    check_count(count, bundle["opened"])
    return bundle, chain, box, count


def compare(bundle: Any, chain: list[tuple[str, Any]], noted: Any) -> list[str]:
    """What people have noted down elsewhere, against the bundle; lines to print. Raises Wrong."""
    list_ = bundle["words"].split()
    key = tagged("conference signing key 1", bytes.fromhex(bundle["signer"]))
    known = {"signer": [key.hex()], "head": [mark for mark, _ in chain]}
    known["receipt"] = bundle["envelopes"]
    lines = [f"The signing key is {words_of(list_, key)}."]
    lines.append(f"The last head is {words_of(list_, bytes.fromhex(chain[-1][0]))}.")
    for name, hashes in known.items():
        for one in getattr(noted, name) or []:
            wanted = " ".join(one.lower().split())
            found = [h for h in hashes if wanted in {h, words_of(list_, bytes.fromhex(h))}]
            demand(found, f"The {name} {one!r} is not in this bundle.")
            lines.append(f"The {name} {one!r} is in this bundle: {found[0]}")
    return lines


def report(bundle: Any, chain: list[tuple[str, Any]], box: Any, count: Any) -> list[str]:
    """What a sound bundle says, in lines to print."""
    number, envelopes, heads = bundle["vote"], box["envelopes"], len(chain)
    figures = count["figures"]
    sides = figures and ", ".join(f"{side} {figures[name]}" for side, name in SIDES.items())
    return [
        f"SOUND. Vote {number}: {envelopes} envelopes of {box['roll']} on the roll, {heads} heads.",
        f"{count['counted']} counted, {count['invalid']} invalid: {sides or 'figures withheld'}.",
        f"Majority: {box['rule']}, of {box['base']} (register: {box['register']}).",
    ]


def main() -> int:
    """Read the arguments, check, and say it in sentences; gives the exit code."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("bundle", nargs="?", default=Path(__file__).with_name("bundle.json"))
    for name in ("signer", "head", "receipt"):
        words.add_argument(f"--{name}", action="append", help="four words, or the whole hash")
    noted = words.parse_args()
    try:
        text = Path(noted.bundle).read_bytes().decode()
    except (OSError, ValueError) as error:
        print(f"The bundle cannot be read: {error}")
        return 2
    try:
        found = check(text)
        lines = report(*found) + compare(found[0], found[1], noted)
    except Wrong as wrong:
        print(f"NOT SOUND. {wrong}")
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
