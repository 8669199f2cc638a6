"""A sample of what `python3 run.py security` does with every text: nothing is ever executed.

Every field is attacked here, too, each with one text or two: `fields.py` says which there are.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import fields
from tests.browser.attack import CHAIR, DELEGATES, REGISTRAR, STRANGER, Attack, endless
from tests.browser.hostile import hostile_file
from tests.browser.payloads import payloads
from tests.browser.served import People, Served

pytestmark = pytest.mark.browser


def shuffled() -> list[str]:
    """Every text, in an order that is always the same and mixes the kinds."""
    chosen = payloads()
    random.Random(20210227).shuffle(chosen)
    return chosen


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[tuple[Served, set[fields.Field]]]:
    """A rehearsal whose file is hostile, and the fields of the file that are."""
    server = Served(tmp_path / "data")
    lines = endless([text for text in shuffled() if text.isprintable()])
    tried = hostile_file(tmp_path / "hostile.toml", lines)
    done = server.run("load", str(tmp_path / "hostile.toml"), "--mode", "rehearsal")
    assert done.returncode == 0, done.stderr
    try:
        server.start()
        yield server, tried
    finally:
        server.stop()


@pytest.fixture
async def attack(
    browser: Browser, hostile: tuple[Served, set[fields.Field]]
) -> AsyncIterator[Attack]:
    served, tried = hostile
    people = People(browser, served.links())
    made = Attack(people, served, endless(shuffled()), rest=8)
    made.seen.fields.update(tried)
    yield made
    await people.close()


def test_there_are_texts_enough() -> None:
    assert len(payloads()) >= 500
    assert len(set(payloads())) == len(payloads())


@pytest.mark.flaky(reruns=3)  # an hour of a conference in a minute: a text that runs runs each time
@pytest.mark.timeout(900)
async def test_no_text_becomes_script(attack: Attack) -> None:
    await attack.everything()
    assert fields.missing(set(attack.seen.fields)) == set()  # every field, of every page
    assert len(attack.seen.taken) >= 35, attack.seen.taken  # there is something to look at
    roles = (CHAIR, REGISTRAR, DELEGATES[0], STRANGER)
    await attack.look(roles, csp=False, each_role=False)
    assert attack.seen.executed == []  # with the policy switched off
    await attack.look(roles, csp=True, each_role=False)
    assert attack.seen.executed == []
    assert attack.seen.reports == []


async def test_what_is_executed_is_noticed(browser: Browser, served: Served) -> None:
    """The watch itself: a page that lets a text through is found out."""
    people = People(browser, {})
    attack = Attack(people, served, endless(payloads()))
    page = await attack.watched(STRANGER, csp=False)
    await page.goto(served.url + "/help")
    await page.set_content("<p>" + payloads()[0] + "<img src=x onerror=alert(1)></p>")
    for _ in range(100):
        if attack.seen.executed:
            break
        await page.wait_for_timeout(100)
    assert attack.seen.executed
    await people.close()


# --- the list of the fields --------------------------------------------------------------------------


def test_a_field_that_is_left_out_is_missing() -> None:
    everything = fields.wanted()
    assert len(everything) >= 250
    assert fields.missing(everything) == set()
    for one in sorted(everything)[::20]:
        assert fields.missing(everything - {one}) == {one}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<form method="post" action="/new"><input name="nick"></form>', ("/new", "nick")),
        ('<form action="/a/{{ one.id }}/b"><textarea name="t"></textarea></form>', ("/a/0/b", "t")),
        (
            '<form action="/c">{{ text_field(form, "aka", _("Also"), hint=("x" if y else "z")) }}</form>',
            ("/c", "aka"),
        ),
        (
            '{{ line_form("/d/%s/e"|format(one.id), step, "f", _("g"), _("h")) }}',
            ("/d/0/e", "line"),
        ),
        ('<form action="{{ action }}"><input name="odd"></form>', ("? added.html", "odd")),
    ],
)
def test_a_field_that_is_added_to_a_page_is_wanted(
    tmp_path: Path, source: str, found: fields.Field
) -> None:
    shutil.copytree(fields.ROOT / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "pages" / "added.html").write_text(source)
    before = fields.of_forms()
    assert fields.of_forms(tmp_path / "templates").keys() - before.keys() == {found}


def test_every_step_of_the_panel_with_a_line_is_known() -> None:
    assert fields.steps_with_a_line() == fields.STEPS_WITH_A_LINE.keys()
