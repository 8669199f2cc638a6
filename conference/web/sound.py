"""Sound and picture: the page for the addresses, and the way into the speaking room.

Listening is for everybody; the address for speaking is never part of a page: a press asks for it,
and whoever may not enter now is told so.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import ORGANISER, SIGNED_IN, STAGE
from conference.rules import question, queue, slots, timing
from conference.rules.kinds import ItemId, PersonId, Role, SlotId
from conference.rules.refused import Code, Refused
from conference.rules.roles import OFFICERS
from conference.rules.state import Meeting
from conference.store import sounds
from conference.store.sounds import WHOLE, Sound
from conference.web import backstage, forms
from conference.web.elsewhere import embedded, host_of, is_address, is_host
from conference.web.forms import BadForm, Filled
from conference.web.guard import Refusal, Visit, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.sound import sound_now, sound_page

Address = Annotated[str, Meta(max_length=500)]
MOST_HOSTS = 20


class SoundForm(Struct, forbid_unknown_fields=True):
    """Addresses of one item, or of the whole conference."""

    kind: Literal["none", "hall", "audio", "video", "link", "embed"]
    listen: Address = ""
    speak: Address = ""
    dial_in: forms.Line = ""
    steward: forms.Line = ""
    captions: Address = ""
    signing: Address = ""


class HostsForm(Struct, forbid_unknown_fields=True):
    """The hosts that may be embedded, one a line."""

    hosts: Annotated[str, Meta(max_length=5000)] = ""


async def page(request: Request, visit: Visit) -> Response:
    """What has been entered, with a form for each item."""
    context = sound_page(site_of(request), may_allow=ORGANISER.allows(visit.person))
    return render(request, visit, "sound", _("Sound and picture"), context)


async def put(request: Request, visit: Visit) -> Response:
    """Enter the addresses of an item, in place of those before."""
    site, item = site_of(request), ItemId(request.path_params["id"])
    if item not in site.meeting.items and item != WHOLE:
        raise Refusal(Refused(Code.UNKNOWN))
    try:
        form = await _read(request, site)
    except BadForm as bad:
        if wants_json(request):
            raise
        back = Filled(bad.typed, bad.fields, say=say(Refused(Wrong.BAD_FIELD)))
        context = sound_page(site, may_allow=ORGANISER.allows(visit.person), item=item, back=back)
        return render(request, visit, "sound", _("Sound and picture"), context, status=422)
    sound = Sound(item, **{name: getattr(form, name) for name in form.__struct_fields__})

    async def work(desk: Desk) -> None:
        await sounds.put(desk.tx, sound)
        site.backstage.sounds = await sounds.everything(desk.tx)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse(f"/sound#sound-{item}", 303)


async def _read(request: Request, site: Site) -> SoundForm:
    """Return the form. Raises BadForm for addresses that cannot be used, too."""
    form = await forms.read(request, SoundForm)
    if wrong := _problems(site, form):
        raise BadForm(wrong, {name: str(getattr(form, name)) for name in form.__struct_fields__})
    return form


def _problems(site: Site, form: SoundForm) -> dict[str, str]:
    """Return a sentence for each address that cannot be used as it stands."""
    wrong = {}
    for name in ("listen", "speak", "captions", "signing"):
        if (text := getattr(form, name)) and not is_address(text):
            wrong[name] = _("An address begins with https:// and a host; other kinds are refused.")
    if not wrong and form.kind in {"audio", "video", "link", "embed"} and not form.listen:
        wrong["listen"] = _("This is missing.")
    if not wrong and form.kind == "embed":
        host = host_of(embedded(form.listen))
        if host not in site.backstage.embed_hosts:
            sentence = _("%(host)s is not on the list of hosts that may be embedded.")
            wrong["listen"] = sentence % {"host": host}
    return wrong


async def put_hosts(request: Request, _visit: Visit) -> Response:
    """Say which hosts may be embedded; an embed of another becomes a link at once."""
    site = site_of(request)
    form = await forms.read(request, HostsForm)
    hosts = list(dict.fromkeys(form.hosts.lower().split()))
    if len(hosts) > MOST_HOSTS or not all(is_host(host) for host in hosts):
        raise BadForm({"hosts": _("One host a line, such as www.youtube-nocookie.com.")})

    async def work(desk: Desk) -> None:
        await backstage.put_embed_hosts(desk.tx, hosts)
        site.backstage.embed_hosts = tuple(hosts)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/sound#hosts", 303)


# --- the speaking room --------------------------------------------------------------------------------


def room_of(site: Site, person: PersonId) -> str | Refused:
    """Return the speaking address that this person may have now.

    That is whoever speaks or stands by, and whoever runs the meeting or the stage.
    """
    meeting, now = site.meeting, site.now()
    row = meeting.people[person]
    found = ""
    if row.roles & (OFFICERS | {Role.STEWARD, Role.ORGANISER}):
        found = sound_now(site).speak
    if may_speak(meeting, person):
        found = sound_now(site).speak
    views = timing.slot_views(meeting, now)
    for slot in slots.of_person(meeting, person):
        if not found and slots.may_enter(meeting, views[slot.id], now):
            found = site.backstage.sound(slot.item).speak
    return found or Refused(Wrong.NOT_YOUR_TURN)


def may_speak(meeting: Meeting, person: PersonId) -> bool:
    """Say whether this person has the floor, or is the first who waits for it."""
    turn = meeting.conference.turn
    if turn is not None and meeting.turns[turn].person == person:
        return True
    asked = question.innermost(meeting)
    waiting = queue.queue(meeting, asked) if asked is not None else []
    return bool(waiting) and waiting[0].person == person


async def room(request: Request, visit: Visit) -> Response:
    """Lead into the speaking room of the item before conference."""
    return _lead(room_of(site_of(request), visit.id))


async def slot_room(request: Request, visit: Visit) -> Response:
    """Lead a speaker into the speaking room of this slot."""
    site = site_of(request)
    slot = site.meeting.slots.get(SlotId(request.path_params["id"]))
    if slot is None or slot.person != visit.id:
        raise Refusal(Refused(Code.UNKNOWN if slot is None else Code.NOT_YOUR_SLOT))
    view = timing.slot_views(site.meeting, site.now())[slot.id]
    if not slots.may_enter(site.meeting, view, site.now()):
        raise Refusal(Refused(Wrong.NOT_YOUR_TURN))
    return _lead(site.backstage.sound(slot.item).speak or Refused(Wrong.NO_ROOM))


def _lead(address: str | Refused) -> Response:
    if isinstance(address, Refused):
        raise Refusal(address)
    return RedirectResponse(address, 303, {"Referrer-Policy": "no-referrer"})


ROUTES = [
    route("/sound", page, STAGE),
    route("/sound/items/{id:int}", put, STAGE, ("POST",)),
    route("/sound/hosts", put_hosts, ORGANISER, ("POST",)),
    route("/room", room, SIGNED_IN),
    route("/speaker/slots/{id:int}/room", slot_room, SIGNED_IN),
]
