"""Faults put into a copy of the program, to see that the tests notice them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Mutant:
    """One fault: in this file, this text (which stands there once) becomes that."""

    file: str
    text: str
    becomes: str
    tests: tuple[str, ...] = ()
    """The tests that must notice it; none: those of the clerk, the wire and the kills."""
    also: tuple[tuple[str, str, str], ...] = ()
    """Further places that belong to the same fault: file, text, what it becomes."""


_COMMIT = """        answers, recorded = await take_ballots(self.meeting, epoch, papers, put)
"""
_ANSWER = """        for entry in batch:
            entry.tell(None)
        await asyncio.sleep(0)
        answers, recorded = await take_ballots(self.meeting, epoch, papers, put)
"""

MUTANTS = {
    "acknowledge before COMMIT": Mutant("conference/hall.py", _COMMIT, _ANSWER),
    "close without looking at the clock first": Mutant(
        "conference/hall.py",
        "            await desk.take_due()\n            for run in _runs(batch):",
        "            for run in _runs(batch):",
        (),
        (
            (
                "conference/hall.py",
                "if only_ballots and due(self.meeting, self.now()) is None:",
                "if only_ballots:",
            ),
        ),
    ),
    "a failed commit keeps the new picture": Mutant(
        "conference/hall.py",
        "            await desk.flush()\n        news = News(",
        "            await desk.flush()\n            self.meeting = desk.meeting\n"
        "        news = News(",
    ),
    "work that raises keeps what it took": Mutant(
        "conference/hall.py",
        "        desk.back(mark)\n        return Refused(Trouble.INTERNAL)",
        "        return Refused(Trouble.INTERNAL)",
    ),
    "a returning page is greeted as if it were new": Mutant(
        "conference/web/press.py", "VIEWS[audience.view].crowd if current else None", "None"
    ),
    "the same bytes go to a seat that does not read, for ever": Mutant(
        "conference/room.py",
        "(waiting := line.write(frames)) > WAITING",
        "(waiting := line.write(frames)) > MOST * 1000",
    ),
    "what is said meanwhile overtakes what is handed out": Mutant(
        "conference/room.py", 'frames, self._held = self._held + frames, b""', "pass"
    ),
    "a line that fails keeps what is told from its neighbours": Mutant(
        "conference/room.py",
        """                    seat.release()
            except Exception as error:
""",
        """                    seat.release()
            except ZeroDivisionError as error:
""",
        ("tests/wire/test_hands.py",),
    ),
    "what is spread ends for good when its teller fails": Mutant(
        "conference/room.py",
        "        latest = self._spreading.pop(name)\n        try:",
        "        latest = self._spreading[name]\n        try:",
        ("tests/wire/test_hands.py",),
    ),
    "the first hand does not wait for the second": Mutant(
        "conference/wire/hands.py",
        "            others = self._others()",
        "            others = Left()",
        ("tests/wire/test_hands.py",),
    ),
    "a descriptor is given out while something waits": Mutant(
        "conference/wire/protocol.py",
        "if self._head or transport.is_closing() or transport.get_write_buffer_size():",
        "if self._head:",
        ("tests/wire/test_hands.py",),
    ),
    "what drifts counts as told to whoever comes": Mutant(
        "conference/web/press.py",
        "frozenset(VIEWS[audience.view].shared) - regions.DRIFTING",
        "frozenset(VIEWS[audience.view].shared)",
        ("tests/web/test_told.py", "-k", "first_event"),
    ),
    "who has lost a slot is not told": Mutant(
        "conference/web/touched.py",
        "return touched | _of_programme(news)",
        "return touched",
        ("tests/web/test_touched.py",),
    ),
    "the vote is told anew for each ballot": Mutant(
        "conference/web/touched.py",
        "return _still(shown) != _still(html)",
        "return shown != html",
        ("tests/web/test_told.py",),
    ),
    "deadlines are not taken at the start": Mutant(
        "conference/hall.py", "        await self._process([])\n", "        pass\n"
    ),
    "a replaced id is stored again": Mutant(
        "conference/store/ballots.py",
        "if self.spent and (person, asked.id) in self.spent:",
        "if False:",
    ),
}


RULES = "conference/rules/"
MISTAKES = "tests/rules/test_mistakes.py"


def _mistake(number: int, file: str, text: str, becomes: str) -> Mutant:
    """The rule that prevents this mistake of procedure H4, taken out."""
    return Mutant(f"{RULES}{file}.py", text, becomes, (MISTAKES, "-k", f"test_{number:02}_"))


OF_PROCEDURE = {
    "01 an amended motion is left undecided": _mistake(
        1, "agenda", "    if undecided is not None:\n", "    if False:\n"
    ),
    "02 two amendments at once": _mistake(
        2, "amendments",
        "if head.amendment is not None and head.amendment != row.amends:", "if False:",
    ),
    "03 an earlier part after a later one": _mistake(
        3, "sequence",
        "if any(texts.is_earlier(row, other, printed) for other in _put(meeting, row)):",
        "if False:",
    ),
    "04 closure by who has spoken": _mistake(
        4, "eligible", "return Refused(Code.SPOKEN_BEFORE) if spoken else None", "return None"
    ),
    "05 no reply before the vote": _mistake(
        5, "voting",
        "return Refused(Code.REPLY_DUE) if debate.reply_due(meeting, row, now) else None",
        "return None",
    ),
    "06 a ruling falls by a simple majority": _mistake(
        6, "procedures",
        "return Rule.UPHOLD, Base.PRESENT if present else Base.CAST",
        "return Rule.SUSTAIN, Base.CAST",
    ),
    "07 abstentions count against": _mistake(
        7, "counting",
        "vote.rule, vote.base, act.votes_for, act.votes_against,",
        "vote.rule, vote.base, act.votes_for, act.votes_against + act.abstentions,",
    ),
    "08 a tie is lost": _mistake(
        8, "majority", "return Outcome.NOT_CARRIED", "return Outcome.LOST"
    ),
    "09 closed before the minimum": _mistake(
        9, "voting", "    if not vote.closable:\n", "    if False:\n"
    ),
    "10 a vote on an old text": _mistake(
        10, "voting",
        "if question.text_hash(question.put_text(meeting, question.of(vote))) != vote.text_hash:",
        "if False:",
    ),
    "11 a consequential amendment stays": _mistake(
        11, "consequences",
        "if row.id in other.falls_if and other.state not in SETTLED:", "if False:",
    ),
    "12 the chair presides over their own ruling": _mistake(
        12, "officers",
        "if by == head.chair or is_party(meeting, head.challenge, by):", "if False:",
    ),
    "13 a report needs no decision": _mistake(
        13, "agenda",
        "    if undecided is not None:\n",
        "    if undecided is not None and undecided.kind != 'report':\n",
    ),
    "14 a point of order is left behind": _mistake(
        14, "agenda",
        "    if open_points(meeting):\n        return Refused(Code.POINT_OPEN)\n    left =",
        "    left =",
    ),
    "15 the clock runs on": _mistake(
        15, "points", "if turn is not None and turn.paused_at is None:", "if False:"
    ),
    "16 one side only": _mistake(16, "queue", "r.side is not turn_of, ", ""),
    "17 urgent without admission": _mistake(
        17, "agenda",
        "    return motion.requires is None or meeting.motions[motion.requires].outcome is "
        "Outcome.CARRIED\n",
        "    return True\n",
    ),
    "18 withdrawal without leave": _mistake(
        18, "amendments",
        "return not_yet_conferences or settings.withdraw_by is WithdrawBy.MOVER", "return True",
    ),
    "21 every officer acts": _mistake(
        21, "roles", "    if by == in_the_chair(meeting):\n", "    if roles & CHAIRS:\n"
    ),
    "22 counted is declared": _mistake(
        22, "counting",
        "    return change.vote(meeting, counted)\n",
        "    return change.note(change.vote(meeting, counted), 0, 'declared', vote=vote.id)\n",
    ),
    "23 what is remitted is decided": _mistake(
        23, "effects", "_goes_back(MotionState.REMITTED)", "_goes_back(MotionState.DECIDED)"
    ),
    "24 an observer votes": _mistake(
        24, "voting", "if roll is not None and person.id in roll.people:", "if True:"
    ),
    "25 present twice": _mistake(
        25, "people",
        "    if person.present:\n        return Refused(Code.ALREADY_PRESENT)\n", "",
    ),
    "who ruled presides once the chair was handed over": Mutant(
        f"{RULES}roles.py", "return person in {row.about, row.by}", "return person == row.by",
        ("tests/rules/test_officers.py", "-k", "ruling_never_presides"),
    ),
    "a speech is put off without a wait": Mutant(
        f"{RULES}dropped.py", "and now >= turn.waits_until", "",
        ("tests/rules/test_dropped.py", "-k", "chooses_when_the_wait_is_over"),
    ),
    "who was put off has the whole time again": Mutant(
        f"{RULES}speaking.py", "    turn = dropped.with_time_left(meeting, turn)\n", "",
        ("tests/rules/test_dropped.py", "-k", "waits_last"),
    ),
    "who has declined is reminded": Mutant(
        f"{RULES}reminding.py", "coming and not declined and", "coming and",
        ("tests/rules/test_reminding.py", "-k", "does_not_come"),
    ),
    "a moved time is told for ever": Mutant(
        f"{RULES}reminding.py", "fresh.starts_at - row.starts_at", "fresh.starts_at - 0",
        ("tests/rules/test_reminding.py",),
    ),
    "whoever came later reconsiders": Mutant(
        f"{RULES}reconsidering.py", "roll is not None and by in roll.people", "True",
        ("tests/rules/test_roberts.py", "-k", "only_who_could_vote"),
    ),
    "a motion is reconsidered for ever": Mutant(
        f"{RULES}reconsidering.py", "        and motion.id not in again\n", "",
        ("tests/rules/test_roberts.py", "-k", "once_only"),
    ),
    "a challenge waits for ever": Mutant(
        f"{RULES}__init__.py", "    result = procedural.promote(result, now)\n", "",
        ("tests/rules/test_officers.py", "-k", "waited"),
    ),
    "a result is taken back after the next business": Mutant(
        f"{RULES}undo.py", "return nothing_open and not _gone_on(meeting, vote)",
        "return nothing_open", ("tests/rules/test_undo.py", "-x"),
    ),
    "a debate goes on before its item": Mutant(
        f"{RULES}agenda.py", "        if until.state is ItemState.PLANNED:\n", "        if False:\n",
        ("tests/rules/test_aside.py", "-k", "goes_on_at_its_item"),
    ),
    "a promised debate is forgotten": Mutant(
        f"{RULES}agenda.py", " or awaited(meeting, item.id)\n", "\n",
        ("tests/rules/test_aside.py", "-k", "goes_on_at_its_item"),
    ),
    "the number of a remitted part is kept, not the part": Mutant(
        f"{RULES}consequences.py", "    return _renumbered(meeting, current, version)\n",
        "    return meeting\n", ("tests/rules/test_aside.py", "-k", "part"),
    ),
    "what was sent back is amended": Mutant(
        f"{RULES}sequence.py", "as_it_stands(row), closed)", "as_it_stands(row))",
        ("tests/rules/test_aside.py", "-k", "sent_back"),
    ),
    "an amendment of a remitted motion is voted again": Mutant(
        f"{RULES}undo.py",
        "if amendment is not None and meeting.motions[head.motion].state in question.SETTLED:",
        "if False:", ("tests/rules/test_aside.py", "-k", "motion_has_gone"),
    ),
    "one delegate bars every challenge": Mutant(
        f"{RULES}procedural.py", "        return rulings.is_about_latest(meeting, row)\n",
        "        return True\n",
        ("tests/rules/test_b5_table.py", "-k", "stands_in_nobodys_way"),
    ),
    "a refused motion comes back seconded": Mutant(
        f"{RULES}effects.py", "        state = ProceduralState.ASKED\n", "        pass\n",
        ("tests/rules/test_b5_table.py", "-k", "comes_back_as_it_was"),
    ),
    "a delegate names what there is not": Mutant(
        f"{RULES}procedural.py", "for field in USES.get(act.kind, ())}",
        'for field in ("numbers", "minutes", "seconds", "target", "vote")}',
        ("tests/rules/test_b5_table.py", "-k", "not_kept"),
    ),
    "a vote over a point of order": Mutant(
        f"{RULES}voting.py",
        "if any(point.kind in points.RULED for point in points.open_points(meeting)):",
        "if False:", ("tests/rules/test_points.py", "-k", "over_a_point"),
    ),
    "the amendment as printed is put": Mutant(
        f"{RULES}question.py", "{row.as_amended or row.text}", "{row.text}",
        ("tests/rules/test_undo.py", "-k", "as_it_was_amended"),
    ),
}  # fmt: skip
"""A fault for each mistake of procedure H4 (but the elections' two), and for what came up since."""

SEALING = "conference/sealing/"
OF_SEALING = {
    "an envelope is bound to no person": Mutant(
        f"{SEALING}envelope.py",
        'return info_of_vote(self.conference, self.vote) + len(person).to_bytes(2, "big") + person',
        "return info_of_vote(self.conference, self.vote)",
        ("tests/sealing/test_envelope.py",),
    ),
    "an envelope has more than one text": Mutant(
        f"{SEALING}bytes.py",
        "return data if binascii.b2a_base64(data, newline=False) == standard else None", "return data",
        ("tests/sealing/test_envelope.py",),
    ),
    "leaves and nodes are hashed alike": Mutant(
        f"{SEALING}merkle.py",
        'hashlib.sha256(b"\\x01" + left + right)', 'hashlib.sha256(b"\\x00" + left + right)',
        ("tests/sealing/test_merkle.py",),
    ),
    "a head may follow another": Mutant(
        f"{SEALING}heads.py",
        "head.number != number or head.previous != previous", "head.number != number",
        ("tests/sealing/test_heads.py",),
    ),
    "the reason of an invalid envelope is told": Mutant(
        f"{SEALING}bundle.py", 'one if one in choices else "invalid"', "one",
        ("tests/sealing/test_bundle.py",),
    ),
    "the verifier takes a signature in a second form": Mutant(
        f"{SEALING}verifier.py", " or s >= ORDER", "", ("tests/sealing/test_bundle.py",)
    ),
    "a question by name is put in no words": Mutant(
        "conference/web/views/procedures.py",
        '    Procedure.BY_NAME: _("The question is that the vote on %(about)s be taken by name."),\n', "",
        ("tests/web/test_procedure.py", "-k", "every_procedural"),
    ),
    "whoever recounts a roll-call believes its signature": Mutant(
        f"{SEALING}recount.py", "    if not is_signed(", "    if False and not is_signed(",
        ("tests/web/test_boxes.py", "-k", "roll_call"),
    ),
    "the verifier looks at no root": Mutant(
        f"{SEALING}verifier.py", 'demand(root_of(entries).hex() == box["root"]', "demand(entries",
        ("tests/sealing/test_bundle.py",),
    ),
    "the verifier compares no figures": Mutant(
        f"{SEALING}verifier.py", "demand(opened.count(choice) == figures[name]", "demand(choice",
        ("tests/sealing/test_bundle.py",),
    ),
    "the verifier takes a receipt at its word": Mutant(
        f"{SEALING}verifier.py", '            demand(found, f"The {name}', '            demand(one, f"The {name}',
        ("tests/sealing/test_bundle.py",),
    ),
    "a box is opened although it is not the one that was fixed": Mutant(
        "conference/counter/counting.py",
        "if found != (box.envelopes, box.root, box.key):", "if False:",
        ("tests/hall/test_scrutiny.py", "-k", "never_counted"),
    ),
    "a key outlives its count": Mutant(
        "conference/scrutiny.py", "            await self._counter.ask(m.DestroyKey(number))\n", "",
        ("tests/hall/test_scrutiny.py", "-k", "any_commit"),
    ),
    "envelopes outlive their count": Mutant(
        "conference/store/ballots.py",
        "table.update().where(table.c.vote == vote).values(paper=None)",
        "table.update().where(table.c.vote == vote).values(paper=table.c.paper)",
        ("tests/hall/test_scrutiny.py", "-k", "any_commit"),
    ),
    "the log is not emptied": Mutant(
        "conference/scrutiny.py", "            await self._empty_log()\n", "",
        ("tests/hall/test_scrutiny.py", "-k", "any_commit"),
    ),
    "a vote whose key is lost stays open": Mutant(
        "conference/scrutiny.py", "return sealed and keys.get(vote.id) != vote.key", "return False",
        ("tests/hall/test_scrutiny.py", "-k", "key_is_lost"),
    ),
    "a ballot in the clear is taken": Mutant(
        "conference/desk.py", "return paper, refused if refused or receipt else", "return paper, refused if True else",
        ("tests/hall/test_scrutiny.py", "-k", "box_may_hold"),
    ),
    "figures of few ballots are shown": Mutant(
        "conference/rules/figures.py", "    if 0 < sum(sides) < least:\n", "    if False:\n",
        ("tests/rules/test_figures.py",),
    ),
    "one teller is enough": Mutant(
        "conference/rules/counting.py", "TELLERS = 2\n", "TELLERS = 1\n",
        ("tests/web/test_boxes.py", "-k", "two_tellers"),
    ),
    "a vote by name shows how it stands while it is open": Mutant(
        "conference/web/views/votes.py",
        """        question=about.question,
        text=about.text,
        rule=words.vote_rule(vote, head),
        abstentions""",
        """        question=about.question,
        text=about.text,
        rule="{f} for, {a} against".format(
            f=list(site.hall.voted.values()).count("for"),
            a=list(site.hall.voted.values()).count("against"),
        ),
        abstentions""",
        ("tests/web/test_interim.py", "-k", "by_name"),
    ),
    "the bundle is there before the declaration": Mutant(
        "conference/web/views/boxes.py",
        "not vote.by_name and vote.declared_at is not None and bool(vote.root)",
        "not vote.by_name and bool(vote.root)",
        ("tests/web/test_interim.py", "-k", "counted"),
    ),
    "a counted result is shown before it is declared": Mutant(
        "conference/web/views/votes.py",
        "if vote is None or vote.state is not VoteState.DECLARED or vote.outcome is None:",
        "if vote is None or vote.outcome is None:",
        ("tests/web/test_interim.py", "-k", "counted"),
    ),
    "an acknowledged ballot counts those like it": Mutant(
        "conference/web/live.py", "_ack(message.n, message.vote)",
        "_ack(message.n, list(self.desk.site.hall.voted.values()).count(message.paper))",
        ("tests/web/test_interim_wire.py", "-k", "by_name"),
    ),
    "a refusal says how the vote stands": Mutant(
        "conference/web/live.py", "m.RefusedMessage(message.n, str(refused.code), say(refused))",
        """m.RefusedMessage(
                message.n, str(refused.code),
                f"{say(refused)} {[v.votes_for for v in self.site.meeting.votes.values()]}",
            )""",
        ("tests/web/test_interim_wire.py", "-k", "counted"),
    ),
}  # fmt: skip
"""Faults in the envelopes, the tree, the heads and the program that checks them."""


ERASURE = "tests/web/test_erasure.py"
OF_PRIVACY = {
    "erasing leaves the write-ahead log": Mutant(
        "conference/web/tidy.py",
        "        await tidy_files(site)\n        await empty_the_log(site)\n    return refused",
        "        await tidy_files(site)\n    return refused",
        (ERASURE, "-k", "found_nowhere"),
    ),
    "erasing leaves the mail folder": Mutant(
        "conference/web/tidy.py",
        "        await tidy_files(site)\n        await empty_the_log(site)\n    return refused",
        "        await empty_the_log(site)\n    return refused",
        (ERASURE, "-k", "found_nowhere"),
    ),
    "erasing leaves mail to an earlier address": Mutant(
        "conference/store/retention.py",
        "        await people.erase(tx, person)\n    await _forget_mail_to_nobody(tx)",
        "        await people.erase(tx, person)",
        (ERASURE, "-k", "found_nowhere"),
    ),
    "words to the registrar outlive the decision": Mutant(
        "conference/store/registrations.py",
        '.values(note="", voucher="")',
        '.values(voucher="")',
        ("tests/web/test_desk.py", "-k", "goes_with_the_decision"),
    ),
    "stored about me shows a mail's link": Mutant(
        "conference/store/about.py",
        'table.name == "mail" and name in _OTHERS',
        "False",
        (ERASURE, "-k", "nothing_about_others"),
    ),
    "a cell is a formula": Mutant(
        "conference/papers/sheets.py",
        "text.lstrip().startswith(FORMULA)",
        'text.startswith("=")',
        ("tests/papers/test_sheets.py",),
    ),
    "one officer admits after the lock": Mutant(
        "conference/rules/people.py",
        "    if act.role is Role.DELEGATE and is_locked(meeting):",
        "    if False:",
        ("tests/rules/test_refusals.py", "-k", "Decide"),
    ),
    "whoever begins a draw chooses alone": Mutant(
        "conference/rules/draw.py",
        "    if row.by == by:\n",
        "    if False:\n",
        ("tests/rules/test_refusals.py", "-k", "JoinDraw"),
    ),
}
"""A fault for each promise about the register and about what is forgotten."""


WEB = "conference/web/"


def _signing_in(file: str, text: str, becomes: str, test: str, words: str) -> Mutant:
    """A promise of docs/security.md, broken."""
    return Mutant(file, text, becomes, (f"tests/{test}.py", "-k", words))


OF_SIGNING_IN = {
    "a mailed link works in any browser": _signing_in(
        f"{WEB}signin.py",
        "return bool(row.browser) and row.browser == browser_of(request)", "return True",
        "web/test_signin", "another_browser",
    ),
    "looking at a mailed link uses it up": _signing_in(
        f"{WEB}signin.py",
        "    row, whose = await _row(site, request)\n    if _is_bound(request, row):\n",
        "    row, whose = await _row(site, request)\n"
        "    await site.hall.work(lambda desk: codes.used(desk, row, 'x'))\n"
        "    if _is_bound(request, row):\n",
        "web/test_signin", "link_signs_in_once",
    ),
    "a code works twice": _signing_in(
        "conference/store/signins.py",
        "table.c.id_hash == id_hash, table.c.used_at.is_(None), table.c.expires_at > now",
        "table.c.id_hash == id_hash, table.c.expires_at > now",
        "store/test_signins", "works_once",
    ),
    "a personal link is enough on every device": _signing_in(
        f"{WEB}door.py",
        "return browser in await signins.link_browsers(desk.tx, person)", "return True",
        "web/test_door", "another_device",
    ),
    "strangers use up the codes of others": _signing_in(
        f"{WEB}codes.py",
        "return row.own_tries if browser and row.browser == browser else row.tries",
        "return row.own_tries + row.tries",
        "web/test_signin", "missed_code",
    ),
    "an Origin of null is ours": _signing_in(
        f"{WEB}guard.py",
        "    if origin in site.origins or origin in own_origins(site, connection):",
        "    if origin == 'null' or origin in own_origins(site, connection):",
        "web/test_security", "taken_from_elsewhere",
    ),
    "signing out leaves the sign-in": _signing_in(
        f"{WEB}door.py",
        "            await signins.end(desk.tx, row.id_hash)", "            pass",
        "web/test_door", "signed_out_is_dead",
    ),
    "a change of role keeps the secret": _signing_in(
        f"{WEB}sessions.py",
        "    if row.rights != rights_of(person):", "    if False:",
        "web/test_door", "changes_the_secret",
    ),
    "a page made for one votes for the other": _signing_in(
        f"{WEB}floor.py",
        "    if form.whose and form.whose != site.links.mark(visit.id):",
        "    if False:",
        "web/test_door", "votes_for_nobody",
    ),
    "a hall is counted by its network": _signing_in(
        f"{WEB}limiting.py", '"3000/minute"', '"300/minute"',
        "web/test_security", "whole_hall",
    ),
    "an office needs no second factor": _signing_in(
        f"{WEB}guard.py",
        "    if site.meeting.conference.mode is not Mode.REAL or row.proved_at is not None:",
        "    if True:",
        "web/test_factors", "before_the_proof",
    ),
    "an authenticator's code is taken twice": _signing_in(
        "conference/store/factors.py", "table.c.last_step < step", "table.c.last_step <= step",
        "web/test_factors", "setting_up_and_proving",
    ),
    "one officer is enough to let another in": _signing_in(
        "conference/rules/people.py",
        "    if len(set(three)) != len(three):\n        return Refused(Code.SECOND_OFFICER)\n", "",
        "rules/test_refusals", "LetIn",
    ),
    "a real conference is served without HTTPS": _signing_in(
        f"{WEB}encryption.py",
        "return mode is Mode.REAL and not settings.secure and not settings.without_https",
        "return False",
        "web/test_public", "only_with_https",
    ),
    "what people type is markup": _signing_in(
        f"{WEB}templates.py", "autoescape=True", "autoescape=False",
        "browser/test_xss", "becomes_script",
    ),
    "a field is left out of the hostile texts": _signing_in(
        "tests/browser/attack.py",
        "for name in sorted(form.kinds, key=lambda one: form.kinds[one] in FREE):",
        'for name in sorted(form.kinds.keys() - {"reason"}):',
        "browser/test_xss", "becomes_script",
    ),
    "a field stands where nobody sees it": _signing_in(
        "templates/pages/me.html",
        '<input id="name" name="name" maxlength="60"',
        '{% if false %}<input name="alias">{% endif %}<input id="name" name="name" maxlength="60"',
        "browser/test_xss", "becomes_script",
    ),
    "a page asks for no role": _signing_in(
        f"{WEB}keeper.py", "import QUEUE\n", "import SIGNED_IN as QUEUE\n",
        "web/test_role_matrix", "by_every_role",
    ),
    "a form asks for another role": _signing_in(
        f"{WEB}exports.py", "import REGISTRAR\n", "import DOOR as REGISTRAR\n",
        "web/test_role_matrix", "by_every_role",
    ),
    "the wire asks for no role": _signing_in(
        f"{WEB}live.py", "if permission is not None and permission.allows(row):", "if True:",
        "web/test_role_matrix", "every_message",
    ),
    "an export needs no fresh proof": _signing_in(
        f"{WEB}proof.py", "return needed(site, visit.id) and not fresh(site, visit)",
        "return False", "web/test_factors", "once_more",
    ),
    "only the floor hears of a ballot": _signing_in(
        f"{WEB}own_regions.py", 'OF_BALLOT = ("ballot", "cast")', 'OF_BALLOT = ("ballot",)',
        "web/test_assist", "whatever_page",
    ),
}  # fmt: skip
"""Faults in how people sign in; the promises stand in docs/security.md."""


AGENDA, EDITOR = "tests/rules/test_plan.py", "tests/web/test_agenda_edit.py"
EXPECTED, REPLAY = "tests/rules/test_expected.py", "tests/web/test_agenda_day.py"
CALENDAR = "tests/web/test_calendar.py"
OF_AGENDA = {
    "speakers to come take no time": Mutant(
        "conference/rules/timing.py",
        "max(left, _speeches_left(meeting, item, now))", "left", (EXPECTED,),
    ),
    "slack is given although nothing is late": Mutant(
        "conference/rules/timing.py", "min(_gives(meeting, item), late)", "_gives(meeting, item)",
        (EXPECTED,),
    ),
    "a late opening is not late": Mutant(
        "conference/rules/timing.py", "return 0 if -EARLIEST <= moved <= LATEST else moved",
        "return moved", (EXPECTED,),
    ),
    "a speaker's page forgets who is speaking": Mutant(
        "conference/rules/timing.py",
        "return _next_begins(meeting, now) + _running(meeting, now) + waiting * MINUTE",
        "return _next_begins(meeting, now) + waiting * MINUTE", (REPLAY, "-k", "replayed"),
    ),
    "an item that waits is not first": Mutant(
        "conference/rules/agenda.py",
        "return sorted(ahead, key=lambda item: item.id != meeting.conference.item)",
        "return ahead", (EXPECTED,),
    ),
    "moving loses the pauses": Mutant(
        "conference/rules/plan.py", "at = made[place].ends_at + gap", "at = made[place].ends_at",
        (AGENDA,),
    ),
    "an overlap is not seen": Mutant(
        "conference/rules/plan_problems.py", "if between < 0:", "if False:", (AGENDA,)
    ),
    "nobody is ever in two places": Mutant(
        "conference/rules/plan_problems.py",
        "if key == other and item != elsewhere and begins < until and there < ends:", "if False:",
        (AGENDA,),
    ),
    "no break is too late": Mutant(
        "conference/rules/plan_problems.py", "if minutes > BREAK_EVERY and not told:", "if False:",
        (AGENDA,),
    ),
    "the last who saves wins": Mutant(
        "conference/rules/drafting.py", "if act.base != plan.latest(meeting):", "if False:",
        (EDITOR, "-k", "overwrites"),
    ),
    "what has been called is taken back": Mutant(
        "conference/rules/plan.py", "if not _keeps_what_was_called(meeting, plan):", "if False:",
        (AGENDA,),
    ),
    "a skipped question is gone": Mutant(
        "conference/rules/reorder.py", "if label := undecided(meeting, number):", "if label := '':",
        (REPLAY, "-k", "refused"),
    ),
    "there is a twenty-fifth hour": Mutant(
        "conference/web/agenda_forms.py", "2[0-3])[:.]", "2[0-9])[:.]",
        (EDITOR, "-k", "bad_input"),
    ),
    "minutes below nothing": Mutant(
        "conference/web/agenda_forms.py", "not low <= int(text) <= high", "not int(text) <= high",
        (EDITOR, "-k", "bad_input"),
    ),
    "an hour that the clocks leave out": Mutant(
        "conference/web/agenda_forms.py", "if not exists(self._day, at, self._zone):", "if False:",
        (EDITOR, "-k", "leave_out"),
    ),
    "calendars do not notice a change": Mutant(
        "conference/web/views/calendar.py",
        "known[key] = Dated(key, entry, old.sequence + 1, cancelled=False)",
        "known[key] = Dated(key, entry, old.sequence, cancelled=False)", (CALENDAR,),
    ),
    "what is gone is forgotten": Mutant(
        "conference/web/views/calendar.py",
        "known[key] = Dated(key, old.entry, old.sequence + 1, cancelled=True)", "del known[key]",
        (CALENDAR,),
    ),
    "a calendar's address lives for ever": Mutant(
        "conference/web/programme.py", "if active is None or active != generation or person",
        "if person", (CALENDAR, "-k", "own_calendar"),
    ),
    "every page may stand in a frame": Mutant(
        "conference/web/headers.py",
        'if name != "X-Frame-Options" or scope["path"] != FRAMED:',
        'if name != "X-Frame-Options":', (CALENDAR, "-k", "frame"),
    ),
}  # fmt: skip
"""Faults in the agenda, its expected times, its editor and its calendars."""


def mutated(mutant: Mutant, folder: Path) -> Path:
    """Return a copy of the tree in this folder, with the fault in it."""
    tree = folder / "tree"
    hidden = shutil.ignore_patterns("__pycache__", ".*", "pictures")
    for name in ("conference", "templates", "static", "tests", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, tree / name, ignore=hidden)
    for name in ("pyproject.toml", "run.py", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tree / name)
    for name, old, new in ((mutant.file, mutant.text, mutant.becomes), *mutant.also):
        file = tree / name
        text = file.read_text()
        if text.count(old) != 1:
            raise AssertionError(f"{name} has changed: the fault does not fit any more")
        file.write_text(text.replace(old, new))
    return tree


def fails_with(mutant: Mutant, folder: Path, *words: str) -> bool:
    """Whether these tests fail (and do not merely break) with this fault."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=mutated(mutant, folder),
        text=True,
        capture_output=True,
        check=False,
        timeout=900,  # a story in a browser has a second try
    )
    failed = re.search(r"^\d+ failed", done.stdout, re.MULTILINE)
    if done.returncode not in {0, 1} or (done.returncode == 1 and not failed):
        raise AssertionError(done.stdout + done.stderr)  # a test that could not begin is no proof
    return done.returncode == 1
