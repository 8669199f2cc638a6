"""What a rehearsal compares: a page with the same page loaded anew, and counts with what was told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rehearsal import fresh, pages
from conference.rehearsal.browser import Browser
from conference.rehearsal.tally import Tally
from conference.rehearsed import Figures
from conference.rules.kinds import Choice, PersonId, VoteId, VoteState
from conference.rules.state import Roll, Vote
from conference.rules.table import Table
from tests.rules.builders import scene

NOW = 1_000_000
OPEN = '<section id="region-vote" data-region="vote" class="region">\n{}</section>'
BOX = Vote(
    VoteId(1), None, "", "", "simple", "cast", VoteState.COUNTED, 0, 0,
    roll=3, votes_for=1, votes_against=1, abstentions=0,
)  # fmt: skip


def seen(inner, now=NOW, turnouts=None):
    return pages.seen(OPEN.format(inner), now, turnouts or {})


ALIKE = {
    "a countdown": ('<time data-countdown-to="9">0:12</time> left', '<time data-countdown-to="9">0:11</time> left'),
    "what drifts": ("<p data-drifts><b>2 minutes behind</b></p><p>a</p>", "<p>a</p>"),
    "what is hidden by now": (f'<div data-until="{NOW - 1}"><p>x<br></p></div>end', "end"),
    "white space": ("<p>a\n  b</p>", "<p>a b</p>"),
    "attributes in another order": ('<p id="a" class="b">', '<p class="b" id="a">'),
}  # fmt: skip
OTHER = {
    "a word": ("<p>for</p>", "<p>against</p>"),
    "an attribute": ('<p id="a">', '<p id="b">'),
    "where a countdown leads": ('<time data-countdown-to="9">', '<time data-countdown-to="8">'),
    "something more": ("<p>a</p>", "<p>a</p><p>b</p>"),
    "what is not hidden yet": (f'<div data-until="{NOW + 1}">x</div>', ""),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_a_clock_moves_is_no_difference(name):
    shown, anew = ALIKE[name]
    assert seen(shown) == seen(anew)


@pytest.mark.parametrize("name", OTHER)
def test_everything_else_is(name):
    shown, anew = OTHER[name]
    assert seen(shown) != seen(anew)


def test_the_turnout_is_the_one_that_was_told():
    text = '<b data-turnout="1" data-text="{{cast}} of {{roll}} have voted">{} of 3 have voted</b>'
    text = text.replace("{{", "{").replace("}}", "}")
    told = {"1": {"vote": 1, "cast": 2, "roll": 3}}
    assert seen(text.replace("{}", "0"), turnouts=told) == seen(text.replace("{}", "2"))
    assert seen(text.replace("{}", "0"), turnouts=told) != seen(text.replace("{}", "1"))


def page(inner):
    head = '<body data-view="floor" data-epoch="e" data-version="4" data-now="1">'
    return pages.read(head + OPEN.format(inner))


def test_a_page_is_read_with_its_place_and_its_regions():
    loaded = page("<p>a</p>")
    assert (loaded.epoch, loaded.version) == ("e", 4)
    assert loaded.regions == {"vote": OPEN.format("<p>a</p>")}
    assert pages.read("<body>Not here</body>") is None


@pytest.fixture
def browser(monkeypatch):
    """A browser whose screen shows `a`; what the page shows that it loads anew is set by the test."""
    monkeypatch.setattr(fresh, "SETTLED", 0)
    browser = Browser(None, "p1", "/l/x", Figures(), None)
    browser._socket = object()
    browser.screen = dict(page("<p>a</p>").regions)
    return browser


async def differs(browser, monkeypatch, *loads):
    given = iter(loads)

    async def load(_browser):
        found = next(given)
        return found() if callable(found) else found

    monkeypatch.setattr(Browser, "load", load)
    return await fresh.differs(browser)


async def test_a_screen_is_wrong_when_it_stays_other_than_the_page(browser, monkeypatch):
    same, other, third = page("<p>a</p>"), page("<p>b</p>"), page("<p>c</p>")
    assert await differs(browser, monkeypatch, same) == ""
    said = await differs(browser, monkeypatch, other, other)
    assert said == "vote shows a </p> </section>, loaded anew b </p> </section>"
    assert await differs(browser, monkeypatch, other, same) == ""  # it was under way
    assert await differs(browser, monkeypatch, *[other, third] * 3) is None  # never at rest
    assert await differs(browser, monkeypatch, None) is None


async def test_a_screen_that_lost_its_line_meanwhile_is_not_compared(browser, monkeypatch):
    other = page("<p>b</p>")

    def comes_back():
        browser.connections += 1
        return other

    assert await differs(browser, monkeypatch, other, comes_back) is None


def told(tally, *answers):
    for person, choice, code in answers:
        tally.sent(BOX.id)
        tally.answered(BOX.id, PersonId(person), Choice(choice), code)


def counted(tally, vote=BOX, people=("p1", "p2", "p3")):
    everybody = frozenset(PersonId(one) for one in ("p1", "p2", "p3"))
    meeting = replace(
        scene("before"),
        votes=Table([(vote.id, vote)]),
        rolls=Table([(vote.id, Roll(vote.id, everybody))]),
    )
    return [said for _vote, said in tally.compare(meeting, [PersonId(one) for one in people])]


BOTH = (("p1", "for", ""), ("p2", "for", ""), ("p2", "against", ""))


def test_the_last_acknowledged_ballot_of_everybody_is_counted_once():
    tally = Tally()
    told(tally, *BOTH, ("p3", "for", "vote_closed"))
    assert counted(tally) == [""]
    assert counted(tally) == []  # once
    assert tally.acknowledged() == 2


@pytest.mark.parametrize(
    "figures",
    [(1, 0, 0), (2, 0, 0), (1, 1, 1), (0, 2, 0)],
    ids=["lost", "the first", "more", "other"],
)
def test_any_other_count_is_told(figures):
    tally = Tally()
    told(tally, *BOTH)
    votes_for, against, abstain = figures
    vote = replace(BOX, votes_for=votes_for, votes_against=against, abstentions=abstain)
    assert "acknowledged [1, 1, 0]" in counted(tally, vote)[0]


def test_a_ballot_without_an_answer_may_be_in_or_not_and_others_may_have_voted():
    for last in ("for", "abstain"):
        tally = Tally()
        told(tally, *BOTH, ("p3", last, "offline"))
        assert counted(tally) == [""]
        assert counted(Tally(), people=()) == [""]
    tally = Tally()
    tally.sent(BOX.id)
    assert counted(tally) == []  # one is still under way
