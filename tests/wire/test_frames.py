"""Frames that are put together in a quick way are those of the plain way."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from conference.wire.frames import Opcode, frame, text_around, texts_of

PARTS = st.binary(max_size=130)


@settings(deadline=None)  # the machine may be busy with something else
@given(PARTS, PARTS, PARTS)
@example(b"", b"", b"")
@example(b"h" * 60, b"m" * 5, b"t" * 60)
@example(b"h" * 60, b"m" * 6, b"t" * 60)
@example(b"h" * 32_767, b"m", b"t" * 32_767)
@example(b"h" * 32_767, b"mm", b"t" * 32_767)
def test_a_text_around_something_is_the_frame_of_the_whole(head, middle, tail):
    assert text_around(head, tail)(middle) == frame(Opcode.TEXT, head + middle + tail)


def test_it_is_a_text_that_can_be_read_again():
    assert list(texts_of(text_around(b"a" * 200, b"z" * 70_000)(b"m"))) == [
        "a" * 200 + "m" + "z" * 70_000
    ]
