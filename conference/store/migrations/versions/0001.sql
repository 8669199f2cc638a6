CREATE TABLE account (
	person TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	email_key TEXT,
	belongs TEXT NOT NULL,
	confirmed_at INTEGER,
	consent_taking_part_at INTEGER,
	consent_named INTEGER NOT NULL,
	consent_recorded INTEGER NOT NULL,
	consent_contact INTEGER NOT NULL,
	link_generation INTEGER NOT NULL,
	link_used_at INTEGER,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT ck_account_consent_named CHECK (consent_named IN (0, 1)),
	CONSTRAINT ck_account_consent_recorded CHECK (consent_recorded IN (0, 1)),
	CONSTRAINT ck_account_consent_contact CHECK (consent_contact IN (0, 1)),
	CONSTRAINT ck_account_email CHECK ((email IS NULL) = (email_key IS NULL))
)
 WITHOUT ROWID,
 STRICT;

CREATE UNIQUE INDEX account_email ON account (email_key) WHERE email_key IS NOT NULL;

CREATE TABLE amendment (
	id INTEGER NOT NULL,
	motion INTEGER NOT NULL,
	position INTEGER NOT NULL,
	label TEXT NOT NULL,
	instruction TEXT NOT NULL,
	text TEXT NOT NULL,
	note TEXT NOT NULL,
	action TEXT NOT NULL,
	paragraph INTEGER NOT NULL,
	words TEXT NOT NULL,
	received INTEGER NOT NULL,
	falls_if TEXT NOT NULL,
	accepted INTEGER NOT NULL,
	amends INTEGER,
	proposed_by TEXT,
	mover_name TEXT NOT NULL,
	seconder_name TEXT NOT NULL,
	state TEXT NOT NULL,
	mover TEXT,
	seconder TEXT,
	outcome TEXT,
	reason TEXT,
	list_closed INTEGER NOT NULL,
	reply_waived INTEGER NOT NULL,
	as_amended TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_amendment_id CHECK (id >= 0),
	CONSTRAINT ck_amendment_motion CHECK (motion >= 0),
	CONSTRAINT fk_amendment_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_amendment_position CHECK (position >= 0),
	CONSTRAINT ck_amendment_action CHECK (action IN ('add', 'delete', 'replace', 'replace_all')),
	CONSTRAINT ck_amendment_paragraph CHECK (paragraph >= 0),
	CONSTRAINT ck_amendment_received CHECK (received >= 0),
	CONSTRAINT ck_amendment_falls_if CHECK (json_valid(falls_if)),
	CONSTRAINT ck_amendment_accepted CHECK (accepted IN (0, 1)),
	CONSTRAINT ck_amendment_amends CHECK (amends >= 0),
	CONSTRAINT fk_amendment_amends FOREIGN KEY(amends) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_amendment_proposed_by FOREIGN KEY(proposed_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_amendment_state CHECK (state IN ('proposed', 'published', 'called', 'moved', 'debate', 'closing', 'voting', 'decided', 'accepted', 'fell', 'withdrawn', 'remitted', 'referred_back', 'tabled', 'adjourned')),
	CONSTRAINT fk_amendment_mover FOREIGN KEY(mover) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_amendment_seconder FOREIGN KEY(seconder) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_amendment_outcome CHECK (outcome IN ('carried', 'lost', 'not_carried')),
	CONSTRAINT ck_amendment_reason CHECK (reason IN ('not_moved', 'not_seconded', 'not_admitted', 'consequential', 'motion_gone', 'place_gone', 'earlier_part', 'next_business', 'out_of_order', 'not_reached', 'undecided')),
	CONSTRAINT ck_amendment_list_closed CHECK (list_closed IN (0, 1)),
	CONSTRAINT ck_amendment_reply_waived CHECK (reply_waived IN (0, 1))
)
 STRICT;

CREATE TABLE application (
	id_hash TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT NOT NULL,
	belongs TEXT NOT NULL,
	consent_taking_part INTEGER NOT NULL,
	consent_named INTEGER NOT NULL,
	consent_recorded INTEGER NOT NULL,
	consent_contact INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (id_hash),
	CONSTRAINT ck_application_consent_taking_part CHECK (consent_taking_part IN (0, 1)),
	CONSTRAINT ck_application_consent_named CHECK (consent_named IN (0, 1)),
	CONSTRAINT ck_application_consent_recorded CHECK (consent_recorded IN (0, 1)),
	CONSTRAINT ck_application_consent_contact CHECK (consent_contact IN (0, 1))
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX application_email ON application (email_key);

CREATE TABLE ballot (
	vote INTEGER NOT NULL,
	person TEXT NOT NULL,
	id TEXT NOT NULL,
	paper TEXT NOT NULL,
	PRIMARY KEY (vote, person),
	CONSTRAINT ck_ballot_paper CHECK (paper IN ('for', 'against', 'abstain')),
	CONSTRAINT fk_ballot_vote FOREIGN KEY(vote, person) REFERENCES roll_person (vote, person) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE ballot_spent (
	vote INTEGER NOT NULL,
	person TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (vote, person, id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE candidate (
	id INTEGER NOT NULL,
	election INTEGER NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	woman INTEGER NOT NULL,
	first_preferences INTEGER,
	elected INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_candidate_id CHECK (id >= 0),
	CONSTRAINT ck_candidate_election CHECK (election >= 0),
	CONSTRAINT fk_candidate_election FOREIGN KEY(election) REFERENCES election (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_candidate_position CHECK (position >= 0),
	CONSTRAINT ck_candidate_woman CHECK (woman IN (0, 1)),
	CONSTRAINT ck_candidate_first_preferences CHECK (first_preferences >= 0),
	CONSTRAINT ck_candidate_elected CHECK (elected IN (0, 1))
)
 STRICT;

CREATE TABLE code (
	code_hash TEXT NOT NULL,
	person TEXT NOT NULL,
	purpose TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	used_at INTEGER,
	PRIMARY KEY (code_hash),
	CONSTRAINT fk_code_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX code_person ON code (person);

CREATE TABLE conference (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	day TEXT NOT NULL,
	zone TEXT NOT NULL,
	mode TEXT NOT NULL,
	phase TEXT NOT NULL,
	opened_at INTEGER,
	closed_at INTEGER,
	item INTEGER,
	motion INTEGER,
	vote INTEGER,
	turn INTEGER,
	version INTEGER NOT NULL,
	step INTEGER NOT NULL,
	register INTEGER NOT NULL,
	present INTEGER NOT NULL,
	attended INTEGER NOT NULL,
	amendment INTEGER,
	procedural INTEGER,
	challenge INTEGER,
	leave INTEGER,
	point INTEGER,
	chair TEXT,
	presiding TEXT,
	chair_lost_at INTEGER,
	chair_next TEXT,
	chair_next_at INTEGER,
	pause TEXT,
	paused_at INTEGER,
	resumes_at INTEGER,
	announcement TEXT NOT NULL,
	speech_cap INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_conference_id CHECK (id >= 0),
	CONSTRAINT ck_conference_mode CHECK (mode IN ('demonstration', 'rehearsal', 'real')),
	CONSTRAINT ck_conference_phase CHECK (phase IN ('before', 'open', 'closed')),
	CONSTRAINT ck_conference_opened_at CHECK (opened_at >= 0),
	CONSTRAINT ck_conference_closed_at CHECK (closed_at >= 0),
	CONSTRAINT ck_conference_item CHECK (item >= 0),
	CONSTRAINT fk_conference_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_motion CHECK (motion >= 0),
	CONSTRAINT fk_conference_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_vote CHECK (vote >= 0),
	CONSTRAINT fk_conference_vote FOREIGN KEY(vote) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_turn CHECK (turn >= 0),
	CONSTRAINT fk_conference_turn FOREIGN KEY(turn) REFERENCES turn (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_version CHECK (version >= 0),
	CONSTRAINT ck_conference_step CHECK (step >= 0),
	CONSTRAINT ck_conference_register CHECK (register >= 0),
	CONSTRAINT ck_conference_present CHECK (present >= 0),
	CONSTRAINT ck_conference_attended CHECK (attended >= 0),
	CONSTRAINT ck_conference_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_conference_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_procedural CHECK (procedural >= 0),
	CONSTRAINT fk_conference_procedural FOREIGN KEY(procedural) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_challenge CHECK (challenge >= 0),
	CONSTRAINT fk_conference_challenge FOREIGN KEY(challenge) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_leave CHECK (leave >= 0),
	CONSTRAINT fk_conference_leave FOREIGN KEY(leave) REFERENCES leave (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_point CHECK (point >= 0),
	CONSTRAINT fk_conference_point FOREIGN KEY(point) REFERENCES point (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_conference_chair FOREIGN KEY(chair) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_conference_presiding FOREIGN KEY(presiding) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_chair_lost_at CHECK (chair_lost_at >= 0),
	CONSTRAINT fk_conference_chair_next FOREIGN KEY(chair_next) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_conference_chair_next_at CHECK (chair_next_at >= 0),
	CONSTRAINT ck_conference_pause CHECK (pause IN ('break', 'technical', 'adjourned', 'disorder')),
	CONSTRAINT ck_conference_paused_at CHECK (paused_at >= 0),
	CONSTRAINT ck_conference_resumes_at CHECK (resumes_at >= 0),
	CONSTRAINT ck_conference_speech_cap CHECK (speech_cap >= 0)
)
 STRICT;

CREATE TABLE correction (
	id INTEGER NOT NULL,
	remark TEXT NOT NULL,
	"by" TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_correction_id CHECK (id >= 0),
	CONSTRAINT fk_correction_id FOREIGN KEY(id) REFERENCES minute (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_correction_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_correction_at CHECK (at >= 0)
)
 STRICT;

CREATE TABLE double (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	"by" TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	vote INTEGER,
	person TEXT,
	state TEXT NOT NULL,
	second TEXT,
	PRIMARY KEY (id),
	CONSTRAINT ck_double_id CHECK (id >= 0),
	CONSTRAINT ck_double_kind CHECK (kind IN ('void_vote', 'remove_person')),
	CONSTRAINT fk_double_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_double_at CHECK (at >= 0),
	CONSTRAINT ck_double_vote CHECK (vote >= 0),
	CONSTRAINT fk_double_vote FOREIGN KEY(vote) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_double_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_double_state CHECK (state IN ('proposed', 'confirmed', 'dropped')),
	CONSTRAINT fk_double_second FOREIGN KEY(second) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE election (
	id INTEGER NOT NULL,
	closing_item INTEGER,
	result_item INTEGER,
	post TEXT NOT NULL,
	places INTEGER NOT NULL,
	method TEXT NOT NULL,
	link TEXT NOT NULL,
	opens_at INTEGER NOT NULL,
	closes_at INTEGER NOT NULL,
	received INTEGER,
	invalid INTEGER,
	entered_by TEXT,
	confirmed_by TEXT,
	PRIMARY KEY (id),
	CONSTRAINT ck_election_id CHECK (id >= 0),
	CONSTRAINT fk_election_id FOREIGN KEY(id) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_election_closing_item CHECK (closing_item >= 0),
	CONSTRAINT fk_election_closing_item FOREIGN KEY(closing_item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_election_result_item CHECK (result_item >= 0),
	CONSTRAINT fk_election_result_item FOREIGN KEY(result_item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_election_places CHECK (places >= 0),
	CONSTRAINT ck_election_opens_at CHECK (opens_at >= 0),
	CONSTRAINT ck_election_closes_at CHECK (closes_at >= 0),
	CONSTRAINT ck_election_received CHECK (received >= 0),
	CONSTRAINT ck_election_invalid CHECK (invalid >= 0),
	CONSTRAINT fk_election_entered_by FOREIGN KEY(entered_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_election_confirmed_by FOREIGN KEY(confirmed_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE floor_request (
	id INTEGER NOT NULL,
	motion INTEGER,
	person TEXT NOT NULL,
	side TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	amendment INTEGER,
	procedural INTEGER,
	heard INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_floor_request_id CHECK (id >= 0),
	CONSTRAINT ck_floor_request_motion CHECK (motion >= 0),
	CONSTRAINT fk_floor_request_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_floor_request_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_floor_request_side CHECK (side IN ('mover', 'seconder', 'for', 'against', 'reply', 'speaker')),
	CONSTRAINT ck_floor_request_asked_at CHECK (asked_at >= 0),
	CONSTRAINT ck_floor_request_state CHECK (state IN ('waiting', 'called', 'withdrawn', 'lapsed')),
	CONSTRAINT ck_floor_request_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_floor_request_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_floor_request_procedural CHECK (procedural >= 0),
	CONSTRAINT fk_floor_request_procedural FOREIGN KEY(procedural) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_floor_request_heard CHECK (heard IN (0, 1))
)
 STRICT;

CREATE TABLE item (
	id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	number INTEGER,
	title TEXT NOT NULL,
	kind TEXT NOT NULL,
	starts_at INTEGER NOT NULL,
	minutes INTEGER NOT NULL,
	text TEXT NOT NULL,
	state TEXT NOT NULL,
	called_at INTEGER,
	done_at INTEGER,
	guillotine INTEGER NOT NULL,
	extended INTEGER NOT NULL,
	guillotined INTEGER NOT NULL,
	stood_ms INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_item_id CHECK (id >= 0),
	CONSTRAINT ck_item_position CHECK (position >= 0),
	CONSTRAINT ck_item_number CHECK (number >= 0),
	CONSTRAINT ck_item_kind CHECK (kind IN ('doors', 'chair', 'votes', 'speakers', 'debate', 'election', 'procedure', 'break')),
	CONSTRAINT ck_item_starts_at CHECK (starts_at >= 0),
	CONSTRAINT ck_item_minutes CHECK (minutes >= 0),
	CONSTRAINT ck_item_state CHECK (state IN ('planned', 'called', 'done')),
	CONSTRAINT ck_item_called_at CHECK (called_at >= 0),
	CONSTRAINT ck_item_done_at CHECK (done_at >= 0),
	CONSTRAINT ck_item_guillotine CHECK (guillotine IN (0, 1)),
	CONSTRAINT ck_item_extended CHECK (extended >= 0),
	CONSTRAINT ck_item_guillotined CHECK (guillotined IN (0, 1)),
	CONSTRAINT ck_item_stood_ms CHECK (stood_ms >= 0)
)
 STRICT;

CREATE TABLE item_note (
	item INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (item)
)
 STRICT;

CREATE TABLE journal (
	number INTEGER NOT NULL,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	kind TEXT NOT NULL,
	rules_version INTEGER NOT NULL,
	body TEXT NOT NULL,
	previous TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (number),
	CONSTRAINT ck_journal_number CHECK (number >= 1),
	CONSTRAINT ck_journal_kind CHECK (kind IN ('act', 'picture')),
	CONSTRAINT ck_journal_body CHECK (json_valid(body)),
	CONSTRAINT ck_journal_hash CHECK (length(hash) = 64)
)
 STRICT;

CREATE TABLE leave (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	motion INTEGER NOT NULL,
	opened_at INTEGER NOT NULL,
	closes_at INTEGER NOT NULL,
	amendment INTEGER,
	state TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_leave_id CHECK (id >= 0),
	CONSTRAINT ck_leave_kind CHECK (kind IN ('withdraw', 'accept')),
	CONSTRAINT ck_leave_motion CHECK (motion >= 0),
	CONSTRAINT fk_leave_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_leave_opened_at CHECK (opened_at >= 0),
	CONSTRAINT ck_leave_closes_at CHECK (closes_at >= 0),
	CONSTRAINT ck_leave_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_leave_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_leave_state CHECK (state IN ('open', 'given', 'objected', 'called_off'))
)
 STRICT;

CREATE TABLE mail (
	id INTEGER NOT NULL,
	recipient TEXT NOT NULL,
	recipient_key TEXT NOT NULL,
	subject TEXT NOT NULL,
	text TEXT NOT NULL,
	html TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	next_at INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	state TEXT NOT NULL,
	error TEXT NOT NULL,
	sent_at INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_mail_state CHECK (state IN ('queued', 'sent', 'failed', 'file'))
)
 STRICT;

CREATE INDEX mail_due ON mail (state, next_at);

CREATE INDEX mail_recipient ON mail (recipient_key, created_at);

CREATE TABLE meta (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE minute (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	code TEXT NOT NULL,
	facts TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_minute_id CHECK (id >= 0),
	CONSTRAINT ck_minute_at CHECK (at >= 0)
)
 STRICT;

CREATE TABLE motion (
	id INTEGER NOT NULL,
	item INTEGER NOT NULL,
	position INTEGER NOT NULL,
	label TEXT NOT NULL,
	title TEXT NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	rule TEXT NOT NULL,
	base TEXT NOT NULL,
	mover_name TEXT NOT NULL,
	seconder_name TEXT NOT NULL,
	requires INTEGER,
	falls_if TEXT NOT NULL,
	speech INTEGER,
	state TEXT NOT NULL,
	mover TEXT,
	seconder TEXT,
	outcome TEXT,
	reason TEXT,
	list_closed INTEGER NOT NULL,
	reply_waived INTEGER NOT NULL,
	referred TEXT NOT NULL,
	resumes_item INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_motion_id CHECK (id >= 0),
	CONSTRAINT ck_motion_item CHECK (item >= 0),
	CONSTRAINT fk_motion_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_position CHECK (position >= 0),
	CONSTRAINT ck_motion_kind CHECK (kind IN ('motion', 'emergency', 'question', 'report')),
	CONSTRAINT ck_motion_rule CHECK (rule IN ('simple', 'two_thirds', 'absolute', 'uphold', 'sustain')),
	CONSTRAINT ck_motion_base CHECK (base IN ('cast', 'present', 'register')),
	CONSTRAINT ck_motion_requires CHECK (requires >= 0),
	CONSTRAINT fk_motion_requires FOREIGN KEY(requires) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_falls_if CHECK (json_valid(falls_if)),
	CONSTRAINT ck_motion_speech CHECK (speech >= 0),
	CONSTRAINT ck_motion_state CHECK (state IN ('proposed', 'published', 'called', 'moved', 'debate', 'closing', 'voting', 'decided', 'accepted', 'fell', 'withdrawn', 'remitted', 'referred_back', 'tabled', 'adjourned')),
	CONSTRAINT fk_motion_mover FOREIGN KEY(mover) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_motion_seconder FOREIGN KEY(seconder) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_outcome CHECK (outcome IN ('carried', 'lost', 'not_carried')),
	CONSTRAINT ck_motion_reason CHECK (reason IN ('not_moved', 'not_seconded', 'not_admitted', 'consequential', 'motion_gone', 'place_gone', 'earlier_part', 'next_business', 'out_of_order', 'not_reached', 'undecided')),
	CONSTRAINT ck_motion_list_closed CHECK (list_closed IN (0, 1)),
	CONSTRAINT ck_motion_reply_waived CHECK (reply_waived IN (0, 1)),
	CONSTRAINT ck_motion_referred CHECK (json_valid(referred)),
	CONSTRAINT ck_motion_resumes_item CHECK (resumes_item >= 0),
	CONSTRAINT fk_motion_resumes_item FOREIGN KEY(resumes_item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE note (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	person TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE person (
	id TEXT NOT NULL,
	roles TEXT NOT NULL,
	standing TEXT NOT NULL,
	present INTEGER NOT NULL,
	present_at INTEGER,
	lobby_until INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_person_roles CHECK (json_valid(roles)),
	CONSTRAINT ck_person_standing CHECK (standing IN ('waiting', 'accepted', 'declined', 'removed')),
	CONSTRAINT ck_person_present CHECK (present IN (0, 1)),
	CONSTRAINT ck_person_present_at CHECK (present_at >= 0),
	CONSTRAINT ck_person_lobby_until CHECK (lobby_until >= 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE point (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	about TEXT NOT NULL,
	"by" TEXT NOT NULL,
	raised_at INTEGER NOT NULL,
	number INTEGER,
	motion INTEGER,
	turn INTEGER,
	state TEXT NOT NULL,
	ruled_at INTEGER,
	ruled_by TEXT,
	ruling TEXT NOT NULL,
	overturned INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_point_id CHECK (id >= 0),
	CONSTRAINT ck_point_kind CHECK (kind IN ('order', 'explanation', 'information')),
	CONSTRAINT ck_point_about CHECK (about IN ('standing_order', 'irrelevance', 'language', 'voting', 'procedure', 'misquoted', 'question')),
	CONSTRAINT fk_point_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_point_raised_at CHECK (raised_at >= 0),
	CONSTRAINT ck_point_number CHECK (number >= 0),
	CONSTRAINT ck_point_motion CHECK (motion >= 0),
	CONSTRAINT fk_point_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_point_turn CHECK (turn >= 0),
	CONSTRAINT fk_point_turn FOREIGN KEY(turn) REFERENCES turn (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_point_state CHECK (state IN ('raised', 'heard', 'well_taken', 'not_well_taken', 'answered', 'withdrawn')),
	CONSTRAINT ck_point_ruled_at CHECK (ruled_at >= 0),
	CONSTRAINT fk_point_ruled_by FOREIGN KEY(ruled_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_point_overturned CHECK (overturned IN (0, 1))
)
 STRICT;

CREATE TABLE procedural (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	"by" TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	item INTEGER,
	motion INTEGER,
	amendment INTEGER,
	state TEXT NOT NULL,
	seconder TEXT,
	supporters TEXT NOT NULL,
	numbers TEXT NOT NULL,
	minutes INTEGER NOT NULL,
	seconds INTEGER NOT NULL,
	target INTEGER,
	point INTEGER,
	refused INTEGER,
	vote INTEGER,
	purpose TEXT NOT NULL,
	answer TEXT NOT NULL,
	refused_by TEXT,
	about TEXT,
	outcome TEXT,
	decided_at INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_procedural_id CHECK (id >= 0),
	CONSTRAINT ck_procedural_kind CHECK (kind IN ('closure', 'next_business', 'table', 'take_up', 'remit', 'reference_back', 'adjourn_debate', 'adjourn_meeting', 'suspend', 'challenge', 'no_confidence', 'be_heard', 'retake', 'extend_time', 'speech_time', 'vary_order', 'withdrawal')),
	CONSTRAINT fk_procedural_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_asked_at CHECK (asked_at >= 0),
	CONSTRAINT ck_procedural_item CHECK (item >= 0),
	CONSTRAINT fk_procedural_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_motion CHECK (motion >= 0),
	CONSTRAINT fk_procedural_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_procedural_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_state CHECK (state IN ('asked', 'seconded', 'pending', 'voting', 'decided', 'refused', 'withdrawn', 'lapsed')),
	CONSTRAINT fk_procedural_seconder FOREIGN KEY(seconder) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_supporters CHECK (json_valid(supporters)),
	CONSTRAINT ck_procedural_numbers CHECK (json_valid(numbers)),
	CONSTRAINT ck_procedural_minutes CHECK (minutes >= 0),
	CONSTRAINT ck_procedural_seconds CHECK (seconds >= 0),
	CONSTRAINT ck_procedural_target CHECK (target >= 0),
	CONSTRAINT fk_procedural_target FOREIGN KEY(target) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_point CHECK (point >= 0),
	CONSTRAINT fk_procedural_point FOREIGN KEY(point) REFERENCES point (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_refused CHECK (refused >= 0),
	CONSTRAINT fk_procedural_refused FOREIGN KEY(refused) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_vote CHECK (vote >= 0),
	CONSTRAINT fk_procedural_vote FOREIGN KEY(vote) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_procedural_refused_by FOREIGN KEY(refused_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_procedural_about FOREIGN KEY(about) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_procedural_outcome CHECK (outcome IN ('carried', 'lost', 'not_carried')),
	CONSTRAINT ck_procedural_decided_at CHECK (decided_at >= 0)
)
 STRICT;

CREATE TABLE remark (
	id TEXT NOT NULL,
	salt TEXT NOT NULL,
	text TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE roll (
	vote INTEGER NOT NULL,
	PRIMARY KEY (vote),
	CONSTRAINT ck_roll_vote CHECK (vote >= 0),
	CONSTRAINT fk_roll_vote FOREIGN KEY(vote) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE roll_person (
	vote INTEGER NOT NULL,
	person TEXT NOT NULL,
	PRIMARY KEY (vote, person),
	CONSTRAINT fk_roll_person_vote FOREIGN KEY(vote) REFERENCES roll (vote) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_roll_person_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE session (
	id_hash TEXT NOT NULL,
	person TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	label TEXT NOT NULL,
	PRIMARY KEY (id_hash),
	CONSTRAINT fk_session_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX session_person ON session (person);

CREATE TABLE settings (
	id INTEGER NOT NULL,
	profile TEXT NOT NULL,
	quorum INTEGER NOT NULL,
	quorum_percent INTEGER NOT NULL,
	quorum_of TEXT NOT NULL,
	quorum_blocks INTEGER NOT NULL,
	speech_mover INTEGER NOT NULL,
	speech_seconder INTEGER NOT NULL,
	speech_amendment INTEGER NOT NULL,
	speech_other INTEGER NOT NULL,
	speech_reply INTEGER NOT NULL,
	speech_reply_amendment INTEGER NOT NULL,
	speech_procedural INTEGER NOT NULL,
	speech_point INTEGER NOT NULL,
	speech_extension INTEGER NOT NULL,
	speech_once INTEGER NOT NULL,
	seconder_formal INTEGER NOT NULL,
	seconder_motions INTEGER NOT NULL,
	seconder_amendments INTEGER NOT NULL,
	amend_order TEXT NOT NULL,
	amend_from_floor INTEGER NOT NULL,
	amend_second_level INTEGER NOT NULL,
	amend_friendly TEXT NOT NULL,
	reply_when TEXT NOT NULL,
	reply_on_amendments INTEGER NOT NULL,
	closure_majority TEXT NOT NULL,
	closure_min_speeches INTEGER NOT NULL,
	closure_only_unspoken INTEGER NOT NULL,
	closure_may_interrupt INTEGER NOT NULL,
	procedural_cooldown INTEGER NOT NULL,
	procedural_speeches INTEGER NOT NULL,
	suspend_majority TEXT NOT NULL,
	suspend_longest INTEGER NOT NULL,
	challenge_allowed INTEGER NOT NULL,
	challenge_supporters INTEGER NOT NULL,
	challenge_majority TEXT NOT NULL,
	challenge_window INTEGER NOT NULL,
	confidence_majority TEXT NOT NULL,
	withdraw_by TEXT NOT NULL,
	leave_window INTEGER NOT NULL,
	chair_vote TEXT NOT NULL,
	chair_lost INTEGER NOT NULL,
	chair_warning INTEGER NOT NULL,
	lobby_time INTEGER NOT NULL,
	remit_parts INTEGER NOT NULL,
	guillotine_effect TEXT NOT NULL,
	vote_announcement INTEGER NOT NULL,
	vote_duration INTEGER NOT NULL,
	vote_minimum INTEGER NOT NULL,
	vote_countdown INTEGER NOT NULL,
	vote_extension INTEGER NOT NULL,
	vote_change INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_settings_id CHECK (id >= 0),
	CONSTRAINT ck_settings_profile CHECK (profile IN ('uk_labour', 'ronr')),
	CONSTRAINT ck_settings_quorum CHECK (quorum >= 0),
	CONSTRAINT ck_settings_quorum_percent CHECK (quorum_percent >= 0),
	CONSTRAINT ck_settings_quorum_of CHECK (quorum_of IN ('register', 'attendance')),
	CONSTRAINT ck_settings_quorum_blocks CHECK (quorum_blocks IN (0, 1)),
	CONSTRAINT ck_settings_speech_mover CHECK (speech_mover >= 0),
	CONSTRAINT ck_settings_speech_seconder CHECK (speech_seconder >= 0),
	CONSTRAINT ck_settings_speech_amendment CHECK (speech_amendment >= 0),
	CONSTRAINT ck_settings_speech_other CHECK (speech_other >= 0),
	CONSTRAINT ck_settings_speech_reply CHECK (speech_reply >= 0),
	CONSTRAINT ck_settings_speech_reply_amendment CHECK (speech_reply_amendment >= 0),
	CONSTRAINT ck_settings_speech_procedural CHECK (speech_procedural >= 0),
	CONSTRAINT ck_settings_speech_point CHECK (speech_point >= 0),
	CONSTRAINT ck_settings_speech_extension CHECK (speech_extension >= 0),
	CONSTRAINT ck_settings_speech_once CHECK (speech_once IN (0, 1)),
	CONSTRAINT ck_settings_seconder_formal CHECK (seconder_formal IN (0, 1)),
	CONSTRAINT ck_settings_seconder_motions CHECK (seconder_motions IN (0, 1)),
	CONSTRAINT ck_settings_seconder_amendments CHECK (seconder_amendments IN (0, 1)),
	CONSTRAINT ck_settings_amend_order CHECK (amend_order IN ('cac_order', 'text_position', 'received')),
	CONSTRAINT ck_settings_amend_from_floor CHECK (amend_from_floor IN (0, 1)),
	CONSTRAINT ck_settings_amend_second_level CHECK (amend_second_level IN (0, 1)),
	CONSTRAINT ck_settings_amend_friendly CHECK (amend_friendly IN ('unanimous_leave', 'mover_accepts', 'always_vote')),
	CONSTRAINT ck_settings_reply_when CHECK (reply_when IN ('end_of_debate', 'first_amendment', 'once_any_time', 'never')),
	CONSTRAINT ck_settings_reply_on_amendments CHECK (reply_on_amendments IN (0, 1)),
	CONSTRAINT ck_settings_closure_majority CHECK (closure_majority IN ('simple', 'two_thirds_cast', 'two_thirds_present')),
	CONSTRAINT ck_settings_closure_min_speeches CHECK (closure_min_speeches >= 0),
	CONSTRAINT ck_settings_closure_only_unspoken CHECK (closure_only_unspoken IN (0, 1)),
	CONSTRAINT ck_settings_closure_may_interrupt CHECK (closure_may_interrupt IN (0, 1)),
	CONSTRAINT ck_settings_procedural_cooldown CHECK (procedural_cooldown >= 0),
	CONSTRAINT ck_settings_procedural_speeches CHECK (procedural_speeches >= 0),
	CONSTRAINT ck_settings_suspend_majority CHECK (suspend_majority IN ('simple', 'two_thirds_cast', 'two_thirds_present')),
	CONSTRAINT ck_settings_suspend_longest CHECK (suspend_longest >= 0),
	CONSTRAINT ck_settings_challenge_allowed CHECK (challenge_allowed IN (0, 1)),
	CONSTRAINT ck_settings_challenge_supporters CHECK (challenge_supporters >= 0),
	CONSTRAINT ck_settings_challenge_majority CHECK (challenge_majority IN ('simple', 'two_thirds_cast', 'two_thirds_present')),
	CONSTRAINT ck_settings_challenge_window CHECK (challenge_window >= 0),
	CONSTRAINT ck_settings_confidence_majority CHECK (confidence_majority IN ('simple', 'two_thirds_cast', 'two_thirds_present')),
	CONSTRAINT ck_settings_withdraw_by CHECK (withdraw_by IN ('unanimous', 'majority', 'mover')),
	CONSTRAINT ck_settings_leave_window CHECK (leave_window >= 0),
	CONSTRAINT ck_settings_chair_vote CHECK (chair_vote IN ('none_tie_falls', 'casting_only', 'own_plus_casting')),
	CONSTRAINT ck_settings_chair_lost CHECK (chair_lost >= 0),
	CONSTRAINT ck_settings_chair_warning CHECK (chair_warning >= 0),
	CONSTRAINT ck_settings_lobby_time CHECK (lobby_time >= 0),
	CONSTRAINT ck_settings_remit_parts CHECK (remit_parts IN (0, 1)),
	CONSTRAINT ck_settings_guillotine_effect CHECK (guillotine_effect IN ('to_vote', 'to_committee')),
	CONSTRAINT ck_settings_vote_announcement CHECK (vote_announcement >= 0),
	CONSTRAINT ck_settings_vote_duration CHECK (vote_duration >= 0),
	CONSTRAINT ck_settings_vote_minimum CHECK (vote_minimum >= 0),
	CONSTRAINT ck_settings_vote_countdown CHECK (vote_countdown >= 0),
	CONSTRAINT ck_settings_vote_extension CHECK (vote_extension >= 0),
	CONSTRAINT ck_settings_vote_change CHECK (vote_change IN (0, 1))
)
 STRICT;

CREATE TABLE slot (
	id INTEGER NOT NULL,
	item INTEGER NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	minutes INTEGER NOT NULL,
	person TEXT,
	seen INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_slot_id CHECK (id >= 0),
	CONSTRAINT ck_slot_item CHECK (item >= 0),
	CONSTRAINT fk_slot_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_slot_position CHECK (position >= 0),
	CONSTRAINT ck_slot_minutes CHECK (minutes >= 0),
	CONSTRAINT fk_slot_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_slot_seen CHECK (seen >= 0)
)
 STRICT;

CREATE TABLE standing_order (
	id INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	governs TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_standing_order_id CHECK (id >= 0),
	CONSTRAINT ck_standing_order_governs CHECK (json_valid(governs))
)
 STRICT;

CREATE TABLE suspension (
	id INTEGER NOT NULL,
	procedural INTEGER NOT NULL,
	numbers TEXT NOT NULL,
	starts_at INTEGER NOT NULL,
	ends_at INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_suspension_id CHECK (id >= 0),
	CONSTRAINT ck_suspension_procedural CHECK (procedural >= 0),
	CONSTRAINT fk_suspension_procedural FOREIGN KEY(procedural) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_suspension_numbers CHECK (json_valid(numbers)),
	CONSTRAINT ck_suspension_starts_at CHECK (starts_at >= 0),
	CONSTRAINT ck_suspension_ends_at CHECK (ends_at >= 0)
)
 STRICT;

CREATE TABLE text_version (
	id INTEGER NOT NULL,
	motion INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text TEXT NOT NULL,
	origins TEXT NOT NULL,
	at INTEGER NOT NULL,
	amendment INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_text_version_id CHECK (id >= 0),
	CONSTRAINT ck_text_version_motion CHECK (motion >= 0),
	CONSTRAINT fk_text_version_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_text_version_number CHECK (number >= 0),
	CONSTRAINT ck_text_version_origins CHECK (json_valid(origins)),
	CONSTRAINT ck_text_version_at CHECK (at >= 0),
	CONSTRAINT ck_text_version_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_text_version_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE turn (
	id INTEGER NOT NULL,
	item INTEGER NOT NULL,
	side TEXT NOT NULL,
	seconds INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	motion INTEGER,
	request INTEGER,
	slot INTEGER,
	person TEXT,
	name TEXT NOT NULL,
	ended_at INTEGER,
	amendment INTEGER,
	procedural INTEGER,
	added INTEGER NOT NULL,
	paused_at INTEGER,
	paused_ms INTEGER NOT NULL,
	undone INTEGER NOT NULL,
	closed INTEGER NOT NULL,
	lapsed TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_turn_id CHECK (id >= 0),
	CONSTRAINT ck_turn_item CHECK (item >= 0),
	CONSTRAINT fk_turn_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_side CHECK (side IN ('mover', 'seconder', 'for', 'against', 'reply', 'speaker')),
	CONSTRAINT ck_turn_seconds CHECK (seconds >= 0),
	CONSTRAINT ck_turn_started_at CHECK (started_at >= 0),
	CONSTRAINT ck_turn_motion CHECK (motion >= 0),
	CONSTRAINT fk_turn_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_request CHECK (request >= 0),
	CONSTRAINT fk_turn_request FOREIGN KEY(request) REFERENCES floor_request (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_slot CHECK (slot >= 0),
	CONSTRAINT fk_turn_slot FOREIGN KEY(slot) REFERENCES slot (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_turn_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_ended_at CHECK (ended_at >= 0),
	CONSTRAINT ck_turn_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_turn_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_procedural CHECK (procedural >= 0),
	CONSTRAINT fk_turn_procedural FOREIGN KEY(procedural) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_added CHECK (added >= 0),
	CONSTRAINT ck_turn_paused_at CHECK (paused_at >= 0),
	CONSTRAINT ck_turn_paused_ms CHECK (paused_ms >= 0),
	CONSTRAINT ck_turn_undone CHECK (undone IN (0, 1)),
	CONSTRAINT ck_turn_closed CHECK (closed IN (0, 1)),
	CONSTRAINT ck_turn_lapsed CHECK (json_valid(lapsed))
)
 STRICT;

CREATE TABLE vote (
	id INTEGER NOT NULL,
	motion INTEGER,
	question TEXT NOT NULL,
	text_hash TEXT NOT NULL,
	rule TEXT NOT NULL,
	base TEXT NOT NULL,
	state TEXT NOT NULL,
	announced_at INTEGER NOT NULL,
	opens_at INTEGER NOT NULL,
	register INTEGER NOT NULL,
	roll INTEGER NOT NULL,
	opened_at INTEGER,
	minimum_at INTEGER,
	closes_at INTEGER,
	closable INTEGER NOT NULL,
	last_call INTEGER NOT NULL,
	extended INTEGER NOT NULL,
	closed_at INTEGER,
	votes_for INTEGER,
	votes_against INTEGER,
	abstentions INTEGER,
	outcome TEXT,
	declared_at INTEGER,
	void_reason TEXT NOT NULL,
	amendment INTEGER,
	procedural INTEGER,
	text_version INTEGER,
	below_quorum INTEGER NOT NULL,
	more_time INTEGER NOT NULL,
	closed_by_chair INTEGER NOT NULL,
	casting TEXT,
	recount INTEGER NOT NULL,
	recounted INTEGER,
	supersedes INTEGER,
	returns_to TEXT,
	PRIMARY KEY (id),
	CONSTRAINT ck_vote_id CHECK (id >= 0),
	CONSTRAINT ck_vote_motion CHECK (motion >= 0),
	CONSTRAINT fk_vote_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_vote_rule CHECK (rule IN ('simple', 'two_thirds', 'absolute', 'uphold', 'sustain')),
	CONSTRAINT ck_vote_base CHECK (base IN ('cast', 'present', 'register')),
	CONSTRAINT ck_vote_state CHECK (state IN ('announced', 'open', 'closed', 'counted', 'declared', 'void')),
	CONSTRAINT ck_vote_announced_at CHECK (announced_at >= 0),
	CONSTRAINT ck_vote_opens_at CHECK (opens_at >= 0),
	CONSTRAINT ck_vote_register CHECK (register >= 0),
	CONSTRAINT ck_vote_roll CHECK (roll >= 0),
	CONSTRAINT ck_vote_opened_at CHECK (opened_at >= 0),
	CONSTRAINT ck_vote_minimum_at CHECK (minimum_at >= 0),
	CONSTRAINT ck_vote_closes_at CHECK (closes_at >= 0),
	CONSTRAINT ck_vote_closable CHECK (closable IN (0, 1)),
	CONSTRAINT ck_vote_last_call CHECK (last_call IN (0, 1)),
	CONSTRAINT ck_vote_extended CHECK (extended >= 0),
	CONSTRAINT ck_vote_closed_at CHECK (closed_at >= 0),
	CONSTRAINT ck_vote_votes_for CHECK (votes_for >= 0),
	CONSTRAINT ck_vote_votes_against CHECK (votes_against >= 0),
	CONSTRAINT ck_vote_abstentions CHECK (abstentions >= 0),
	CONSTRAINT ck_vote_outcome CHECK (outcome IN ('carried', 'lost', 'not_carried')),
	CONSTRAINT ck_vote_declared_at CHECK (declared_at >= 0),
	CONSTRAINT ck_vote_amendment CHECK (amendment >= 0),
	CONSTRAINT fk_vote_amendment FOREIGN KEY(amendment) REFERENCES amendment (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_vote_procedural CHECK (procedural >= 0),
	CONSTRAINT fk_vote_procedural FOREIGN KEY(procedural) REFERENCES procedural (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_vote_text_version CHECK (text_version >= 0),
	CONSTRAINT ck_vote_below_quorum CHECK (below_quorum IN (0, 1)),
	CONSTRAINT ck_vote_more_time CHECK (more_time IN (0, 1)),
	CONSTRAINT ck_vote_closed_by_chair CHECK (closed_by_chair IN (0, 1)),
	CONSTRAINT ck_vote_casting CHECK (casting IN ('for', 'against', 'abstain')),
	CONSTRAINT ck_vote_recount CHECK (recount IN (0, 1)),
	CONSTRAINT ck_vote_recounted CHECK (recounted IN (0, 1)),
	CONSTRAINT ck_vote_supersedes CHECK (supersedes >= 0),
	CONSTRAINT fk_vote_supersedes FOREIGN KEY(supersedes) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_vote_returns_to CHECK (returns_to IN ('proposed', 'published', 'called', 'moved', 'debate', 'closing', 'voting', 'decided', 'accepted', 'fell', 'withdrawn', 'remitted', 'referred_back', 'tabled', 'adjourned')),
	CONSTRAINT ck_vote_figures CHECK (coalesce(votes_for, 0) + coalesce(votes_against, 0) + coalesce(abstentions, 0) <= roll)
)
 STRICT;

CREATE UNIQUE INDEX one_open_vote ON vote (state) WHERE state = 'open';
