"""The chair lost, handed over, challenged; the lobby; what takes two officers (screens H1.23, 24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import deadline
from conference.rules.kinds import (
    SYSTEM,
    DoubleKind,
    Outcome,
    Pause,
    PointAbout,
    PointKind,
    PointState,
    Procedure,
    RequestState,
    Role,
    Side,
    Standing,
)
from conference.rules.refused import Code
from conference.rules.roles import in_the_chair
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    DEBATE,
    KEY,
    MOTION,
    OBSERVER,
    POINT,
    REGISTRAR,
    SECRETARY,
    TELLER,
    TEN,
    V1,
    VICE_CHAIR,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
)

LOST = a.ReportChairLost(lost=True)
BACK = a.ReportChairLost(lost=False)
ORDER = a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE)


def codes(meeting):
    return [minute.code for minute in meeting.minutes.values()]


# --- the chair changes hands -------------------------------------------------------------------


def test_an_offered_chair_passes_when_it_is_accepted():
    offered = scene("chair offered")
    assert in_the_chair(offered) == CHAIR
    assert refusal(offered, a.AcceptChair(), SECRETARY).code is Code.NOT_OFFERED
    accepted = do(offered, a.AcceptChair(), VICE_CHAIR)
    assert in_the_chair(accepted) == VICE_CHAIR
    assert refusal(accepted, a.CloseList(MOTION), CHAIR).code is Code.NOT_IN_THE_CHAIR
    assert refusal(accepted, a.AcceptChair(), VICE_CHAIR).code is Code.NOT_OFFERED


def test_an_offer_is_taken_back_and_nobody_offers_it_to_themselves_or_to_a_delegate():
    kept = do(scene("chair offered"), a.KeepChair(), CHAIR)
    assert refusal(kept, a.AcceptChair(), VICE_CHAIR).code is Code.NOT_OFFERED
    assert refusal(kept, a.OfferChair(CHAIR), CHAIR).code is Code.NOT_ALLOWED
    assert refusal(kept, a.OfferChair(D1), CHAIR).code is Code.UNKNOWN


def test_the_chair_is_handed_over_in_a_break():
    offered = do(scene("paused"), a.OfferChair(VICE_CHAIR), CHAIR)
    assert in_the_chair(do(offered, a.AcceptChair(), VICE_CHAIR)) == VICE_CHAIR


@pytest.mark.parametrize("kind", [Pause.BREAK, Pause.TECHNICAL])
def test_a_chair_who_is_lost_in_a_pause_is_replaced(kind):
    stopped = do(scene("debate"), a.TakeBreak(kind, 1), CHAIR)
    taking = run(stopped, (LOST, SYSTEM), (a.TakeChair(), VICE_CHAIR))
    due, act = deadline(taking)
    assert (due, act) == (TEN + taking.settings.chair_warning * 1000, a.PassChair())
    passed = do(taking, act, SYSTEM, due)
    assert passed.conference.pause is kind
    assert do(passed, a.Resume(early=True), VICE_CHAIR, due).conference.pause is None


def test_the_vice_chair_goes_first_and_the_secretary_after_the_same_time_again():
    lost = scene("chair lost")
    assert refusal(lost, a.TakeChair(), SECRETARY).code is Code.NOT_POSSIBLE_NOW
    later = TEN + lost.settings.chair_lost * 1000
    assert do(lost, a.TakeChair(), SECRETARY, later).conference.chair_next == SECRETARY
    vice = lost.people[VICE_CHAIR]
    alone = replace(lost, people=lost.people.put(VICE_CHAIR, replace(vice, roles=frozenset())))
    assert do(alone, a.TakeChair(), SECRETARY).conference.chair_next == SECRETARY


def test_the_lost_chair_comes_back_in_time_or_as_a_spectator():
    taking = scene("chair taken")
    back = do(taking, BACK, SYSTEM)
    assert (in_the_chair(back), back.conference.chair_next) == (CHAIR, None)
    assert refusal(back, a.TakeChair(), VICE_CHAIR).code is Code.CHAIR_IS_HERE
    passed = do(taking, a.PassChair(), SYSTEM)
    assert in_the_chair(passed) == VICE_CHAIR
    assert passed.conference.chair_lost_at is None
    assert refusal(passed, a.KeepChair(), CHAIR).code is Code.NOT_IN_THE_CHAIR


def test_nobody_is_lost_when_the_conference_is_over():
    assert refusal(scene("ended"), LOST, SYSTEM).code is Code.CONFERENCE_CLOSED


def test_who_was_to_take_the_chair_is_removed():
    officer = scene("chair taken").people[VICE_CHAIR]
    both = replace(officer, roles=officer.roles | {Role.DELEGATE})
    taking = replace(scene("chair taken"), people=scene("chair taken").people.put(VICE_CHAIR, both))
    removal = a.ProposeDouble(DoubleKind.REMOVE_PERSON, "r", person=VICE_CHAIR)
    gone = run(taking, (removal, CHAIR), (a.ConfirmDouble(1), TELLER))
    assert gone.people[VICE_CHAIR].standing is Standing.REMOVED
    assert (deadline(gone), in_the_chair(gone)) == (None, CHAIR)


# --- a question about the chair -----------------------------------------------------------------


def test_whoever_made_the_ruling_never_presides_even_after_the_chair_was_handed_over():
    handed = run(
        scene("ruled"),
        (a.OfferChair(VICE_CHAIR), CHAIR),
        (a.AcceptChair(), VICE_CHAIR),
        (a.MoveProcedural(Procedure.CHALLENGE, point=POINT), D4),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
    )
    assert handed.procedurals[1].about == CHAIR
    assert refusal(handed, a.Preside(), CHAIR).code is Code.CHAIR_BARRED
    # The ruling is not the vice-chair's: whoever is in the chair by now takes the vote.
    assert in_the_chair(handed) == VICE_CHAIR
    decided = decide_procedural(do(handed, a.EndSpeech(1), VICE_CHAIR), 0, 4, 0, by=VICE_CHAIR)
    assert decided.points[POINT].overturned
    assert in_the_chair(decided) == VICE_CHAIR


def test_the_chair_is_lost_while_the_challenge_waits_for_somebody_to_preside():
    taken = run(
        scene("challenged"), (LOST, SYSTEM), (a.TakeChair(), VICE_CHAIR), (a.PassChair(), SYSTEM)
    )
    assert in_the_chair(taken) == VICE_CHAIR
    assert refusal(taken, a.Preside(), CHAIR).code is Code.CHAIR_BARRED
    assert refusal(taken, a.Preside(), SECRETARY).code is Code.ALREADY_DONE


def test_who_challenges_does_not_preside():
    meeting = scene("ruled")
    officer = meeting.people[VICE_CHAIR]
    both = replace(officer, roles=officer.roles | {Role.DELEGATE}, present=True)
    meeting = replace(meeting, people=meeting.people.put(VICE_CHAIR, both))
    challenged = run(
        meeting,
        (a.MoveProcedural(Procedure.CHALLENGE, point=POINT), VICE_CHAIR),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D4)),
    )
    assert refusal(challenged, a.Preside(), VICE_CHAIR).code is Code.CHAIR_BARRED
    assert in_the_chair(do(challenged, a.Preside(), SECRETARY)) == SECRETARY


def test_there_must_be_somebody_who_could_preside():
    meeting = scene("ruled")
    people = meeting.people
    for who in (VICE_CHAIR, SECRETARY):
        people = people.put(who, replace(people[who], roles=frozenset()))
    alone = replace(meeting, people=people)
    challenge = a.MoveProcedural(Procedure.CHALLENGE, point=POINT)
    assert refusal(alone, challenge, D4).code is Code.NO_OTHER_OFFICER


def test_the_barred_chair_calls_breaks_and_silences_nobody():
    for meeting in (scene("challenged"), scene("presided")):
        assert refusal(meeting, a.SendToLobby(D4, "r"), CHAIR).code is Code.CHAIR_BARRED
        assert refusal(meeting, a.EndSpeech(1), CHAIR).code is Code.CHAIR_BARRED
        stopped = do(meeting, a.TakeBreak(Pause.TECHNICAL), CHAIR)
        assert stopped.conference.pause is Pause.TECHNICAL


def test_the_barred_chair_does_not_hand_the_case_on():
    offered = do(scene("challenge"), a.OfferChair(VICE_CHAIR), CHAIR)
    pending = run(offered, *((a.SecondProcedural(1), d) for d in (D1, D2, D3)))
    assert refusal(pending, a.AcceptChair(), VICE_CHAIR).code is Code.CHALLENGE_PENDING
    assert refusal(pending, a.OfferChair(SECRETARY), CHAIR).code is Code.CHAIR_BARRED


def test_the_presiding_officer_is_lost_and_relieved():
    presided = scene("presided")
    assert refusal(presided, a.Preside(), SECRETARY).code is Code.ALREADY_DONE
    lost = do(presided, LOST, SYSTEM)
    assert refusal(lost, a.TakeChair(), SECRETARY).code is Code.CHALLENGE_PENDING
    assert refusal(lost, a.Preside(), CHAIR).code is Code.CHAIR_BARRED
    assert refusal(lost, a.Preside(), VICE_CHAIR).code is Code.ALREADY_DONE
    relieved = do(lost, a.Preside(), SECRETARY)
    assert in_the_chair(relieved) == SECRETARY
    assert relieved.conference.chair_lost_at is None


def test_the_challenger_speaks_and_whoever_ruled_answers_last():
    presided = do(scene("presided"), a.EndSpeech(1), VICE_CHAIR)
    offered = steps(presided, VICE_CHAIR, TEN).offered
    assert offered[:2] == (a.CallSpeaker(Side.MOVER), a.CallSpeaker(Side.REPLY))
    spoken = run(presided, (a.CallSpeaker(Side.MOVER), VICE_CHAIR), (a.EndSpeech(2), VICE_CHAIR))
    answering = do(spoken, a.CallSpeaker(Side.REPLY), VICE_CHAIR)
    assert answering.turns[3].person == CHAIR
    answered = do(answering, a.EndSpeech(3), VICE_CHAIR)
    for side in (Side.MOVER, Side.REPLY):
        again = refusal(answered, a.CallSpeaker(side), VICE_CHAIR)
        assert again.code is Code.ALREADY_SPOKEN
    assert decide_procedural(answered, 3, 1, 0, by=VICE_CHAIR).points[POINT].overturned is False


def test_the_answer_ends_no_debate_and_uses_up_no_reply():
    answered = run(
        scene("presided"),
        (a.EndSpeech(1), VICE_CHAIR),
        (a.CallSpeaker(Side.REPLY), VICE_CHAIR),
        (a.EndSpeech(2), VICE_CHAIR),
    )
    assert answered.motions[MOTION].state == "debate"
    upheld = decide_procedural(answered, 3, 1, 0, by=VICE_CHAIR)
    assert refusal(upheld, a.AnnounceVote(MOTION), CHAIR).code is Code.REPLY_DUE


def test_what_was_upheld_is_not_challenged_again():
    upheld = decide_procedural(
        do(scene("presided"), a.EndSpeech(1), VICE_CHAIR), 3, 1, 0, by=VICE_CHAIR
    )
    again = a.MoveProcedural(Procedure.CHALLENGE, point=POINT)
    assert refusal(upheld, again, D1).code is Code.ALREADY_DONE


@pytest.mark.parametrize(
    "end",
    [
        (a.StopVote(V1, "r"), CHAIR),
        (a.VoidVote(V1, "restored"), SYSTEM),
    ],
)
def test_a_challenge_that_waited_for_a_vote_comes_when_the_vote_is_void(end):
    meeting = run(
        scene("debate"),
        (ORDER, D3),
        (a.RulePoint(POINT, PointState.NOT_WELL_TAKEN, "r"), CHAIR),
        (a.AnnounceVote(MOTION), CHAIR),
        (a.GiveKey(V1, KEY), SYSTEM),
        (a.OpenVote(V1), SYSTEM),
        (a.MoveProcedural(Procedure.CHALLENGE, point=POINT), D4),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
    )
    assert meeting.conference.challenge is None
    after = do(meeting, *end)
    assert after.conference.challenge == 1
    assert after.conference.step > meeting.conference.step


def test_a_challenge_that_waited_for_a_point_comes_when_it_is_dealt_with():
    meeting = run(
        scene("challenge"),
        (ORDER, D1),
        (a.HearPoint(2), CHAIR),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
    )
    assert meeting.conference.challenge is None
    withdrawn = do(meeting, a.WithdrawPoint(2), D1)
    assert withdrawn.conference.challenge == 1


def no_confidence(meeting):
    return run(
        meeting, (a.MoveProcedural(Procedure.NO_CONFIDENCE), D4), (a.SecondProcedural(1), D3)
    )


def test_no_confidence_leaves_nothing_of_the_old_chair_behind():
    meeting = run(
        no_confidence(do(scene("debate"), a.OfferChair(SECRETARY), CHAIR)),
        (a.Preside(), VICE_CHAIR),
    )
    changed = decide_procedural(meeting, 3, 1, 0, by=VICE_CHAIR)
    head = changed.conference
    assert (head.chair, head.chair_next, head.chair_lost_at) == (VICE_CHAIR, None, None)
    assert refusal(changed, a.AcceptChair(), SECRETARY).code is Code.NOT_OFFERED
    assert codes(changed)[-1] == "chair_changed"


def test_no_confidence_in_a_chair_who_has_gone_changes_nothing_more():
    taken = run(
        no_confidence(scene("debate")),
        (LOST, SYSTEM),
        (a.TakeChair(), VICE_CHAIR),
        (a.PassChair(), SYSTEM),
    )
    changed = decide_procedural(taken, 3, 1, 0, by=VICE_CHAIR)
    assert changed.procedurals[1].outcome is Outcome.CARRIED
    assert changed.conference.chair == VICE_CHAIR
    assert codes(changed).count("chair_changed") == 1


def test_without_a_quorum_what_is_pending_is_left_undecided():
    short = replace(
        scene("closure pending"),
        settings=replace(scene("closure pending").settings, quorum=5, quorum_blocks=True),
    )
    assert refusal(short, a.AnnounceVote(MOTION, None, 1), CHAIR).code is Code.NO_QUORUM
    left = do(short, a.LeaveUndecided(procedural=1), CHAIR)
    assert (left.conference.procedural, left.procedurals[1].state) == (None, "lapsed")
    assert codes(left)[-1] == "procedural_undecided"
    quorate = refusal(scene("closure pending"), a.LeaveUndecided(procedural=1), CHAIR)
    assert quorate.code is Code.QUORATE
    nothing = refusal(scene("debate"), a.LeaveUndecided(procedural=1), CHAIR)
    assert nothing.code is Code.NOT_POSSIBLE_NOW


# --- the lobby, and what takes two --------------------------------------------------------------


def test_in_the_lobby_one_neither_speaks_nor_waits_and_keeps_the_vote():
    out = do(scene("asked"), a.SendToLobby(D1, "r"), CHAIR)
    assert out.requests[1].state is RequestState.LAPSED
    assert refusal(out, a.AskToSpeak(MOTION, Side.FOR), D1).code is Code.IN_LOBBY
    assert refusal(out, ORDER, D1).code is Code.IN_LOBBY
    opened = run(
        out, (a.AnnounceVote(MOTION), CHAIR), (a.GiveKey(V1, KEY), SYSTEM), (a.OpenVote(V1), SYSTEM)
    )
    assert D1 in opened.rolls[V1].people
    later = TEN + out.settings.lobby_time * 1000
    assert do(out, a.AskToSpeak(MOTION, Side.FOR), D1, later).requests[3].person == D1
    assert refusal(out, a.SendToLobby(OBSERVER, "r"), CHAIR).code is Code.NOT_ALLOWED
    assert refusal(out, a.SendToLobby(D2), CHAIR).code is Code.NEEDS_REASON


def test_a_counted_vote_is_void_when_a_second_officer_agrees():
    proposed = scene("voiding")
    assert refusal(proposed, a.ConfirmDouble(1), CHAIR).code is Code.SECOND_OFFICER
    assert refusal(proposed, a.ConfirmDouble(1), D1).code is Code.NOT_ALLOWED
    void = do(proposed, a.ConfirmDouble(1), TELLER)
    assert (void.votes[V1].state, void.motions[MOTION].outcome) == ("void", None)
    assert refusal(void, a.ConfirmDouble(1), REGISTRAR).code is Code.ALREADY_DONE
    dropped = do(proposed, a.DropDouble(1), TELLER)
    assert dropped.votes[V1].state == "declared"


def test_who_came_into_the_chair_since_is_not_removed():
    meeting = scene("debate")
    officer = meeting.people[VICE_CHAIR]
    meeting = replace(
        meeting,
        people=meeting.people.put(
            VICE_CHAIR, replace(officer, roles=officer.roles | {Role.DELEGATE})
        ),
    )
    removal = a.ProposeDouble(DoubleKind.REMOVE_PERSON, "r", person=VICE_CHAIR)
    handed = run(
        meeting, (removal, CHAIR), (a.OfferChair(VICE_CHAIR), CHAIR), (a.AcceptChair(), VICE_CHAIR)
    )
    assert refusal(handed, a.ConfirmDouble(1), TELLER).code is Code.NOT_ALLOWED


def test_a_void_vote_is_not_counted_again():
    void = run(
        scene("recounting"),
        (a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=V1), CHAIR),
        (a.ConfirmDouble(1), TELLER),
    )
    assert not void.votes[V1].recount


def test_a_technical_stop_gives_every_clock_its_time_back():
    stopped = do(scene("voting"), a.TakeBreak(Pause.TECHNICAL), CHAIR, TEN + 5_000)
    assert deadline(stopped) is None
    assert refusal(stopped, a.NextItem(DEBATE), CHAIR).code is Code.PAUSED
    resumed = do(stopped, a.Resume(), CHAIR, TEN + 65_000)
    vote, before = resumed.votes[V1], scene("voting").votes[V1]
    assert vote.closes_at == before.closes_at + 60_000
    assert vote.minimum_at == before.minimum_at + 60_000


def test_in_a_technical_stop_no_clock_can_be_moved():
    stopped = do(scene("speaking"), a.TakeBreak(Pause.TECHNICAL), CHAIR)
    for act in (a.ResumeClock(1), a.PauseClock(1), a.AddTime(1), a.UndoCall(1)):
        assert refusal(stopped, act, CHAIR).code is Code.PAUSED
    resumed = do(stopped, a.Resume(), CHAIR, TEN + 30_000)
    assert resumed.turns[1].paused_ms == 30_000
