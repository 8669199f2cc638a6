"""The page of one vote: how it was counted, one's own envelope, and the public board."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from conference.rules import question
from conference.rules.kinds import PersonId, VoteId, VoteState
from conference.rules.state import Head, Meeting, Vote
from conference.rules.voting import on_roll
from conference.scrutiny import signed_head
from conference.sealing import heads, merkle
from conference.sealing.bytes import from_text
from conference.sealing.words import words as four_words
from conference.store import ballots
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views.dates import iso_day
from conference.web.views.seals import box_sentence, key_words
from conference.web.views.subjects import subject
from conference.web.views.votes import ResultView, result_view, void_reason

DAY_MS = 24 * 3600 * 1000
SHOWN_COUNT = frozenset({VoteState.DECLARED, VoteState.VOID})
"""When everybody may read what a vote's count head says: its figures stand in it."""


@dataclass(frozen=True, slots=True)
class OwnEnvelope:
    """What became of one person's envelope."""

    state: str
    """``, `open`, `none_yet`, `waits`, `in_the_box`, `none`, `gone`, `forgotten`, `by_name`."""
    receipt: str = ""
    words: str = ""
    index: int = 0
    """Its place on the board, from 1."""
    size: int = 0
    path: tuple[str, ...] = ()
    """The hashes that lead from it to the root."""


NO_ENVELOPE = OwnEnvelope("")


@dataclass(frozen=True, slots=True)
class HeadView:
    """One signed head as everybody may read it."""

    number: int
    vote: VoteId
    kind: str
    words: str
    hash: str
    line: str
    signature: str
    vote_label: str


@dataclass(frozen=True, slots=True)
class VotePage:
    """The page of one vote."""

    number: VoteId
    label: str
    title: str
    question: str
    state: str
    void: str
    by_name: bool
    sealed: bool
    """False for a vote by name, and for one from before ballots were sealed."""
    result: ResultView
    box: str
    voted: int
    """How many of the roll had voted at the close, by the signed head of the box."""
    envelopes: int
    key: str
    root: str
    signer: str
    signing_key: str
    """By name: the key that signs the roll-call, in full as it stands there."""
    heads: tuple[HeadView, ...]
    own: OwnEnvelope
    signed_in: bool
    bundle: bool
    roll_call: bool
    tellers: int
    """How many tellers have confirmed the result."""


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One envelope as the board shows it."""

    place: int
    """From 1. Reckoned here: a template that counts ten thousand lines takes four times as long."""
    hash: str
    words: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The public board of one vote: everything of its box that everybody may have."""

    number: VoteId
    label: str
    result: ResultView
    box: str
    key: str
    root: str
    heads: tuple[HeadView, ...]
    envelopes: tuple[OnBoard, ...]
    bundle: bool


async def vote_page(
    site: Site, vote: Vote, person: PersonId | None, *, reads_names: bool
) -> VotePage:
    """Return the page of this vote for whoever asks."""
    about = subject(site, question.of(vote))
    own = await own_envelope(site, vote, person) if person is not None else NO_ENVELOPE
    declared = vote.state is VoteState.DECLARED
    return VotePage(
        number=vote.id,
        label=about.label,
        title=about.title,
        question=about.question,
        state=vote.state,
        void=void_reason(site, vote),
        by_name=vote.by_name,
        sealed=bool(vote.key),
        result=result_view(site, vote),
        box=box_sentence(vote) if declared else "",
        voted=_voted(site.meeting, vote),
        envelopes=vote.envelopes or 0,
        key=key_words(vote),
        root=vote.root,
        signer=signer_words(site.meeting, vote),
        signing_key=site.scrutiny.signer if vote.by_name else "",
        heads=heads_of(site, vote),
        own=own,
        signed_in=person is not None,
        bundle=has_bundle(site, vote),
        roll_call=declared and vote.by_name and reads_names,
        tellers=len(vote.confirmed),
    )


def _voted(meeting: Meeting, vote: Vote) -> int:
    read = (heads.read(head.line) for head in meeting.heads.values() if head.vote == vote.id)
    return next((head.voted for head in read if isinstance(head, heads.Box)), 0)


async def own_envelope(site: Site, vote: Vote, person: PersonId) -> OwnEnvelope:
    """Return what became of this person's envelope; never what is in it."""
    if not on_roll(site.meeting, vote.id, person):
        return NO_ENVELOPE
    if vote.by_name:
        return OwnEnvelope("by_name")
    async with site.store.reading() as reader:
        receipt = await ballots.receipt_of(reader, vote.id, person, site.store.epoch)
    if not vote.root:
        if vote.state is VoteState.VOID:
            return OwnEnvelope("gone")
        if receipt is None:
            return OwnEnvelope("none_yet")
        state = "open" if vote.state is VoteState.OPEN else "waits"
        return OwnEnvelope(state, receipt, four_words(bytes.fromhex(receipt)))
    if vote.state is VoteState.VOID and vote.votes_for is None:
        return OwnEnvelope("gone")
    entries = [bytes.fromhex(one) for one in await envelopes_of(site, vote)]
    if len(entries) != vote.envelopes:
        return OwnEnvelope("forgotten")  # the time for which who voted is kept is over
    if receipt is None:
        return OwnEnvelope("none")
    place = entries.index(bytes.fromhex(receipt))
    proof = merkle.prove(entries, place)
    if not merkle.verify(entries[place], proof, bytes.fromhex(vote.root)):
        return OwnEnvelope("none")  # the box is not the one that was fixed: say nothing untrue
    path = tuple(one.hex() for one in proof.path)
    words = four_words(entries[place])
    return OwnEnvelope("in_the_box", receipt, words, place + 1, proof.size, path)


async def envelopes_of(site: Site, vote: Vote) -> list[str]:
    """Return the hash of every envelope in the fixed box, in order; kept, for they never change.

    Fewer than there were, or none, once the time is over for which they are kept.
    """
    known = site.boxes.get(vote.id)
    if known is None or known[0] != vote.root:
        async with site.store.reading() as reader:
            known = (vote.root, await ballots.receipts(reader, vote.id))
        site.boxes[vote.id] = known
    return known[1]


def has_bundle(site: Site, vote: Vote) -> bool:
    """Say whether the bundle of this vote can be had now.

    It is published from the declaration until the end of the days in which the result can be
    challenged, which are counted from the close of the conference.
    """
    closed = site.meeting.conference.closed_at
    days = site.public.organiser.challenge_days
    open_ = closed is None or site.now() <= closed + days * DAY_MS
    return open_ and not vote.by_name and vote.declared_at is not None and bool(vote.root)


async def board_page(site: Site, vote: Vote) -> BoardPage:
    """Return the public board of a vote whose box has been fixed."""
    about = subject(site, question.of(vote))
    declared = vote.state is VoteState.DECLARED
    gone = vote.state is VoteState.VOID and vote.votes_for is None
    envelopes = [] if gone else await envelopes_of(site, vote)
    return BoardPage(
        number=vote.id,
        label=about.label,
        result=result_view(site, vote),
        box=box_sentence(vote) if declared else "",
        key=key_words(vote),
        root=vote.root,
        heads=heads_of(site, vote),
        envelopes=_on_board(tuple(envelopes)),
        bundle=has_bundle(site, vote),
    )


@lru_cache(4)
def _on_board(envelopes: tuple[str, ...]) -> tuple[OnBoard, ...]:
    """Return these hashes as the board shows them; kept, for everybody looks at the latest."""
    found = ((one, four_words(bytes.fromhex(one))) for one in envelopes)
    return tuple(OnBoard(place, one, words) for place, (one, words) in enumerate(found, 1))


def heads_of(site: Site, vote: Vote) -> tuple[HeadView, ...]:
    """Return this vote's heads as everybody may read them: the count's not before it is declared."""
    own = [head for head in site.meeting.heads.values() if head.vote == vote.id]
    shown = own if vote.state in SHOWN_COUNT else own[:1]
    return tuple(head_view(site, head) for head in shown)


def head_view(site: Site, head: Head) -> HeadView:
    """Return a head with its hash as four words."""
    signed = signed_head(head)
    read = heads.read(head.line)
    kind = _("count") if isinstance(read, heads.Count) else _("box")
    about = subject(site, question.of(site.meeting.votes[head.vote]))
    return HeadView(
        read.number if read is not None else head.id, head.vote, kind,
        four_words(bytes.fromhex(signed.hash)), signed.hash, head.line, head.signature, about.label,
    )  # fmt: skip


def delete_after(site: Site) -> str:
    """Return the day after which who voted how must not be kept, or in words that it is not fixed."""
    head, days = site.meeting.conference, site.public.organiser.retention_days
    if head.closed_at is None:
        return _("%(n)s days after the close of the conference") % {"n": days}
    return iso_day(head.closed_at + days * DAY_MS, head.zone)


def signer_words(meeting: Meeting, vote: Vote) -> str:
    """Return the signing key of this vote's heads as four words; empty while there are none."""
    own = [head for head in meeting.heads.values() if head.vote == vote.id]
    if not own:
        return ""
    return four_words(heads.signer_fingerprint(from_text(own[-1].signer) or b""))
