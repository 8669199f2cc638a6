"""Forms: read once, checked against a struct, every wrong field named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request

from conference.rules.refused import Refused
from conference.web.sentences import Wrong, say
from conference.web.text import gettext as _

S = TypeVar("S", bound=msgspec.Struct)

EMAIL = r"\A(?=.{3,254}\Z)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}\Z"
Email = Annotated[str, Meta(min_length=1, max_length=254, pattern=EMAIL)]
Line = Annotated[str, Meta(max_length=120, pattern=r"\A[^\n\t]*\Z")]
Note = Annotated[str, Meta(max_length=240, pattern=r"\A[^\n\t]*(\n[^\n\t]*)?\Z")]
"""Two lines."""
Paragraph = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\A[^\n\t]*\w[^\n\t]*\Z")]


def is_email(text: str) -> bool:
    """Say whether this looks like an e-mail address that a mail server would understand."""
    return re.search(EMAIL, text) is not None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is shown again: what was typed, and a sentence for each wrong field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    say: str = ""


class BadForm(Exception):  # noqa: N818  (it is what the form is)
    """A form with fields that are missing, unknown or not as expected."""

    def __init__(self, fields: Mapping[str, str], typed: Mapping[str, str] | None = None) -> None:
        """Remember a sentence for each wrong field, and what was typed."""
        super().__init__(sorted(fields))
        self.fields = dict(fields)
        self.typed = dict(typed or {})


async def read(request: Request, form: type[S]) -> S:
    """Return the request's form as this struct. Raises BadForm with all that is wrong."""
    if not request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        raise BadForm({"": _("A form was expected.")})
    async with request.form(max_files=0, max_fields=50, max_part_size=64 * 1024) as data:
        typed = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
    return check(form, typed)


async def read_or_empty(request: Request, form: type[S]) -> S:
    """Return the request's form as `read` does; a request without a body is an empty form."""
    if not await request.body():
        return check(form, [])
    return await read(request, form)


def filled(bad: BadForm, code: Wrong = Wrong.BAD_FIELD) -> Filled:
    """Return the form as it was typed, with what is wrong about it."""
    sentence = " ".join([say(Refused(code)), *(s for n, s in bad.fields.items() if not n)])
    return Filled(bad.typed, bad.fields, str(code), sentence)


async def read_list(request: Request, form: type[S], many: str) -> tuple[S, list[str]]:
    """Return the request's form as `read` does, and apart from it every value of the field `many`."""
    async with request.form(max_files=0, max_fields=500, max_part_size=64 * 1024) as data:
        typed = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
    listed = [value for name, value in typed if name == many]
    return check(form, [(name, value) for name, value in typed if name != many]), listed


def check(form: type[S], typed: list[tuple[str, str]]) -> S:
    """Return these fields as the struct. Every field stands once, none is unknown."""
    values = dict(typed)
    info = {f.encode_name: f for f in msgspec.structs.fields(form)}
    wrong = {name: _("This field is not known here.") for name in values if name not in info}
    if len(values) != len(typed):
        raise BadForm({"": _("A field stands twice.")}, values)
    good: dict[str, object] = {}
    for name, wanted in info.items():
        if name not in values:
            if wanted.required:
                wrong[name] = _("This is missing.")
            continue
        try:
            good[wanted.name] = msgspec.convert(_clean(values[name]), wanted.type, strict=False)
        except msgspec.ValidationError as error:
            wrong[name] = _sentence(str(error), values[name])
    if wrong:
        raise BadForm(wrong, values)
    return form(**good)


def _clean(value: str) -> str:
    # Browsers send CR LF in text areas; a NUL or other control character is never meant.
    text = value.replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()


def _sentence(technical: str, typed: str) -> str:
    if "length >=" in technical:
        return _("This is too short.") if typed.strip() else _("This is missing.")
    if "length <=" in technical:
        return _("This is too long.")
    if "matching regex" in technical or "pattern" in technical:
        return _("This does not look as expected.")
    return _("This is not one of the possible values.")
