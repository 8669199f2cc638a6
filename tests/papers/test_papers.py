"""The three papers of the launch conference: what stands in them, and how they are downloaded."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import pypdf
import pytest

from conference.papers.document import Changes, Document, Heading, Mark, Quote, Table
from conference.papers.markdown import markdown
from conference.rules import change, question
from conference.rules.kinds import (
    AmendmentId,
    Base,
    MinuteId,
    MotionId,
    MotionState,
    Outcome,
    Phase,
    Reason,
    Rule,
    TextId,
    VoteId,
    VoteState,
)
from conference.rules.state import Correction, Meeting, Minute, TextVersion, Vote
from conference.rules.table import Table as Rows
from conference.rules.texts import apply
from conference.web.papers import PAPERS
from conference.web.views import fates
from conference.web.views.agenda_paper import agenda_paper
from conference.web.views.minutes_paper import minutes_document
from conference.web.views.now import motion_view
from conference.web.views.resolutions import resolutions
from conference.web.views.subjects import subject
from conference.web.views.votes import result_view
from tests.store.meetings import NOW

MAKERS = {"agenda": agenda_paper, "minutes": minutes_document, "resolutions": resolutions}
PRINTED_1_1 = "live on an income in line with that of the people they represent"


def text_of(document: Document) -> str:
    """The paper as people read it, without the marks and shields of Markdown."""
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown(document))
    return " ".join(re.sub(r"\*\*|~~|^ *>|^#+ ", "", plain, flags=re.MULTILINE).split())


def declared(number: int, motion: int, amendment: int | None, figures: tuple, **more) -> Vote:
    votes_for, against, abstained = figures
    outcome = Outcome.CARRIED if votes_for > against else Outcome.LOST
    return Vote(
        VoteId(number), MotionId(motion), "?", "00", Rule.SIMPLE, Base.CAST, VoteState.DECLARED,
        NOW, NOW, register=160, roll=143, opened_at=NOW, votes_for=votes_for,
        votes_against=against, abstentions=abstained, outcome=outcome, declared_at=NOW,
        amendment=None if amendment is None else AmendmentId(amendment), **more,
    )  # fmt: skip


def put(meeting: Meeting, motion: int, **fields) -> Meeting:
    return change.motion(meeting, replace(meeting.motions[MotionId(motion)], **fields))


def amend(meeting: Meeting, amendment: int, **fields) -> Meeting:
    return change.amendment(meeting, replace(meeting.amendments[AmendmentId(amendment)], **fields))


def held(meeting: Meeting) -> Meeting:
    """Motion 1 carried as amended, Motion 2 remitted, Motion 3 lost, amendments of every fate."""
    decided = {"state": MotionState.DECIDED}
    version = question.text_of(meeting, MotionId(1))
    text, origins = apply(version, meeting.amendments[AmendmentId(1)])
    second = TextVersion(TextId(1), MotionId(1), 2, text, origins, NOW, AmendmentId(1))
    meeting = amend(meeting, 1, **decided, outcome=Outcome.CARRIED)
    meeting = amend(meeting, 2, **decided, outcome=Outcome.LOST)
    meeting = amend(meeting, 4, state=MotionState.FELL, reason=Reason.CONSEQUENTIAL)
    meeting = put(meeting, 1, **decided, outcome=Outcome.CARRIED)
    meeting = put(meeting, 2, state=MotionState.REMITTED)
    meeting = put(meeting, 3, **decided, outcome=Outcome.LOST)
    meeting = put(meeting, 6, **decided, outcome=Outcome.CARRIED)
    votes = [
        declared(1, 6, None, (100, 2, 3)),
        declared(2, 1, 1, (68, 41, 12)),
        declared(3, 1, 2, (49, 58, 15)),
        declared(4, 1, None, (97, 14, 9), text_version=2),
        declared(5, 3, None, (6, 104, 7)),
    ]
    facts = [("opened", {"present": 143}), ("item", {"item": 4}), ("declared", {"vote": 4})]
    minutes = [
        Minute(MinuteId(n), NOW + n * 60_000, code, json.dumps(given, sort_keys=True))
        for n, (code, given) in enumerate(facts, 1)
    ]
    return replace(
        meeting,
        conference=replace(meeting.conference, phase=Phase.OPEN, opened_at=NOW, version=12),
        texts=Rows([(second.id, second)]),
        votes=Rows((vote.id, vote) for vote in votes),
        minutes=Rows((row.id, row) for row in minutes),
    )


@pytest.fixture
def site(house):
    return house.site


@pytest.fixture
def after(site):
    """The site of a conference that has decided something."""
    site.hall.meeting = held(site.meeting)
    return site


def blocks_under(document: Document, heading: str) -> list:
    """The blocks between this heading and the next."""
    blocks = list(document.blocks)
    start = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.text == heading)
    rest = blocks[start + 1 :]
    end = next((n for n, b in enumerate(rest) if isinstance(b, Heading)), len(rest))
    return rest[:end]


# --- what stands in them ----------------------------------------------------------------------------


def test_the_agenda_paper_has_everything_in_order(site):
    document = agenda_paper(site, NOW)
    text = text_of(document)
    assert "Version 1, made on Saturday 27 February 2021 at 08:00" in text
    wanted = [
        "Agenda paper", "Labour In Exile Network: launch conference", "nothing here is real",
        "Saturday 27 February 2021", "Europe/London", "| 09:30 | Doors | 30 |", "Morning",
        "10:10 Item 2: Standing orders", "V1: Adopt the standing orders", "Mover: CAC reporter.",
        "Tosh McDonald, 8 minutes", "11:00 Item 4: Motion 1: Democratise the party",
        "Mover: Mover M1. Seconder: Seconder M1.", "Amendment 1.1", "Mover: Mover 1.1.",
        "Add at the end of paragraph 1:", "Amendment 1.2", "In paragraph 2 delete",
        "Amendment 2.1", "Amendment 2.2", "Falls if 2.1 is carried.", "Afternoon",
        "Amendment 3.1", "Accepted by the mover", "It is put only if E1 admission is carried.",
        "No speech on it is longer than 2 minutes.", "Election: Steering committee",
        "Candidate K", "The debate ends when this time is up.",
        "Carried if at least two thirds of the votes cast", "Amendment T1",
        "Standing orders", "1. Conference", "20. Minutes",
    ]  # fmt: skip
    places = [text.find(one) for one in wanted]
    assert -1 not in places, [w for w, p in zip(wanted, places, strict=True) if p < 0]
    after_first = 0
    for one in wanted:
        after_first = text.find(one, after_first)
        assert after_first >= 0, f"{one} stands too early"


def test_an_amendment_is_shown_as_tracked_changes(site):
    found = blocks_under(agenda_paper(site, NOW), "Amendment 1.2")
    [changes] = [block for block in found if isinstance(block, Changes)]
    [paragraph] = changes.paragraphs
    marked = [(run.mark, run.text.strip()) for run in paragraph.runs if run.mark is not Mark.PLAIN]
    assert paragraph.place == "Paragraph 2"
    assert marked == [
        (Mark.DEL, "that may also start a leadership contest"),
        (Mark.INS, "which also reviews the post of party leader, its powers and its accountability"),
    ]  # fmt: skip


def test_the_agenda_paper_stays_as_printed_after_decisions(site):
    def texts(document):
        return [b for b in document.blocks if isinstance(b, Quote | Changes)]

    before = texts(agenda_paper(site, NOW))
    site.hall.meeting = held(site.meeting)
    assert texts(agenda_paper(site, NOW)) == before


def test_a_consequence_without_a_printed_note_is_said(site):
    site.hall.meeting = amend(site.meeting, 4, note="")
    assert "It falls if amendment 2.1 is carried." in text_of(agenda_paper(site, NOW))


def test_an_amendment_that_is_not_admitted_yet_is_not_printed(site):
    site.hall.meeting = amend(site.meeting, 2, state=MotionState.PROPOSED)
    assert "Amendment 1.2" not in text_of(agenda_paper(site, NOW))


def test_a_delegate_from_the_floor_is_named_by_consent_only(site):
    person = next(p for p, name in site.names.items() if name == "Delegate 007")
    site.hall.meeting = amend(site.meeting, 2, mover_name="", proposed_by=person)
    assert "Mover: a delegate." in text_of(agenda_paper(site, NOW))
    site.named.add(person)
    assert "Mover: Delegate 007." in text_of(agenda_paper(site, NOW))


def test_the_resolutions_are_the_final_texts(after):
    document = resolutions(after, NOW)
    [quote] = [b for b in blocks_under(document, "Motion 1: Democratise the party")
               if isinstance(b, Quote)]  # fmt: skip
    assert "\n\n".join(quote.paragraphs) == question.text_of(after.meeting, MotionId(1)).text
    assert PRINTED_1_1 in quote.paragraphs[0]
    text = text_of(document)
    for one in (
        "Carried as amended. For 97, against 14, abstentions 9, did not vote 23.",
        "Carried if more vote for than against.",
        "As amended by: 1.1 (carried).",
        "The conference is not closed yet",
        "Other decisions V1: Adopt the standing orders",
        "Remitted: not policy",
        "- Motion 2: For free speech",
    ):
        assert one in text, one
    assert "Motion 3" not in text
    assert "made no policy" in text


def test_what_was_remitted_stands_in_no_resolution_and_on_no_ballot(after):
    meeting = put(after.meeting, 1, referred=(2,))
    after.hall.meeting = meeting
    whole = question.paragraphs(question.text_of(meeting, MotionId(1)).text)
    quotes = [b.paragraphs for b in blocks_under(resolutions(after, NOW),
              "Motion 1: Democratise the party") if isinstance(b, Quote)]  # fmt: skip
    assert quotes == [(whole[0], whole[2]), (whole[1],)]
    asked = question.Question(MotionId(1))
    assert subject(after, asked).text == question.put_text(meeting, asked)
    result = result_view(after, meeting.votes[VoteId(4)])
    assert (result.text, result.resolution) == (question.put_text(meeting, asked), True)
    assert fates.fate(meeting, meeting.motions[MotionId(1)]) == (
        "Carried as amended; paragraph 2 remitted"
    )
    assert motion_view(after, meeting.motions[MotionId(1)]).sent_back == "paragraph 2 remitted"


def test_an_amendment_that_was_taken_back_leaves_no_trace(after):
    printed = question.texts_of(after.meeting, MotionId(1))[0]
    third = TextVersion(TextId(2), MotionId(1), 3, printed.text, printed.origins, NOW, None)
    meeting = replace(after.meeting, texts=after.meeting.texts.put(third.id, third))
    after.hall.meeting = meeting
    assert fates.fate(meeting, meeting.motions[MotionId(1)]) == "Carried"
    assert "as amended" not in subject(after, question.Question(MotionId(1))).question
    assert "As amended:" not in text_of(minutes_document(after, NOW))


def test_without_decisions_there_are_no_resolutions(site):
    text = text_of(resolutions(site, NOW))
    assert "Conference has carried no motion." in text
    assert "Remitted" not in text


def test_the_minutes_hold_every_text_whatever_its_fate(after):
    text = text_of(minutes_document(after, NOW))
    for one in (
        "| Motion 1: Democratise the party | Carried as amended | 97 | 14 | 9 |",
        "The chair opened the conference. Delegates present: 143.",
        "Item 4: Motion 1: Democratise the party",
        "Resolution of conference: Motion 1, Democratise the party",
        "Texts",
        "supports the open selection of representatives at every level. It wants",
        "As amended:",
        "Amendment 1.1 Carried.",
        "Amendment 1.2 Lost.",
        "which also reviews the post of party leader",
        "Motion 2: For free speech Remitted.",
        "Amendment 2.2 Fell: another was carried.",
        "reports to the next meeting of all members on whether a code of debate is needed",
        "Motion 3: Stop the witch-hunt Lost.",
    ):
        assert one in text, one
    assert "Motion 4: Terms of reference" not in text


def test_a_correction_keeps_the_original(after):
    after.remarks["r1"] = "The chair opened the conference at ten."
    correction = Correction(MinuteId(1), "r1", next(iter(after.names)), NOW)
    after.hall.meeting = replace(after.meeting, corrections=Rows([(correction.id, correction)]))
    text = text_of(minutes_document(after, NOW))
    assert (
        "The chair opened the conference at ten. Corrected by the secretary. It read: The" in text
    )


def test_minutes_before_the_opening_say_so(site):
    assert "The minutes begin when the chair opens" in text_of(minutes_document(site, NOW))


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("when", ["site", "after"])
def test_papers_are_sound(name, when, request):
    document = MAKERS[name](request.getfixturevalue(when), NOW)
    levels = [block.level for block in document.blocks if isinstance(block, Heading)]
    assert all(below - above <= 1 for above, below in pairwise([0, *levels]))
    for block in document.blocks:
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} <= {len(block.header)}


# --- pages and downloads ------------------------------------------------------------------------------

FILES = [(paper, ending) for paper in PAPERS for ending in ("pdf", "md")]
TYPES = {"pdf": "application/pdf", "md": "text/markdown; charset=utf-8"}


@pytest.mark.parametrize(("paper", "ending"), FILES, ids=lambda x: getattr(x, "name", x))
async def test_a_download_has_a_name_and_a_tag(visitors, after, paper, ending):
    answer = await visitors.nobody().get(f"{paper.file}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[ending]
    name = f"labour-in-exile-network-launch-conference-{paper.name}-version-12.{ending}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "no-cache"
    again = await visitors.nobody().get(
        f"{paper.file}.{ending}", headers={"If-None-Match": f'"other", W/{answer.headers["etag"]}'}
    )
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
async def test_a_page_for_printing_has_the_paper_and_its_downloads(visitors, after, paper):
    page = await visitors.nobody().get(paper.page)
    assert page.status_code == 200
    assert '<article class="paper" lang="en">' in page.text
    assert f'href="{paper.file}.pdf"' in page.text
    assert f'href="{paper.file}.md"' in page.text
    headings = [b.text for b in MAKERS[paper.name](after, NOW).blocks if isinstance(b, Heading)]
    found = re.findall(r"<h[2-5]>(.*?)</h[2-5]>", page.text)
    assert [h.replace("&#39;", "'") for h in found] == headings


@pytest.mark.parametrize("path", ["/agenda", "/minutes", "/motions"])
async def test_the_pages_lead_to_the_papers(visitors, path):
    browser = visitors.nobody()
    page = await browser.get(path)
    links = re.findall(r'<nav class="papers".*?</nav>', page.text, re.DOTALL)
    assert links
    for href in re.findall(r'href="([^"]+)"', "".join(links)):
        assert (await browser.get(href)).status_code == 200, href


async def test_the_pdf_is_the_paper(visitors, after):
    answer = await visitors.nobody().get("/minutes.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata.title == "Minutes: Labour In Exile Network: launch conference"
    assert reader.metadata.author == after.meeting.conference.name
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert "Resolution of conference: Motion 1, Democratise the party" in text
    assert PRINTED_1_1 in text


async def test_the_same_version_is_the_same_file(visitors, after, clock):
    browser = visitors.nobody()
    first = await browser.get("/agenda/paper.pdf")
    clock.at += 3_600_000
    second = await browser.get("/agenda/paper.pdf")
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    head = after.meeting.conference
    after.hall.meeting = change.conference(after.meeting, version=head.version + 1)
    third = await browser.get("/agenda/paper.pdf")
    assert third.content != first.content
    assert third.headers["etag"] != first.headers["etag"]


async def test_a_consent_taken_back_is_in_no_copy(visitors, after):
    person = next(p for p, name in after.names.items() if name == "Delegate 007")
    after.hall.meeting = put(after.meeting, 1, mover=person)
    after.named.add(person)
    browser = visitors.nobody()
    assert "Mover: Delegate 007" in (await browser.get("/resolutions.md")).text
    after.named.discard(person)
    assert "Delegate 007" not in (await browser.get("/resolutions.md")).text


async def test_an_erased_remark_is_in_no_copy(visitors, after):
    after.remarks["r1"] = "Words about somebody."
    correction = Correction(MinuteId(1), "r1", next(iter(after.names)), NOW)
    after.hall.meeting = replace(after.meeting, corrections=Rows([(correction.id, correction)]))
    browser = visitors.nobody()
    assert "Words about somebody." in (await browser.get("/minutes.md")).text
    del after.remarks["r1"]
    assert "Words about somebody." not in (await browser.get("/minutes.md")).text


async def test_a_pdf_that_cannot_be_made_is_refused_in_words(visitors, monkeypatch):
    monkeypatch.setattr("conference.papers.pdf.LARGEST", 10)
    answer = await visitors.nobody().get("/agenda/paper.pdf")
    assert answer.status_code == 503
    assert "The page for printing has the same text." in answer.text
    assert "etag" not in answer.headers
