"""`python -m conference.counter SOCKET FOLDER`: answers on an inherited socket until it closes."""

from __future__ import annotations

import contextlib
import resource
import signal
import socket
import sys
from pathlib import Path

import msgspec

from conference.counter.counting import Counting
from conference.counter.keys import KeyFolder
from conference.counter.messages import LENGTH_BYTES, LONGEST, Request


def main() -> None:
    """Answer whoever holds the other end, and end with it.

    Whoever stops the server in a terminal stops its whole group: this process must outlive the
    server's last request, so it takes no notice. It leaves no core dump, in which keys would stand.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    channel = socket.socket(fileno=int(sys.argv[1]))
    counting = Counting(KeyFolder(Path(sys.argv[2])))
    decode, encode = msgspec.json.Decoder(Request).decode, msgspec.json.Encoder().encode
    # A server that was killed leaves a reset where a stopped one hangs up.
    with contextlib.suppress(ConnectionError), channel, channel.makefile("rb") as incoming:
        while head := incoming.read(LENGTH_BYTES):
            length = int.from_bytes(head, "big")
            if length > LONGEST:
                return
            answer = encode(counting.answer(decode(incoming.read(length))))
            channel.sendall(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)


if __name__ == "__main__":
    main()
