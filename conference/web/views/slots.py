"""A speaker's own slots: when they come, what to do now, what is still to be done before the day."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import slots, speech
from conference.rules.agenda import motions_of
from conference.rules.kinds import ItemState, PersonId, Phase, Ready, Reply
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE, SlotState, SlotView, shift, slot_views
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.text import lazy, ngettext
from conference.web.views.dates import city_of, day_of
from conference.web.views.now import current_turn, title_of
from conference.web.views.sound import sound_now

COARSE = 5 * MINUTE
"""An expected time drifts with every minute; it is spoken anew only when it moves by this much."""

SIGNALS = {
    "one_minute": lazy("The stage manager signals: one minute."),
    "please_finish": lazy("The stage manager signals: please finish."),
    "louder": lazy("The stage manager signals: louder, or nearer to the microphone."),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to read before one speaks."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the programme a slot stands."""

    item: str
    room: str
    """The room of the item; empty where none was entered."""
    day: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """How the speaking room is reached; nothing while it is not open to this speaker."""

    room: bool
    dial_in: str


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """When it is booked, whether it has been made, and when it could be."""

    at: int | None
    done: bool
    free: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One slot as its speaker reads it."""

    id: int
    place: Place
    title: str
    minutes: int
    state: str
    """What decides the look: `waiting`, `next`, `standby`, `on`, `over`, `done` or `passed`."""
    planned_at: int
    expected_at: int | None
    """None when it has passed, or when the time is no expectation any more."""
    earliest_at: int
    """When it can come at the earliest if debates are closed early; 0 where that is no other time."""
    counts: bool
    """Whether the time until then runs down: only while the conference is open."""
    began_at: int | None
    ends_at: int | None
    """Until when the speaker has the floor; None while they have not, or their clock is stopped."""
    sentence: str
    detail: str
    signal: str
    news: str
    """What has changed since the speaker pressed *Seen*, in one sentence; empty for nothing."""
    announce: str
    alert: str
    """Changes whenever the speaker is to be called to the page."""
    door: Door
    reply: str
    ready: str
    open: bool
    """Whether anything can still be answered or booked."""
    check: SoundCheck
    checklist: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class SlotsView:
    """The region `slots`."""

    zone: str
    city: str
    now: int
    slots: tuple[SlotLine, ...]
    steward: str
    moved: bool
    """Whether the conference was opened at quite another time than printed: a trial run."""
    before: bool
    """Whether it has not been opened: sound checks can still be booked."""


def slots_view(site: Site, person: PersonId) -> SlotsView:
    """Return this speaker's slots in the order of the programme, what is over last."""
    meeting, now = site.meeting, site.now()
    mine = [v for v in slot_views(meeting, now).values() if v.slot.person == person]
    over = {SlotState.DONE, SlotState.PASSED}
    mine.sort(key=lambda v: (v.state in over, meeting.items[v.slot.item].position, v.slot.position))
    lines = tuple(_line(site, view, now) for view in mine)
    sound = site.backstage.sound(mine[0].slot.item) if mine else sound_now(site)
    head = meeting.conference
    return SlotsView(
        zone=head.zone, city=city_of(head.zone), now=now, slots=lines, steward=sound.steward,
        moved=head.phase is Phase.OPEN and shift(meeting) != 0, before=head.phase is Phase.BEFORE,
    )  # fmt: skip


def _line(site: Site, view: SlotView, now: int) -> SlotLine:
    meeting, slot, turn = site.meeting, view.slot, view.turn
    row = slots.appearance(meeting, slot.id)
    coming = view.state in {SlotState.WAITING, SlotState.NEXT}
    on = view.state is SlotState.ON and turn is not None
    ends_at = speech.ends_at(turn, now) if turn is not None and on else None
    stopped = turn is not None and on and turn.paused_at is not None
    state = _state(meeting, view, over=ends_at is not None and now >= ends_at)
    sentence = slot_sentence(meeting, view, state)
    signal = _signal(meeting, view)
    news = _news(meeting, view)
    detail = _detail(site, view, state, stopped=stopped)
    return SlotLine(
        id=slot.id,
        place=_place(meeting, view),
        title=slot.title,
        minutes=slot.minutes,
        state=state,
        planned_at=view.planned_at,
        expected_at=view.expected_at if coming else None,
        earliest_at=view.earliest_at if coming and _may_be_early(view) else 0,
        counts=coming and meeting.conference.phase is Phase.OPEN,
        began_at=turn.started_at if turn else None,
        ends_at=None if stopped else ends_at,
        sentence=sentence,
        detail=detail,
        signal=signal,
        news=news,
        announce=_announcement(meeting, view, sentence, signal or (detail if on else "")),
        alert=f"slot-{slot.id}-{state}-{signal and meeting.stage.signal}-{news}",
        door=_door(site, view, now),
        reply=row.reply,
        ready=row.ready,
        open=coming and meeting.conference.phase is not Phase.CLOSED,
        check=SoundCheck(row.check_at, row.checked, tuple(slots.free_checks(meeting, slot.id))),
        checklist=_checklist(site, view),
    )


def _place(meeting: Meeting, view: SlotView) -> Place:
    item = meeting.items[view.slot.item]
    day = day_of(view.planned_at, meeting.conference.zone)
    return Place(title_of(item), item.room, day, _papers(meeting, view))


def _door(site: Site, view: SlotView, now: int) -> Door:
    if not slots.may_enter(site.meeting, view, now):
        return Door(room=False, dial_in="")
    sound = site.backstage.sound(view.slot.item)
    return Door(room=bool(sound.speak), dial_in=sound.dial_in)


def _may_be_early(view: SlotView) -> bool:
    return view.expected_at - view.earliest_at >= COARSE


def _state(meeting: Meeting, view: SlotView, *, over: bool) -> str:
    if view.state is SlotState.ON:
        return "over" if over else "on"
    if view.state is SlotState.NEXT and stands_by(meeting, view):
        return "standby"
    return str(view.state.value)


def stands_by(meeting: Meeting, view: SlotView) -> bool:
    """Say whether the speaker can be called at any moment: nobody else speaks."""
    return slots.stands_by(meeting, view) and meeting.conference.turn is None


def slot_sentence(meeting: Meeting, view: SlotView, state: str) -> str:
    """Return what the speaker is to do, in one plain sentence."""
    if view.state is SlotState.ON:
        return _("Please close.") if state == "over" else _("You are on.")
    if view.state is SlotState.DONE:
        return _("Thank you.")
    if view.state is SlotState.PASSED:
        return _("Your item has passed and you were not called.")
    if slots.appearance(meeting, view.slot.id).reply is Reply.DECLINED:
        return _("You have said that you cannot make it.")
    if meeting.conference.phase is Phase.BEFORE:
        return _("The conference starts when the chair opens it.")
    if view.state is SlotState.NEXT:
        return _("You are next. Stand by.") if state == "standby" else _("You are next.")
    if view.before == 2:  # noqa: PLR2004  (the quiet word before *you are next*)
        return _("Two before you.")
    return ngettext("One before you.", "%(n)s before you.", view.before) % {"n": view.before}


def _detail(site: Site, view: SlotView, state: str, *, stopped: bool) -> str:
    if state == "over":
        return _("Your time is up. Please close.")
    if stopped and view.turn is not None and view.turn.waits_until is not None:
        return _("Your connection was lost: we wait for you, and your clock is stopped.")
    if stopped:
        return _("Your clock is stopped.")
    if view.state is SlotState.PASSED:
        return _("The stewards see this on their board. Please ring the steward or the organiser.")
    if view.state is not SlotState.NEXT:
        return ""
    if site.meeting.items[view.slot.item].state is not ItemState.CALLED:
        return _("Your item has not been called yet.")
    speaking = current_turn(site)
    if speaking is not None:
        return _("Please be ready: %(name)s is speaking.") % {"name": speaking.name}
    return _("Please be ready: the chair can call you at any moment.")


def _signal(meeting: Meeting, view: SlotView) -> str:
    stage = meeting.stage
    mine = view.turn is not None and view.state is SlotState.ON
    if not mine or stage.signal is None or view.turn is None or stage.signal_turn != view.turn.id:
        return ""
    return _(SIGNALS[stage.signal])


def _news(meeting: Meeting, view: SlotView) -> str:
    """Return what the speaker has not seen yet, in one sentence."""
    if not slots.has_news(view):
        return ""
    zone = meeting.conference.zone
    if view.state is SlotState.PASSED:
        return _("Your item has passed.")
    now_at = {"now": clock_time(_coarse(view.expected_at), zone)}
    if view.slot.seen is None:
        return _("This is your slot, about %(now)s.") % now_at
    if view.slot.seen == slots.PASSED:
        return _("Your item comes after all, about %(now)s.") % now_at
    before = {**now_at, "before": clock_time(_coarse(view.slot.seen), zone)}
    if view.expected_at > view.slot.seen:
        return _("You are on later: about %(now)s instead of %(before)s.") % before
    return _("You are on earlier: about %(now)s instead of %(before)s.") % before


def _coarse(at: int) -> int:
    """Return the minute that the page shows for this time."""
    return at // MINUTE * MINUTE


def _announcement(meeting: Meeting, view: SlotView, sentence: str, more: str) -> str:
    """Return what is spoken when it changes: the sentence, what is new, and the time, coarsely."""
    if more:
        return f"{sentence} {more}" if sentence not in more else more
    if view.slot.seen is not None and (news := _news(meeting, view)):
        return f"{sentence} {news}"
    waits = view.state in {SlotState.WAITING, SlotState.NEXT}
    if not waits or meeting.conference.phase is not Phase.OPEN:
        return sentence
    zone = meeting.conference.zone
    about = clock_time(round(view.expected_at / COARSE) * COARSE, zone)
    if _may_be_early(view):
        facts = {
            "sentence": sentence,
            "early": clock_time(view.earliest_at // COARSE * COARSE, zone),
            "time": about,
        }
        return _("%(sentence)s Expected between %(early)s and %(time)s.") % facts
    return _("%(sentence)s Expected about %(time)s.") % {"sentence": sentence, "time": about}


def _checklist(site: Site, view: SlotView) -> tuple[Check, ...]:
    row = slots.appearance(site.meeting, view.slot.id)
    person = view.slot.person
    phone = site.backstage.details(person).phone if person is not None else ""
    return (
        Check(_("You have said that you can make it"), row.reply is Reply.COMING),
        Check(_("A sound check is booked"), row.check_at is not None or row.checked),
        Check(_("Sound and picture have been checked by a steward"), row.checked),
        Check(_("The stewards have a telephone number, should you be late"), bool(phone)),
        Check(_("You have seen the latest time"), not slots.has_news(view)),
        Check(_("You are here on the day"), row.ready is not Ready.AWAY),
    )


def _papers(meeting: Meeting, view: SlotView) -> tuple[Paper, ...]:
    item = view.slot.item
    motions = (
        Paper(f"{m.label}: {m.title}", f"/motions/{m.id}") for m in motions_of(meeting, item)
    )
    own = (Paper(paper.title, paper.link) for paper in meeting.items[item].papers)
    return (*motions, *own, Paper(_("The programme"), f"/agenda#item-{item}"))
