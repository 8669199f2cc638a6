"""The speakers before the day: who is invited to what, what they answered, what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conference.rules import queue, slots
from conference.rules.agenda import in_order
from conference.rules.kinds import Mode, PersonId, Reply, Role
from conference.rules.state import Meeting, Slot
from conference.rules.timing import MINUTE
from conference.store.speakers import Reminding
from conference.web.forms import Filled
from conference.web.letters import sends
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views.now import title_of

REPLIES = {
    Reply.OPEN: _("has not answered"),
    Reply.COMING: _("can make it"),
    Reply.DECLINED: _("cannot make it"),
}


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """An invitation that has been opened: opening changes nothing, the button does."""

    name: str


@dataclass(frozen=True, slots=True)
class CodePage:
    """Where the code of an invitation is typed."""

    form: Filled


@dataclass(frozen=True, slots=True)
class InvitedSlot:
    """One slot with its speaker's answer."""

    id: int
    person: str
    name: str
    item: str
    title: str
    planned_at: int
    minutes: int
    reply: str
    reply_text: str
    check_at: int | None
    checked: bool
    reserve_name: str
    reserve_email: str
    may_give: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """One speaker: how they are reached. `link` is empty for whoever signs in as always."""

    person: str
    name: str
    email: str
    fixed: bool
    """Whether the address cannot be changed here: a delegate's, or an officer's."""
    phone: str
    needs: str
    link: str
    code: str


@dataclass(frozen=True, slots=True)
class InvitationsPage:
    """The organiser's page about speakers."""

    zone: str
    slots: tuple[InvitedSlot, ...]
    people: tuple[Invited, ...]
    real: bool
    by_hand: bool
    """Whether no mail server sends: mails wait to be passed on."""
    open: int
    declined: int
    demonstration: bool
    reminding: Reminding


def invitations_page(
    site: Site, addresses: Mapping[PersonId, str], guests: Mapping[PersonId, tuple[str, str]]
) -> InvitationsPage:
    """Return every slot and every speaker; `guests` have a link and a code of their own."""
    meeting = site.meeting
    rows = tuple(_slot(site, slot) for slot in in_programme_order(meeting))
    persons = dict.fromkeys(s.person for s in in_programme_order(meeting) if s.person is not None)
    replies = [row.reply for row in rows]
    return InvitationsPage(
        zone=meeting.conference.zone,
        slots=rows,
        people=tuple(_invited(site, who, addresses, guests) for who in persons),
        real=meeting.conference.mode is Mode.REAL,
        by_hand=not sends(site),
        open=replies.count(Reply.OPEN),
        declined=replies.count(Reply.DECLINED),
        demonstration=meeting.conference.mode is Mode.DEMONSTRATION,
        reminding=site.backstage.reminding,
    )


def in_programme_order(meeting: Meeting) -> list[Slot]:
    """Return all slots in the order of the day."""
    return [slot for item in in_order(meeting) for slot in queue.slots_of(meeting, item.id)]


def _slot(site: Site, slot: Slot) -> InvitedSlot:
    meeting = site.meeting
    item = meeting.items[slot.item]
    row = slots.appearance(meeting, slot.id)
    ahead = [s for s in queue.slots_of(meeting, item.id) if s.position < slot.position]
    reserve = site.backstage.reserves.get(slot.id)
    return InvitedSlot(
        id=slot.id,
        person=slot.person or "",
        name=slot.name,
        item=title_of(item),
        title=slot.title,
        planned_at=item.starts_at + sum(s.minutes for s in ahead) * MINUTE,
        minutes=slot.minutes,
        reply=row.reply,
        reply_text=gettext(REPLIES[row.reply]),
        check_at=row.check_at,
        checked=row.checked,
        reserve_name=reserve.name if reserve else "",
        reserve_email=reserve.email if reserve else "",
        may_give=may_give(meeting, slot),
    )


def may_give(meeting: Meeting, slot: Slot) -> bool:
    """Say whether this slot can still be given to somebody: nobody has spoken in it, and it comes."""
    return slots.over(meeting, slot) is None


def _invited(
    site: Site,
    person: PersonId,
    addresses: Mapping[PersonId, str],
    guests: Mapping[PersonId, tuple[str, str]],
) -> Invited:
    told = site.backstage.details(person)
    link, code = guests.get(person, ("", ""))
    roles = site.meeting.people[person].roles
    return Invited(
        person=person,
        name=site.name(person),
        email=addresses.get(person, ""),
        fixed=bool(roles - {Role.SPEAKER, Role.OBSERVER}),
        phone=told.phone,
        needs=told.needs,
        link=link,
        code=code,
    )
