"""The straight way to the socket is the same door: it lets in and refuses whom Starlette's way does."""

from __future__ import annotations

import json

import pytest

from conference.web.live import SCREEN_COOKIE, SEATS_PER_SESSION, LiveDesk
from conference.web.site import hash_token
from tests.web.conftest import ADDRESS

ONE, CHAIR = "Delegate 001", "Chair (morning)"


class Both:
    """Handshakes of one house, each by both ways."""

    def __init__(self, house, cookie: str) -> None:
        self.house = house
        self.cookie = cookie
        self.state = {
            "site": house.site, "press": house.press, "desk": LiveDesk(house.site, house.press),
        }  # fmt: skip

    async def ask(self, query: str = "", path: str = "/live", root: str = "", **headers: str):
        """What both ways answer; they must be the same."""
        straight, starlette = self.house.app, self.house.app.app
        assert straight is not starlette
        answers = [await self._by(way, path, query, root, headers) for way in (straight, starlette)]
        assert answers[0] == answers[1]
        return answers[0]

    async def _by(self, way, path: str, query: str, root: str, headers: dict[str, str]):
        heads = {"host": ADDRESS.removeprefix("http://"), "origin": ADDRESS}
        heads |= {"cookie": f"conference={self.cookie}"}
        heads |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "scheme": "ws", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 9), "root_path": root,
            "path": root + path, "raw_path": path.encode(), "query_string": query.encode(),
            "subprotocols": [], "state": dict(self.state), "extensions": {"websocket.http.response": {}},
            "headers": [(n.encode(), v.encode()) for n, v in heads.items() if v],
        }  # fmt: skip
        comes = iter(
            ({"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001})
        )
        said = []

        async def receive():
            return next(comes)

        async def send(message):
            said.append(message)

        refused = self.house.site.hall.meters.refused
        before = refused.copy()
        await way(scope, receive, send)
        return said, refused - before

    async def code(self, query: str = "", **headers: str) -> tuple[int, str]:
        """Status and code of a refusal; 101 and nothing when it was none."""
        said, counted = await self.ask(query, **headers)
        if said[0]["type"] == "websocket.accept":
            assert not counted
            return 101, ""
        code = json.loads(said[1]["body"])["code"]
        assert counted == {code: 1}
        return said[0]["status"], code


@pytest.fixture
async def both(house, visitors) -> Both:
    browser = await visitors.enter(ONE)
    return Both(house, browser.cookies["conference"])


async def test_whoever_is_signed_in_is_greeted(both: Both):
    said, counted = await both.ask("view=floor")
    assert not counted
    assert said[0]["type"] == "websocket.accept"
    kinds = [json.loads(m["text"])["t"] for m in said if m["type"] == "websocket.send"]
    assert kinds[0] == "hello"
    assert kinds.count("region") > 5
    assert kinds[-1] == "clock"
    assert not both.house.site.room.seats()


HANDSHAKES = (
    ("", {}, (101, "")),
    ("view=floor", {"origin": "", "sec_fetch_site": "same-origin"}, (101, "")),
    ("view=floor", {"origin": ""}, (403, "bad_origin")),
    ("view=floor", {"origin": "", "sec_fetch_site": "cross-site"}, (403, "bad_origin")),
    ("view=floor", {"origin": "https://elsewhere.example"}, (403, "bad_origin")),
    ("view=floor", {"origin": "null"}, (403, "bad_origin")),
    ("view=floor", {"host": "elsewhere.example"}, (101, "")),
    ("view=floor", {"host": "elsewhere.example", "origin": "http://elsewhere.example"},
 (403, "bad_origin")),
    ("view=floor", {"cookie": ""}, (403, "signed_out")),
    ("view=floor", {"cookie": "conference=made-up"}, (403, "signed_out")),
    ("view=floor", {"cookie": "conference=" + "x" * 300}, (403, "signed_out")),
    ("view=floor", {"cookie": "other=1"}, (403, "signed_out")),
    ("view=screen", {"cookie": f"{SCREEN_COOKIE}=made-up"}, (403, "signed_out")),
    ("view=screen", {}, (101, "")),
    ("view=chair", {}, (403, "not_allowed")),
    ("view=registrar", {}, (403, "not_allowed")),
    ("view=nonsense", {}, (403, "not_allowed")),
)  # fmt: skip


async def test_both_ways_let_in_and_refuse_the_same(both: Both):
    for query, headers, refused in HANDSHAKES:
        assert await both.code(query, **headers) == refused, (query, headers)


async def test_an_office_opens_its_own_page(house, visitors):
    browser = await visitors.enter(CHAIR)
    both = Both(house, browser.cookies["conference"])
    assert await both.code("view=chair") == (101, "")
    assert await both.code("view=teller") == (403, "not_allowed")


async def test_a_hall_screen_has_its_pass(both: Both):
    site = both.house.site
    token = site.links.screen_pass(site.backstage.screen_link)
    cookie = f"{SCREEN_COOKIE}={token}"
    assert await both.code("view=screen", cookie=cookie) == (101, "")
    assert await both.code("view=floor", cookie=cookie) == (403, "signed_out")


async def test_a_sign_in_that_has_ended_lets_nobody_in(house, visitors):
    browser = await visitors.enter(ONE)
    both = Both(house, browser.cookies["conference"])
    assert await both.code("view=floor") == (101, "")
    assert (await browser.post("/sign-out")).status_code == 303
    assert await both.code("view=floor") == (403, "signed_out")


async def test_there_is_an_end_of_seats(both: Both, visitors):
    from conference.room import Seat
    from conference.web import regions

    room, person = both.house.site.room, visitors.person(ONE)
    audience = regions.audience_of(both.house.site, regions.FLOOR, person)
    for _ in range(SEATS_PER_SESSION):
        room.join(Seat(audience, person, hash_token(both.cookie)))
    assert await both.code("view=floor") == (429, "too_often")


async def test_any_other_address_is_starlettes(both: Both):
    for path, root in (("/live/", ""), ("/Live", ""), ("/live", "/sub"), ("/", "")):
        said, _counted = await both.ask("view=floor", path=path, root=root)
        assert said[0]["type"] == ("websocket.accept" if root else "websocket.close"), path
