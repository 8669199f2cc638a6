"""What a phone must fetch before a delegate can vote."""

from __future__ import annotations

from tests.browser.served import People, Served

MOST_BYTES, MOST_REQUESTS = 60_000, 12


async def test_the_first_load_of_the_floor_is_light(served: Served, people: People) -> None:
    page = await people.enter("Delegate 001", phone=True)
    state = await page.context.storage_state()
    context = await people.browser.new_context(storage_state=state)
    try:
        fresh = await context.new_page()
        line = await context.new_cdp_session(fresh)
        await line.send("Network.enable")
        sizes: dict[str, float] = {}
        names: dict[str, str] = {}
        line.on(
            "Network.requestWillBeSent",
            lambda told: names.__setitem__(told["requestId"], told["request"]["url"]),
        )
        line.on(
            "Network.loadingFinished",
            lambda told: sizes.__setitem__(told["requestId"], told["encodedDataLength"]),
        )
        await fresh.goto(f"{served.url}/floor")
        await fresh.locator("html[data-alive=yes]").wait_for()
        await fresh.wait_for_load_state("networkidle")
        told = sorted((size, names[number]) for number, size in sizes.items())
        assert len(names) <= MOST_REQUESTS, told
        assert sum(sizes.values()) < MOST_BYTES, told
        assert sum(sizes.values()) > MOST_BYTES / 10  # something was measured
    finally:
        await context.close()
