"""The process that talks to browsers never holds a private key: its memory is looked through."""

from __future__ import annotations

import re
from pathlib import Path

from tests.live.closing import counting_process
from tests.live.serving import CHAIR, Server, close_vote, delegate, open_vote

RANGE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (....) ")


def holds(pid: int, *secrets: bytes) -> list[bytes]:
    """Which of these bytes stand anywhere in the readable memory of this process."""
    found: set[bytes] = set()
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            start, end, mode = RANGE.match(line).groups()
            if not mode.startswith("rw") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            try:
                memory.seek(int(start, 16))
                content = memory.read(int(end, 16) - int(start, 16)) or b""
            except (OSError, ValueError, OverflowError):
                continue
            found |= {secret for secret in secrets if secret in content}
    return [secret for secret in secrets if secret in found]


async def test_no_private_key_stands_in_the_memory_of_the_server(own_server: Server):
    server = own_server
    async with server.person(CHAIR) as chair, server.person(delegate(1)) as voter:
        vote = await open_vote(chair, 1)
        keys = server.data / "keys"
        secret, signing = (keys / f"vote-{vote}").read_bytes(), (keys / "signing").read_bytes()
        seat = await voter.seat()
        assert (await seat.vote(vote, "a-sealed-press"))["t"] == "ack"
        done = await voter.post(f"/votes/{vote}/ballots", paper="against")  # sealed by the server
        assert done.status_code == 303
        public = server.rows("SELECT key FROM vote WHERE id = ?", vote)[0][0].encode()
        other = counting_process(server)
        # The search works: it finds what the counting process holds, and what the server holds.
        assert holds(other, secret, signing) == [secret, signing]
        assert holds(server.process.pid, public, secret, signing) == [public]
        await close_vote(chair, vote)
        assert holds(server.process.pid, public, secret, signing) == [public]
        assert not (keys / f"vote-{vote}").exists()
