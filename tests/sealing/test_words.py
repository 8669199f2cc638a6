from __future__ import annotations

import random

import pytest

from conference.sealing.words import _LIST, words, words_of_hex


def apart(a, b):
    """Whether two words differ in two letters: nothing put in, taken out or changed makes one of the other."""
    if abs(len(a) - len(b)) > 1:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return sum(x != y for x, y in zip(a, b, strict=True)) > 1
    return all(long[:i] + long[i + 1 :] != short for i in range(len(long)))


def test_the_list_can_be_heard_apart():
    assert len(_LIST) == len(set(_LIST)) == 1024
    assert all(word.isascii() and word.isalpha() and word.islower() for word in _LIST)
    assert all(3 <= len(word) <= 9 for word in _LIST)
    assert len({word[:4] for word in _LIST}) == 1024
    assert all(apart(a, b) for a in _LIST for b in _LIST if a < b)


def test_forty_bits_are_four_words():
    assert words(bytes(5)) == " ".join([_LIST[0]] * 4)
    assert words(b"\xff" * 32) == " ".join([_LIST[-1]] * 4)
    assert words(bytes([0, 0, 0, 0, 1])) == " ".join([*[_LIST[0]] * 3, _LIST[1]])
    seen = {
        words(bytes([0] * place + [1 << bit] + [0] * (4 - place)))
        for place in range(5)
        for bit in range(8)
    }
    assert len(seen) == 40
    with pytest.raises(ValueError):
        words(b"1234")
    with pytest.raises(ValueError):
        words_of_hex("123456789")


def test_a_hash_in_hexadecimal_has_the_same_words():
    chance = random.Random(4)
    for hash_ in [bytes(32), b"\xff" * 32, *(chance.randbytes(32) for _ in range(200))]:
        assert words_of_hex(hash_.hex()) == words(hash_)
