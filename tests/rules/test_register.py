"""The register: decisions, the lock and its hash, late admissions, exports, roles, the draw."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from conference.rules import Refused, take
from conference.rules import acts as a
from conference.rules.appointments import gaps
from conference.rules.kinds import (
    SYSTEM,
    OfficeStepKind,
    OfficeStepState,
    PersonId,
    RequestState,
    Role,
    Side,
    Standing,
)
from conference.rules.refused import Code
from conference.rules.register import line_hash
from conference.rules.roles import FORBIDDEN, forbidden_pair
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D5,
    D6,
    DECLINED,
    DELEGATES,
    DRAW,
    LINES,
    MOTION,
    OBSERVER,
    ORGANISER,
    REGISTRAR,
    SECRETARY,
    STEP,
    TELLER,
    TELLER_2,
    TEN,
    V1,
    WAITING,
    person,
    run,
    scene,
)


def refused(meeting, act, by):
    answer = take(meeting, act, by, TEN)
    assert isinstance(answer, Refused), answer
    return answer.code


def test_a_decision_is_taken_back():
    accepted = run(scene("before"), (a.Decide(WAITING, Role.DELEGATE), REGISTRAR))
    assert accepted.conference.register == 7
    back = run(accepted, (a.Reconsider(WAITING), REGISTRAR))
    assert back.people[WAITING] == scene("before").people[WAITING]
    assert back.conference.register == 6
    assert (
        run(scene("before"), (a.Reconsider(DECLINED), REGISTRAR)).people[DECLINED].standing
        is Standing.WAITING
    )


def test_who_leaves_is_on_no_list_any_more():
    meeting = run(scene("debate"), (a.Withdraw(D1), SYSTEM))
    gone = meeting.people[D1]
    assert (gone.standing, gone.roles, gone.present) == (Standing.DECLINED, frozenset(), False)
    assert meeting.conference.register == scene("debate").conference.register - 1
    assert meeting.conference.present == scene("debate").conference.present - 1
    assert run(meeting, (a.Withdraw(D1), SYSTEM)) == meeting  # twice is once


def test_who_leaves_no_longer_waits_to_speak():
    asked = run(scene("debate"), (a.AskToSpeak(MOTION, Side.FOR), D1))
    (request,) = asked.requests.values()
    gone = run(asked, (a.Withdraw(D1), SYSTEM))
    assert gone.requests[request.id].state is RequestState.LAPSED


def test_the_desk_checks_somebody_in():
    meeting = run(scene("before"), (a.CheckInPerson(D5), REGISTRAR, TEN + 1))
    assert (meeting.people[D5].present, meeting.people[D5].present_at) == (True, TEN + 1)


# --- the lock ------------------------------------------------------------------------------------


def test_the_lock_publishes_the_hash_of_all_lines():
    meeting = scene("locked")
    (row,) = meeting.register_locks.values()
    text = "register\n" + "".join(f"{leaf}\n" for leaf in sorted(leaf for _, leaf in LINES))
    assert row.root == hashlib.sha256(text.encode()).hexdigest()
    assert (row.by, row.delegates) == (REGISTRAR, 6)
    assert dict(LINES) == {line.person: line.leaf for line in meeting.register_lines.values()}
    entry = list(meeting.minutes.values())[-1]
    assert (entry.code, json.loads(entry.facts)) == (
        "register_locked",
        {"delegates": 6, "hash": row.root},
    )


def test_the_lock_by_its_time_has_no_name():
    meeting = run(scene("before"), (a.LockRegister(LINES), SYSTEM))
    assert meeting.register_locks[1].by is None


def test_a_line_hides_its_name_and_is_about_nothing_else():
    assert line_hash("salt", "Ash") != line_hash("other", "Ash") != line_hash("salt", "Bay")
    assert len(line_hash("salt", "Ash")) == 64


def test_before_the_lock_one_admits_and_after_it_two():
    assert run(scene("present"), (a.Decide(WAITING, Role.DELEGATE), REGISTRAR))
    late = scene("late")
    assert not late.people[WAITING].roles
    admitted = run(late, (a.ConfirmOfficeStep(STEP), CHAIR))
    row = admitted.people[WAITING]
    assert (row.standing, row.roles) == (Standing.ACCEPTED, frozenset({Role.DELEGATE}))
    assert admitted.office_steps[STEP].second == CHAIR
    assert admitted.conference.register == 7
    assert list(admitted.minutes.values())[-1].code == "admitted_late"
    assert admitted.register_locks == late.register_locks  # what was published stands


def test_after_the_lock_one_still_admits_observers():
    meeting = run(scene("locked"), (a.Decide(WAITING, Role.OBSERVER), REGISTRAR))
    assert meeting.people[WAITING].roles == {Role.OBSERVER}
    stranger = a.AddPerson(PersonId("new"), frozenset({Role.OBSERVER}), Standing.ACCEPTED)
    assert run(meeting, (stranger, REGISTRAR)).people["new"].standing is Standing.ACCEPTED


def test_nobody_admits_themself_or_alone():
    late = scene("late")
    teller = replace(
        late.people[WAITING], roles=frozenset({Role.TELLER}), standing=Standing.ACCEPTED
    )
    own = replace(late, people=late.people.put(WAITING, teller))
    assert refused(own, a.ConfirmOfficeStep(STEP), WAITING) is Code.SECOND_OFFICER
    assert refused(late, a.ConfirmOfficeStep(STEP), REGISTRAR) is Code.SECOND_OFFICER


def test_an_observer_becomes_a_late_delegate():
    propose = a.ProposeOfficeStep(OfficeStepKind.ADMIT, OBSERVER)
    meeting = run(scene("locked"), (propose, REGISTRAR), (a.ConfirmOfficeStep(STEP), SECRETARY))
    assert meeting.people[OBSERVER].roles == {Role.DELEGATE}


def test_what_is_dropped_is_not_done():
    meeting = run(scene("late"), (a.DropOfficeStep(STEP), CHAIR))
    assert meeting.people[WAITING].standing is Standing.WAITING
    assert meeting.office_steps[STEP].state is OfficeStepState.DROPPED
    assert run(meeting, (a.ProposeOfficeStep(OfficeStepKind.ADMIT, WAITING), REGISTRAR))


def test_an_export_is_taken_once_by_whoever_proposed_it():
    confirmed = scene("export confirmed")
    other = confirmed.people.put(PersonId("r2"), person(PersonId("r2"), Role.REGISTRAR))
    two = replace(confirmed, people=other)
    assert refused(two, a.TakeExport(STEP, 6), PersonId("r2")) is Code.NOT_YOURS
    taken = run(confirmed, (a.TakeExport(STEP, 6), REGISTRAR))
    assert (taken.office_steps[STEP].state, taken.office_steps[STEP].lines) == ("taken", 6)
    assert refused(taken, a.TakeExport(STEP, 6), REGISTRAR) is Code.ALREADY_DONE


# --- roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", list(combinations(Role, 2)))
def test_roles_add_up_unless_the_table_forbids_the_pair(pair):
    forbidden = pair in FORBIDDEN or pair[::-1] in FORBIDDEN
    assert (forbidden_pair(frozenset(pair)) is not None) == forbidden
    new = PersonId("new")
    answer = take(
        scene("before"), a.AddPerson(new, frozenset(pair), Standing.ACCEPTED), SYSTEM, TEN
    )
    assert isinstance(answer, Refused) == forbidden


def test_whoever_counts_does_not_lead_organise_or_register():
    for role in (Role.CHAIR, Role.VICE_CHAIR, Role.ORGANISER, Role.REGISTRAR, Role.QUEUE_KEEPER):
        assert forbidden_pair(frozenset({role, Role.TELLER}))
    assert forbidden_pair(frozenset({Role.CHAIR, Role.DELEGATE, Role.SPEAKER})) is None


def test_an_officer_who_is_made_a_delegate_keeps_the_office():
    meeting = run(scene("before"), (a.GrantRole(CHAIR, Role.DELEGATE), ORGANISER))
    assert meeting.people[CHAIR].roles == {Role.CHAIR, Role.DELEGATE}
    assert meeting.conference.register == 7
    assert run(meeting, (a.CheckIn(), CHAIR)).people[CHAIR].present


def test_an_observer_who_is_made_a_delegate_observes_no_more():
    meeting = run(scene("before"), (a.GrantRole(OBSERVER, Role.DELEGATE), ORGANISER))
    assert meeting.people[OBSERVER].roles == {Role.DELEGATE}


def test_who_loses_the_last_role_may_still_watch():
    meeting = run(scene("before"), (a.RevokeRole(D6, Role.DELEGATE), ORGANISER))
    assert meeting.people[D6].roles == {Role.OBSERVER}
    assert meeting.conference.register == 5


def test_what_a_list_of_officers_cannot_do():
    alone = [frozenset({Role.ORGANISER, Role.REGISTRAR, Role.CHAIR})]
    assert gaps(alone) == ("second", "preside", "tellers")
    full = [*alone, frozenset({Role.SECRETARY}), *[frozenset({Role.TELLER})] * 2]
    assert gaps(full) == ()
    assert gaps([]) == ("chair", "registrar", "organiser", "second", "preside", "tellers")


# --- names, the draw, assistance ---------------------------------------------------------------------


def test_a_hidden_name_is_shown_again():
    meeting = run(scene("hidden"), (a.ShowName(D1), CHAIR))
    assert D1 in scene("hidden").hidden_names
    assert not meeting.hidden_names
    assert meeting.conference.version == scene("hidden").conference.version + 1


def test_two_tellers_draw_and_neither_chooses():
    drawn = scene("drawn").draws[DRAW]
    assert set(drawn.people) == set(DELEGATES)  # a small meeting: everybody
    assert (drawn.second_by, drawn.second) == (TELLER_2, 2)
    other = run(scene("drawing"), (a.JoinDraw(DRAW, 3), TELLER_2)).draws[DRAW]
    assert set(other.people) == set(drawn.people)
    assert other.people != drawn.people
    # Anybody can do it again from what is published.
    root = scene("locked").register_locks[1].root
    leaves = sorted(
        (hashlib.sha256(f"{root} 1 2 {leaf}".encode()).hexdigest(), who) for who, leaf in LINES
    )
    assert drawn.people == tuple(who for _hash, who in leaves)


def test_a_draw_keeps_real_or_not_reached_and_nothing_else():
    real, missed = a.RecordDraw(DRAW, D1, real=True), a.RecordDraw(DRAW, D1, real=False)
    meeting = run(scene("drawn"), (missed, TELLER), (a.RecordDraw(DRAW, D2, real=True), TELLER_2))
    assert meeting.draws[DRAW].not_reached == {D1}
    again = run(meeting, (real, TELLER_2))
    assert (again.draws[DRAW].real, again.draws[DRAW].not_reached) == ({D1, D2}, frozenset())


def test_assistance_is_noted_without_the_person():
    meeting = run(scene("voting"), (a.NoteAssistance(V1), TELLER))
    entry = list(meeting.minutes.values())[-1]
    assert (entry.code, entry.facts) == ("assisted", '{"vote": 1}')


def test_every_act_of_the_register_is_taken_somewhere_above():
    named = set(re.findall(r"\ba\.([A-Z]\w+)\(", Path(__file__).read_text()))
    own = {kind.__name__ for kind in get_args(a.Act) if kind.__module__.endswith(".register")}
    assert own <= named | {"StartDraw", "HideName", "LockRegister"}  # these in the scenes
