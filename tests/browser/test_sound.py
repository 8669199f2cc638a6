"""A stream is heard on the floor's own page while a vote is cast there; embeds are held short."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from conference.devtools import find_browser
from tests.browser.foreign import Foreign, stream
from tests.browser.served import CHROMIUM_FLAGS, People, Served, press, shown, to_open_vote

pytestmark = pytest.mark.browser

NO_HLS = """
    const can = HTMLMediaElement.prototype.canPlayType;
    HTMLMediaElement.prototype.canPlayType = function (kind) {
      return kind.includes("mpegurl") ? "" : can.call(this, kind);
    };
"""
"""A browser that cannot play such a stream itself, like Firefox."""

LOUDNESS = """async () => {
    const node = document.getElementById("player");
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(node.captureStream()).connect(analyser);
    const bins = new Uint8Array(analyser.frequencyBinCount);
    for (let n = 0; n < 60; n += 1) {
      await new Promise((done) => setTimeout(done, 100));
      analyser.getByteFrequencyData(bins);
      const top = bins.indexOf(Math.max(...bins));
      const pitch = (top * context.sampleRate) / analyser.fftSize;
      if (bins[top] > 60) return Math.round(pitch);
    }
    return 0;
}"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Foreign]:
    folder = tmp_path_factory.mktemp("stream")
    stream(folder)
    server = Foreign(folder)
    yield server
    server.close()


async def enter(people: People, served: Served, kind: str, listen: str, **more: str) -> Page:
    """Let the steward enter the addresses of the whole conference; return the steward's page.

    Returns when the server has answered: whoever opens a page after it must find them.
    """
    steward = await people.enter("Steward")
    await steward.goto(f"{served.url}/sound")
    form = steward.locator("#sound-0 form")
    await form.get_by_label("How everybody listens").select_option(kind)
    await form.locator("[name=listen]").fill(listen)
    for name, text in more.items():
        await form.locator(f"[name={name}]").fill(text)
    async with steward.expect_response(lambda answer: answer.request.method == "POST"):
        await form.get_by_role("button", name="Keep").click()
    return steward


async def heard(page: Page, seconds: float) -> None:
    """Wait until sound has been decoded and so much of it has been played."""
    for _ in range(100):
        time, decoded = await page.evaluate(
            "[player.currentTime, player.webkitAudioDecodedByteCount]"
        )
        if time >= seconds and decoded > 0:
            return
        await page.wait_for_timeout(100)
    raise AssertionError(await page.inner_text("#region-sound"))


@pytest.mark.parametrize("itself", [True, False], ids=["native", "hls.js"])
async def test_a_stream_is_heard_while_a_vote_is_cast(
    own_served: Served, own_people: People, foreign: Foreign, itself: bool
) -> None:
    await enter(own_people, own_served, "audio", f"{foreign.url}/out.m3u8", steward="Kim, 0123")
    phone = await own_people.page(phone=True)
    if not itself:
        await phone.add_init_script(NO_HLS)
    asked: list[str] = []
    violations: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.on(
        "console", lambda said: violations.append(said.text) if "Policy" in said.text else None
    )
    await phone.goto(own_people.links["Delegate 001"])
    await press(phone, "Sign in")
    await phone.goto(f"{own_served.url}/floor")
    await press(phone, "I am here")
    for number in (2, 3):
        await press(await own_people.enter(f"Delegate 00{number}"), "I am here")
    await expect(shown(phone, "Kim, 0123")).to_be_visible()
    assert not any(
        "hls.js" in url or foreign.host in url for url in asked
    )  # nothing before a press
    if itself:
        await phone.evaluate("player.play()")
    else:
        await press(phone, "Listen here")
    await heard(phone, 0.5)
    assert any("hls.js" in url for url in asked) is not itself
    chair = await own_people.enter("Chair (morning)")
    await to_open_vote(chair)
    await press(phone, "For")
    await expect(phone.locator("[data-receipt]").get_by_text("Recorded")).to_be_visible()
    before = await phone.evaluate("player.currentTime")
    await heard(phone, before + 0.5)  # the pushes have not stopped it
    if not itself:
        assert abs(await phone.evaluate(LOUDNESS) - 440) < 30
    assert violations == []


@pytest.fixture
async def with_microphone() -> AsyncIterator[Browser]:
    """A browser with a (pretend) microphone that says yes to everybody who asks for it."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(find_browser()), args=[*CHROMIUM_FLAGS, *flags]
        )
        yield browser
        await browser.close()


async def test_an_embed_is_opened_by_a_press_and_gets_nothing(
    served: Served, people: People, foreign: Foreign, with_microphone: Browser
) -> None:
    address = f"{foreign.url}/page.html"
    steward = await enter(people, served, "embed", address)
    await expect(shown(steward, "not on the list").first).to_be_visible()
    organiser = await people.enter("Registrar")
    await organiser.goto(f"{served.url}/sound")
    await organiser.get_by_label("One host a line").fill(foreign.host)
    async with organiser.expect_navigation():
        await press(organiser, "Keep the list")
    await expect(organiser.get_by_label("One host a line")).to_have_value(foreign.host)
    await enter(people, served, "embed", address)

    able = People(with_microphone, people.links)
    alone = await able.page()
    await alone.goto(address)
    await expect(alone.locator("#says")).to_have_text("microphone, may ask, storage, from nowhere")
    asked: list[str] = []
    phone = await able.enter("Delegate 001", phone=True)
    phone.on("request", lambda request: asked.append(request.url))
    await phone.goto(f"{served.url}/floor")
    policy = await phone.evaluate(
        "fetch('/floor').then((answer) => answer.headers.get('content-security-policy'))"
    )
    assert f"frame-src {foreign.url};" in policy
    assert not any(foreign.host in url for url in asked)
    await press(phone, f"Show {foreign.host} here")
    says = phone.frame_locator("#embed iframe").locator("#says")
    await expect(says).to_have_text("refused, may not ask, no storage, from nowhere")
    await press(phone, "I am here")  # a push does not take it away
    await expect(shown(phone, "You are counted as present")).to_be_visible()
    await expect(says).to_be_visible()
    elsewhere = await phone.evaluate(
        "fetch('/agenda').then((answer) => answer.headers.get('content-security-policy'))"
    )
    assert "frame-src" not in elsewhere
    await able.close()


async def test_bad_addresses_are_refused_and_nothing_typed_is_lost(
    served: Served, people: People
) -> None:
    steward = await enter(people, served, "link", "javascript:alert(1)", dial_in="01632 960 001")
    await expect(shown(steward, "An address begins with https://")).to_be_visible()
    await expect(steward.locator("#dial_in-0")).to_have_value("01632 960 001")
