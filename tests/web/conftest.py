"""The built application on a data folder of its own, asked over ASGI: no socket, no process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from conference import app, founding
from conference.app import House
from conference.programme import LAUNCH, read
from conference.rules import acts as a
from conference.rules.kinds import Mode, PersonId
from conference.settings import Settings
from conference.store import Store
from conference.web import watch
from conference.web.live import LiveDesk
from tests.counting import InProcess
from tests.store.meetings import NOW, opened

ADDRESS = "http://127.0.0.1:8000"


@dataclass
class FakeClock:
    """A clock that stands until somebody moves it."""

    at: int = NOW

    def __call__(self) -> int:
        return self.at


@dataclass
class Visitors:
    """Makes browsers for people, and acts without one where the way there is not the test's."""

    house: House
    clock: FakeClock
    open: list[httpx2.AsyncClient] = field(default_factory=list)

    def nobody(self) -> httpx2.AsyncClient:
        """A browser in which nobody has signed in."""

        async def application(scope, receive, send):
            site, press = self.house.site, self.house.press
            state = {"site": site, "press": press, "desk": LiveDesk(site, press)}
            await self.house.app({**scope, "state": state}, receive, send)

        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(application),
            base_url=ADDRESS,
            headers={"Origin": ADDRESS},
        )
        self.open.append(client)
        return client

    def person(self, name: str) -> PersonId:
        """The pseudonym of whoever has this name."""
        return next(p for p, known in self.house.site.names.items() if known == name)

    async def enter(self, name: str) -> httpx2.AsyncClient:
        """A browser in which this person has signed in by their personal link."""
        client = self.nobody()
        link = self.house.site.links.address(self.person(name), 0)
        answer = await client.post(link)
        assert answer.status_code == 303, answer.text
        return client

    async def act(self, act: a.Act, name: str) -> None:
        """Let this person do this; fails when it is refused."""
        refused = await self.house.site.hall.act(act, self.person(name))
        assert refused is None, refused

    async def pass_time(self, seconds: float) -> None:
        """Let so much time pass; deadlines that fall into it are taken."""
        scrutiny = self.house.site.scrutiny
        await scrutiny.settle()
        self.clock.at += int(seconds * 1000)
        await self.house.site.hall.work(_nothing)
        await scrutiny.settle()


async def _nothing(_desk):
    return None


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The launch conference as a demonstration, with its clerk at work."""
    monkeypatch.setattr(app, "running_clock", lambda: clock)
    # It looks by the real clock: on a slow machine it would find the chair here in mid-test.
    monkeypatch.setattr(watch, "LOOK", 3600)
    store: Store = await opened(tmp_path / "data", clock())
    meeting = await founding.found(store, read(LAUNCH), Mode.DEMONSTRATION, clock())
    counter = InProcess(tmp_path / "data")
    built = await app.build(Settings(data=tmp_path / "data"), store, meeting, counter)
    async with app.running(built.site, built.press):
        yield built


@pytest.fixture
async def visitors(house: House, clock: FakeClock) -> AsyncIterator[Visitors]:
    """Browsers for the people of the house."""
    made = Visitors(house, clock)
    yield made
    for client in made.open:
        await client.aclose()


@pytest.fixture
def client(visitors: Visitors) -> httpx2.AsyncClient:
    """A browser in which nobody has signed in."""
    return visitors.nobody()
