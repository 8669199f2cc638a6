"""The whole launch conference with pretend delegates, and no screen may be wrong.

    .venv/bin/python benchmarks/rehearsal.py [--delegates N] [--seed N] [--minutes N]

Loads the launch conference with shorter times for its votes, and lets `rehearse --by-itself` take it from
the doors to the close: everybody signs in, seconds, asks to speak, raises points of order, votes after a
human delay, loses the line and comes back; the chair's buttons are pressed over HTTP as the panel suggests.
Screens are compared with the rows of the conference, at random moments with the page loaded anew, and
every one of them with the page loaded anew when all is over; each count is compared with what was
acknowledged; in the end the copy is verified. The report stands in docs/reports/rehearsal.md. Exit code 1
when anything was wrong.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.live.rehearsing import Run, launch_day, loaded
from tests.live.serving import ROOT

REPORT = ROOT / "docs" / "reports" / "rehearsal.md"
SEED = 20210227
QUICK = {"announcement": 2, "minimum": 5, "countdown": 2, "duration": 12}
EVERY = 10
"""Seconds between two lines of figures."""

TEXT = """# A rehearsal of the whole launch conference

```
python3 run.py faults rehearsal --delegates {delegates} --seed {seed}
```

Run on {day} on {machine}, which others used at the same time. The launch conference with shorter
times for votes ({quick}) is taken from the doors to the close by what the panel suggests, pressed over
HTTP. Every delegate has a browser of its own that keeps its page up to date over the live connection.

Whenever the conference has stood still for a moment, each connected delegate's page is compared with what
the rows of the conference say must stand there (`conference/rehearsal/screens.py`). At random moments a
page is compared, region by region, with the same page loaded anew (`conference/rehearsal/fresh.py`), and
when the conference is closed every page is. What still differs after three seconds in which nothing moved is
wrong. The figures of each vote are compared with the ballots that were acknowledged
(`conference/rehearsal/tally.py`), and `verify` looks at the whole copy.

| | |
|---|---|
| delegates, signed in | {delegates:,}, {signed_in:,} |
| conference closed | {closed} |
| votes, counts compared with what was acknowledged, different | {votes}, {recounted}, {miscounted} |
| screens compared | {checked:,} |
| … of them with the page loaded anew | {loaded:,}, {at_the_end:,} of these at the end |
| **screens wrong** | **{wrong}** |
| `verify` at the end | {sound} |
| lines lost, and back | {dropped:,}, {back:,} |
| lines that ended by themselves | {broken} |
| ballots recorded, sent again | {recorded:,}, {resent:,} |
| ballots not recorded | {not_recorded} |
| until recorded: median, slowest hundredth, slowest of the last 2,000 | {usual} ms, {p99} ms, {slowest} ms |
| presses taken | {done} |
| presses refused | {refused} |
| how long, and how much of a processor all of it took | {minutes:.0f} minutes, {cpu:.0f} s |
{problems}
The times of answers include the pretend delegates' own share of the processors. That a screen which is not
told of a change would be noticed is tried with a mutant (`tests/fault_mutants.py`, *a rehearsal, mutant*).
"""


def main(words: list[str]) -> int:
    """Run it, tell how it goes, and write the report."""
    parser = argparse.ArgumentParser(
        prog="faults rehearsal", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--delegates", type=int, default=1500, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=int, default=90, help="it is given up after so many")
    wish = parser.parse_args(words)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        data = loaded(launch_day(**QUICK), Path(folder))
        run = Run(
            data, "--delegates", str(wish.delegates), "--by-itself",
            "--minutes", str(wish.minutes), seed=wish.seed,
        )  # fmt: skip
        figures = _followed(run)
        code = run.end()
        if (data / "rehearsal").exists():
            figures["problems"].append("the copy was not wiped")
            code = 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    _write(figures, wish, time.monotonic() - begun, used.ru_utime + used.ru_stime)
    good = not code and figures["finished"]
    print("rehearsal: well" if good else f"rehearsal: FAILED: {figures['problems']}")
    return 0 if good else 1


def _followed(run: Run) -> dict:
    """Tell the figures now and then, until the last ones have come."""
    told, problems = 0.0, 0
    run.line()
    while True:
        figures = run.line()
        for problem in figures["problems"][problems:]:
            print(f"FOUND: {problem}", flush=True)
        problems = len(figures["problems"])
        if figures["sound"] is not None:
            return figures
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            names = ("connected", "votes", "recorded", "dropped", "checked", "loaded", "wrong")
            print(", ".join(f"{name} {figures[name]}" for name in names), flush=True)


def _write(figures: dict, wish: argparse.Namespace, seconds: float, cpu: float) -> None:
    def listed(counts: dict[str, int]) -> str:
        return ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items())) or "none"

    problems = "".join(f"- {one}\n" for one in [*figures["problems"], *figures["unsound"]])
    counts = {name: listed(figures[name]) for name in ("not_recorded", "done", "refused")}
    text = TEXT.format_map(
        figures
        | counts
        | {
            "seed": wish.seed,
            "day": dt.datetime.now(dt.UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}",
            "quick": ", ".join(f"{name} {value} s" for name, value in QUICK.items()),
            "closed": "yes" if figures["finished"] else "no",
            "sound": "clean" if figures["sound"] else "see below",
            "minutes": seconds / 60,
            "cpu": cpu,
            "problems": f"\n{problems}\n" if problems else "",
        }
    )
    REPORT.write_text(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
