"""Reminders to speakers, from the clock to the mail and the page behind its link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.housekeeper import Housekeeper
from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import Mode, SlotId
from conference.rules.timing import MINUTE, slot_views
from conference.store import speakers
from tests.web.mails import mails_to, path_in
from tests.web.test_invitations import MAIL
from tests.web.test_speaker import FIRST
from tests.web.test_stage import JSON, ORGANISER, STEWARD

HOUR = 60 * MINUTE
ONE = SlotId(1)


@pytest.fixture
async def rehearsal(house, visitors, clock):
    """An invited speaker, two days before their slot."""
    organiser = await visitors.enter(ORGANISER)
    path = f"/invitations/people/{visitors.person(FIRST)}"

    assert (await organiser.post(path, data={"email": MAIL})).status_code == 303
    hall = house.site.hall
    hall.meeting = change.conference(hall.meeting, mode=Mode.REHEARSAL)
    keeper = Housekeeper(house.site)
    at = slot_views(hall.meeting, 0)[ONE].planned_at

    async def count(when: int) -> list[str]:
        clock.at = when
        await keeper.look()
        found = await mails_to(house, MAIL)
        return [m.text for m in found if m.subject == "Your time"]

    count.at = at
    assert await count(at - 48 * HOUR) == []
    return count


async def test_two_reminders_with_the_way_in_and_nothing_about_the_conference(
    house, visitors, rehearsal
):
    assert len(await rehearsal(rehearsal.at - 24 * HOUR)) == 1
    assert len(await rehearsal(rehearsal.at - 2 * HOUR)) == 1
    texts = await rehearsal(rehearsal.at - HOUR)
    assert "A reminder: you are on" in texts[0]
    assert "you are on soon" in texts[1]
    assert "27 February 2021, 10:25 (Europe/London)" in texts[1]
    mail = (await mails_to(house, MAIL))[-1]
    assert house.site.meeting.conference.name not in mail.text + mail.html + mail.subject
    browser = visitors.nobody()
    assert (await browser.post(path_in(mail))).headers["location"] == "/speaker"


async def test_a_time_that_moved_is_told_with_both_times(house, rehearsal):
    hall = house.site.hall
    item = hall.meeting.items[hall.meeting.slots[ONE].item]
    moved = replace(item, starts_at=item.starts_at + 20 * MINUTE)
    hall.meeting = replace(hall.meeting, items=hall.meeting.items.put(item.id, moved))
    (text,) = await rehearsal(rehearsal.at - 30 * HOUR)
    assert "10:45 (Europe/London), not" in text
    assert "10:25 (Europe/London)." in text
    async with house.site.store.reading() as reader:
        kept = await speakers.reminding(reader)
    assert {r.starts_at for r in kept.told if r.slot == ONE} == {rehearsal.at + 20 * MINUTE}


async def test_who_declined_hears_nothing(visitors, rehearsal):
    await visitors.act(a.AnswerSlot(ONE, coming=False), FIRST)
    assert await rehearsal(rehearsal.at - 24 * HOUR) == []
    assert await rehearsal(rehearsal.at - HOUR) == []


async def test_it_is_switched_off_and_the_minutes_are_set(house, visitors, rehearsal):
    steward = await visitors.enter(STEWARD)
    page = (await steward.get("/invitations")).text
    assert "Reminders are on." in page
    off = {"reminders": "off", "minutes": "45"}
    assert (await steward.post("/invitations/reminders", data=off)).status_code == 303
    page = (await steward.get("/invitations")).text
    assert "Reminders are off." in page
    assert 'value="45"' in page
    assert await rehearsal(rehearsal.at - HOUR) == []
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.post("/invitations/reminders", data=off)).status_code == 403
    for minutes in ("4", "241", "", "x"):
        bad = {"reminders": "on", "minutes": minutes}
        answer = await steward.post("/invitations/reminders", data=bad, headers=JSON)
        assert answer.status_code == 422
    assert not house.site.backstage.reminding.on


async def test_a_demonstration_reminds_nobody(house, rehearsal):
    hall = house.site.hall
    hall.meeting = change.conference(hall.meeting, mode=Mode.DEMONSTRATION)
    assert await rehearsal(rehearsal.at - HOUR) == []
