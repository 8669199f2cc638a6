"""Which dataclass each template is given; a test compares it with what the template uses."""

from __future__ import annotations

from collections.abc import Mapping

from conference.web.amend import AmendPage
from conference.web.assist import AssistPage
from conference.web.chair import ConfirmPage
from conference.web.chair_order import PreviewPage
from conference.web.checkin import CheckInPage
from conference.web.devices import SpokenCodePage
from conference.web.door import LinkCodePage, LinkPage
from conference.web.exports import ExportsPage
from conference.web.factors import FactorsPage, RecoveryPage
from conference.web.helpdesk import SheetPage
from conference.web.imports import ImportPage, ImportPreviewPage
from conference.web.letters import (
    CodeLetter,
    CodeOnlyLetter,
    DecisionLetter,
    InvitationLetter,
    LastingLetter,
    Letter,
    NewsLetter,
)
from conference.web.mailing import MailingPage
from conference.web.me import MePage
from conference.web.mode import ModePage
from conference.web.mydata import MyDataPage
from conference.web.pages import Empty, RefusedPage
from conference.web.papers import PaperPage
from conference.web.post import RegisterMailPage
from conference.web.proof import LetInPage, ProvePage
from conference.web.register import ConfirmRegistrationPage, RegisterPage
from conference.web.register_list import RegisterListPage
from conference.web.registrar import (
    HandOverPage,
    RegisterNewPage,
    RegisterPersonPage,
    RegistrarPage,
)
from conference.web.registration import InvitationsPage, RegistrationPage
from conference.web.secretary import CorrectionsPage
from conference.web.signin import SignInPage
from conference.web.speaker import AboutPage
from conference.web.tellers import TellersPage
from conference.web.views import (
    about,
    agenda,
    agenda_edit,
    agenda_log,
    beside,
    boxes,
    chairing,
    counts,
    helps,
    inbox,
    invitations,
    keeper,
    me,
    mine,
    minutes,
    motions,
    notes,
    now,
    office,
    orders,
    panel,
    procedure,
    queue,
    rehearsal,
    reorder,
    screen,
    slots,
    sound,
    speakers,
    stage,
    standing,
    teller,
    votes,
)

CONTEXTS: Mapping[str, type] = {
    "pages/refused.html": RefusedPage,
    "pages/link.html": LinkPage,
    "pages/sheet.html": SheetPage,
    "pages/factors.html": FactorsPage,
    "pages/recovery.html": RecoveryPage,
    "pages/prove.html": ProvePage,
    "pages/let_in.html": LetInPage,
    "pages/spoken_code.html": SpokenCodePage,
    "pages/link_code.html": LinkCodePage,
    "pages/floor.html": Empty,
    "pages/chair.html": Empty,
    "pages/new_vote.html": ConfirmPage,
    "pages/new_announcement.html": PreviewPage,
    "regions/chairing.html": chairing.ChairingView,
    "pages/screen.html": Empty,
    "pages/speaker.html": Empty,
    "pages/count.html": counts.CountPage,
    "pages/home.html": about.HomePage,
    "pages/agenda.html": Empty,
    "pages/motions.html": motions.MotionsPage,
    "pages/motion.html": motions.MotionPage,
    "pages/vote.html": boxes.VotePage,
    "pages/board.html": boxes.BoardPage,
    "pages/minutes.html": Empty,
    "pages/paper.html": PaperPage,
    "pages/amend.html": AmendPage,
    "pages/procedure.html": procedure.ProcedurePage,
    "pages/procedure_form.html": procedure.ProcedureForm,
    "pages/corrections.html": CorrectionsPage,
    "pages/privacy.html": about.PrivacyPage,
    "pages/standing_orders.html": orders.OrdersPage,
    "pages/help.html": about.HelpPage,
    "pages/mode.html": ModePage,
    "pages/rehearsal.html": Empty,
    "regions/rehearsal.html": rehearsal.RehearsalView,
    "regions/agenda.html": agenda.AgendaView,
    "regions/nownext.html": agenda.NowNextView,
    "regions/minutes.html": minutes.MinutesView,
    "regions/now.html": now.NowView,
    "regions/banner.html": queue.BannerView,
    "regions/queue.html": queue.QueueView,
    "regions/vote.html": votes.VoteView,
    "regions/ballot.html": votes.BallotView,
    "regions/cast.html": votes.BallotView,
    "regions/result.html": votes.ResultView,
    "regions/me.html": me.MeView,
    "regions/panel.html": panel.PanelView,
    "regions/inbox.html": inbox.InboxView,
    "regions/notes.html": notes.NotesView,
    "pages/officers.html": Empty,
    "pages/teller.html": Empty,
    "regions/keeper.html": keeper.KeeperView,
    "pages/keeper.html": keeper.KeeperPage,
    "regions/teller.html": teller.TellerView,
    "regions/officers.html": inbox.OfficersView,
    "regions/hall.html": beside.CrowdView,
    "regions/speakers.html": beside.ChairQueueView,
    "regions/order.html": beside.OrderView,
    "regions/screen.html": screen.ScreenView,
    "pages/register.html": RegisterPage,
    "pages/confirm_registration.html": ConfirmRegistrationPage,
    "pages/sign_in.html": SignInPage,
    "pages/registrar.html": RegistrarPage,
    "pages/registration.html": RegistrationPage,
    "pages/invitations.html": InvitationsPage,
    "mail/news.txt": NewsLetter,
    "mail/news.html": NewsLetter,
    "pages/mailing.html": MailingPage,
    "pages/import.html": ImportPage,
    "pages/import_preview.html": ImportPreviewPage,
    "pages/exports.html": ExportsPage,
    "mail/address_changed.txt": Letter,
    "mail/address_changed.html": Letter,
    "pages/register_list.html": RegisterListPage,
    "pages/register_person.html": RegisterPersonPage,
    "pages/register_new.html": RegisterNewPage,
    "pages/hand_over.html": HandOverPage,
    "pages/register_mail.html": RegisterMailPage,
    "pages/me.html": MePage,
    "mail/code.txt": CodeOnlyLetter,
    "mail/code.html": CodeOnlyLetter,
    "pages/check_in.html": CheckInPage,
    "pages/tellers.html": TellersPage,
    "pages/assist.html": AssistPage,
    "pages/my_data.html": MyDataPage,
    "mail/confirm.txt": LastingLetter,
    "mail/confirm.html": LastingLetter,
    "mail/known.txt": CodeLetter,
    "mail/known.html": CodeLetter,
    "mail/sign_in.txt": CodeLetter,
    "mail/sign_in.html": CodeLetter,
    "mail/unknown.txt": Letter,
    "mail/unknown.html": Letter,
    "mail/decision.txt": DecisionLetter,
    "mail/decision.html": DecisionLetter,
    "regions/waiting.html": office.WaitingView,
    "regions/register.html": office.RegisterView,
    "regions/standing.html": standing.StandingView,
    "regions/slots.html": slots.SlotsView,
    "regions/mine.html": mine.MineView,
    "pages/embed.html": agenda.EmbedPage,
    "pages/agenda_changes.html": agenda_log.LogPage,
    "pages/agenda_edit.html": Empty,
    "pages/agenda_item.html": agenda_edit.ItemPage,
    "pages/agenda_odd.html": agenda_edit.OddPage,
    "regions/edit.html": agenda_edit.EditView,
    "pages/reorder.html": Empty,
    "pages/reorder_preview.html": reorder.Preview,
    "regions/reorder.html": reorder.ReorderView,
    "pages/invitation.html": invitations.InvitationPage,
    "pages/speakers_invited.html": invitations.InvitationsPage,
    "pages/code.html": invitations.CodePage,
    "pages/speaker_about.html": AboutPage,
    "mail/invitation.txt": InvitationLetter,
    "mail/invitation.html": InvitationLetter,
    "mail/declined.txt": Letter,
    "mail/declined.html": Letter,
    "pages/stage.html": Empty,
    "regions/stage.html": stage.StageView,
    "regions/stream.html": stage.StreamView,
    "pages/speakers.html": speakers.SpeakersPage,
    "regions/helps.html": helps.HelpsView,
    "regions/sound.html": sound.SoundView,
    "pages/sound.html": sound.SoundPage,
}
