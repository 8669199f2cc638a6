"""The count sheet of one vote, as a paper that tellers sign."""

from __future__ import annotations

from conference.papers.document import Block, Document, Paragraph, Table, plain
from conference.rules import question
from conference.rules.state import Vote
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import boxes, papers, words
from conference.web.views.seals import box_sentence, key_words, said
from conference.web.views.subjects import subject
from conference.web.views.teller import assisted
from conference.web.views.votes import outcome_word

LINE = "\n" + "_" * 26
"""Room for a pen, and a line to write on."""


def count_sheet(site: Site, vote: Vote, now: int) -> Document:
    """Return the sheet of a counted vote, with the words of its heads and lines to sign."""
    about = subject(site, question.of(vote))
    facts = [
        (_("Question"), about.question),
        (_("Hash of the text"), vote.text_hash),
        (_("Majority"), words.vote_rule(vote, site.meeting.conference)),
        (_("Delegates on the register"), str(vote.register)),
        (_("Delegates on the roll"), str(vote.roll)),
        (_("Envelopes"), box_sentence(vote)),
        (_("Figures"), said(vote)),
        (_("Result"), outcome_word(site, vote)),
        (_("Helped to vote"), str(assisted(site.meeting, vote))),
        (_("Key of the vote"), key_words(vote)),
        (_("Signing key"), boxes.signer_words(site.meeting, vote)),
    ]
    heads = [head for head in site.meeting.heads.values() if head.vote == vote.id]
    shown = [boxes.head_view(site, head) for head in heads]
    facts += [(_("Head %(n)s") % {"n": one.number}, one.words) for one in shown]
    facts += [(_("Confirmed by"), site.name(who)) for who in sorted(vote.confirmed)]
    rows = tuple((name, value) for name, value in facts if value)
    lines = tuple((str(n), LINE, LINE) for n in (1, 2))
    title = _("Count sheet of vote %(n)s: %(label)s") % {"n": vote.id, "label": about.label}
    blocks: tuple[Block, ...] = (
        Table("", (_("What"), _("As counted")), rows),
        Paragraph(plain(_("We have compared the words of the heads with those that we noted."))),
        Table("", (_("Teller"), _("Signature"), _("Name and date")), lines),
    )
    return papers.document(site, now, title, iter(blocks))
