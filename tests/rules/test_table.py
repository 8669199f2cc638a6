from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.rules.table import BUCKETS, Table

KEYS = st.one_of(st.just(int), st.just(str)).flatmap(
    lambda kind: st.sets(
        st.integers(1, 300) if kind is int else st.text("abcdef0123456789-", max_size=12),
        max_size=80,
    )
)
ROWS = KEYS.flatmap(lambda keys: st.fixed_dictionaries({k: st.integers() for k in keys}))


def pairs():
    return st.tuples(ROWS, ROWS).filter(lambda two: len({type(k) for d in two for k in d}) < 2)


@given(ROWS, st.data())
def test_like_a_dict(rows, data):
    table, mirror = Table(), {}
    for key in data.draw(st.permutations(sorted(rows))):
        table, mirror = table.put(key, rows[key]), mirror | {key: rows[key]}
        if data.draw(st.booleans()):
            gone = data.draw(st.sampled_from(sorted(mirror)))
            table = table.drop(gone)
            del mirror[gone]
        assert len(table) == len(mirror)
    assert dict(table) == mirror
    assert table == Table(mirror.items())
    assert list(table) == sorted(mirror)
    assert list(table.items()) == sorted(mirror.items())
    assert all(table[k] == mirror[k] == table.get(k) for k in mirror)
    assert all((k in table) == (k in mirror) for k in rows)


@given(ROWS, st.data())
def test_the_same_rows_in_another_order_are_equal(rows, data):
    one = Table((k, rows[k]) for k in data.draw(st.permutations(sorted(rows))))
    two = Table((k, rows[k]) for k in data.draw(st.permutations(sorted(rows))))
    assert one == two
    assert list(one) == list(two)
    assert repr(one) == repr(two)
    for key, row in rows.items():
        assert one.put(key, row + 1) != two


@given(ROWS, st.integers())
def test_a_table_never_changes(rows, other):
    table = Table(rows.items())
    before = dict(table)
    for key in rows:
        table.put(key, other)
        table.drop(key)
    assert dict(table) == before == rows


@given(pairs())
def test_changes_lead_from_one_to_the_other(two):
    before, after = (Table(rows.items()) for rows in two)
    stored, deleted = before.changes(after)
    result = before
    for key in deleted:
        assert key in before
        result = result.drop(key)
    for key, row in stored.items():
        result = result.put(key, row)
    assert result == after
    assert set(deleted) == set(before) - set(after)
    assert set(stored) >= set(after) - set(before)


def test_changes_name_only_what_is_another_object():
    rows = {n: [n] for n in range(200)}
    table = Table(rows.items())
    same = table.put(7, rows[7])
    assert table.changes(table) == ({}, [])
    assert table.changes(same) == ({}, [])
    changed = table.put(7, [7]).put(500, [500]).drop(9)
    assert table.changes(changed) == ({7: [7], 500: [500]}, [9])


def test_changes_do_not_look_into_what_is_shared():
    class Unread(dict):
        def items(self):
            raise AssertionError("a shared bucket was read")

    table = Table((n, n) for n in range(BUCKETS * 2))
    table._buckets = tuple(Unread(bucket) for bucket in table._buckets)
    after = table.put(BUCKETS * 2, 0)
    assert table.changes(after) == ({BUCKETS * 2: 0}, [])


def test_copies_share_every_bucket_but_one():
    table = Table((n, n) for n in range(1000))
    for copy in (table.put(3, -3), table.put(5000, 1), table.drop(3)):
        shared = [a is b for a, b in zip(table._buckets, copy._buckets, strict=True)]
        assert shared.count(False) == 1
        assert len(shared) == BUCKETS


def test_where_a_name_stands_does_not_depend_on_the_process():
    # Python's own hash of a str differs from process to process; these were written down once.
    table = Table([("d1", 1), ("chair", 2), (70, 3)])
    places = {key: n for n, bucket in enumerate(table._buckets) for key in bucket}
    assert places == {"d1": 38, "chair": 5, 70: 6}


def test_what_is_not_there():
    table = Table([(1, "a")])
    with pytest.raises(KeyError):
        table[2]
    with pytest.raises(KeyError):
        table.drop(2)
    assert table.get(None) is None
    assert None not in table


def test_the_later_pair_wins():
    assert dict(Table([(1, "a"), (1, "b")])) == {1: "b"}
