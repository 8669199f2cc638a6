"""One clear sentence for every code with which anything here is refused.

A sentence says what is the matter and, where there is one, what to do. Facts stand by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from conference.hall import Trouble
from conference.rules.refused import Code, Refused
from conference.web.text import gettext
from conference.web.text import lazy as _


class Wrong(StrEnum):
    """Why the web itself refuses, before anything reaches the clerk."""

    BAD_FIELD = "bad_field"
    BAD_ORIGIN = "bad_origin"
    SIGNED_OUT = "signed_out"
    NOT_FOUND = "not_found"
    METHOD = "method"
    TOO_LARGE = "too_large"
    TOO_OFTEN = "too_often"
    LINK_INVALID = "link_invalid"
    CODE_INVALID = "code_invalid"
    CODE_NEEDED = "code_needed"
    NOT_HERE = "not_here"
    NEEDS_PROOF = "needs_proof"
    LAST_FACTOR = "last_factor"
    NO_PASSKEYS = "no_passkeys"
    PASSKEY_INVALID = "passkey_invalid"
    NOT_ENCRYPTED = "not_encrypted"
    OTHER_PERSON = "other_person"
    CONFIRMATION_INVALID = "confirmation_invalid"
    CONSENT_MISSING = "consent_missing"
    MALFORMED = "malformed"
    SESSION_ENDED = "session_ended"
    RESYNC = "resync"
    RELOAD = "reload"
    RESTART = "restart"
    STARTING = "starting"
    NOT_A_DEMONSTRATION = "not_a_demonstration"
    CROWD_NEEDS_PEOPLE = "crowd_needs_people"
    NOT_WHILE_OPEN = "not_while_open"
    REHEARSAL_RUNS = "rehearsal_runs"
    NO_PAPER = "no_paper"
    NO_BUNDLE = "no_bundle"
    NOT_CONFIRMED = "not_confirmed"
    REGISTRATION_PAUSED = "registration_paused"
    REGISTRATION_OVER = "registration_over"
    INVITATION_USED = "invitation_used"
    REGISTER_FULL = "register_full"
    UNDO_OVER = "undo_over"
    NAME_REFUSED = "name_refused"
    ADDRESS_TAKEN = "address_taken"
    IMPORT_GONE = "import_gone"
    IMPORT_HAS_ERRORS = "import_has_errors"
    IMPORT_CHANGED = "import_changed"
    MAILING_SENT = "mailing_sent"
    NO_ADDRESS = "no_address"
    NOT_YOUR_TURN = "not_your_turn"
    NO_ROOM = "no_room"
    PICTURE_REFUSED = "picture_refused"
    ADDRESS_FIXED = "address_fixed"
    NO_RESERVE = "no_reserve"
    SCREEN_LINK = "screen_link"


SENTENCES: Mapping[StrEnum, str] = {
    Code.NOT_ALLOWED: _("You may not do this."),
    Code.UNKNOWN: _("This does not exist (any more)."),
    Code.NOT_OPEN_YET: _("The conference has not been opened yet."),
    Code.ALREADY_OPEN: _("The conference is open already."),
    Code.CONFERENCE_CLOSED: _("The conference is closed."),
    Code.NO_ITEM: _("The agenda has no item that could be called."),
    Code.NOT_NEXT_ITEM: _("This is not the next item."),
    Code.ITEM_BEFORE_CONFERENCE: _("This item is before conference already."),
    Code.ITEM_NOT_CALLED: _("Call the item first."),
    Code.ITEMS_LEFT: _("There are items left on the agenda."),
    Code.QUESTION_UNDECIDED: _("%(label)s has not been decided yet."),
    Code.NO_NEXT_QUESTION: _("This is not the next question of this item."),
    Code.NOT_BEFORE_CONFERENCE: _("This is not before conference now."),
    Code.WRONG_STATE: _("%(label)s is at another stage."),
    Code.NEEDS_NO_MOVER: _("%(label)s is put by the chair; it needs no mover and no seconder."),
    Code.SOMEBODY_SPEAKS: _("Somebody is speaking. End the speech first."),
    Code.NOBODY_SPEAKS: _("That speech has ended already."),
    Code.NOT_WAITED: _("First wait for the speaker: the time for that is not over."),
    Code.NOBODY_ASKS: _("No one is asking to speak: you can go to the vote."),
    Code.ALREADY_SPOKEN: _("This person has spoken on this question already."),
    Code.ALREADY_ASKED: _("You have asked to speak already. You can withdraw and ask again."),
    Code.NOT_ASKED: _("There is no such request in the queue."),
    Code.OBJECTED: _("Somebody has objected: %(label)s is debated and voted on as it is."),
    Code.CANNOT_BE_ENTERED: _(
        "They cannot be put on the list: they are no delegate, are not counted as here, wait on the "
        "list already, or the chair has sent them out for a few minutes."
    ),
    Code.NOT_PRESENT: _("Press “I am here” first."),
    Code.ALREADY_PRESENT: _("You are counted as present already."),
    Code.WAITS_FOR_REGISTRAR: _("The registrar has not accepted you as a delegate (yet)."),
    Code.OBSERVER: _("Observers may watch; they do not speak or vote."),
    Code.ALREADY_SECONDED: _("%(label)s has a seconder already."),
    Code.VOTE_RUNNING: _("A vote is running. Declare its result first."),
    Code.NO_QUORUM: _("There is no quorum: %(present)s are present, %(quorum)s are needed."),
    Code.QUORATE: _("There is a quorum: put the question to the vote."),
    Code.VOTE_NOT_OPEN: _("The vote is not open yet. Nothing was recorded."),
    Code.VOTE_CLOSED: _("The vote is closed. Nothing was recorded or changed by this press."),
    Code.VOTE_VOID: _("This vote was declared void. It will be taken again."),
    Code.TOO_EARLY: _("A vote stays open for at least %(seconds)s seconds."),
    Code.CLOSING: _("The closing countdown is running already."),
    Code.NOT_COUNTED: _("The vote has not been counted yet."),
    Code.LATE: _(
        "You were not counted as present when this vote opened, so you cannot vote in it. "
        "Press “I am here”: you may vote in the next."
    ),
    Code.NOT_ON_ROLL: _("You are not on the roll of this vote."),
    Code.ALREADY_DECIDED: _("That has been decided already."),
    Code.IS_PRESENT: _("This person is present now. Check them out first."),
    Code.EXISTS: _("This person is on the register already."),
    Code.WRONG_NAME: _("That is not the conference's name. Type it exactly as it stands."),
    Code.WRONG_MODE: _("The mode only moves forward: demonstration, rehearsal, real."),
    Code.COUNT_DOES_NOT_ADD_UP: _(
        "The count does not add up: first preferences must equal ballots received less invalid "
        "ones, and no more may be elected than there are places."
    ),
    Code.COUNT_CONFIRMED: _("This count has been confirmed and stands."),
    Code.COUNT_MISSING: _("No count has been entered yet."),
    Code.COUNT_DIFFERS: _("These figures differ from the ones that were entered."),
    Code.SAME_SCRUTINEER: _("A second scrutineer must confirm what the first has entered."),
    Code.NOT_YOUR_SLOT: _("This is another speaker's slot."),
    Code.SLOT_OVER: _("The item of this slot is over."),
    Code.CHECK_TAKEN: _("Somebody else has booked that time. Please choose another."),
    Code.NOTHING_SAID: _("Press “Now is said” first, at the moment when it is said."),
    Code.NOT_IN_THE_CHAIR: _("You are not in the chair now."),
    Code.CHAIR_BARRED: _(
        "Conference decides about the chair: another officer presides until it has."
    ),
    Code.CHAIR_IS_HERE: _("The chair is connected."),
    Code.NOT_OFFERED: _("The chair has not been offered to you."),
    Code.NO_OTHER_OFFICER: _("There is no other officer who could preside over this."),
    Code.NOTHING_TO_PRESIDE: _("There is no question about the chair now."),
    Code.SECOND_OFFICER: _("This takes two officers: another one must confirm it."),
    Code.ALREADY_DONE: _("That has been done already."),
    Code.NEEDS_REASON: _("Write one line that says why."),
    Code.PAUSED: _("Conference is not doing business at the moment."),
    Code.NOT_PAUSED: _("Conference is not paused."),
    Code.BREAK_RUNNING: _(
        "The break is not over yet: some people may not be back. Press once more to go on early."
    ),
    Code.NO_ANNOUNCEMENT: _("There is no announcement on the screens."),
    Code.IN_LOBBY: _(
        "The chair has sent you out for a few minutes: you cannot speak now. Your vote is "
        "not affected."
    ),
    Code.LEAVE_OPEN: _("Conference is being asked whether anybody objects. Wait for the answer."),
    Code.LEAVE_OVER: _("That question has been answered already."),
    Code.POINT_OPEN: _("A point has been raised. Deal with it first."),
    Code.POINT_OVER: _("That point has been dealt with already."),
    Code.ALREADY_RAISED: _("You have raised a point already. The chair will deal with it."),
    Code.PROCEDURAL_PENDING: _("A procedural motion is before conference. Decide that first."),
    Code.CHALLENGE_PENDING: _("Conference is deciding about the chair. That comes first."),
    Code.AMENDMENT_OPEN: _(
        "Amendment %(label)s is before conference. Only one can be, so decide that one first."
    ),
    Code.AMENDMENTS_LEFT: _(
        "There are amendments to %(label)s that have been neither taken nor let fall. They "
        "come first."
    ),
    Code.NOT_NEXT_AMENDMENT: _("Amendments are taken in order: %(label)s is next."),
    Code.EARLIER_PART: _(
        "%(label)s is about an earlier part of the text than one that has been put already."
    ),
    Code.PLACE_GONE: _("The words that %(label)s is about are no longer in the text."),
    Code.OWN_MOTION: _("Whoever moved or seconded the motion cannot do this."),
    Code.ONE_AMENDMENT_EACH: _("Nobody may move or second more than one amendment to %(label)s."),
    Code.ALREADY_MOVED: _("%(label)s has a mover already."),
    Code.NO_FLOOR_AMENDMENTS: _("This conference takes no amendments on the day."),
    Code.WORDS_NOT_FOUND: _("These words do not stand in that paragraph of the text."),
    Code.VOTE_INSTEAD: _("The standing orders ask for a vote on this."),
    Code.REPLY_DUE: _(
        "The mover has a right of reply before the vote. Call the reply, or record that it "
        "is waived."
    ),
    Code.NO_REPLY: _("There is no reply to be made here."),
    Code.DEBATE_CLOSED: _(
        "The debate is closed: nobody speaks before the vote but the mover in reply."
    ),
    Code.LIST_CLOSED: _("The list of speakers is closed."),
    Code.LIST_OPEN: _("The list of speakers is open."),
    Code.SECONDER_MUST_SPEAK: _("The standing orders want the seconder to speak."),
    Code.TOO_LATE: _("It is too late for that."),
    Code.CLOCK_STOPPED: _("The clock stands still already."),
    Code.CLOCK_RUNS: _("The clock is running."),
    Code.NOT_POSSIBLE_NOW: _("This is not possible at this stage."),
    Code.SPOKEN_BEFORE: _("Whoever has spoken on this question cannot move this."),
    Code.TOO_FEW_SPEECHES: _(
        "There has been too little debate: at least %(n)s speech on each side is needed."
    ),
    Code.COOLDOWN: _(
        "This was lost a short while ago. It may be moved again in %(minutes)s minutes."
    ),
    Code.ALREADY_PROPOSED: _("This has been moved already."),
    Code.NEEDS_SECONDER: _("It has not been seconded yet."),
    Code.OWN_PROPOSAL: _("Somebody else must second this."),
    Code.NOT_YOURS: _("This is not yours."),
    Code.ALREADY_SUPPORTED: _("You support this already."),
    Code.NO_RULING: _("There is no ruling of the chair that could be challenged now."),
    Code.NO_CHALLENGES: _("Under these standing orders the chair’s ruling is final."),
    Code.BAD_NUMBERS: _("There is no such number."),
    Code.BAD_TIME: _("That is too short or too long."),
    Code.BAD_TARGET: _("That item cannot be chosen."),
    Code.WHOLE_ONLY: _("Only the whole motion can be remitted, not parts of it."),
    Code.NOT_ADJOURNED: _("%(label)s is not waiting to be taken up by the chair."),
    Code.ADJOURNED_UNTIL: _(
        "Conference adjourned the debate on %(label)s until this item: %(item)s."
    ),
    Code.MORE_TIME_ASKED: _(
        "Somebody has asked for more time to vote. Extend the vote, or press once more to close it."
    ),
    Code.NO_TIE: _("This is not a tie that the chair could decide."),
    Code.NO_CASTING_VOTE: _("The chair has no casting vote: a tie is not carried."),
    Code.RESULT_STANDS: _("Conference has gone on since: this result stands."),
    Code.NO_KEY: _(
        "The vote waits for the counting process: without a key no ballot can be sealed."
    ),
    Code.NOT_SEALED: _("This vote is taken by name: it has no envelopes."),
    Code.NOT_FIXED: _("The envelopes have to be fixed before they are counted."),
    Code.NEEDS_TELLERS: _("The tellers have to confirm the result first; %(n)s more must do so."),
    Code.BALLOT_FINAL: _("In this vote a ballot cannot be changed. The first one stands."),
    Code.AGENDA_OF_THE_DAY: _(
        "The conference is open: from now on the chair changes the programme, on the panel."
    ),
    Code.AGENDA_CHANGED: _(
        "Somebody has changed the programme since this page was made. Look again, then save."
    ),
    Code.AGENDA_ODD: _(
        "Not saved: something in it does not fit together. Mend it, or say that you want it so."
    ),
    Code.BAD_AGENDA: _("Not saved: something in it is missing or impossible."),
    Code.ITEM_IN_USE: _(
        "“%(title)s” has motions or an election, so it cannot be left out or become a break."
    ),
    Code.ITEM_CALLED: _("That item has been called already, so it cannot be changed."),
    Code.ITEM_SKIPPED: _("That item has been left out. Take it in again first."),
    Code.NO_DRAFT: _("There is no draft of the programme."),
    Code.NOTHING_TO_UNDO: _("There is nothing to take back."),
    Code.NOTHING_CHANGED: _("That would change nothing."),
    Code.SPEAKERS_NEED: _("The speakers of this item need %(n)s minutes."),
    Code.NOT_A_DELEGATE: _("This person is not a delegate."),
    Code.NOT_ACCEPTED: _("This person has not been accepted (yet)."),
    Code.ROLES_FORBIDDEN: _("One person cannot be %(one)s and %(other)s at the same time."),
    Code.REGISTER_LOCKED: _("The register is locked already."),
    Code.REGISTER_OPEN: _("The register is not locked yet: one officer can do this."),
    Code.BAD_LINES: _("The register has changed at this moment. Press again."),
    Trouble.BUSY: _("Too much is going on at this moment. Press again."),
    Trouble.INTERNAL: _("Something went wrong here; nothing was changed. The host has been told."),
    Trouble.NOT_RECORDED: _("Not recorded: it could not be stored. Press again."),
    Trouble.STALE: _(
        "The conference has moved on since this page was made. Look again, then press."
    ),
    Trouble.SUPERSEDED: _("A later ballot of yours is recorded; this earlier press was not used."),
    Trouble.ID_USED: _(
        "This press came twice with different choices; what was recorded first stands. Press again."
    ),
    Trouble.BAD_PAPER: _(
        "Not recorded: this is no sealed ballot. Load the page again, then press."
    ),
    Wrong.NOT_YOUR_TURN: _(
        "The speaking room is open to whoever speaks or stands by. Your page says when that is you."
    ),
    Wrong.NO_ROOM: _("No address for speaking has been entered. Please ring the steward."),
    Wrong.ADDRESS_FIXED: _("This person signs in with that address: it cannot be changed here."),
    Wrong.NO_RESERVE: _("Nobody stands in reserve for this slot. Enter a name first."),
    Wrong.SCREEN_LINK: _(
        "This hall screen's link is not the newest one. Whoever runs the stage has it on their board."
    ),
    Wrong.PICTURE_REFUSED: _("This is no picture that we can use: JPEG, PNG or WebP, up to 4 MB."),
    Wrong.BAD_FIELD: _("Something in this form is missing or not as expected."),
    Wrong.BAD_ORIGIN: _("This was sent from another site, or from an address we do not know."),
    Wrong.SIGNED_OUT: _("You are not signed in. Open your link and sign in."),
    Wrong.NOT_FOUND: _("There is no such page."),
    Wrong.METHOD: _("This address does not work in this way."),
    Wrong.TOO_LARGE: _("That is too long."),
    Wrong.TOO_OFTEN: _("That was too often. Wait a moment, then press again."),
    Wrong.LINK_INVALID: _("This link is not valid (any more). Ask for a new one."),
    Wrong.CODE_INVALID: _("This code is not valid, or not any more."),
    Wrong.CODE_NEEDED: _("On another device than its own this link asks for a code."),
    Wrong.NOT_ENCRYPTED: _(
        "A real conference needs an encrypted address. Whoever hosts this sets --public-url, or "
        "answers for it by name with --without-https."
    ),
    Wrong.NEEDS_PROOF: _("Your office asks for your second factor first: a passkey or a code."),
    Wrong.LAST_FACTOR: _(
        "An officer of a real conference keeps one second factor. Add another first."
    ),
    Wrong.NO_PASSKEYS: _("Passkeys need an encrypted address with a host name, and cookies."),
    Wrong.PASSKEY_INVALID: _("This passkey was not accepted. Try again, or use another way."),
    Wrong.NOT_HERE: _("That person is not signed in on this device (any more)."),
    Wrong.OTHER_PERSON: _(
        "Somebody else is signed in on this device now. Nothing was recorded: look whose page this "
        "is, then press again."
    ),
    Wrong.CONFIRMATION_INVALID: _(
        "This link has been used or has expired. If you have confirmed your registration before, "
        "sign in with your e-mail address; otherwise register again."
    ),
    Wrong.CONSENT_MISSING: _("Taking part is impossible without the first consent."),
    Wrong.MALFORMED: _("That message was not understood."),
    Wrong.SESSION_ENDED: _("Your sign-in has ended. Open your link and sign in again."),
    Wrong.RESYNC: _("The connection was too slow and starts afresh."),
    Wrong.RELOAD: _("What you may do here has been changed. This page loads anew."),
    Wrong.RESTART: _("The server restarts. This page reconnects by itself."),
    Wrong.STARTING: _("The conference is starting. This page will work in a moment."),
    Wrong.NOT_A_DEMONSTRATION: _("Pretend delegates exist only in a demonstration."),
    Wrong.CROWD_NEEDS_PEOPLE: _("There are not enough delegates for this."),
    Wrong.NOT_WHILE_OPEN: _(
        "The conference is open: a rehearsal beside it would slow it down. Rehearse before it begins."
    ),
    Wrong.REHEARSAL_RUNS: _("A rehearsal is running already. Stop it before you start another."),
    Wrong.NOT_CONFIRMED: _("Nothing was done: the word that confirms it was not typed."),
    Wrong.REGISTRATION_PAUSED: _(
        "The registrar has paused registration for the moment. Nothing is wrong with your page: "
        "look again later."
    ),
    Wrong.REGISTRATION_OVER: _(
        "The time for registering is over. If you think that you should be in, write to the "
        "contact on the page about privacy."
    ),
    Wrong.INVITATION_USED: _(
        "The invitation code of this registration has been used up by others meanwhile. Ask "
        "whoever invited you for another, then register again."
    ),
    Wrong.REGISTER_FULL: _("Every place is taken. They stay on the waiting list."),
    Wrong.UNDO_OVER: _("It is too late to take this back: the mail has gone."),
    Wrong.NAME_REFUSED: _("This name reads like a role or a name in the programme."),
    Wrong.ADDRESS_TAKEN: _(
        "Somebody else has this address. Tick that they share it, if you agree to that."
    ),
    Wrong.IMPORT_GONE: _("This table is no longer at hand. Send the file once more."),
    Wrong.IMPORT_HAS_ERRORS: _(
        "Nothing was imported: there are rows to be put right first. Correct the file and send it "
        "once more."
    ),
    Wrong.IMPORT_CHANGED: _(
        "Nothing was imported: somebody in the table has registered meanwhile. Send the file once "
        "more."
    ),
    Wrong.MAILING_SENT: _("This mail has been sent already. Nothing is sent twice."),
    Wrong.NO_ADDRESS: _("There is no e-mail address to send it to."),
    Wrong.NO_BUNDLE: _(
        "There is no bundle of this vote: bundles are of secret votes whose result has been declared,"
        " until %(days)s days after the close of the conference."
    ),
    Wrong.NO_PAPER: _("The PDF could not be made. The page for printing has the same text."),
}


def say(refused: Refused) -> str:
    """Return the sentence for a refusal, in the reader's language."""
    sentence = gettext(SENTENCES[refused.code])
    return sentence % refused.facts if refused.facts else sentence
