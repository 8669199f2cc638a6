import pytest

from conference.programme.lines import line_of, locate

TEXT = '''\
# [[items]] is only a comment
name = "a # b [c" # d
"odd key" = 'x'
list = [ # first
    "a", # one
    """b
    = ], [[items]]
    """, [1,
    2], { c = 1, d = 2 },
]
after.that = 1

[settings] # note
quorum = 3
vote.duration = 90
vote.minimum = 5

[[items]]
text = \'\'\'
[[items]]
id = 1
\'\'\'
[[items.slots]]
id = 2
[[items.slots]]
id = 3
[items.more]
x = 1
[[ items ]]
id = 4
[[items.slots]]
id = 5
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("odd key",), 3),
        (("list",), 4),
        (("list", 0), 5),
        (("list", 1), 6),
        (("list", 2), 8),
        (("list", 3), 9),
        (("after", "that"), 11),
        (("settings",), 13),
        (("settings", "quorum"), 14),
        (("settings", "vote"), 15),
        (("settings", "vote", "minimum"), 16),
        (("items", 0), 18),
        (("items", 0, "text"), 19),
        (("items", 0, "slots", 0, "id"), 24),
        (("items", 0, "slots", 1, "id"), 26),
        (("items", 0, "more", "x"), 28),
        (("items", 1, "id"), 30),
        (("items", 1, "slots", 0, "id"), 32),
    ],
)
def test_every_key_is_found_on_its_line(path, line):
    assert locate(TEXT)[path] == line


def test_what_is_not_there_is_looked_for_around_it():
    lines = locate(TEXT)
    assert line_of(("items", 1, "missing", "deeper"), lines) == 29
    assert line_of(("nothing",), lines) is None
