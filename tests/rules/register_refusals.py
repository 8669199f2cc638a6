"""Every reason for which an act about the register is refused: (scene, act, by, code)."""

from __future__ import annotations

from conference.rules import acts as a
from conference.rules.kinds import SYSTEM, OfficeStepId, OfficeStepKind, PersonId, Role, Standing
from conference.rules.refused import Code
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D5,
    DECLINED,
    DRAW,
    LINES,
    OBSERVER,
    ORGANISER,
    REGISTRAR,
    SECRETARY,
    STEP,
    STRANGER,
    TELLER,
    TELLER_2,
    V1,
    WAITING,
)

ADMIT = OfficeStepKind.ADMIT
LINKS = OfficeStepKind.EXPORT_LINKS
DELEGATE = frozenset({Role.DELEGATE})
NO_STEP = OfficeStepId(9)

REGISTER = (
    # a decision taken back
    ("before", a.Reconsider(STRANGER), REGISTRAR, Code.UNKNOWN),
    ("before", a.Reconsider(CHAIR), REGISTRAR, Code.NOT_ALLOWED),
    ("before", a.Reconsider(WAITING), REGISTRAR, Code.ALREADY_DONE),
    ("present", a.Reconsider(D1), REGISTRAR, Code.IS_PRESENT),
    ("opened", a.Reconsider(D5), REGISTRAR, Code.SECOND_OFFICER),
    ("locked", a.Reconsider(D5), REGISTRAR, Code.SECOND_OFFICER),
    # leaving
    ("before", a.Withdraw(STRANGER), SYSTEM, Code.UNKNOWN),
    ("opened", a.Withdraw(CHAIR), SYSTEM, Code.NOT_ALLOWED),
    ("voting", a.Withdraw(D1), SYSTEM, Code.VOTE_RUNNING),
    ("before", a.Withdraw(D1), D1, Code.NOT_ALLOWED),
    # the check-in desk
    ("before", a.CheckInPerson(STRANGER), REGISTRAR, Code.UNKNOWN),
    ("before", a.CheckInPerson(OBSERVER), REGISTRAR, Code.NOT_A_DELEGATE),
    ("present", a.CheckInPerson(D1), REGISTRAR, Code.ALREADY_PRESENT),
    ("ended", a.CheckInPerson(D1), REGISTRAR, Code.CONFERENCE_CLOSED),
    # roles
    ("before", a.GrantRole(STRANGER, Role.TELLER), ORGANISER, Code.UNKNOWN),
    ("before", a.GrantRole(ORGANISER, Role.CHAIR), ORGANISER, Code.NOT_ALLOWED),
    ("before", a.GrantRole(D1, Role.SPEAKER), ORGANISER, Code.NOT_ALLOWED),
    ("before", a.GrantRole(WAITING, Role.TELLER), ORGANISER, Code.NOT_ACCEPTED),
    ("before", a.GrantRole(CHAIR, Role.CHAIR), ORGANISER, Code.ALREADY_DONE),
    ("before", a.GrantRole(CHAIR, Role.TELLER), ORGANISER, Code.ROLES_FORBIDDEN),
    ("before", a.GrantRole(D1, Role.OBSERVER), ORGANISER, Code.ROLES_FORBIDDEN),
    ("locked", a.GrantRole(OBSERVER, Role.DELEGATE), ORGANISER, Code.SECOND_OFFICER),
    ("before", a.RevokeRole(D1, Role.TELLER), ORGANISER, Code.ALREADY_DONE),
    ("before", a.RevokeRole(ORGANISER, Role.ORGANISER), ORGANISER, Code.NOT_ALLOWED),
    ("opened", a.RevokeRole(CHAIR, Role.CHAIR), ORGANISER, Code.NOT_ALLOWED),
    ("voting", a.RevokeRole(D1, Role.DELEGATE), ORGANISER, Code.VOTE_RUNNING),
    ("locked", a.RevokeRole(D5, Role.DELEGATE), ORGANISER, Code.SECOND_OFFICER),
    ("present", a.RevokeRole(D1, Role.DELEGATE), ORGANISER, Code.IS_PRESENT),
    # the lock
    ("locked", a.LockRegister(LINES), REGISTRAR, Code.REGISTER_LOCKED),
    ("ended", a.LockRegister(LINES), REGISTRAR, Code.CONFERENCE_CLOSED),
    ("before", a.LockRegister(LINES[1:]), REGISTRAR, Code.BAD_LINES),
    ("before", a.LockRegister((*LINES, (OBSERVER, "0"))), REGISTRAR, Code.BAD_LINES),
    ("before", a.LockRegister((*LINES[1:], LINES[1])), REGISTRAR, Code.BAD_LINES),
    ("locked", a.Decide(WAITING, Role.DELEGATE), REGISTRAR, Code.SECOND_OFFICER),
    ("locked", a.Decide(D5, None), REGISTRAR, Code.SECOND_OFFICER),
    (
        "locked",
        a.AddPerson(STRANGER, DELEGATE, Standing.ACCEPTED),
        REGISTRAR,
        Code.SECOND_OFFICER,
    ),
    # steps that take two officers
    ("before", a.ProposeOfficeStep(ADMIT, WAITING), REGISTRAR, Code.REGISTER_OPEN),
    ("locked", a.ProposeOfficeStep(ADMIT), REGISTRAR, Code.UNKNOWN),
    ("locked", a.ProposeOfficeStep(ADMIT, D1), REGISTRAR, Code.ALREADY_DECIDED),
    ("locked", a.ProposeOfficeStep(ADMIT, STRANGER), REGISTRAR, Code.UNKNOWN),
    ("before", a.ProposeOfficeStep(LINKS, D1), REGISTRAR, Code.UNKNOWN),
    ("late", a.ProposeOfficeStep(ADMIT, WAITING), REGISTRAR, Code.ALREADY_PROPOSED),
    ("export", a.ProposeOfficeStep(LINKS), REGISTRAR, Code.ALREADY_PROPOSED),
    ("late", a.ConfirmOfficeStep(NO_STEP), CHAIR, Code.UNKNOWN),
    ("late", a.ConfirmOfficeStep(STEP), REGISTRAR, Code.SECOND_OFFICER),
    ("export confirmed", a.ConfirmOfficeStep(STEP), SECRETARY, Code.ALREADY_DONE),
    ("export confirmed", a.DropOfficeStep(STEP), SECRETARY, Code.ALREADY_DONE),
    ("late", a.DropOfficeStep(NO_STEP), CHAIR, Code.UNKNOWN),
    ("export", a.TakeExport(STEP, 6), REGISTRAR, Code.ALREADY_DONE),
    ("before", a.TakeExport(STEP, 6), REGISTRAR, Code.UNKNOWN),
    # names
    ("before", a.HideName(STRANGER), CHAIR, Code.UNKNOWN),
    ("hidden", a.HideName(D1), CHAIR, Code.ALREADY_DONE),
    ("before", a.ShowName(D1), CHAIR, Code.ALREADY_DONE),
    # the draw
    ("before", a.StartDraw(1), TELLER, Code.REGISTER_OPEN),
    ("locked", a.StartDraw(-1), TELLER, Code.BAD_NUMBERS),
    ("drawing", a.StartDraw(1), TELLER_2, Code.ALREADY_PROPOSED),
    ("locked", a.JoinDraw(DRAW, 1), TELLER, Code.UNKNOWN),
    ("drawing", a.JoinDraw(DRAW, 1), TELLER, Code.SECOND_OFFICER),
    ("drawing", a.JoinDraw(DRAW, 10**9), TELLER_2, Code.BAD_NUMBERS),
    ("drawn", a.JoinDraw(DRAW, 1), TELLER_2, Code.ALREADY_DONE),
    ("drawing", a.RecordDraw(DRAW, D1, real=True), TELLER, Code.UNKNOWN),
    ("drawn", a.RecordDraw(DRAW, PersonId("nobody"), real=True), TELLER, Code.UNKNOWN),
    # assistance
    ("debate", a.NoteAssistance(V1), TELLER, Code.UNKNOWN),
    ("announced", a.NoteAssistance(V1), TELLER, Code.VOTE_NOT_OPEN),
    ("counted", a.NoteAssistance(V1), TELLER, Code.VOTE_CLOSED),
    ("debate", a.NoteAssistance(V1), D2, Code.NOT_ALLOWED),
    ("before", a.Reconsider(DECLINED), SYSTEM, Code.NOT_ALLOWED),
)
