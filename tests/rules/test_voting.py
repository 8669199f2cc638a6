from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import change, deadline, may_vote, needs_key, to_count, to_open
from conference.rules.kinds import SYSTEM, MotionState, Outcome, Role, VoteState
from conference.rules.refused import Refused
from conference.rules.voting import on_roll
from tests.rules.ballots import MAY_VOTE
from tests.rules.builders import (
    A1,
    A2,
    CHAIR,
    D1,
    D2,
    D3,
    D5,
    DEBATE,
    KEY,
    MOTION,
    QUESTION,
    REGISTRAR,
    ROOT,
    TEN,
    V1,
    check_in,
    count_now,
    do,
    next_deadline,
    run,
    scene,
    small_meeting,
)

SECOND = 1000


def asked(meeting, who):
    return may_vote(meeting.votes[V1], meeting.rolls.get(V1), meeting.people[who])


@pytest.mark.parametrize(("where", "who", "code"), MAY_VOTE)
def test_may_vote(where, who, code):
    answer = asked(scene(where), who)
    assert answer is None if code is None else answer == Refused(code)


def test_who_is_on_the_roll_and_left_may_still_vote():
    gone = do(scene("voting"), a.Leave(), D1)
    assert asked(gone, D1) is None
    assert asked(do(scene("voting"), a.CheckOut(D1), REGISTRAR), D1) is None


def test_who_comes_after_the_opening_is_late_and_may_in_the_next():
    late = check_in(scene("voting"), D5)
    assert asked(late, D5).code == "late"
    done = count_now(do(late, a.EndVote(V1), SYSTEM), 1, 0, 0)
    done = run(done, (a.DeclareResult(V1), CHAIR), (a.PutNextQuestion(QUESTION), CHAIR))
    second = run(
        done,
        (a.AnnounceVote(QUESTION), CHAIR),
        (a.GiveKey(2, KEY), SYSTEM),
        (a.OpenVote(2), SYSTEM),
    )
    assert may_vote(second.votes[2], second.rolls[2], second.people[D5]) is None


def test_who_comes_while_the_vote_is_announced_may_vote():
    opened = do(check_in(scene("announced"), D5), a.OpenVote(V1), SYSTEM)
    assert asked(opened, D5) is None
    assert opened.votes[V1].roll == 5


def test_who_left_while_the_vote_was_announced_may_not():
    opened = run(
        scene("announced"), (a.Leave(), D1), (a.GiveKey(V1, KEY), SYSTEM), (a.OpenVote(V1), SYSTEM)
    )
    assert asked(opened, D1).code == "late"


def test_a_delegate_made_an_observer_before_the_opening_may_not_vote():
    meeting = run(scene("announced"), (a.Leave(), D1))
    observer = replace(meeting.people[D1], roles=frozenset({Role.OBSERVER}))
    opened = do(change.person(meeting, observer), a.OpenVote(V1), SYSTEM)
    assert asked(opened, D1).code == "observer"
    assert opened.votes[V1].register == 5


def test_on_roll():
    assert on_roll(scene("voting"), V1, D1)
    assert not on_roll(scene("voting"), V1, D5)
    assert not on_roll(scene("announced"), V1, D1)


def test_a_vote_left_alone_opens_passes_its_minimum_and_closes_by_itself():
    meeting = scene("announced")
    assert deadline(meeting) == (TEN + 3 * SECOND, a.OpenVote(V1))
    meeting, now = next_deadline(meeting)
    assert meeting.votes[V1].state is VoteState.OPEN
    assert deadline(meeting) == (now + 5 * SECOND, a.PassMinimum(V1))
    meeting, _ = next_deadline(meeting)
    assert deadline(meeting) == (now + 20 * SECOND, a.EndVote(V1))
    meeting, closed_at = next_deadline(meeting)
    assert meeting.votes[V1].closed_at == closed_at == TEN + 23 * SECOND
    assert (deadline(meeting), to_open(meeting)) == (None, meeting.votes[V1])
    meeting = count_now(meeting, 2, 1, 0)
    assert (deadline(meeting), to_open(meeting)) == (None, None)
    assert (meeting.votes[V1].envelopes, len(meeting.heads)) == (3, 2)


def test_without_a_key_nothing_opens_and_the_key_that_comes_late_opens_it_at_once():
    meeting = scene("keyless")
    assert needs_key(meeting.votes[V1])
    assert deadline(meeting) is None
    late = do(meeting, a.GiveKey(V1, KEY), SYSTEM, TEN + 60 * SECOND)
    assert deadline(late) == (TEN + 3 * SECOND, a.OpenVote(V1))
    opened = do(late, a.OpenVote(V1), SYSTEM, TEN + 60 * SECOND)
    assert opened.votes[V1].opened_at == TEN + 60 * SECOND


def test_a_vote_by_name_needs_no_key_and_is_counted_by_the_clerk():
    assert not needs_key(scene("named").votes[V1])
    assert (to_count(scene("named")), to_open(scene("named"))) == (V1, None)
    counted = do(scene("named"), a.CountVote(V1, 2, 1, 0, root=ROOT), SYSTEM)
    assert (counted.votes[V1].root, counted.votes[V1].envelopes) == (ROOT, None)
    assert not counted.heads


def test_the_chair_closes_after_the_minimum_with_a_countdown():
    meeting = do(scene("closable"), a.CloseVote(V1), CHAIR, TEN + 9 * SECOND)
    assert deadline(meeting) == (TEN + 12 * SECOND, a.EndVote(V1))
    assert meeting.votes[V1].last_call


def test_a_countdown_never_lengthens_a_vote():
    meeting = do(scene("closable"), a.CloseVote(V1), CHAIR, TEN + 22 * SECOND)
    assert deadline(meeting) == (TEN + 23 * SECOND, a.EndVote(V1))


def test_an_extension_moves_the_announced_time():
    meeting = run(scene("voting"), *[(a.ExtendVote(V1), CHAIR)] * 2)
    assert meeting.votes[V1].closes_at == TEN + (3 + 20 + 10 + 10) * SECOND
    assert meeting.votes[V1].extended == 20


def test_an_extension_calls_the_countdown_off_and_never_shortens_the_vote():
    meeting = do(scene("last call"), a.ExtendVote(V1), CHAIR, TEN + 10 * SECOND)
    vote = meeting.votes[V1]
    assert not vote.last_call
    assert vote.closes_at == TEN + (3 + 20 + 10) * SECOND
    again = do(meeting, a.CloseVote(V1), CHAIR, TEN + 11 * SECOND)
    assert again.votes[V1].closes_at == TEN + 14 * SECOND


def test_a_vote_shorter_than_its_minimum_closes_at_its_time():
    meeting = check_in(small_meeting(vote_minimum=30), D1, D2, D3)
    meeting = run(
        meeting,
        (a.OpenConference(), CHAIR),
        (a.CallItem(DEBATE), CHAIR),
        (a.MarkMoved(MOTION), CHAIR),
        (a.MarkSeconded(MOTION), CHAIR),
        (a.LetFall(MOTION, A1), CHAIR),
        (a.LetFall(MOTION, A2), CHAIR),
        (a.AnnounceVote(MOTION), CHAIR),
        (a.GiveKey(V1, KEY), SYSTEM),
        (a.OpenVote(V1), SYSTEM),
    )
    assert deadline(meeting) == (TEN + 20 * SECOND, a.EndVote(V1))


def test_quorum_lost_before_the_opening_makes_the_vote_void_and_it_can_be_put_again():
    meeting = run(scene("announced"), (a.Leave(), D1), (a.Leave(), D2))
    meeting, _ = next_deadline(meeting)
    vote = meeting.votes[V1]
    assert (vote.state, vote.void_reason) == (VoteState.VOID, "no_quorum")
    assert meeting.motions[MOTION].state is MotionState.DEBATE
    assert (deadline(meeting), len(meeting.rolls)) == (None, 0)
    meeting = run(check_in(meeting, D1, D2), (a.AnnounceVote(MOTION), CHAIR))
    assert meeting.votes[2].state is VoteState.ANNOUNCED
    assert next_deadline(meeting)[0].votes[2].state is VoteState.OPEN


def test_a_void_question_is_put_again_as_it_was():
    meeting = run(scene("question"), (a.AnnounceVote(QUESTION), CHAIR))
    meeting = do(meeting, a.VoidVote(2, "restored"), SYSTEM)
    assert meeting.motions[QUESTION].state is MotionState.CALLED
    assert do(meeting, a.AnnounceVote(QUESTION), CHAIR).votes[3].motion == QUESTION


def test_quorum_lost_while_the_vote_is_open_changes_nothing():
    meeting = run(scene("voting"), (a.Leave(), D1), (a.Leave(), D2), (a.EndVote(V1), SYSTEM))
    meeting = do(count_now(meeting, 3, 0, 0), a.DeclareResult(V1), CHAIR)
    assert meeting.motions[MOTION].outcome is Outcome.CARRIED
    assert meeting.votes[V1].roll == 4


def test_overdue_deadlines_are_taken_one_after_the_other():
    meeting, long_after = scene("announced"), TEN + 10_000 * SECOND
    for expected in (VoteState.OPEN,):
        due = deadline(meeting)
        meeting = do(meeting, due[1], SYSTEM, long_after)
        assert meeting.votes[V1].state is expected
    assert deadline(meeting)[0] == long_after + 5 * SECOND


@pytest.mark.parametrize("where", ["before", "debate", "counted", "declared", "void", "ended"])
def test_nothing_is_due_without_an_open_vote(where):
    assert deadline(scene(where)) is None
    assert to_count(scene(where)) is None
