"""Lines end and are back within a moment: whoever came in between is told so."""

from __future__ import annotations

from conference.web import regions
from tests.web.test_panel import CHAIR, hall, often  # noqa: F401  (fixtures)
from tests.web.test_told import Page


async def test_who_comes_while_others_are_away_for_a_moment_is_told_that_they_are_back(
    house, visitors, hall  # noqa: F811
):  # fmt: skip
    others = [Page(house, regions.FLOOR, visitors.person(f"Delegate 00{n}")) for n in (1, 2, 3)]
    Page(house, regions.CHAIR, visitors.person(CHAIR))
    house.press.tell_view(regions.CHAIR)
    for other in others:
        house.site.room.leave(other.seat)
    chair = Page(house, regions.CHAIR, visitors.person(CHAIR))
    chair.seat.send(house.press.greeting(chair.seat, current=False))
    assert chair.differs() == []
    for other in others:
        house.site.room.join(other.seat)
    assert chair.differs() == ["hall"]
    house.press.tell_view(regions.CHAIR)
    assert chair.differs() == []
