"""The rules of a conference: pure functions, standard library only, no clock, no chance, no I/O.

The only doors: `take` for acts, `may_vote` for ballots, `deadline`, `to_count` and `to_recount` for
the clerk, `needs_key` and `to_open` for who asks the counting process, `steps` for the chair's panel, `expected` for the programme.
"""

# ruff: noqa: ARG005  (each handler gets the same four arguments and takes what it needs)

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conference.rules import acts as a
from conference.rules import (
    agenda,
    amendments,
    appointments,
    change,
    counting,
    debate,
    drafting,
    draw,
    dropped,
    election,
    guillotine,
    officers,
    pauses,
    people,
    points,
    procedural,
    queue,
    register,
    reorder,
    roles,
    slots,
    speaking,
    speech,
    stage,
    voting,
)
from conference.rules.counting import to_count, to_open, to_recount
from conference.rules.deadlines import deadline
from conference.rules.kinds import PersonId
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.rules.voting import may_vote, needs_key

RULES_VERSION = 13
"""Raised when the same acts would lead to other rows; a picture is written then (house: journal)."""

STEPS: frozenset[type[a.Act]] = frozenset(
    {
        a.OpenConference,
        a.CloseConference,
        a.CallItem,
        a.NextItem,
        a.PutNextQuestion,
        a.TakeUp,
        a.MarkMoved,
        a.MarkSeconded,
        a.LetFall,
        a.RuleOutOfOrder,
        a.TakeAmendment,
        a.AskLeave,
        a.CallOffLeave,
        a.Object,
        a.GiveLeave,
        a.CloseDebate,
        a.WaiveReply,
        a.ForgoReply,
        a.TakeProcedural,
        a.HearPoint,
        a.RulePoint,
        a.FallGuillotine,
        a.AnnounceVote,
        a.CallOffVote,
        a.LeaveUndecided,
        a.OpenVote,
        a.StopVote,
        a.EndVote,
        a.CastingVote,
        a.DeclareResult,
        a.VoidVote,
        a.TakeBreak,
        a.Resume,
        a.AcceptChair,
        a.PassChair,
        a.Preside,
        a.ConfirmDouble,
        a.SetMode,
        a.ReleaseAgenda,
        a.MoveItem,
        a.ResizeItem,
        a.SkipItem,
        a.InsertItem,
        a.UndoItems,
    }
)
"""The acts that change what is before conference: a form made before one of them is stale."""

SEEN_BY_ALL: frozenset[type[a.Act]] = STEPS | {
    a.CallSpeaker,
    a.EndSpeech,
    a.UndoCall,
    a.PauseClock,
    a.ResumeClock,
    a.AddTime,
    a.WaitForSpeaker,
    a.PutSpeechOff,
    a.HaveReadOut,
    a.OfferMove,
    a.OfferSecond,
    a.CloseList,
    a.ReopenList,
    a.AdmitAmendment,
    a.ExtendVote,
    a.CloseVote,
    a.GiveKey,
    a.FixBox,
    a.CountVote,
    a.ReportRecount,
    a.Announce,
    a.TakeBackAnnouncement,
    a.ReportChairLost,
    a.OfferChair,
    a.TakeChair,
    a.KeepChair,
    a.CorrectMinute,
    a.ConfirmCount,
    a.RefuseProcedural,
    a.HideName,
    a.ShowName,
    a.LockRegister,
    a.AnswerSlot,
    a.SayReady,
    a.GiveSlot,
    a.BringForward,
    a.HearNow,
    a.SetDelay,
    a.ShowOnScreen,
}
"""The acts that change a region everybody sees."""

Handler = Callable[[Meeting, Any, PersonId, int], Meeting | Refused]

APPLY: Mapping[type[a.Act], Handler] = {
    a.OpenConference: lambda m, act, by, now: agenda.open_conference(m, by, now),
    a.CloseConference: lambda m, act, by, now: agenda.close_conference(m, now),
    a.CallItem: lambda m, act, by, now: agenda.call_item(m, act, now),
    a.NextItem: lambda m, act, by, now: agenda.leave_item(m, act, now),
    a.PutNextQuestion: lambda m, act, by, now: agenda.put_next_question(m, act, now),
    a.TakeUp: lambda m, act, by, now: agenda.take_up(m, act, now),
    a.MarkMoved: lambda m, act, by, now: debate.mark_moved(m, act, now),
    a.MarkSeconded: lambda m, act, by, now: debate.mark_seconded(m, act, now),
    a.LetFall: lambda m, act, by, now: debate.let_fall(m, act, now),
    a.RuleOutOfOrder: debate.rule_out_of_order,
    a.OfferMove: debate.offer_move,
    a.OfferSecond: debate.offer_second,
    a.CloseDebate: lambda m, act, by, now: debate.close_debate(m, act, now),
    a.WaiveReply: lambda m, act, by, now: debate.waive_reply(m, act, now),
    a.CloseList: lambda m, act, by, now: debate.close_list(m, act, now),
    a.ReopenList: lambda m, act, by, now: debate.reopen_list(m, act),
    a.LeaveUndecided: lambda m, act, by, now: (
        debate.leave_undecided(m, act, now)
        if act.procedural is None
        else procedural.leave_undecided(m, act, now)
    ),
    a.FallGuillotine: lambda m, act, by, now: guillotine.fall_guillotine(m, act, now),
    a.TakeAmendment: lambda m, act, by, now: amendments.take_amendment(m, act, now),
    a.AdmitAmendment: amendments.admit,
    a.ProposeAmendment: amendments.propose,
    a.AskLeave: lambda m, act, by, now: amendments.ask_leave(m, act, now),
    a.CallOffLeave: lambda m, act, by, now: amendments.call_off_leave(m, act, now),
    a.Object: amendments.object_to,
    a.GiveLeave: lambda m, act, by, now: amendments.give_leave(m, act, now),
    a.AskToSpeak: queue.ask,
    a.WithdrawRequest: lambda m, act, by, now: queue.withdraw(m, act, by),
    a.ForgoReply: speaking.forgo_reply,
    a.EnterRequest: lambda m, act, by, now: queue.enter(m, act, now),
    a.StrikeRequest: lambda m, act, by, now: queue.strike(m, act),
    a.CallSpeaker: lambda m, act, by, now: speaking.call_speaker(m, act, now),
    a.EndSpeech: lambda m, act, by, now: speech.end_speech(m, act, now),
    a.UndoCall: lambda m, act, by, now: speech.undo_call(m, act, now),
    a.PauseClock: lambda m, act, by, now: speech.pause_clock(m, act, now),
    a.ResumeClock: lambda m, act, by, now: speech.resume_clock(m, act, now),
    a.AddTime: lambda m, act, by, now: speech.add_time(m, act),
    a.WaitForSpeaker: lambda m, act, by, now: dropped.wait(m, act, now),
    a.PutSpeechOff: lambda m, act, by, now: dropped.put_off(m, act, now),
    a.HaveReadOut: lambda m, act, by, now: dropped.have_read_out(m, act, now),
    a.MoveProcedural: procedural.move,
    a.SecondProcedural: procedural.second,
    a.WithdrawProcedural: lambda m, act, by, now: procedural.withdraw(m, act, by),
    a.TakeProcedural: lambda m, act, by, now: procedural.take(m, act, now),
    a.RefuseProcedural: procedural.refuse,
    a.RaisePoint: points.raise_point,
    a.WithdrawPoint: points.withdraw,
    a.HearPoint: lambda m, act, by, now: points.hear(m, act, now),
    a.RulePoint: points.rule,
    a.AnnounceVote: lambda m, act, by, now: voting.announce(m, act, now),
    a.CallOffVote: lambda m, act, by, now: voting.call_off(m, act, now),
    a.GiveKey: lambda m, act, by, now: voting.give_key(m, act),
    a.OpenVote: lambda m, act, by, now: voting.open_vote(m, act, now),
    a.PassMinimum: lambda m, act, by, now: voting.pass_minimum(m, act),
    a.ExtendVote: lambda m, act, by, now: voting.extend(m, act),
    a.AskMoreTime: lambda m, act, by, now: voting.ask_more_time(m, act, by),
    a.AskRecount: counting.ask_recount,
    a.CloseVote: lambda m, act, by, now: voting.close(m, act, now),
    a.StopVote: lambda m, act, by, now: voting.stop(m, act, now),
    a.EndVote: lambda m, act, by, now: voting.end(m, act, now),
    a.FixBox: lambda m, act, by, now: counting.fix_box(m, act),
    a.CountVote: lambda m, act, by, now: counting.count(m, act),
    a.ConfirmResult: lambda m, act, by, now: counting.confirm(m, act, by),
    a.CastingVote: counting.casting_vote,
    a.DeclareResult: lambda m, act, by, now: counting.declare(m, act, now),
    a.RecountVote: lambda m, act, by, now: counting.recount(m, act, now),
    a.ReportRecount: lambda m, act, by, now: counting.report_recount(m, act, now),
    a.VoidVote: lambda m, act, by, now: voting.void(m, act, now),
    a.TakeBreak: lambda m, act, by, now: pauses.take_break(m, act, now),
    a.Resume: lambda m, act, by, now: pauses.resume(m, act, now),
    a.Announce: lambda m, act, by, now: pauses.announce(m, act, now),
    a.TakeBackAnnouncement: lambda m, act, by, now: pauses.take_back(m),
    a.OfferChair: lambda m, act, by, now: officers.offer_chair(m, act, by),
    a.AcceptChair: lambda m, act, by, now: officers.accept_chair(m, by, now),
    a.TakeChair: lambda m, act, by, now: officers.take_chair(m, by, now),
    a.KeepChair: lambda m, act, by, now: officers.keep_chair(m, by, now),
    a.Preside: lambda m, act, by, now: officers.preside(m, by, now),
    a.ReportChairLost: lambda m, act, by, now: officers.report_lost(m, act, now),
    a.PassChair: lambda m, act, by, now: officers.pass_chair(m, now),
    a.SendToLobby: officers.send_to_lobby,
    a.ProposeDouble: officers.propose_double,
    a.ConfirmDouble: officers.confirm_double,
    a.DropDouble: officers.drop_double,
    a.CorrectMinute: officers.correct_minute,
    a.CheckIn: lambda m, act, by, now: people.check_in(m, by, now),
    a.Leave: lambda m, act, by, now: people.leave(m, by),
    a.CheckOut: lambda m, act, by, now: people.leave(m, act.person),
    a.RenewLink: lambda m, act, by, now: people.renew_link(m, act, by),
    a.GiveCode: lambda m, act, by, now: people.give_code(m, act),
    a.LetIn: lambda m, act, by, now: people.let_in(m, act, by),
    a.WaiveEncryption: lambda m, act, by, now: people.waive_encryption(m, act),
    a.AddPerson: lambda m, act, by, now: people.add_person(m, act, by),
    a.Decide: lambda m, act, by, now: people.decide(m, act),
    a.SetMode: lambda m, act, by, now: people.set_mode(m, act, now),
    a.EditAgenda: lambda m, act, by, now: drafting.edit(m, act, now),
    a.ReleaseAgenda: lambda m, act, by, now: drafting.release(m, act, now),
    a.UndoAgenda: lambda m, act, by, now: drafting.undo(m, act, now),
    a.MoveItem: lambda m, act, by, now: reorder.move(m, act, now),
    a.ResizeItem: lambda m, act, by, now: reorder.resize(m, act, now),
    a.SkipItem: lambda m, act, by, now: reorder.skip(m, act, now),
    a.InsertItem: lambda m, act, by, now: reorder.insert(m, act, now),
    a.UndoItems: lambda m, act, by, now: reorder.undo(m, act, now),
    a.Reconsider: lambda m, act, by, now: register.reconsider(m, act),
    a.Withdraw: lambda m, act, by, now: register.withdraw(m, act, now),
    a.CheckInPerson: lambda m, act, by, now: register.check_in_person(m, act, now),
    a.GrantRole: lambda m, act, by, now: appointments.grant_role(m, act, by),
    a.RevokeRole: lambda m, act, by, now: appointments.revoke_role(m, act, by),
    a.LockRegister: register.lock,
    a.ProposeOfficeStep: register.propose_step,
    a.ConfirmOfficeStep: register.confirm_step,
    a.DropOfficeStep: lambda m, act, by, now: register.drop_step(m, act, by),
    a.TakeExport: lambda m, act, by, now: register.take_export(m, act, by),
    a.HideName: register.hide_name,
    a.ShowName: lambda m, act, by, now: register.show_name(m, act),
    a.StartDraw: draw.start_draw,
    a.JoinDraw: draw.join_draw,
    a.RecordDraw: lambda m, act, by, now: draw.record_draw(m, act),
    a.NoteAssistance: lambda m, act, by, now: draw.note_assistance(m, act, now),
    a.ConfirmSeen: slots.confirm_seen,
    a.AnswerSlot: slots.answer,
    a.BookCheck: lambda m, act, by, now: slots.book_check(m, act, by),
    a.SayReady: slots.say_ready,
    a.MarkChecked: lambda m, act, by, now: slots.mark_checked(m, act),
    a.GiveSlot: lambda m, act, by, now: slots.give(m, act),
    a.BringForward: lambda m, act, by, now: slots.bring_forward(m, act),
    a.SendSignal: lambda m, act, by, now: stage.signal(m, act),
    a.SayNow: lambda m, act, by, now: stage.say_now(m, now),
    a.HearNow: lambda m, act, by, now: stage.hear_now(m, now),
    a.SetDelay: lambda m, act, by, now: stage.set_delay(m, act),
    a.ShowOnScreen: lambda m, act, by, now: stage.show(m, act),
    a.EnterCount: lambda m, act, by, now: election.enter_count(m, act, by),
    a.ConfirmCount: election.confirm_count,
}
"""What each act does; a test holds this table against the union of all acts."""


def take(meeting: Meeting, act: a.Act, by: PersonId, now: int) -> Meeting | Refused:
    """Return the meeting after `by` has done `act` at `now`, or why it is refused.

    `now` is in milliseconds since 1970. Nothing outside the arguments is looked at, so the same
    arguments always give the same answer.
    """
    if refusal := roles.check(meeting, act, by):
        return refusal
    result = APPLY[type(act)](meeting, act, by, now)
    if isinstance(result, Refused):
        return result
    if result.slots is not meeting.slots:
        result = slots.tidy(meeting, result)
    # A question about the chair comes before conference as soon as it can, by no act of the chair.
    result = procedural.promote(result, now)
    head = result.conference
    challenged = head.challenge != meeting.conference.challenge
    if type(act) not in SEEN_BY_ALL and not challenged:
        return result
    step = head.step + (type(act) in STEPS or challenged)
    return change.conference(result, version=head.version + 1, step=step)


__all__ = [
    "RULES_VERSION",
    "Code",
    "Refused",
    "deadline",
    "may_vote",
    "needs_key",
    "take",
    "to_count",
    "to_open",
    "to_recount",
]
