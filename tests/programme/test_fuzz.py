"""Whatever stands in a file, the answer is a programme or a list of problems."""

import tomllib
from datetime import date, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.programme import Programme, ProgrammeError, build, merge, parse, people, public
from conference.programme.checks import check
from conference.programme.problems import Source
from conference.programme.shape import shape
from conference.rules.kinds import Mode
from tests.programme.changed import TEXT

LAUNCH = tomllib.loads(TEXT)

scalars = st.one_of(
    st.integers(),
    st.integers(0, 30),
    st.floats(),
    st.booleans(),
    st.text(max_size=30),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 24), st.integers(0, 60)),
    st.sampled_from(
        [
            "Europe",
            "Etc/GMT+12",
            "debate",
            "election",
            "break",
            "doors",
            "uphold",
            "absolute",
            "register",
            "question",
            "replace_all",
            "delete",
            "at every level",
            "received",
            "ronr",
            "speaker",
            "{n}",
            "{n:09}",
            "{",
            "https://a",
        ]
    ),
    st.sampled_from(["", "Chris Knight"]),
)
keys = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["id", "item", "starts", "slots", "count", "requires", "rule", "amends", "words", "text"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))
        else:
            yield (*path, key)


PLACES = [path for path in places(LAUNCH) if path]


def with_value(document, path, value):
    """A copy of the document with one value replaced; None removes it. A path may be gone."""
    if not path:
        return value
    key, *rest = path
    copy = dict(document) if isinstance(document, dict) else list(document)
    try:
        inner = copy[key]
    except (KeyError, IndexError, TypeError):
        return copy
    if rest and not isinstance(inner, dict | list):
        return copy
    new = with_value(inner, tuple(rest), value)
    if new is None:
        del copy[key]
    else:
        copy[key] = new
    return copy


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.none() | values), min_size=1, max_size=4))
def test_any_value_at_any_place_is_taken_or_named(changes):
    document = LAUNCH
    for path, value in changes:
        changed = with_value(document, path, value)
        document = changed if isinstance(changed, dict) else document
    file, misfits = shape(document)
    source = Source("fuzz.toml", {})
    assert (file is None) == bool(misfits)
    if file is None:
        assert all(problem.path for problem in source.problems(iter(misfits)))
        return
    if source.problems(check(file)):
        return
    programme = Programme(file, source)
    meeting = build(programme, mode=Mode.REHEARSAL)
    assert len(meeting.items) == len(file.items)
    people(programme)
    public(programme)
    assert merge(meeting, programme).meeting is meeting


def written(value):
    """One value as TOML, as far as the fuzz needs it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(written(one) for one in value) + "]"
        case dict():
            pairs = (f"{written(key)} = {written(one)}" for key, one in value.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            return str(value)


def problems_of(text):
    """What the answer names, or None when the text was taken; any other error is a failure."""
    try:
        parse(text, "fuzz.toml")
    except ProgrammeError as error:
        return error.problems
    return None


LINES = [n for n, line in enumerate(TEXT.split("\n")) if " = " in line and '"""' not in line]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LINES), values)
def test_any_value_on_any_line_of_the_text_is_taken_or_named(n, value):
    lines = TEXT.split("\n")
    lines[n] = f"{lines[n].split(' = ')[0]} = {written(value)}"
    problems = problems_of("\n".join(lines))
    assert problems is None or all(problem.line for problem in problems)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("[]{}=.\"'#\n\\, a1-"), max_size=80))
def test_any_text_is_taken_or_named(text):
    assert problems_of(text) != []
