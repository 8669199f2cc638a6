from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from conference.rules import acts as a
from conference.rules import roles, take
from conference.rules.kinds import SYSTEM, PersonId, Role, Standing
from conference.rules.refused import Code, Refused
from tests.rules.builders import SAMPLES, STRANGER, TEN, person, scene

ALL = get_args(a.Act)
NOT_FOR_YOU = {Code.NOT_ALLOWED, Code.OBSERVER, Code.WAITS_FOR_REGISTRAR}
ONE = PersonId("one")

SECOND_OFFICERS = {a.ConfirmDouble, a.DropDouble, a.ConfirmOfficeStep, a.DropOfficeStep}
EDITS = {a.EditAgenda, a.ReleaseAgenda, a.UndoAgenda}
STAGE_OF_OFFICERS = {a.BringForward, a.SendSignal, a.ShowOnScreen}
STAGE = {
    a.BookCheck, a.SayReady, a.MarkChecked, a.GiveSlot, a.SayNow, a.HearNow, a.SetDelay,
    *STAGE_OF_OFFICERS,
}  # fmt: skip
EXPECTED = {
    # Written by hand, so that the matrix below cannot prove the table by the table.
    Role.ORGANISER: {a.SetMode, a.LetIn, a.GrantRole, a.RevokeRole, *EDITS, *STAGE},
    Role.ARRANGEMENTS: EDITS,
    Role.REGISTRAR: {
        a.AddPerson, a.Decide, a.Reconsider, a.Withdraw, a.CheckInPerson, a.CheckOut, a.RenewLink,
        a.GiveCode, a.LetIn, a.LockRegister, a.ProposeOfficeStep, a.TakeExport, *SECOND_OFFICERS,
    },
    Role.DELEGATE: {
        a.CheckIn, a.Leave, a.AskToSpeak, a.WithdrawRequest, a.OfferMove, a.OfferSecond,
        a.ForgoReply, a.ProposeAmendment, a.MoveProcedural, a.SecondProcedural, a.WithdrawProcedural,
        a.RaisePoint, a.WithdrawPoint, a.Object, a.AskMoreTime, a.AskRecount,
    },
    Role.SPEAKER: {a.ConfirmSeen, a.AnswerSlot, a.BookCheck, a.SayReady},
    Role.TELLER: {
        a.EnterCount, a.ConfirmCount, a.LetIn, a.StartDraw, a.JoinDraw, a.RecordDraw,
        a.NoteAssistance, a.ConfirmResult, *SECOND_OFFICERS,
    },
    Role.OBSERVER: set(),
    Role.SCREEN: set(),
    Role.STEWARD: {a.CheckInPerson, a.CheckOut, *STAGE},
    Role.QUEUE_KEEPER: {a.EnterRequest, a.StrikeRequest},
    Role.SECRETARY: {
        a.AcceptChair, a.TakeChair, a.KeepChair, a.Preside, a.CorrectMinute, a.LetIn,
        *SECOND_OFFICERS, *STAGE_OF_OFFICERS,
    },
}  # fmt: skip
CHAIRS_ONLY = {a.OpenConference, a.CallItem, a.AnnounceVote, a.CloseVote, a.DeclareResult}
CLERK_ONLY = {
    a.GiveKey, a.OpenVote, a.PassMinimum, a.EndVote, a.FixBox, a.CountVote, a.VoidVote,
    a.ReportRecount, a.GiveLeave, a.FallGuillotine, a.ReportChairLost, a.PassChair,
    a.WaiveEncryption,
}  # fmt: skip


def checked(kind, *its_roles, standing=Standing.ACCEPTED):
    one = person(ONE, *its_roles, standing=standing)
    meeting = replace(scene("before"), people=scene("before").people.put(ONE, one))
    answer = roles.check(meeting, SAMPLES[kind], ONE)
    taken = take(meeting, SAMPLES[kind], ONE, TEN)
    if answer is not None:
        assert taken == answer
    return answer


def test_table_and_samples_know_every_act():
    assert set(ALL) == set(roles.MAY) == set(SAMPLES)
    assert set(ALL) >= roles.SYSTEM_ACTS


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("role", Role)
def test_role_and_act(role, kind):
    answer = checked(kind, role)
    # Before the opening nobody is in the chair: those may act who may open.
    opens = role in roles.OPENERS or kind not in roles.IN_THE_CHAIR
    if role in roles.MAY[kind] and opens:
        assert answer is None
    else:
        assert answer is not None
        assert answer.code in NOT_FOR_YOU


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.DECLINED])
def test_nobody_does_anything_before_being_accepted(standing, kind):
    answer = checked(kind, *Role, standing=standing)
    assert answer is not None
    assert answer.code in NOT_FOR_YOU


@pytest.mark.parametrize("kind", ALL)
def test_a_stranger_may_nothing(kind):
    assert take(scene("before"), SAMPLES[kind], STRANGER, TEN) == Refused(Code.NOT_ALLOWED)


@pytest.mark.parametrize("kind", ALL)
def test_the_system_does_its_own_work_only(kind):
    answer = roles.check(scene("before"), SAMPLES[kind], SYSTEM)
    assert (answer is None) == (
        kind in CLERK_ONLY | {a.AddPerson, a.RenewLink, a.Withdraw, a.LockRegister}
    )


@pytest.mark.parametrize(("role", "acts"), EXPECTED.items())
def test_what_a_role_may_by_hand(role, acts):
    assert {kind for kind in ALL if checked(kind, role) is None} == acts


@pytest.mark.parametrize("role", Role)
def test_chairing_and_clerking_by_hand(role):
    chairs = role in {Role.CHAIR, Role.VICE_CHAIR}
    for kind in CHAIRS_ONLY:
        assert (checked(kind, role) is None) == chairs
    for kind in CLERK_ONLY:
        assert checked(kind, role) is not None


def test_two_roles_add_up():
    assert checked(a.OpenConference, Role.CHAIR, Role.DELEGATE) is None
    assert checked(a.CheckIn, Role.CHAIR, Role.DELEGATE) is None


def test_an_observer_hears_why():
    answer = checked(a.CheckIn, Role.OBSERVER)
    assert answer == Refused(Code.OBSERVER)
    assert checked(a.OpenConference, Role.OBSERVER) == Refused(Code.NOT_ALLOWED)
