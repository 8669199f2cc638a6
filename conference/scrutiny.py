"""The task beside the clerk that waits for the counting process, so that the clerk never does.

It asks for the key of an announced vote, has the box of a closed one fixed and opened, and has keys
destroyed that are done with. Whatever it learns becomes an act in the clerk's one order; whatever it
was doing when the machine stopped it finds again in the picture, and does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog

from conference.clock import beside
from conference.counter import messages as m
from conference.counter.client import Asks, CounterFailed, CounterLost
from conference.hall import Desk, Hall
from conference.rules import Refused, needs_key, to_open
from conference.rules.acts import Act, CountVote, FixBox, GiveKey, SignedHead, VoidVote
from conference.rules.counting import latest
from conference.rules.kinds import SYSTEM, VoteId, VoteState
from conference.rules.state import Head, Meeting, Vote
from conference.sealing import envelope, heads, merkle
from conference.sealing.bytes import from_text
from conference.store import ballots

log = structlog.get_logger()

AGAIN_SECONDS = 1.0
"""How long to wait before a counting process that did not answer is asked again."""
TRUNCATIONS = 20
"""How often the write-ahead log is tried to be emptied while somebody reads."""

_NEEDS_ITS_KEY = frozenset({VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED})
_VOID = {"no_key": "key_lost", "not_ours": "key_lost", "box_differs": "box_differs"}
"""Why a vote is void whose envelopes cannot be opened, by what the counting process says."""


class Scrutiny:
    """Does for one hall what needs the counting process."""

    def __init__(self, hall: Hall, counter: Asks) -> None:
        """Stand beside this hall; `working` or `settle` do the work."""
        self.trouble = ""
        """Why the counting process is of no use now, as a code; empty while it answers."""
        self.signer = ""
        """The public key of its signatures, base64url; empty until it has answered once."""
        self.changed: Callable[[], None] = lambda: None
        """Called when `trouble` has changed."""
        self._hall = hall
        self._counter = counter
        self._keys: dict[VoteId, str] | None = None
        """The public key of every vote that has a key; None until it has been asked."""
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Look again: something has changed in the hall."""
        self._wake.set()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Do what there is to do for the duration, beginning with what was left undone."""
        await self.settle()
        async with beside(self._run):
            yield

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS if self.trouble else None):
                    await self._wake.wait()
            self._wake.clear()
            await self.settle()

    async def settle(self) -> None:
        """Do all that can be done now. What fails is noted in `trouble`, and tried again later."""
        async with self._turn:
            trouble = ""
            try:
                while await self._step():
                    pass
            except CounterLost:
                trouble = "lost"
            except CounterFailed as failed:
                trouble = failed.code
            except Exception as error:
                log.exception("the scrutiny failed", error=type(error).__name__)
                trouble = "internal"
            if trouble:
                self._keys = None  # it may begin afresh with other keys: ask
            if trouble != self.trouble:
                self.trouble = trouble
                self.changed()

    async def _step(self) -> bool:
        """Do one thing; False when there is nothing to do, or the hall has moved on meanwhile."""
        if self._keys is None:
            self._keys = await self._list_keys()
        vote = latest(self._hall.meeting)
        if vote is not None and self._has_lost_its_key(vote, self._keys):
            return await self._act(VoidVote(vote.id, "key_lost"))
        if vote is not None and needs_key(vote):
            return await self._give_key(vote)
        closed = to_open(self._hall.meeting)
        if closed is not None:
            return await (self._open(closed) if closed.root else self._fix(closed))
        return await self._destroy_keys()

    async def _act(self, act: Act) -> bool:
        return await self._hall.act(act, SYSTEM) is None

    async def _list_keys(self) -> dict[VoteId, str]:
        found = await self._counter.ask(m.ListKeys())
        if not isinstance(found, m.Keys):
            raise CounterLost
        self.signer = found.signer
        return {VoteId(vote): key for vote, key in found.votes.items()}

    def _has_lost_its_key(self, vote: Vote, keys: dict[VoteId, str]) -> bool:
        sealed = vote.state in {VoteState.OPEN, VoteState.CLOSED} and not vote.by_name
        return sealed and keys.get(vote.id) != vote.key

    async def _give_key(self, vote: Vote) -> bool:
        made = await self._counter.ask(m.MakeKey(vote.id))
        if not isinstance(made, m.Key) or self._keys is None:
            raise CounterLost
        self._keys[vote.id] = made.key
        return await self._act(GiveKey(vote.id, made.key))

    async def _fix(self, vote: Vote) -> bool:
        """Have the box of a closed vote signed as it is: from here it is what will be opened."""
        async with self._hall.store.reading() as reader:
            kept = await ballots.voters(reader, vote.id, self._hall.store.epoch)
        entries = sorted(kept.values())
        root = merkle.root([bytes.fromhex(entry) for entry in entries]).hex()
        number, previous = next_head(self._hall.meeting, self.signer)
        signed = await self._ask_of_vote(
            vote,
            m.SignBox(
                self._hall.store.epoch, number, previous, vote.id, vote.text_hash, vote.roll,
                len(self._hall.voted), len(entries), root, vote.rule, vote.base, vote.register,
            ),
        )  # fmt: skip
        if not isinstance(signed, m.Signed):
            return True  # the vote is void
        act = FixBox(vote.id, len(entries), root, _head(signed))

        async def work(desk: Desk) -> Refused | None:
            if refused := desk.take(act, SYSTEM):
                return refused
            await ballots.put_receipts(desk.tx, vote.id, kept)
            return None

        return await self._hall.work(work) is None

    async def _ask_of_vote(self, vote: Vote, request: m.Request) -> m.Answer | None:
        """Return the answer; where its envelopes can never be opened the vote is void and it is None."""
        try:
            return await self._counter.ask(request)
        except CounterFailed as failed:
            if failed.code not in _VOID:
                raise
            log.error("a vote cannot be counted", vote=vote.id, code=failed.code)  # noqa: TRY400
            await self._act(VoidVote(vote.id, _VOID[failed.code]))
            return None

    async def _open(self, vote: Vote) -> bool:
        """Have the fixed box opened, and write what was in it in the place of the envelopes."""
        async with self._hall.store.reading() as reader:
            envelopes = await ballots.envelopes(reader, vote.id)
        texts = [(str(person), envelope.write(sealed)) for person, sealed in envelopes]
        box = _box_of(self._hall.meeting, vote)
        counted = await self._ask_of_vote(
            vote, m.OpenBox(box.line, box.signature, vote.fewest, vote.small_side, texts)
        )
        if not isinstance(counted, m.Counted):
            return True
        choices = counted.choices
        act = CountVote(
            vote.id, choices.count("for"), choices.count("against"), choices.count("abstain"),
            invalid=len(counted.invalid), head=_head(counted.head),
        )  # fmt: skip

        async def work(desk: Desk) -> Refused | None:
            if refused := desk.take(act, SYSTEM):
                return refused
            await ballots.put_opened(desk.tx, vote.id, [*choices, *counted.invalid])
            return None

        return await self._hall.work(work) is None

    async def sign_roll_call(self, vote: Vote) -> m.Signed | None:
        """Return the last hash of this vote's roll-call, signed; None without an answer."""
        try:
            signed = await self._counter.ask(m.SignRollCall(vote.id, vote.root))
        except (CounterLost, CounterFailed):
            return None
        return signed if isinstance(signed, m.Signed) else None

    async def _destroy_keys(self) -> bool:
        """Destroy one key that no vote needs any more; what it could have opened leaves the log."""
        for number in sorted(self._keys or {}):
            vote = self._hall.meeting.votes.get(number)
            if vote is not None and vote.state in _NEEDS_ITS_KEY:
                continue
            await self._empty_log()
            await self._counter.ask(m.DestroyKey(number))
            if self._keys is not None:
                del self._keys[number]
            return True
        return False

    async def _empty_log(self) -> None:
        for _ in range(TRUNCATIONS):
            if await self._hall.store.checkpoint():
                return
            await asyncio.sleep(0.05)
        log.warning("the write-ahead log could not be emptied: somebody reads all the time")


def next_head(meeting: Meeting, signer: str) -> tuple[int, str]:
    """Return number and predecessor of the next head; another signing key begins another chain."""
    own = [head for head in meeting.heads.values() if head.signer == signer]
    return (len(own) + 1, signed_head(own[-1]).hash) if own else (1, heads.FIRST)


def signed_head(head: Head) -> heads.Signed:
    """Return a stored head as it was signed."""
    return heads.Signed(head.line, from_text(head.signature) or b"")


def _head(signed: m.Signed) -> SignedHead:
    return SignedHead(signed.line, signed.signature, signed.signer)


def _box_of(meeting: Meeting, vote: Vote) -> Head:
    """Return the head that fixed the box of this vote: it has only that one so far."""
    return next(head for head in meeting.heads.values() if head.vote == vote.id)
