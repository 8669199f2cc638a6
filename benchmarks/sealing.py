"""What sealing costs: a slow phone's press, the bytes of the first load, 10,000 envelopes opened.

    .venv/bin/python benchmarks/sealing.py [--rounds 10]

A Chromium with its processor slowed down six times opens a page of the real server anew each round,
waits a second, as people at least do, and seals: the first seal is what a delegate waits for.
Prints figures, judges none. Exit code 2 without a browser.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.async_api import async_playwright

from conference.devtools import find_browser
from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import envelope
from tests.browser.served import CHROMIUM_FLAGS, ROOT, Served

SLOWER = 6
SEALS = 20
ENVELOPES = 10_000

SEAL = """async ({ key, seals }) => {
  const begun = performance.now();
  const { seal } = await import("/static/js/seal.js");
  const loaded = performance.now() - begun;
  await new Promise((done) => setTimeout(done, 1000));
  const took = [];
  for (let n = 0; n < seals; n += 1) {
    const from = performance.now();
    seal(key, { conference: "bench", vote: 7, person: "p1" }, ["for", "against", "abstain"][n % 3]);
    took.push(performance.now() - from);
    await new Promise((done) => setTimeout(done));
  }
  return { loaded, took };
}"""


async def in_the_browser(url: str, rounds: int) -> dict[str, list[float]]:
    key = envelope.write(envelope.public_key(envelope.private_key(bytes(range(32)))))
    found: dict[str, list[float]] = {"load": [], "first": [], "later": []}
    async with async_playwright() as playwright:
        for _ in range(rounds):  # a browser of its own each: nothing compiled is kept
            browser = await playwright.chromium.launch(
                executable_path=find_browser(), args=CHROMIUM_FLAGS
            )
            page = await browser.new_page()
            await page.goto(f"{url}/sign-in")
            session = await page.context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            said = await page.evaluate(SEAL, {"key": key, "seals": SEALS})
            found["load"].append(said["loaded"])
            found["first"].append(said["took"][0])
            found["later"] += said["took"][1:]
            await browser.close()
    return found


def row(name: str, values: list[float], unit: str = "ms") -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{name:<46} {middle:8.2f} {unit} ({low:.2f} to {high:.2f}, n = {len(values)})"


def opening() -> list[float]:
    private = envelope.private_key(bytes(range(32)))
    public = envelope.public_key(private)
    choices = list(Choice)
    sealed = []
    for number in range(ENVELOPES):
        where = envelope.Context("bench", VoteId(7), PersonId(f"person-{number}"))
        sealed.append((where, envelope.seal(public, where, choices[number % 3])))
    took = []
    for _ in range(5):
        begun = time.process_time()
        answers = sorted(envelope.open_all(private, sealed))
        took.append((time.process_time() - begun) * 1000)
        assert len(answers) == ENVELOPES
    return took


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=10)
    rounds = words.parse_args().rounds
    if find_browser() is None:
        print("No Chromium was found.", file=sys.stderr)
        return 2
    for name in ("js/seal.js", "vendor/noble.js"):
        data = (ROOT / "static" / name).read_bytes()
        print(f"{name:<46} {len(data):8,} bytes, {len(gzip.compress(data)):,} compressed")
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder) / "data")
        served.start()
        try:
            found = asyncio.run(in_the_browser(served.url, rounds))
        finally:
            served.stop()
    print(f"In Chromium, its processor {SLOWER} times slower:")
    print(row("  both modules fetched and compiled", found["load"]))
    print(row("  the first seal of a page", found["first"]))
    print(row("  every later seal", found["later"]))
    print(row(f"{ENVELOPES:,} envelopes opened and sorted, CPU of a core", opening()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
