"""What strangers, scanners and other sites get: nothing. Each promise of docs/security.md by name."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from conference.rules import acts as a
from conference.rules.kinds import DoubleId, DoubleKind, PersonId, Role
from conference.rules.refused import Code
from conference.store import people
from conference.store.people import Account
from conference.web.routes import ROUTES
from tests.web.conftest import ADDRESS, Visitors
from tests.web.mails import FORM, last_to, path_in
from tests.web.permutation import p_value

ONE = "Delegate 001"
JSON = {"Accept": "application/json"}
UNSAFE = [route.path for route in ROUTES if "POST" in route.methods]
LOOKED_AT = ("", ONE, "Registrar", "Chair (morning)", "Secretary", "Teller", "Tosh McDonald")


def filled(path: str, visitors: Visitors) -> str:
    """A path with its parameters: a person, a motion, a link that exists."""
    person = visitors.person(ONE)
    path = path.replace("{person}", person).replace("{kind}", "closure")
    link = visitors.house.site.links.address(person, 0).rsplit("/", 1)[1]
    return re.sub(r"\{\w+(:int)?\}", "1", path.replace("/l/{token}", f"/l/{link}"))


async def contents(house) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is stored, table by table."""
    async with house.site.store.reading() as reader:
        names = await reader.conn.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
        return {
            name: [tuple(row) for row in await reader.conn.exec_driver_sql(f"SELECT * FROM {name}")]
            for name in names.scalars().all()
        }


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None, f"{ADDRESS}.evil"])
async def test_no_form_is_taken_from_elsewhere(house, visitors, origin):
    browsers = [await visitors.enter(name) for name in ("Registrar", ONE)]
    before = await contents(house)
    for browser in (visitors.nobody(), *browsers):
        browser.headers.pop("Origin")
        headers = {**JSON, **({"Origin": origin} if origin else {})}
        for path in UNSAFE:
            answer = await browser.post(filled(path, visitors), data={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin"), path
    assert await contents(house) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_without_an_origin_only_the_same_one_is_believed(visitors, site):
    client = await visitors.enter(ONE)
    client.headers.pop("Origin")
    refused = await client.post("/presence", data={}, headers={"Sec-Fetch-Site": site})
    assert refused.status_code == 403
    taken = await client.post(
        "/presence", data={"here": "yes"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert taken.status_code == 303


async def test_looking_changes_nothing(house, visitors):
    """A crawl of every page, by everybody, with and without a body, leaves every table as it was."""
    await visitors.act(a.OpenConference(), "Chair (morning)")
    client = visitors.nobody()
    await client.get("/sign-in")
    await client.post(
        "/register", data={"name": "R", "email": "r@mail.example", "taking_part": "yes"}
    )
    await client.post("/sign-in", data={"email": "x@mail.example"})
    mailed = path_in(await last_to(house, "r@mail.example"))
    browsers = [visitors.nobody() if not name else await visitors.enter(name) for name in LOOKED_AT]
    before = await contents(house)
    asked = 0
    for browser in browsers:
        for route in ROUTES:
            if "GET" not in route.methods:
                continue
            path = filled(route.path, visitors)
            for method in ("GET", "HEAD"):
                answer = await browser.request(method, path)
                assert answer.status_code < 500, (method, path)
                asked += 1
        assert (await browser.get(mailed)).status_code == 200
    assert asked > 300
    assert await contents(house) == before


async def test_nobody_learns_by_the_clock_who_is_registered(house, visitors):
    """A sample; `python3 run.py security` asks more often."""
    times = await asked_for(house, visitors, 24, "/sign-in", lambda email: {"email": email})
    assert p_value(times["known"], times["unknown"]) > 0.001


async def test_nobody_learns_by_the_clock_of_the_form_who_is_registered(house, visitors):
    """The same of the public form."""

    def form(email: str) -> dict[str, str]:
        return {**FORM, "email": email, "name": f"N {email.partition('@')[0]}"}

    times = await asked_for(house, visitors, 24, "/register", form)
    assert p_value(times["known"], times["unknown"]) > 0.001


async def asked_for(
    house, visitors, number: int, path: str, form: Callable[[str], dict[str, str]]
) -> dict[str, list[float]]:
    """How long the answer took for so many known and unknown addresses, in turn."""
    site = house.site

    async def known(desk):
        for n in range(number):
            person = PersonId(f"p{n:016x}")
            await people.add(desk.tx, Account(person, f"K {n}", f"known{n}@mail.example"))
            from conference.rules.kinds import SYSTEM, Standing

            assert desk.take(a.AddPerson(person, frozenset(), Standing.WAITING), SYSTEM) is None

    await site.hall.work(known)
    client = visitors.nobody()
    await client.get("/sign-in")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for n in range(number):
        for kind in ("known", "unknown") if n % 2 else ("unknown", "known"):
            site.limits.__init__()
            began = time.perf_counter()
            answer = await client.post(path, data=form(f"{kind}{n}@mail.example"))
            times[kind].append(time.perf_counter() - began)
            assert (answer.status_code, answer.content) == (303, b"")
    return times


async def test_the_cookies_are_out_of_reach(house, visitors):
    client = visitors.nobody()
    link = house.site.links.address(visitors.person(ONE), 0)
    await client.get(link)
    answer = await client.post(link)
    cookies = [c for c in answer.headers.get_list("set-cookie") if c.startswith("conference")]
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "samesite=lax" in cookie.lower()
        assert "domain" not in cookie.lower()
        assert "Secure" not in cookie  # plain HTTP: practice only
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_with_https_the_cookies_are_bound_to_the_host(house, visitors):
    from dataclasses import replace

    site = house.site
    site.settings = replace(site.settings, public_url="https://conference.example")
    site.origins = frozenset({"https://conference.example"})
    client = visitors.nobody()
    client.headers["Origin"] = "https://conference.example"
    person = visitors.person(ONE)
    path = site.links.address(person, 0).removeprefix(ADDRESS)
    answer = await client.post(path)
    cookies = answer.headers.get_list("set-cookie")
    assert {c.partition("=")[0] for c in cookies} == {
        "__Host-conference", "__Host-conference-browser",
    }  # fmt: skip
    for cookie in cookies:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "domain" not in cookie.lower()
    assert "practice only" not in (await client.get("/")).text


@pytest.mark.parametrize(
    ("contact", "said"), [("a@b.example", "mailto:a@b.example"), ("ask Kim", f"{ADDRESS}/privacy")]
)
async def test_who_finds_a_weakness_knows_whom_to_tell(house, client, contact, said):
    from dataclasses import replace

    public = house.site.public
    house.site.public = replace(public, organiser=replace(public.organiser, contact=contact))
    answer = await client.get("/.well-known/security.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == said
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\+00:00", lines["Expires"])


async def test_nobody_loses_a_role_in_mid_vote_and_everybody_after_it(house, visitors):
    """Who may vote is frozen at the opening; what was taken away counts from the close on."""
    chair, teller = "Chair (morning)", "Teller"
    hall = house.site.hall
    for number in range(1, 5):
        await visitors.act(a.CheckIn(), f"Delegate 00{number}")
    await visitors.act(a.OpenConference(), chair)
    for item in (1, 2):
        await visitors.act(a.CallItem(item), chair)
        if item == 1:
            await visitors.act(a.NextItem(1), chair)
    person = visitors.person(ONE)
    await visitors.act(a.ProposeDouble(DoubleKind.REMOVE_PERSON, "r", person=person), chair)
    confirm = a.ConfirmDouble(DoubleId(max(hall.meeting.doubles)))
    await visitors.act(a.AnnounceVote(hall.meeting.conference.motion), chair)
    await visitors.pass_time(4)
    ballot = f"/votes/{hall.meeting.conference.vote}/ballots"
    browser = await visitors.enter(ONE)
    for act, by in ((confirm, teller), (a.Decide(person, Role.OBSERVER), "Registrar")):
        refused = await hall.act(act, visitors.person(by))
        assert refused.code in {Code.VOTE_RUNNING, Code.IS_PRESENT}
    assert (await browser.post(ballot, data={"paper": "for"})).status_code == 303
    await visitors.pass_time(600)
    await visitors.act(confirm, teller)
    answer = await browser.post(ballot, data={"paper": "against"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "vote_closed")
    for path, form in (("/queue", {"wish": "for"}), ("/presence", {"here": "yes"})):
        answer = await browser.post(path, data=form, headers=JSON)
        assert answer.status_code == 403, path


async def test_a_whole_hall_behind_one_address_signs_in(house, visitors):
    """A sample; `python3 run.py security crowd` signs 2,000 in. Nobody is counted by network."""
    client = visitors.nobody()
    for n in range(350):
        client.cookies.clear()  # another browser, the same address
        answer = await client.post("/sign-in", data={"email": f"d{n}@mail.example"})
        assert answer.status_code == 303, n
    for n in range(1, 61):
        browser = await visitors.enter(f"Delegate {n:03}")
        assert (await browser.get("/floor")).status_code == 200


async def test_every_answer_has_its_headers(house, visitors):
    from dataclasses import replace

    client = await visitors.enter(ONE)
    answers = [await client.get(path) for path in ("/", "/floor", "/nowhere", "/chair", "/healthz")]
    answers.append(await client.post("/presence", data={"here": "perhaps"}))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers
    house.site.settings = replace(house.site.settings, public_url="https://conference.example")
    answer = await client.get("/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    house.site.settings = replace(house.site.settings, public_url="")
    assert (await client.post("/sign-out")).headers["clear-site-data"] == '"storage"'
