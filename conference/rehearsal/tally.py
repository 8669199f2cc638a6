"""Whether everything that was acknowledged was counted, and nothing else.

The pretend delegates know what they were told was recorded; the conference says what it counted. Who is
not of them may have voted as well, and a ballot that never got a definite answer may be in or not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from conference.rules.kinds import Choice, PersonId, VoteId, VoteState
from conference.rules.state import Meeting, Vote

COUNTED = frozenset({VoteState.COUNTED, VoteState.DECLARED})
UNSURE = frozenset({"offline", "http_0"})
"""Answers that say nothing of the ballot: the line was gone, and never came back in time."""


@dataclass(slots=True)
class Tally:
    """What pretend delegates were told of their ballots."""

    _recorded: dict[VoteId, dict[PersonId, Choice]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _unsure: dict[VoteId, set[PersonId]] = field(default_factory=lambda: defaultdict(set))
    _under_way: Counter[VoteId] = field(default_factory=Counter)
    _compared: set[VoteId] = field(default_factory=set)

    def sent(self, vote: VoteId) -> None:
        """Somebody hands a ballot in: until it is answered the count cannot be compared."""
        self._under_way[vote] += 1

    def answered(self, vote: VoteId, person: PersonId, choice: Choice, code: str) -> None:
        """Note what became of it; an empty code says that it is recorded."""
        self._under_way[vote] -= 1
        if not code:
            self._recorded[vote][person] = choice
        elif code in UNSURE:
            self._unsure[vote].add(person)

    def acknowledged(self) -> int:
        """Return how many people were told that a ballot of theirs is recorded, over all votes."""
        return sum(len(people) for people in self._recorded.values())

    def compare(self, meeting: Meeting, people: Collection[PersonId]) -> list[tuple[VoteId, str]]:
        """Return each vote that can be compared now for the first time, with what is wrong with it."""
        ready = [
            vote
            for vote in meeting.votes.values()
            if vote.state in COUNTED and vote.id not in self._compared
            and not self._under_way[vote.id]
        ]  # fmt: skip
        self._compared.update(vote.id for vote in ready)
        return [(vote.id, self._wrong(meeting, vote, people)) for vote in ready]

    def _wrong(self, meeting: Meeting, vote: Vote, people: Collection[PersonId]) -> str:
        roll = meeting.rolls.get(vote.id)
        others = len(roll.people - frozenset(people)) if roll is not None else 0
        recorded = self._recorded[vote.id]
        unsure = len(self._unsure[vote.id])
        told = Counter(recorded.values())
        wanted = [told[choice] for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)]
        counted = [vote.votes_for or 0, vote.votes_against or 0, vote.abstentions or 0]
        # Of whoever is unsure the last ballot may be counted in place of the one that was acknowledged.
        missing = sum(max(0, want - have) for want, have in zip(wanted, counted, strict=True))
        more = sum(counted) - sum(wanted)
        if missing <= unsure and -unsure <= more <= others + unsure and not vote.invalid:
            return ""
        return f"vote {vote.id}: acknowledged {wanted}, counted {counted}, {vote.invalid} invalid"
