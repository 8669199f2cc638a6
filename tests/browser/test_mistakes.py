"""The typical chair's mistakes of procedure H4, each attempted through the real panel in Chromium.

One short conference is chaired once, from the opening on. Wherever a mistake is possible it is tried:
the panel must not offer it, and what a browser would send for it must be refused without a change.
Each numbered test holds what was found there. Nos. 19 and 20 are about elections held in this system.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError

from tests.browser.served import People, Served, press, suggested
from tests.browser.test_launch_day import Delegates

pytestmark = pytest.mark.browser
ELECTIONS = pytest.mark.skip(reason="elections in this system come with an issue of their own")
FILE = Path(__file__).with_name("mistakes.toml")
HERE = 8
"""Delegates present."""

SEND = """async ([path, fields, step]) => {
  const found = document.querySelector('main input[name="step"]');
  const body = new URLSearchParams({ ...fields, step: step ?? found?.value ?? "1" });
  const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
  return answer.redirected || answer.status === 303 ? "done" : (await answer.json()).code;
}"""


@dataclass
class Tried:
    """One mistake: what the panel offered, what came back, what it changed."""

    offered: list[str]
    code: str
    changed: bool


@dataclass
class Story:
    """The conference as it is chaired, and what was found on the way."""

    chair: Page
    vice: Page
    visitor: Page
    delegates: Delegates
    links: dict[str, str]
    found: dict[str, Any] = field(default_factory=dict)
    ended: str = "it was not reached"

    def __getitem__(self, name: str) -> Any:
        assert name in self.found, self.ended
        return self.found[name]

    async def offers(self, page: Page | None = None) -> list[str]:
        """Every button of the panel, with what it is about, folded away or not."""
        forms = (page or self.chair).locator("#region-panel form, #region-inbox form")
        return [" ".join(text.split()) for text in await forms.all_text_contents()]

    async def standing(self) -> tuple[str, str]:
        """What a mistake must not change: where conference stands, and the minutes."""
        lines = await self.chair.locator(".stack-lines li").all_inner_texts()
        minutes = await self.delegates.clients[0].get("/minutes.md")
        body = re.sub(r"(?m)^.*\b[Vv]ersion \d+.*$", "", minutes.text)
        return " / ".join(lines), body

    async def send(self, path: str, page: Page | None = None, **fields: str) -> str:
        """Send a form as this page's own, with its step; the code of the refusal, or *done*."""
        step = fields.pop("at_step", None)
        return str(await (page or self.chair).evaluate(SEND, [path, fields, step]))

    async def attempt(self, path: str, page: Page | None = None, **fields: str) -> Tried:
        """Try a mistake from this page."""
        offered, before = await self.offers(page), await self.standing()
        code = await self.send(path, page, **fields)
        return Tried(offered, code, await self.standing() != before)

    async def by_delegate(self, number: int, path: str, **fields: str) -> str:
        """Let this delegate send a form; the code of the refusal, or *done*."""
        client = self.delegates.clients[number]
        header = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await client.post(path, data=fields, headers=header)
        return "done" if answer.status_code == 303 else str(answer.json()["code"])

    async def press(self, *names: str) -> None:
        """Press the suggested buttons, which must be these."""
        for name in names:
            button = self.chair.locator(".step.suggested").get_by_role(
                "button", name=name, exact=True
            )
            await button.wait_for()
            await suggested(self.chair)

    async def step(self) -> str:
        return str(await self.chair.locator('main input[name="step"]').first.input_value())

    async def until(self, text: str, page: Page | None = None) -> None:
        """Wait until the panel says this."""
        await (page or self.chair).locator("main").filter(has_text=text).wait_for()

    async def open_vote(self, page: Page | None = None) -> str:
        """Open the vote that is offered; its number."""
        page = page or self.chair
        step = page.locator(".step", has=page.get_by_role("button", name="Open the vote"))
        await step.first.get_by_role("button").first.click()
        await page.get_by_role("dialog").get_by_role("button", name="Open the vote").click()
        card = page.locator('[data-vote-state="open"]')
        await card.wait_for()
        return str(await card.get_attribute("data-vote"))

    async def vote(self, *figures: int, page: Page | None = None) -> None:
        """Open the vote that is offered, vote, close and declare."""
        page = page or self.chair
        number = await self.open_vote(page)
        await self.delegates.vote(number, figures)  # type: ignore[arg-type]
        for name in ("Close the vote", "Declare the result"):
            button = page.locator(".step.suggested").get_by_role("button", name=name, exact=True)
            await button.click(timeout=15_000)
        await page.locator(f'[data-result="{number}"]').wait_for()


# --- the story ---------------------------------------------------------------------------------


async def who_counts(story: Story) -> None:
    """An observer, and one person on two devices."""
    observer = await story.delegates.enter(story.links["Observer 1"])
    story.delegates.clients.remove(observer)
    answer = await observer.post("/presence", data={"here": "yes"})
    story.found["24"] = answer.json()["code"]
    second = await story.delegates.enter(story.links["Delegate 001"])
    story.delegates.clients.remove(second)
    answer = await second.post("/presence", data={"here": "yes"})
    story.found["25"] = answer.json()["code"]
    await story.until("Present")
    story.found["present"] = await story.chair.locator("#region-hall").inner_text()
    await asyncio.gather(observer.aclose(), second.aclose())


async def the_report(story: Story) -> None:
    """A report that is nodded through, a vote closed early, a result told early, abstentions."""
    await story.press("Open the conference", "Call this item")
    await story.until("R1: called")
    story.found["13"] = await story.attempt("/chair/items/1/end")
    await story.press("Call the mover", "End speech", "Moved")
    number = await story.open_vote()
    story.found["9"] = await story.attempt(f"/chair/votes/{number}/closure")
    await story.by_delegate(0, f"/votes/{number}/more-time")
    await story.delegates.vote(number, (3, 2, 3))
    await story.until("asked for more time")
    await asyncio.sleep(3)
    story.found["9 asked"] = await story.attempt(f"/chair/votes/{number}/closure")
    await story.send(f"/chair/votes/{number}/closure", anyway="yes")
    await story.until("Only you and the tellers see this")
    pages = [await story.visitor.content(), await story.vice.content()]
    client = story.delegates.clients[0]
    pages += [(await client.get(x)).text for x in ("/floor", "/live", "/motions/1", "/minutes")]
    story.found["22"] = pages
    story.found["22 next"] = await story.attempt("/chair/items/1/end")
    await story.press("Declare the result")
    card = story.chair.locator(f'[data-result="{number}"]')
    story.found["7"] = await card.inner_text()
    await story.visitor.locator("[data-result]").wait_for()
    story.found["22 then"] = await story.visitor.content()


async def the_first_amendment(story: Story) -> None:
    """Two amendments at once, one side only, a point of order and its clock."""
    await story.press("Next item", "Call this item", "Call the mover", "End speech", "Moved")
    await story.press("Seconded", "Take the amendment")
    story.found["2"] = await story.attempt("/chair/amendments/2/taking")
    await story.press("Call the mover", "End speech", "Moved", "Seconded")
    asked = {"motion": "2", "amendment": "1"}
    for number, wish in ((0, "for"), (1, "for"), (2, "against")):
        assert await story.by_delegate(number, "/queue", wish=wish, **asked) == "done"
    await story.chair.locator(".step.suggested", has_text="(against)").wait_for()
    story.found["16"] = [
        await story.chair.locator(".step.suggested").inner_text(),
        await story.chair.locator(".step.suggested + .because").inner_text(),
    ]
    await story.press("Call next speaker")
    assert await story.by_delegate(3, "/points", about="language") == "done"
    await story.chair.locator(".step.suggested", has_text="Hear the point").wait_for()
    await story.press("Hear the point")
    await story.until("The clock is stopped")
    clock = story.chair.locator("#region-panel .clock").first
    before = await clock.inner_text()
    await asyncio.sleep(2)
    story.found["15"] = (before, await clock.inner_text())
    story.found["14"] = await story.attempt(f"/chair/turns/{await turn_number(story)}/end")
    await rule(story, 1, "well_taken")


async def turn_number(story: Story) -> str:
    """The speech that runs: before this there were a report's mover, and three of Motion 1."""
    spoken = await story.chair.evaluate(
        """() => [...document.querySelectorAll('form[action^="/chair/turns/"]')]
             .map((form) => form.getAttribute("action").split("/")[3])"""
    )
    return str(next((x for x in spoken if x and x.isdigit()), "4"))


async def rule(story: Story, point: int, state: str) -> None:
    """Rule on the point in the inbox, in one line."""
    form = story.chair.locator(f'#region-inbox form[action="/chair/points/{point}/ruling"]')
    await form.locator("input[name=line]").fill("I have heard it.")
    await form.get_by_role("button", name=RULED[state], exact=True).click()
    await form.wait_for(state="detached")


RULED = {"well_taken": "Well taken", "not_well_taken": "Not well taken"}


async def the_ruling(story: Story) -> None:
    """The chair on a challenge to their own ruling; the threshold is on the other side."""
    assert await story.by_delegate(4, "/procedure/challenge") == "done"
    for number in (5, 6, 7):
        assert await story.by_delegate(number, "/procedure/1/seconds") == "done"
    await story.vice.get_by_role("button", name="Preside over this question").wait_for()
    question = {"motion": "2", "amendment": "1", "procedural": "1"}
    story.found["12"] = await story.attempt("/chair/votes", **question)
    story.found["12 preside"] = await story.attempt("/chair/presiding")
    await press(story.vice, "Preside over this question")
    await press_suggested(story.vice, "End speech", "Call the mover", "End speech")
    await press_suggested(story.vice, "Call the answer", "End speech")
    story.found["12 presided"] = await story.attempt("/chair/votes", **question)
    await story.vote(3, 5, 0, page=story.vice)
    card = story.vice.locator("#region-result, [data-result]").first
    story.found["6"] = await card.inner_text()
    await story.until("Next step")


async def press_suggested(page: Page, *names: str) -> None:
    for name in names:
        button = page.locator(".step.suggested").get_by_role("button", name=name, exact=True)
        await button.wait_for()
        await suggested(page)


async def the_closure(story: Story) -> None:
    """A closure by who has spoken, one for the whole item, and the reply after it."""
    await story.press("Call next speaker", "End speech")
    story.found["4"] = await story.by_delegate(2, "/procedure/closure")
    assert await story.by_delegate(5, "/procedure/closure") == "done"
    assert await story.by_delegate(6, "/procedure/2/seconds") == "done"
    take = story.chair.locator("#region-inbox").get_by_role("button", name="Take it")
    await take.click()
    await story.chair.locator(".step.suggested", has_text="put").first.wait_for()
    await story.vote(6, 1, 1)
    await story.chair.locator(".step.suggested", has_text="Call the reply").wait_for()
    story.found["4 closed"] = (await story.standing())[0]
    story.found["5"] = await story.attempt("/chair/votes", motion="2", amendment="1")
    await story.press("Call the reply", "End speech")
    story.found["5 after"] = await story.by_delegate(
        7, "/queue", wish="for", motion="2", amendment="1"
    )


async def the_text(story: Story) -> None:
    """An old text, what fell, an earlier part, and the main question after the amendment."""
    old = await story.step()
    await story.vote(6, 2, 0)
    await story.until("1.2")
    story.found["10"] = await story.attempt("/chair/votes", motion="2", at_step=old)
    story.found["11"] = await story.attempt("/chair/amendments/3/taking")
    story.found["3"] = await story.attempt("/chair/amendments/2/taking")
    for details in await story.chair.locator("#region-panel details").all():
        await details.evaluate("one => { one.open = true; }")
    fall = story.chair.locator('form[action="/chair/amendments/2/fall"]').first
    await fall.get_by_role("button").click()
    await story.chair.locator(".step.suggested", has_text="Motion 1").wait_for()
    story.found["1"] = await story.attempt("/chair/items/2/end")
    story.found["1 next"] = await story.chair.locator(".step.suggested").first.inner_text()
    ask = story.chair.locator(".step.suggested").get_by_role("button", name="Open the vote")
    await ask.click()
    story.found["10 text"] = await story.chair.get_by_role("dialog").inner_text()
    await press(story.chair, "Not yet")
    await story.vote(4, 4, 0)
    card = story.chair.locator("[data-result]").first
    story.found["8"] = await card.inner_text()
    assert await story.by_delegate(3, "/points", about="procedure") == "done"
    await story.until("Hear the point")
    story.found["14 item"] = await story.attempt("/chair/items/2/end")
    await rule(story, 2, "not_well_taken")


async def the_second_motion(story: Story) -> None:
    """A withdrawal without leave, two chairs, remission."""
    await story.press("Next item", "Call this item", "Call the mover", "End speech", "Moved")
    await story.press("Seconded")
    story.found["18"] = await story.offers()
    assert await story.send("/chair/motions/3/leave", kind="withdraw") == "done"
    await story.until("whether anybody objects")
    story.found["18 asked"] = await story.attempt("/chair/votes", motion="3")
    assert await story.by_delegate(6, "/leave/1/objection") == "done"
    await story.chair.locator(".step.suggested").wait_for()
    story.found["18 after"] = (await story.standing())[0]
    step = await story.step()
    story.found["21"] = await story.attempt(
        "/chair/motions/3/closing", page=story.vice, at_step=step
    )
    old = str(int(step) - 1)
    story.found["21 stale"] = await story.attempt("/chair/motions/3/closing", at_step=old)
    assert await story.by_delegate(5, "/procedure/remit") == "done"
    assert await story.by_delegate(6, "/procedure/3/seconds") == "done"
    await story.chair.locator("#region-inbox").get_by_role("button", name="Take it").click()
    await story.chair.locator(".step.suggested", has_text="Call the mover").wait_for()
    await story.press("Call the mover", "End speech")
    await story.vote(6, 2, 0)
    client = story.delegates.clients[0]
    story.found["23"] = [(await client.get(x)).text for x in ("/motions/3", "/resolutions.md")]


async def the_emergency(story: Story) -> None:
    """An emergency motion without conference's decision."""
    await story.press("Next item", "Call this item")
    await story.until("E0")
    story.found["17"] = await story.attempt("/chair/motions/5/put")
    story.found["17 vote"] = await story.attempt("/chair/votes", motion="5")
    await story.vote(3, 5, 0)
    story.found["17 after"] = await story.offers()
    await story.press("Next item")
    story.found["17 minutes"] = (await story.standing())[1]


PARTS = (
    who_counts, the_report, the_first_amendment, the_ruling, the_closure, the_text,
    the_second_motion, the_emergency,
)  # fmt: skip


@pytest.fixture(scope="module")
async def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """The conference, chaired once for all tests of this module."""
    server = Served(tmp_path_factory.mktemp("mistakes") / "data")
    done = server.run("load", str(FILE), "--mode", "demonstration")
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    people = People(browser, server.links())
    delegates = Delegates(server.url)
    try:
        for n in range(1, HERE + 1):
            await delegates.enter(people.links[f"Delegate {n:03}"])
        await asyncio.gather(*(delegates.send(n, "/presence", here="yes") for n in range(HERE)))
        visitor = await people.page()
        await visitor.goto(f"{server.url}/screen")
        told = Story(
            await people.enter("Chair (morning)"), await people.enter("Vice-chair"), visitor,
            delegates, people.links,
        )  # fmt: skip
        for part in PARTS:
            try:
                await asyncio.wait_for(part(told), 300)
            except (AssertionError, PlaywrightError, TimeoutError) as error:
                panel = await told.chair.inner_text("main")
                told.ended = f"{part.__name__} ended early: {error}\n{panel}"
                break
        else:
            told.ended = ""
        yield told
    finally:
        await delegates.close()
        await people.close()
        server.stop()


def refused(tried: Tried, code: str, *never: str) -> None:
    """It was refused with this code, changed nothing, and no button of the panel offers it."""
    assert tried.code == code
    assert not tried.changed
    for words in never:
        assert not [text for text in tried.offered if words in text], tried.offered


# --- what was found ----------------------------------------------------------------------------


async def test_01_no_main_question_after_a_carried_amendment(story: Story) -> None:
    refused(story["1"], "question_undecided", "Next item")
    assert "Open the vote" in story["1 next"]
    assert "Motion 1" in story["1 next"]


async def test_02_a_second_amendment_before_the_first_is_decided(story: Story) -> None:
    refused(story["2"], "amendment_open", "Take the amendment")


async def test_03_an_earlier_part_after_a_later_one(story: Story) -> None:
    refused(story["3"], "earlier_part", "Take the amendment")


async def test_04_closure_by_who_has_spoken_or_on_the_whole_item(story: Story) -> None:
    assert story["4"] == "spoken_before"
    assert "Motion 1: in debate" in story["4 closed"]
    assert "Amendment 1.1: debate closed" in story["4 closed"]


async def test_05_no_reply_before_the_vote_or_a_speech_after_it(story: Story) -> None:
    refused(story["5"], "reply_due", "Open the vote")
    assert story["5 after"] == "debate_closed"


async def test_06_the_wrong_threshold_or_base_for_a_ruling(story: Story) -> None:
    assert "The ruling stands" in story["6"]  # five against three is no two thirds


async def test_07_abstentions_are_not_counted(story: Story) -> None:
    assert "Carried" in story["7"] or "adopted" in story["7"].lower()
    assert re.search(r"Abstentions\s+3", story["7"])


async def test_08_a_tie_is_not_lost(story: Story) -> None:
    assert "Not carried" in story["8"]
    assert "Lost" not in story["8"]


async def test_09_closed_before_slow_viewers_saw_it(story: Story) -> None:
    refused(story["9"], "too_early", "Close the vote")
    assert (story["9 asked"].code, story["9 asked"].changed) == ("more_time_asked", False)


async def test_10_a_vote_on_an_old_text(story: Story) -> None:
    refused(story["10"], "stale")
    assert "monthly" in story["10 text"]


async def test_11_a_consequential_amendment_is_not_voted(story: Story) -> None:
    refused(story["11"], "wrong_state", "1.3")


async def test_12_the_chair_on_a_challenge_to_their_own_ruling(story: Story) -> None:
    for name in ("12", "12 preside", "12 presided"):
        refused(story[name], "chair_barred", "Open the vote", "End speech")


async def test_13_the_committees_report_nodded_through(story: Story) -> None:
    refused(story["13"], "question_undecided", "Next item")


async def test_14_a_point_of_order_ignored(story: Story) -> None:
    refused(story["14"], "point_open", "End speech")
    refused(story["14 item"], "point_open", "Next item")


async def test_15_the_clock_is_stopped_for_it(story: Story) -> None:
    before, after = story["15"]
    assert re.search(r"\d:\d\d", before)
    assert before == after


async def test_16_one_side_only(story: Story) -> None:
    assert "against" in story["16"][0]
    assert "this side’s turn" in story["16"][1]


async def test_17_an_emergency_motion_without_conferences_decision(story: Story) -> None:
    refused(story["17"], "question_undecided", "Put the next question")
    refused(story["17 vote"], "not_before_conference")
    assert not [text for text in story["17 after"] if "E1" in text]
    assert "was not admitted" in story["17 minutes"]


async def test_18_withdrawal_without_leave(story: Story) -> None:
    assert [text for text in story["18"] if "Withdrawn: any objection?" in text]
    refused(story["18 asked"], "leave_open", "Open the vote")
    assert "Motion 2: in debate" in story["18 after"]


@ELECTIONS
async def test_19_an_election_closed_with_people_still_in_the_form() -> None:
    """Comes with elections."""


@ELECTIONS
async def test_20_unopposed_posts_against_the_reserved_places() -> None:
    """Comes with elections."""


async def test_21_two_chairs_active(story: Story) -> None:
    assert story["21"].offered == []
    refused(story["21"], "not_in_the_chair")
    refused(story["21 stale"], "stale")


async def test_22_a_result_before_it_is_declared(story: Story) -> None:
    for html in story["22"]:
        assert not re.search(r"data-result=|for 3, against 2", html, re.IGNORECASE)
    assert "data-result=" in story["22 then"]  # what is looked for above stands there now
    refused(story["22 next"], "vote_running", "Next item")


async def test_23_a_remitted_motion_is_no_policy(story: Story) -> None:
    motion, resolutions = story["23"]
    assert re.search(r">remitted<", motion)
    assert "opens a fund" not in resolutions


async def test_24_an_observer_is_not_counted(story: Story) -> None:
    assert story["24"] == "observer"
    assert str(HERE) in story["present"]


async def test_25_one_person_on_two_devices(story: Story) -> None:
    assert story["25"] == "already_present"
    assert str(HERE) in story["present"]


async def test_the_story_was_told_to_its_end(story: Story) -> None:
    names = [name for name in globals() if re.match(r"test_\d\d_", name)]
    assert [int(name[5:7]) for name in names] == list(range(1, 26))
    assert story.ended == ""
