"""What is rendered once for many is, for each of them, what they would have been sent alone."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules.kinds import PointAbout, PointKind, Side
from conference.web import regions
from conference.web.own_regions import OwnRegions, region_frame
from tests.web.test_panel import about, ballots, hall, often, to  # noqa: F401  (fixtures)

CHAIR = "Chair (morning)"


def variants(house, own: OwnRegions) -> int:
    """Compare everybody's frames with their regions, twice over; how many different ones there are."""
    site, found = house.site, set()
    for _ in range(2):
        for person in site.meeting.people:
            for view in (regions.FLOOR, regions.GALLERY, regions.MINUTES):
                alone = regions.render_personal(site, view, person)
                frames = own.frames(view, person)
                wanted = [region_frame(site, name, html) for name, html in alone.items()]
                assert len(frames) == sum(map(len, wanted)), (view, person)
                assert all(frame in frames for frame in wanted), (view, person)
                found.add(frames)
    return len(found)


async def test_everybody_gets_what_they_would_have_got_alone(house, visitors, hall):  # noqa: F811
    own = OwnRegions(house.site)
    await to(visitors, about("1.1", a.AnnounceVote))
    for number, side in ((1, Side.AGAINST), (2, Side.FOR)):
        await visitors.act(a.AskToSpeak(1, side, 1), f"Delegate 00{number}")
    assert variants(house, own) > 3
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=1), CHAIR)
    await visitors.pass_time(3)
    variants(house, own)
    await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AnnounceVote(1, 1), CHAIR)
    await visitors.pass_time(hall.meeting.settings.vote_announcement + 1)
    before = variants(house, own)
    await ballots(visitors, "for against")
    assert variants(house, own) == before + 4  # two receipts, on two kinds of page


async def test_whoever_has_a_part_is_not_taken_for_one_of_the_others(house, visitors, hall):  # noqa: F811
    own = OwnRegions(house.site)
    await to(visitors, about("Motion 1", a.AnnounceVote))
    motion = replace(hall.meeting.motions[1], mover=visitors.person("Delegate 003"), mover_name="")
    hall.meeting = replace(hall.meeting, motions=hall.meeting.motions.put(1, motion))
    for name in ("Delegate 001", "Delegate 002"):
        await visitors.act(a.AskToSpeak(1, Side.AGAINST), name)
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=max(hall.meeting.requests) - 1), CHAIR)
    assert variants(house, own) > 3  # who speaks, who waits, who moved it, all others
    await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    variants(house, own)
    await visitors.act(a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE), "Delegate 004")
    await visitors.act(a.Leave(), "Delegate 005")
    before = variants(house, own)
    await visitors.act(a.CloseDebate(1), CHAIR)
    assert before > 3
    variants(house, own)
