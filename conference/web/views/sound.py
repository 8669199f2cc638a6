"""How the item before conference is heard, and what the page must be allowed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from conference.rules.agenda import in_order
from conference.rules.kinds import ItemId
from conference.store.sounds import WHOLE, Sound
from conference.web.elsewhere import embedded, host_of, is_hls, origin_of
from conference.web.forms import Filled
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views.now import title_of

PLAYED = frozenset({"audio", "video"})


@dataclass(frozen=True, slots=True)
class SoundView:
    """The region `sound`. `kind` is `none` when nothing has been entered."""

    kind: str
    address: str
    """What is played or opened; the embedding address where the kind is `embed`."""
    link: str
    """Opens the same in a tab of its own."""
    host: str
    origin: str
    """What the page must be allowed to load from; empty for a link."""
    hls: bool
    dial_in: str
    steward: str
    captions: str
    signing: str
    delay: int
    """By how many seconds the stream is behind."""


def current_item(site: Site) -> ItemId | None:
    """Return the item before conference, or the next to be called."""
    return site.meeting.conference.item


def sound_now(site: Site) -> Sound:
    """Return the addresses that hold now."""
    return site.backstage.sound(current_item(site))


def sound_view(site: Site) -> SoundView:
    """Return how the item before conference is heard, the same for everybody."""
    sound = sound_now(site)
    kind = sound.kind
    if kind == "embed" and host_of(embedded(sound.listen)) not in site.backstage.embed_hosts:
        kind = "link"  # taken off the list since
    address = embedded(sound.listen) if kind == "embed" else sound.listen
    loads = kind == "embed" or kind in PLAYED
    return SoundView(
        kind=kind,
        address=address,
        link=sound.listen,
        host=host_of(sound.listen) if sound.listen else "",
        origin=origin_of(address) if loads else "",
        hls=kind in PLAYED and is_hls(address),
        dial_in=sound.dial_in,
        steward=sound.steward,
        captions=sound.captions,
        signing=sound.signing,
        delay=site.meeting.stage.delay,
    )


@dataclass(frozen=True, slots=True)
class SoundLine:
    """What has been entered for one item, or typed and sent back."""

    item: int
    title: str
    own: bool
    """Whether it has addresses of its own."""
    values: Mapping[str, str]
    wrong: Mapping[str, str]
    say: str


@dataclass(frozen=True, slots=True)
class SoundPage:
    """The page on which the addresses are entered."""

    lines: tuple[SoundLine, ...]
    hosts: str
    may_allow: bool
    """Whether whoever looks may also say which hosts may be embedded."""


def sound_page(
    site: Site, *, may_allow: bool, item: ItemId | None = None, back: Filled | None = None
) -> SoundPage:
    """Return what has been entered: for the whole conference first, then by item.

    `back` is a form for `item` that is shown again with what was wrong in it.
    """
    known = site.backstage.sounds
    titles = [(WHOLE, _("The whole conference"))]
    titles += [(row.id, title_of(row)) for row in in_order(site.meeting)]
    lines = []
    for number, title in titles:
        filled = back if back is not None and number == item else Filled()
        stored = asdict(known.get(number) or Sound(number))
        values = {name: str(filled.typed.get(name, text)) for name, text in stored.items()}
        lines.append(SoundLine(number, title, number in known, values, filled.wrong, filled.say))
    return SoundPage(tuple(lines), "\n".join(site.backstage.embed_hosts), may_allow)
