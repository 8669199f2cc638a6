"""Clients that send slowly, endlessly or too much: each is let go, and nobody else notices."""

from __future__ import annotations

import asyncio
import time

from tests.live.serving import CHAIR

COUNT = 200
"""Slow clients at once; the rest of the hall goes on meanwhile."""


async def opened(server, data: bytes):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    await writer.drain()
    return reader, writer


async def ended(reader, within: float) -> bytes:
    """What came until the server closed."""
    async with asyncio.timeout(within):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def test_a_head_that_never_ends_is_let_go(server):
    """A byte now and then does not help: the head has ten seconds. The others are answered at once."""
    begun = time.monotonic()
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    upgrade = b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Up"
    slow = [await opened(server, data) for data in (b"", head, upgrade) for _ in range(COUNT // 3)]

    async def drip():
        while True:
            await asyncio.sleep(1)
            for _reader, writer in slow[COUNT // 3 :]:  # the first say nothing at all
                if not writer.is_closing():
                    writer.write(b"a")

    dripping = asyncio.create_task(drip())
    assert await asyncio.to_thread(server.healthy)
    for reader, _writer in slow:
        assert await ended(reader, 20) == b""
    dripping.cancel()
    assert time.monotonic() - begun >= 9, "they were not slow, they were refused"
    for _reader, writer in slow:
        writer.close()


async def test_too_many_or_too_large_headers_are_refused(server):
    many = b"".join(b"X-%d: y\r\n" % n for n in range(65))
    for headers in (many, b"X-Large: " + b"y" * 17_000 + b"\r\n"):
        reader, writer = await opened(server, b"GET / HTTP/1.1\r\nHost: h\r\n" + headers + b"\r\n")
        assert (await ended(reader, 5)).startswith(b"HTTP/1.1 431 ")
        writer.close()


async def test_a_head_without_end_is_not_kept(server):
    reader, writer = await opened(server, b"GET / HTTP/1.1\r\nX-Endless: ")
    try:
        for _ in range(200):
            writer.write(b"y" * 1024)
            await writer.drain()
    except ConnectionError:
        pass
    assert await ended(reader, 5) == b""
    writer.close()


async def test_a_crowd_that_says_nothing_keeps_nobody_out(prepared, tmp_path):
    """A process that may open few files, and more silent connections than it could hold."""
    server = prepared.copy(tmp_path / "data")
    server.before = ("sh", "-c", 'ulimit -n 512; exec "$@"', "sh")
    server.start()
    silent = []
    try:
        for number in range(600):
            reader, writer = await opened(
                server, b"GET /live HTTP/1.1\r\nUpg" if number % 2 else b""
            )
            silent.append((reader, writer))
        assert await asyncio.to_thread(server.healthy)
        async with server.person(CHAIR) as chair:
            assert await chair.panel()
            done = await chair.press("votes", motion=prepared.motion)
            assert done.status_code == 303, done.text  # the database has its files
    finally:
        for _reader, writer in silent:
            writer.transport.abort()
        await server.goodbye()
        server.stop()
    assert "Traceback" not in server.stderr()
