"""Which dataclass each template is given; a test compares it with what the template uses."""

from __future__ import annotations

from collections.abc import Mapping

from conference.web.chair import ConfirmPage
from conference.web.door import LinkPage
from conference.web.mode import ModePage
from conference.web.pages import Empty, RefusedPage
from conference.web.views import about, agenda, counts, me, minutes, motions, now, panel, screen, slots, votes

CONTEXTS: Mapping[str, type] = {
    "pages/refused.html": RefusedPage,
    "pages/link.html": LinkPage,
    "pages/floor.html": Empty,
    "pages/chair.html": Empty,
    "pages/new_vote.html": ConfirmPage,
    "pages/screen.html": Empty,
    "pages/speaker.html": Empty,
    "pages/count.html": counts.CountPage,
    "pages/home.html": about.HomePage,
    "pages/agenda.html": Empty,
    "pages/motions.html": motions.MotionsPage,
    "pages/motion.html": motions.MotionPage,
    "pages/minutes.html": Empty,
    "pages/privacy.html": about.PrivacyPage,
    "pages/standing_orders.html": about.OrdersPage,
    "pages/help.html": about.HelpPage,
    "pages/mode.html": ModePage,
    "regions/agenda.html": agenda.AgendaView,
    "regions/minutes.html": minutes.MinutesView,
    "regions/now.html": now.NowView,
    "regions/queue.html": now.QueueView,
    "regions/vote.html": votes.VoteView,
    "regions/ballot.html": votes.BallotView,
    "regions/result.html": votes.ResultView,
    "regions/me.html": me.MeView,
    "regions/panel.html": panel.PanelView,
    "regions/hall.html": panel.CrowdView,
    "regions/speakers.html": panel.ChairQueueView,
    "regions/order.html": panel.OrderView,
    "regions/screen.html": screen.ScreenView,
    "regions/slots.html": slots.SlotsView,
}
