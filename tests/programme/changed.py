"""The launch file with one thing changed, for the tests beside this module."""

from conference.programme import LAUNCH, Programme, parse

TEXT = LAUNCH.read_text("utf-8")


def swapped(*pairs: tuple[str, str]) -> str:
    """Return the text with the first `old` of each pair replaced; it must be there."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_with(text: str, words: str) -> int:
    """Return the line, counted from 1, on which `words` first stand."""
    return text[: text.index(words)].count("\n") + 1


def changed(*pairs: tuple[str, str]) -> Programme:
    return parse(swapped(*pairs), "changed.toml")


def with_settings(*lines: str) -> str:
    """Return the text with nothing but these lines under [settings]."""
    before, _found, after = TEXT.partition("[settings]\n")
    return "\n".join([before + "[settings]", *lines, "", after[after.index("[[aims]]") :]])
