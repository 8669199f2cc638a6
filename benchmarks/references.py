"""The two servers that ours is measured beside: (a) `naive`, (b) `broadcast`.

    python benchmarks/references.py naive|broadcast PORT

Both run on uvloop, without compression and without durability. A text that begins with `all ` is sent
to everybody without that word; any other text is answered with an acknowledgement.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop

ACK = '{"t":"ack","n":1,"vote":1}'


async def naive(port: int) -> None:
    """(a) Starlette and uvicorn as they come: one `send_text` after another."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect

    everybody: set[WebSocket] = set()

    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        everybody.add(websocket)
        try:
            while True:
                text = await websocket.receive_text()
                if text.startswith("all "):
                    for other in tuple(everybody):
                        await other.send_text(text[4:])
                else:
                    await websocket.send_text(ACK)
        except WebSocketDisconnect:
            everybody.discard(websocket)

    app = Starlette(routes=[WebSocketRoute("/live", live)])
    config = uvicorn.Config(
        app, port=port, log_config=None, access_log=False, ws_per_message_deflate=False,
        ws_ping_interval=None, backlog=2048, lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
    await uvicorn.Server(config).serve()


async def broadcast(port: int) -> None:
    """(b) The `websockets` library with its own `broadcast`."""
    from websockets.asyncio.server import ServerConnection, serve
    from websockets.asyncio.server import broadcast as to_all
    from websockets.exceptions import ConnectionClosed

    everybody: set[ServerConnection] = set()

    async def live(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            async for text in connection:
                if str(text).startswith("all "):
                    to_all(everybody, str(text)[4:])
                else:
                    await connection.send(ACK)
        except ConnectionClosed:
            pass
        finally:
            everybody.discard(connection)

    async with serve(
        live, "127.0.0.1", port, compression=None, ping_interval=None, backlog=2048,
        open_timeout=None,
    ):  # fmt: skip
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run({"naive": naive, "broadcast": broadcast}[sys.argv[1]](int(sys.argv[2])))
