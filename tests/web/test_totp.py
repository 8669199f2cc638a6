"""Codes of authenticators against the vectors of RFC 6238 (appendix B) and RFC 4226 (appendix D)."""

from __future__ import annotations

import base64

import pytest

from conference.web import totp
from conference.web.site import Links

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_the_codes_of_rfc_6238(seconds, code):
    assert totp.code(SECRET, seconds // 30, digits=8) == code


def test_the_codes_of_rfc_4226():
    codes = [
        "755224",
        "287082",
        "359152",
        "969429",
        "338314",
        "254676",
        "287922",
        "162583",
        "399871",
        "520489",
    ]
    assert [totp.code(SECRET, counter) for counter in range(10)] == codes


@pytest.mark.parametrize(
    ("off", "found"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_a_little_off(off, found):
    now = 1_700_000_000
    typed = totp.code(SECRET, (now + off) // 30)
    step = totp.step_of(SECRET, typed, now * 1000)
    assert (step == (now + off) // 30) == found


def test_a_secret_is_worthless_elsewhere():
    here, there = Links("one secret", "https://x"), Links("another", "https://x")
    secret = totp.new_secret()
    assert len(base64.b32decode(secret)) == 20
    sealed = totp.seal(here, secret)
    assert secret not in sealed
    assert totp.unseal(here, sealed) == secret
    assert totp.unseal(there, sealed) is None


def test_the_address_for_the_picture_escapes_names():
    text = totp.address("ABC", "A & B: conference", "Zoë/1")
    assert text == (
        "otpauth://totp/A%20%26%20B%3A%20conference:Zo%C3%AB/1?secret=ABC"
        "&issuer=A%20%26%20B%3A%20conference&digits=6&period=30"
    )
