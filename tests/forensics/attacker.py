"""Who voted what, from everything that is left after the count.

The attacker knows the format of every file, the public results, who is on the roll, and everything
that leads from a person to another name of theirs (account, address, id of the ballot, receipt,
session). It puts every row, frame, line and free place that names a person in every order it can
think of, does the same with everything that names a choice, and lays each order of persons beside
each order of choices of the same length. What names both is taken at its word.

A way of linking counts only when it is right more often than chance is: its hits are compared with
those of a shuffled pairing, and the bar rises with the number of ways tried. Then every voter whom
it got right counts as linked.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from tests.forensics.loot import CHOICES, Loot, Record

Choices = Mapping[str, str]
"""Choice by person."""
NEAR = 96
"""Bytes between a name and a choice that are taken to belong together."""
BAR = 1e-5
"""How probable it may be, over all ways together, that one looks right by chance."""
_LETTER = rb"[A-Za-z0-9_.@-]"
_WORD = re.compile(rb"(?<![A-Za-z])(?:for|against|abstain)(?![A-Za-z])")


@dataclass(frozen=True)
class Ballots:
    """The truth of one vote, which only the test knows; the attacker gets `result` and `names`."""

    vote: int
    truth: Choices
    names: Mapping[str, str]
    """Person by every name that stands for one: their own, and those of this vote."""

    @property
    def result(self) -> list[str]:
        """The published list, sorted."""
        return sorted(self.truth.values())


Orders = dict[str, list[str]]
"""A list of persons, or of choices, by the way in which it was put in order."""


@dataclass
class Way:
    """One way of linking over all votes: what it claims and how often it is right."""

    claimed: int = 0
    right: int = 0
    expected: float = 0.0
    variance: float = 0.0
    votes: dict[int, tuple[float, int]] = field(default_factory=dict)
    """By vote: how far beyond chance it is, in standard deviations, and whom it got right, a bit
    for each voter in the order of the truth: there are a million of these."""

    def add(self, vote: int, claims: Choices, truth: Choices) -> None:
        right = sum(1 << n for n, who in enumerate(truth) if claims.get(who) == truth[who])
        expected, variance = by_chance(list(claims.values()), [truth[who] for who in claims])
        self.claimed += len(claims)
        self.right += right.bit_count()
        self.expected += expected
        self.variance += variance
        beyond = (right.bit_count() - expected) / math.sqrt(variance) if variance else 0.0
        self.votes[vote] = (beyond, right)

    @property
    def beyond(self) -> float:
        return (self.right - self.expected) / math.sqrt(self.variance) if self.variance else 0.0


def by_chance(claimed: Sequence[str], true: Sequence[str]) -> tuple[float, float]:
    """Expectation and variance of the hits when the claims are dealt out at random."""
    size = len(true)
    have, want = Counter(claimed), Counter(true)
    expected = sum(have[one] * want[one] for one in have) / size
    if size == 1:
        return expected, 0.0
    share = expected / size
    total = 0.0
    for one, times in have.items():
        for other, often in want.items():
            hit = float(one == other)
            total += times * often * (hit - want[one] / size - have[other] / size + share) ** 2
    return expected, total / (size - 1)


@dataclass(frozen=True)
class Report:
    """What came of it."""

    voters: int
    linked: int
    ways: int
    working: dict[str, tuple[int, int]]
    """Each way that works: how many it claimed, and how many of these rightly."""

    @property
    def share(self) -> float:
        return self.linked / self.voters if self.voters else 0.0


def attack(loot: Loot, votes: Sequence[Ballots], keys: Mapping[int, bytes] | None = None) -> Report:
    """Try every way on every vote.

    `keys` are private keys that the test saw while they were there: they are tried when their
    bytes are still anywhere in the loot.
    """
    ways: dict[str, Way] = defaultdict(Way)
    index = Index(loot, {name for ballots in votes for name in ballots.names})
    for ballots in votes:
        for way, claims in _claims(index, ballots):
            ways[way].add(ballots.vote, claims, ballots.truth)
        key = (keys or {}).get(ballots.vote)
        if key is not None and loot.has(key):
            ways["a key that is left"].add(ballots.vote, ballots.truth, ballots.truth)
    return _report(ways, votes)


class Index:
    """The loot, gone through once: where names and choices stand in it."""

    def __init__(self, loot: Loot, names: set[str]) -> None:
        self.files = loot.files
        known = names | set(CHOICES)
        self.records = [one for one in loot.records() if not known.isdisjoint(_words(one))]
        self.marks = {name: _marks(data, names) for name, data in loot.files.items()}
        self._near: dict[tuple[str, int], str | None] = {}
        self.lines = {
            name: [line for line in data.splitlines() if _WORD.search(line) or _marks(line, names)]
            for name, data in loot.files.items()
            if b"\x00" not in data[:4096]
        }

    def near(self, file: str, begin: int, end: int) -> str | None:
        """The choice that stands nearest to this place of this file."""
        if (file, begin) not in self._near:
            start = max(0, begin - NEAR)
            around = self.files[file][start : end + NEAR]
            distance = [
                (abs(word.start() + start - begin), word[0]) for word in _WORD.finditer(around)
            ]
            self._near[file, begin] = min(distance)[1].decode() if distance else None
        return self._near[file, begin]


def _words(record: Record) -> list[str]:
    return [one for one in record.values if isinstance(one, str)]


def _marks(data: bytes, names: set[str]) -> dict[str, list[int]]:
    """Where each of the names stands in these bytes."""
    found: dict[str, list[int]] = defaultdict(list)
    plain = {name for name in names if re.fullmatch(_LETTER + b"+", name.encode())}
    if plain:
        sizes = (min(map(len, plain)), max(map(len, plain)))
        token = re.compile(b"%b{%d,%d}" % (_LETTER, *sizes))
        for matched in token.finditer(data):
            if (name := matched[0].decode()) in plain:
                found[name].append(matched.start())
    for name in names - plain:
        at = data.find(name.encode())
        while at >= 0:
            found[name].append(at)
            at = data.find(name.encode(), at + 1)
    return found


def _report(ways: Mapping[str, Way], votes: Sequence[Ballots]) -> Report:
    trials = sum(1 + len(way.votes) for way in ways.values())
    bar = NormalDist().inv_cdf(1 - BAR / max(trials, 1))
    linked: dict[int, int] = defaultdict(int)
    working = {}
    for name, way in ways.items():
        good = way.votes if way.beyond > bar else {}
        good = good or {vote: found for vote, found in way.votes.items() if found[0] > bar}
        if good:
            working[name] = (way.claimed, way.right)
            for vote, (_beyond, right) in good.items():
                linked[vote] |= right
    voters = sum(len(ballots.truth) for ballots in votes)
    return Report(voters, sum(map(int.bit_count, linked.values())), len(ways), working)


def _claims(index: Index, ballots: Ballots) -> Iterator[tuple[str, Choices]]:
    """Every claim about this vote, with the way it was come by."""
    yield from _together(index.records, ballots)
    yield from _beside(index, ballots)
    persons = _of_records(index.records, ballots, _person) | _of_lines(index, ballots, _persons_in)
    chosen = _of_records(index.records, ballots, _choice) | _of_lines(index, ballots, _choices_in)
    chosen["the published list"] = ballots.result
    for how, people in persons.items():
        for that, choices in chosen.items():
            if len(people) != len(choices):
                continue
            yield f"{how} | {that}", dict(zip(people, choices, strict=True))
            yield f"{how} | {that}, backwards", dict(zip(people, reversed(choices), strict=True))


def _person(record: Record, ballots: Ballots) -> str | None:
    """Whom this record names, when it names one of the voters and no other."""
    found = {ballots.names[v] for v in record.values if isinstance(v, str) and v in ballots.names}
    return next(iter(found)) if len(found) == 1 else None


def _choice(record: Record, ballots: Ballots) -> str | None:
    """Which choice this record of this vote names, when it names one."""
    if ballots.vote not in record.values:
        return None
    found = {v for v in record.values if isinstance(v, str) and v in CHOICES}
    return next(iter(found)) if len(found) == 1 else None


def _together(records: Sequence[Record], ballots: Ballots) -> Iterator[tuple[str, Choices]]:
    """What names a person and a choice in one breath."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for record in records:
        who, choice = _person(record, ballots), _choice(record, ballots)
        if who is not None and choice is not None:
            found[f"one record: {_short(record)}"][who] = choice
    yield from found.items()


def _beside(index: Index, ballots: Ballots) -> Iterator[tuple[str, Choices]]:
    """In raw bytes of every file: the choice that stands nearest to a name, by the most often."""
    for file, marks in index.marks.items():
        for which, names in _kinds(ballots).items():
            counted: dict[str, Counter[str]] = defaultdict(Counter)
            for name in names:
                for at in marks.get(name, ()):
                    if (choice := index.near(file, at, at + len(name))) is not None:
                        counted[ballots.names[name]][choice] += 1
            if counted:
                claims = {who: words.most_common(1)[0][0] for who, words in counted.items()}
                yield f"bytes beside {which} in {_base(file)}", claims


def _kinds(ballots: Ballots) -> dict[str, list[str]]:
    """The names by what they are good for: those of a person for ever, those of this vote only."""
    own = set(ballots.truth)
    return {
        "the person": [name for name in ballots.names if name in own],
        "another name": [name for name in ballots.names if name not in own],
    }


Reads = Callable[[Record, Ballots], str | None]


def _of_records(records: Sequence[Record], ballots: Ballots, reads: Reads) -> Orders:
    """Whoever or whatever the records of each artefact and shape name, in every order."""
    groups: dict[str, list[tuple[Record, str]]] = defaultdict(list)
    for record in records:
        named = reads(record, ballots)
        if named is not None:
            groups[_short(record)].append((record, named))
            if ballots.vote in record.values:
                groups[f"{_short(record)}, of this vote,"].append((record, named))
    found: Orders = {}
    for group, members in groups.items():
        for order, key in _orders(members[0][0]).items():
            listed = sorted(members, key=lambda one: key(one[0]))
            for which, names in _firsts(_of_one(listed, reads is _person)).items():
                if len(names) > 1:
                    found[f"{group} by {order}{which}"] = names
    return found


def _of_one(listed: list[tuple[Record, str]], of_persons: bool) -> list[tuple[object, str]]:
    """What makes two mentions one: of persons the person, of choices the row, wherever it lies."""
    if of_persons:
        return [(named, named) for _record, named in listed]
    return [((record.rowid, record.values), named) for record, named in listed]


def _firsts(listed: list[tuple[object, str]]) -> Orders:
    """Each at its first, and each at its last mention."""
    last = dict(reversed(listed))
    return {", first": list(dict(_keep(listed)).values()), ", last": list(last.values())[::-1]}


def _keep(listed: list[tuple[object, str]]) -> Iterator[tuple[object, str]]:
    seen: set[object] = set()
    for one, named in listed:
        if one not in seen:
            seen.add(one)
            yield one, named


def _orders(sample: Record) -> dict[str, Callable[[Record], tuple]]:
    """Every way in which records of one shape can be put in order."""
    found: dict[str, Callable[[Record], tuple]] = {
        "place": lambda r: (r.place,),
        "key": lambda r: (r.place >> 20, r.turn),
        "rowid": lambda r: (r.rowid, r.place),
        "length": lambda r: (r.size, r.place),
    }
    for column in range(len(sample.values)):
        found[f"column {column}"] = lambda r, c=column: (*_sortable(r.values[c]), r.place)
    return found


def _sortable(value: object) -> tuple[int, object]:
    kinds = {int: 1, float: 1, str: 2, bytes: 3}
    return (kinds.get(type(value), 0), value if value is not None else 0)


def _of_lines(
    index: Index, ballots: Ballots, reads: Callable[[bytes, Ballots], list[str]]
) -> Orders:
    """In text files (logs, mails): who or what is named in lines about this vote, and in all."""
    found: Orders = {}
    about = re.compile(rf"votes?\W{{1,4}}{ballots.vote}\b".encode())
    for file, lines in index.lines.items():
        ours = [line for line in lines if about.search(line)]
        for which, some in (("of this vote", ours), ("all", lines)):
            named = [one for line in some for one in reads(line, ballots)]
            listed = [(one if reads is _persons_in else n, one) for n, one in enumerate(named)]
            for place, names in _firsts(listed).items():
                if len(names) > 1:
                    found[f"lines of {_base(file)}, {which}{place}"] = names
    return found


def _persons_in(line: bytes, ballots: Ballots) -> list[str]:
    marks = sorted(
        (at, name) for name, places in _marks(line, set(ballots.names)).items() for at in places
    )
    return [ballots.names[name] for _at, name in marks]


def _choices_in(line: bytes, _ballots: Ballots) -> list[str]:
    return [word.decode() for word in _WORD.findall(line)]


def _short(record: Record) -> str:
    return f"{_base(record.source)} {''.join(record.shape)}"


def _base(name: str) -> str:
    """A name that is the same for the same kind of file in every trial."""
    return re.sub(r"\d+", "N", name.rsplit("/", 1)[-1])
