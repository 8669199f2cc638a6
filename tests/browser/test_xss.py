"""A sample of what `python3 run.py security` does with every text: nothing is ever executed."""

from __future__ import annotations

import random

import pytest

from tests.browser.attack import Attack, endless
from tests.browser.payloads import payloads
from tests.browser.served import People, Served

pytestmark = pytest.mark.browser


def test_there_are_texts_enough() -> None:
    assert len(payloads()) >= 500
    assert len(set(payloads())) == len(payloads())


async def test_no_text_becomes_script(served: Served, people: People) -> None:
    chosen = payloads()
    random.Random(20210227).shuffle(chosen)
    attack = Attack(people, served.url)
    await attack.begin()
    await attack.type_everywhere(endless(chosen), each=1)
    roles = ("", "Delegate 001", "Registrar", "Chair (morning)")
    await attack.look(csp=False, roles=roles[2:])
    assert attack.seen.executed == []  # with the policy switched off
    await attack.look(csp=True, roles=roles)
    assert attack.seen.executed == []
    assert attack.seen.reports == []
    assert len(attack.seen.fields) >= 15, attack.seen.fields


async def test_what_is_executed_is_noticed(served: Served, people: People) -> None:
    """The watch itself: a page that lets a text through is found out."""
    attack = Attack(people, served.url)
    page = await attack.enter("", csp=False)
    await page.goto(served.url + "/help")
    await page.set_content("<p>" + payloads()[0] + "<img src=x onerror=alert(1)></p>")
    await page.wait_for_timeout(300)
    assert attack.seen.executed
