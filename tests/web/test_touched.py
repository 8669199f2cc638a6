"""Whatever act is taken wherever: who is not told anew would have seen what they saw before."""

from __future__ import annotations

from collections.abc import Iterator

from conference.hall import News
from conference.permission import CHAIR
from conference.rules import acts as a
from conference.rules import take
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused
from conference.rules.state import Meeting
from conference.web import regions, touched
from conference.web.own_regions import OF_BALLOT
from conference.web.site import Site
from tests.rules import builders
from tests.rules.test_acts import CHANGES, LATER

SCENES = sorted({*builders.SCENES, *builders.PUT, *builders.VOTED})
ACTS = sorted({(act, by) for _scene, act, by, _so in CHANGES}, key=repr)
OFTEN = 6
"""In so many scenes each act is taken."""
OWN = {name: build for view in regions.VIEWS.values() for name, build in view.personal.items()}
OF_SPEAKERS = {"slots", "mine"}
"""Every speaker is told these with each act."""


def taken() -> Iterator[tuple[str, a.Act, Meeting, Meeting]]:
    """Every act by whoever does it, in scenes in which it is not refused."""
    for act, by in ACTS:
        own = [scene for scene, same, who, _so in CHANGES if (same, who) == (act, by)]
        times = 0
        for name in dict.fromkeys((*own, *SCENES)):
            before = builders.scene(name)
            after = take(before, act, by, LATER)
            if not isinstance(after, Refused):
                yield name, act, before, after
                times += 1
            if times == OFTEN:
                break


def own(site: Site, meeting: Meeting) -> dict[tuple[PersonId, str], object]:
    """What everybody is shown of their own, on whatever page they may have."""
    site.hall.meeting = meeting
    return {
        (person, name): build(site, person)
        for name, build in OWN.items()
        for person, row in meeting.people.items()
        if name != "chairing" or row.roles & CHAIR.roles
    }


async def test_who_is_not_told_anew_would_see_what_they_saw(house):
    """`touched.people` knows every act: it asks what changed, and nothing is forgotten."""
    site, seen = house.site, set()
    site.now = lambda: LATER
    stale, shown = [], {}
    for scene, act, before, after in taken():
        seen.add(type(act))
        news = News(before, after, (), ())
        moved = touched.vote_key(news, after=False) != touched.vote_key(news, after=True)
        told, speak = touched.people(news), touched.speakers(after)
        was = shown.setdefault(scene, own(site, before))
        for (person, name), now in own(site, after).items():
            if person in told or (person, name) not in was or now == was[person, name]:
                continue
            if (moved and name in OF_BALLOT) or (name in OF_SPEAKERS and person in speak):
                continue
            if regions.render(site, name, now) != regions.render(site, name, was[person, name]):
                stale.append((type(act).__name__, scene, person, name))
    assert stale == []
    assert seen == {type(act) for act, _by in ACTS}
