from dataclasses import fields, replace

import pytest

from conference.programme import Change, Kind, MergeRefused, build, merge, public
from conference.rules.kinds import (
    Governs,
    ItemState,
    LeaveId,
    Mode,
    MotionState,
    PersonId,
    Phase,
    ProceduralId,
    Procedure,
    Role,
    Standing,
    VoteId,
    VoteState,
)
from conference.rules.state import Item, Meeting, Person, Procedural, Vote
from tests.programme.changed import changed

SPEAKER = PersonId("p-chris")
STATE = (
    *("people", "requests", "turns", "votes", "rolls", "minutes", "corrections", "texts"),
    *("procedurals", "points", "leaves", "suspensions", "doubles"),
)


@pytest.fixture(scope="module")
def launch():
    return changed()


@pytest.fixture
def meeting(launch):
    """The launch conference before its opening, with one speaker in it."""
    fresh = build(launch, mode=Mode.REHEARSAL)
    person = Person(SPEAKER, frozenset({Role.SPEAKER}), Standing.ACCEPTED)
    slot = replace(fresh.slots[3], person=SPEAKER, seen=4)
    return replace(
        fresh, people=fresh.people.put(SPEAKER, person), slots=fresh.slots.put(slot.id, slot)
    )


def opened(
    meeting: Meeting, done: tuple[int, ...] = (), called: int | None = None, **more
) -> Meeting:
    """The meeting after its opening, with some items done and one called."""
    items = meeting.items
    for key in (*done, *([called] if called else [])):
        state = ItemState.CALLED if key == called else ItemState.DONE
        items = items.put(key, replace(items[key], state=state, called_at=1))
    conference = replace(meeting.conference, phase=Phase.OPEN, opened_at=1, item=called, **more)
    return replace(meeting, items=items, conference=conference)


def refused(meeting, *pairs):
    with pytest.raises(MergeRefused) as caught:
        merge(meeting, changed(*pairs))
    return [(problem.path, problem.sentence) for problem in caught.value.problems]


def untouched(before, after, *but):
    """Every table but those named is the very same object."""
    for column in fields(Meeting):
        if column.name not in but:
            assert getattr(after, column.name) is getattr(before, column.name), column.name


BREAK = "[[items]]\nid = 103\n"
SONG = """[[items]]
id = 106
title = "Song"
kind = "break"
starts = "11:50"
minutes = 1

"""
NEW_ITEM = (BREAK, SONG + BREAK)
PAUSE = """[[items]]
id = 102
title = "Stretch pause"
kind = "break"
starts = "10:55"
minutes = 5
text = "Five minutes away from the screen."
"""
SHORTER = ('minutes = 10\ntext = "Ten minutes.', 'minutes = 9\ntext = "Ten minutes.')
LATER = ('starts = "11:50"\nminutes = 9', 'starts = "11:51"\nminutes = 9')
INSERTED = (SHORTER, LATER, NEW_ITEM)


def test_the_same_file_changes_nothing(meeting, launch):
    merged = merge(meeting, launch, public(launch))
    assert merged.changes == []
    assert merged.meeting is meeting


def test_the_same_file_changes_nothing_in_the_middle_of_the_conference(meeting, launch):
    now = opened(meeting, done=(1, 2, 3), called=4, motion=1, version=99, step=33)
    motion = replace(now.motions[1], state=MotionState.DEBATE, seconder=SPEAKER)
    now = replace(now, motions=now.motions.put(motion.id, motion))
    assert merge(now, launch).meeting is now


def test_a_planned_items_title_and_time_are_listed_and_changed(meeting):
    now = opened(meeting, done=(1,), called=2)
    merged = merge(
        now,
        changed(
            ('title = "Stretch pause"', 'title = "Pause"'),
            ('starts = "10:55"\nminutes = 5', 'starts = "10:56"\nminutes = 4'),
        ),
    )
    assert merged.changes == [
        Change(Kind.CHANGED, "“Stretch pause”: title", "Stretch pause", "Pause"),
        Change(Kind.CHANGED, "“Stretch pause”: starts", "10:55", "10:56"),
        Change(Kind.CHANGED, "“Stretch pause”: minutes", "5", "4"),
    ]
    assert str(merged.changes[1]) == "changed: “Stretch pause”: starts: “10:55” → “10:56”"
    item = now.items[102]
    expected = replace(item, title="Pause", starts_at=item.starts_at + 60_000, minutes=4)
    assert merged.meeting.items[102] == expected
    untouched(now, merged.meeting, "items")
    assert now.items.changes(merged.meeting.items) == ({102: expected}, [])


def test_a_new_item_pushes_others_along_without_noise(meeting):
    now = opened(meeting, done=(1, 2, 3), called=4)
    merged = merge(now, changed(*INSERTED))
    assert [str(change) for change in merged.changes] == [
        "added: “Song”",
        "changed: “Break”: starts: “11:50” → “11:51”",
        "changed: “Break”: minutes: “10” → “9”",
    ]
    items: list[Item] = sorted(merged.meeting.items.values(), key=lambda item: item.position)
    assert [item.position for item in items] == list(range(1, 22))
    assert [item.id for item in items][5:8] == [4, 106, 103]
    assert merged.meeting.items[4] is now.items[4]


@pytest.mark.parametrize("state", ["called", "done"])
def test_touching_an_item_already_called_is_refused(meeting, state):
    done, called = ((1, 2), 3) if state == "called" else ((1, 2, 3), 102)
    now = opened(meeting, done=done, called=called)
    ((path, sentence),) = refused(
        now, ('title = "The crisis and the opportunities"', 'title = "The crisis"')
    )
    assert path == "items[3]"
    assert sentence == (
        "item 3 “The crisis and the opportunities” cannot change any more: it has already been called"
    )


def test_everything_that_stands_in_the_way_is_named(meeting):
    now = opened(meeting, done=(1, 2), called=3)
    found = refused(
        now,
        ('name = "Labour', 'name = "New Labour'),
        ('arrangements committee"\nkind', 'committee"\nkind'),
        ('speaker = "Tosh McDonald"', 'speaker = "Somebody"'),
        ('title = "Chair"', 'title = "The chair"'),
        ('title = "Agree the tellers and', 'title = "Agree tellers and'),
    )
    assert [path for path, _ in found] == [
        "name",
        "standing_orders[2]",
        "items[2]",
        "items[3].slots[0]",
        "motions[2]",
    ]


def test_nothing_is_added_before_what_has_been_called(meeting):
    now = opened(meeting, done=(1, 2, 3, 4), called=103)
    assert [path for path, _ in refused(now, *INSERTED)] == ["items[7]"]


def test_a_removed_row_is_listed_or_refused(meeting):
    gone = (PAUSE, "")
    merged = merge(opened(meeting, done=(1, 2), called=3), changed(gone))
    assert merged.changes == [Change(Kind.REMOVED, "“Stretch pause”")]
    assert 102 not in merged.meeting.items
    found = refused(opened(meeting, done=(1, 2, 3, 102), called=4), gone)
    assert ("items", "“Stretch pause” cannot change any more: it has already been called") in found


@pytest.mark.parametrize("state", [state for state in MotionState if state != "published"])
def test_a_motion_that_was_called_keeps_its_text_and_its_amendments(meeting, state):
    motion = replace(meeting.motions[1], state=state)
    now = replace(meeting, motions=meeting.motions.put(motion.id, motion))
    found = refused(
        now,
        ("Conference supports the open selection", "Conference wants the open selection"),
        ("should live on an income", "should have an income"),
    )
    assert [path for path, _ in found] == ["motions[3]", "motions[3].amendments[0]"]


def test_a_published_motion_may_be_mended_even_in_the_item_before_conference(meeting):
    now = opened(meeting, done=(1,), called=2, motion=6)
    pair = (
        "That the tellers and scrutineers proposed",
        "That the tellers and the scrutineers proposed",
    )
    merged = merge(now, changed(pair))
    assert [change.what for change in merged.changes] == [
        "V3 “Agree the tellers and scrutineers”: text"
    ]
    untouched(now, merged.meeting, "motions")
    (refusal,) = refused(opened(meeting, done=(1, 2), called=3), pair)
    assert refusal[1].endswith("its item has ended")


def test_a_question_before_conference_is_refused(meeting):
    now = opened(meeting, done=(1,), called=2, motion=6)
    found = refused(now, ("That the standing orders, as published", "That the standing orders"))
    assert [path for path, _ in found] == ["motions[0]"]


def test_amendments_change_while_their_motion_is_published(meeting):
    merged = merge(meeting, changed(('note = "Falls if 2.1 is carried."\n', "")))
    assert merged.changes == [
        Change(Kind.CHANGED, "amendment 2.2: note", "Falls if 2.1 is carried.", "")
    ]


def test_motions_that_change_places_are_listed(meeting):
    first = '[[motions]]\nid = 7\nitem = 2\nlabel = "V2"\n'
    merged = merge(
        meeting,
        changed(
            ('id = 6\nitem = 2\nlabel = "V1"', 'id = 0\nitem = 2\nlabel = "V1"'),
            (first, first.replace("id = 7", "id = 6")),
            ("id = 0\nitem", "id = 7\nitem"),
        ),
    )
    orders = [change for change in merged.changes if change.what.endswith(": position")]
    assert [(change.before, change.after) for change in orders] == [("2", "1"), ("1", "2")]


def test_settings_change_unless_a_vote_is_being_taken(meeting):
    pair = ("vote.duration = 90", "vote.duration = 60")
    now = opened(meeting, done=(1,), called=2)
    merged = merge(now, changed(pair))
    assert merged.changes == [Change(Kind.CHANGED, "settings: vote duration", "90", "60")]
    assert merged.meeting.settings == replace(now.settings, vote_duration=60)
    untouched(now, merged.meeting, "settings")
    question = now.motions[6]
    vote = Vote(VoteId(1), question.id, "", "", question.rule, question.base, VoteState.OPEN, 1, 2)
    busy = replace(now, votes=now.votes.put(vote.id, vote))
    assert refused(busy, pair)[0][0] == "settings.vote.duration"


def test_the_day_may_change_until_the_opening(meeting):
    pair = ("day = 2021-02-27", "day = 2021-03-06")
    merged = merge(meeting, changed(pair))
    assert merged.changes == [Change(Kind.CHANGED, "conference: day", "2021-02-27", "2021-03-06")]
    week = 7 * 24 * 3_600_000
    assert merged.meeting.items[1].starts_at == meeting.items[1].starts_at + week
    assert merged.meeting.conference == replace(meeting.conference, day="2021-03-06")
    assert refused(opened(meeting), pair)[0][0] == "day"


def test_a_conference_that_was_closed_stays_as_it_is(meeting):
    now = replace(meeting, conference=replace(meeting.conference, phase=Phase.CLOSED))
    found = refused(
        now, ('title = "Stretch pause"', 'title = "Pause"'), ("quorum = 3", "quorum = 4")
    )
    assert {sentence.split(": ")[-1] for _, sentence in found} == {"the conference has been closed"}


def test_candidates_change_until_the_election_is_called_and_its_details_until_the_count(meeting):
    name = ('name = "Candidate K"', 'name = "Candidate L"')
    link = ("ballot.example/steering", "ballot.example/the-steering")
    merged = merge(meeting, changed(name, link))
    assert [change.what for change in merged.changes] == [
        "election “Steering committee”: link",
        "candidate “Candidate K”: name",
    ]
    now = opened(meeting, done=(1,), called=10)
    assert len(merge(now, changed(link)).changes) == 1
    assert [path for path, _ in refused(now, name)] == ["elections[0].candidates[10]"]
    counted = replace(meeting.elections[10], received=128, entered_by=SPEAKER)
    now = replace(now, elections=now.elections.put(counted.id, counted))
    assert [path for path, _ in refused(now, link)] == ["elections[0]"]


def test_people_and_state_are_the_very_same_objects(meeting):
    merged = merge(
        opened(meeting),
        changed(
            ('title = "Stretch pause"', 'title = "Pause"'),
            ("quorum = 3", "quorum = 4"),
            ('mover = "Mover M2"', 'mover = "Mover"'),
            ('name = "Delegate {n:03}"\ncount = 160', 'name = "Delegate {n:03}"\ncount = 7'),
        ),
    )
    for name in STATE:
        assert getattr(merged.meeting, name) is getattr(meeting, name)
    assert merged.meeting.conference.mode is Mode.REHEARSAL


def test_a_slot_keeps_its_person_and_a_new_name_never_inherits_one(meeting):
    title = (
        'speaker = "Chris Knight"\ntitle = "The crisis',
        'speaker = "Chris Knight"\ntitle = "A crisis',
    )
    kept = merge(meeting, changed(title)).meeting.slots[3]
    assert (kept.person, kept.seen, kept.title) == (SPEAKER, 4, "A crisis and the opportunities")
    other = ('speaker = "Chris Knight"', 'speaker = "Somebody else"')
    assert merge(meeting, changed(other)).meeting.slots[3].person is None
    again = ('speaker = "Leah Levane"', 'speaker = "Chris Knight"')
    assert merge(meeting, changed(again)).meeting.slots[5].person == SPEAKER


def test_the_next_item_stays_the_next_one(meeting):
    now = opened(meeting, done=(1, 2, 3, 102, 4))
    now = replace(now, conference=replace(now.conference, item=103))
    assert merge(now, changed(*INSERTED)).meeting.conference == replace(now.conference, item=106)
    waiting = merge(now, changed(*INSERTED)).meeting
    back = merge(waiting, changed()).meeting
    assert back.conference.item == 103
    assert 106 not in back.items


def test_the_public_page_is_compared_when_it_is_known(meeting, launch):
    programme = changed(("retention_days = 14", "retention_days = 21"))
    assert merge(meeting, programme).changes == []
    (change,) = merge(meeting, programme, public(launch)).changes
    assert change.what == "public page: organiser"
    assert change.after.endswith("21 14")


# --- the debate by the book -------------------------------------------------------------------------

FIRST = 'action = "add"\nparagraph = 1\nwords = "at every level"\n'


@pytest.mark.parametrize(
    ("pair", "table", "key", "changes", "values"),
    [
        (
            (FIRST, FIRST.replace("every level", "every level.")),
            "amendments",
            1,
            [("amendment 1.1: words", "at every level", "at every level.")],
            {"words": "at every level."},
        ),
        (
            (FIRST, 'action = "replace"\nparagraph = 3\n'),
            "amendments",
            1,
            [
                (
                    "amendment 1.1: instruction",
                    "Add at the end of paragraph 1",
                    "Delete paragraph 3 and insert",
                ),
                ("amendment 1.1: action", "add", "replace"),
                ("amendment 1.1: paragraph", "1", "3"),
                ("amendment 1.1: words", "at every level", ""),
            ],
            {"paragraph": 3, "words": ""},
        ),
        (
            ('mover = "Mover 1.1"\nseconder = "Seconder 1.1"', "received = 2\naccepted = true"),
            "amendments",
            1,
            [
                ("amendment 1.1: received", "0", "2"),
                ("amendment 1.1: accepted", "no", "yes"),
                ("amendment 1.1: mover name", "Mover 1.1", ""),
                ("amendment 1.1: seconder name", "Seconder 1.1", ""),
            ],
            {"received": 2, "accepted": True, "mover_name": "", "seconder_name": ""},
        ),
        (
            ("falls_if = [3]\n", ""),
            "amendments",
            4,
            [("amendment 2.2: falls if", "3", "none")],
            {"falls_if": ()},
        ),
        (
            ("speech = 120\n", "falls_if = [1, 2]\n"),
            "motions",
            5,
            [
                ("E1 “Solidarity with members facing discipline”: falls if", "none", "1, 2"),
                ("E1 “Solidarity with members facing discipline”: speech", "120", "none"),
            ],
            {"falls_if": (1, 2), "speech": None},
        ),
        (
            ("guillotine = true\ntext", "text"),
            "items",
            11,
            [("item 11 “Motion 4: Terms of reference”: guillotine", "yes", "no")],
            {"guillotine": False},
        ),
        (
            ('governs = ["reply"]', 'governs = ["reply", "quorum"]'),
            "standing_orders",
            9,
            [("standing order 9 “Reply”: governs", "reply", "quorum, reply")],
            {"governs": frozenset({Governs.REPLY, Governs.QUORUM})},
        ),
    ],
)
def test_the_new_columns_are_listed_and_changed(meeting, pair, table, key, changes, values):
    merged = merge(meeting, changed(pair))
    assert [(one.what, one.before, one.after) for one in merged.changes] == changes
    row = getattr(merged.meeting, table)[key]
    assert {name: getattr(row, name) for name in values} == values
    untouched(meeting, merged.meeting, table)


def test_an_amendment_to_an_amendment_is_listed(meeting):
    merged = merge(
        meeting,
        changed(
            ("[settings]\n", "[settings]\namend.second_level = true\n"),
            ("paragraph = 2\nfalls_if = [3]", "paragraph = 1\namends = 3"),
        ),
    )
    what = [change.what for change in merged.changes]
    assert "settings: amend second level" in what
    assert "amendment 2.2: amends" in what
    assert merged.meeting.amendments[4].amends == 3


@pytest.mark.parametrize("state", [state for state in MotionState if state != "published"])
def test_an_amendment_that_was_taken_keeps_what_it_does(meeting, state):
    row = replace(meeting.amendments[1], state=state)
    now = replace(meeting, amendments=meeting.amendments.put(row.id, row))
    ((path, sentence),) = refused(now, ('mover = "Mover 1.1"', 'mover = "Somebody"'))
    assert path == "motions[3].amendments[0]"
    assert sentence == "amendment 1.1 cannot change any more: it has already been called"


def test_what_acts_wrote_about_an_amendment_stays(meeting):
    row = replace(meeting.amendments[2], seconder=SPEAKER, list_closed=True)
    now = replace(meeting, amendments=meeting.amendments.put(row.id, row))
    merged = merge(now, changed(('mover = "Mover 1.2"', 'mover = "Somebody"')))
    assert merged.meeting.amendments[2] == replace(row, mover_name="Somebody")


def floor_amendment(meeting, key):
    row = replace(
        meeting.amendments[1],
        id=key,
        position=3,
        label="Motion 1 / 3",
        proposed_by=SPEAKER,
        state=MotionState.PROPOSED,
    )
    return replace(meeting, amendments=meeting.amendments.put(row.id, row))


def test_an_amendment_from_the_floor_is_none_of_the_files_business(meeting):
    now = floor_amendment(meeting, 7)
    assert merge(now, changed()).meeting is now
    merged = merge(now, changed(('title = "Stretch pause"', 'title = "Pause"')))
    assert merged.meeting.amendments is now.amendments
    taken = '[[motions.amendments]]\nid = 7\nlabel = "1.3"\naction = "delete"\nparagraph = 3\n\n'
    second = "[[motions]]\nid = 2\nitem = 6"
    ((path, sentence),) = refused(now, (second, taken + second))
    assert path == "motions[3].amendments[2]"
    assert sentence.endswith("a delegate handed it in; another id is needed here")


def test_an_item_at_which_a_debate_goes_on_is_not_removed(meeting):
    motion = replace(meeting.motions[1], resumes_item=102, state=MotionState.ADJOURNED)
    now = replace(meeting, motions=meeting.motions.put(motion.id, motion))
    found = refused(now, (PAUSE, ""))
    assert [sentence.split(": ")[-1] for _, sentence in found] == ["a procedural motion names it"]


def test_an_item_that_a_procedural_motion_names_is_not_removed(meeting):
    row = Procedural(ProceduralId(1), Procedure.VARY_ORDER, SPEAKER, 1, target=102)
    now = replace(meeting, procedurals=meeting.procedurals.put(row.id, row))
    assert len(refused(now, (PAUSE, ""))) == 1
    assert merge(now, changed(('title = "Stretch pause"', 'title = "Pause"'))).changes


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"procedural": ProceduralId(1)}, "a procedural motion is before conference"),
        ({"challenge": ProceduralId(1)}, "a procedural motion is before conference"),
        ({"leave": LeaveId(1)}, "conference is being asked for leave"),
    ],
)
def test_settings_stay_while_they_are_being_used(meeting, head, words):
    now = opened(meeting, done=(1,), called=2, **head)
    found = refused(now, ('profile = "uk_labour"', 'profile = "ronr"'))
    assert {sentence.split(": ")[-1] for _, sentence in found} == {words}
    assert "settings.profile" in {path for path, _ in found}


@pytest.mark.parametrize("state", ["announced", "open", "closed", "counted"])
def test_settings_stay_until_a_vote_is_declared(meeting, state):
    question = meeting.motions[6]
    vote = Vote(
        VoteId(1), question.id, "", "", question.rule, question.base, VoteState(state), 1, 2
    )
    now = replace(meeting, votes=meeting.votes.put(vote.id, vote))
    assert refused(now, ("quorum = 3", "quorum = 4"))[0][0] == "settings.quorum"
    over = replace(vote, state=VoteState.DECLARED)
    merge(
        replace(meeting, votes=meeting.votes.put(vote.id, over)),
        changed(("quorum = 3", "quorum = 4")),
    )


def test_another_profile_is_listed_setting_by_setting(meeting):
    merged = merge(meeting, changed(('profile = "uk_labour"', 'profile = "ronr"')))
    found = {change.what: (change.before, change.after) for change in merged.changes}
    assert found["settings: profile"] == ("uk_labour", "ronr")
    assert found["settings: closure majority"] == ("simple", "two_thirds_cast")
    assert "settings: speech mover" not in found, "the file names it"
