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

CREATE TABLE ballot_spent (
	vote INTEGER NOT NULL,
	person TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (vote, person, id)
)
 WITHOUT ROWID,
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
	PRIMARY KEY (id),
	CONSTRAINT ck_item_id CHECK (id >= 0),
	CONSTRAINT ck_item_position CHECK (position >= 0),
	CONSTRAINT ck_item_number CHECK (number >= 0),
	CONSTRAINT ck_item_kind CHECK (kind IN ('doors', 'chair', 'votes', 'speakers', 'debate', 'election', 'procedure', 'break')),
	CONSTRAINT ck_item_starts_at CHECK (starts_at >= 0),
	CONSTRAINT ck_item_minutes CHECK (minutes >= 0),
	CONSTRAINT ck_item_state CHECK (state IN ('planned', 'called', 'done')),
	CONSTRAINT ck_item_called_at CHECK (called_at >= 0),
	CONSTRAINT ck_item_done_at CHECK (done_at >= 0)
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

CREATE TABLE person (
	id TEXT NOT NULL,
	roles TEXT NOT NULL,
	standing TEXT NOT NULL,
	present INTEGER NOT NULL,
	present_at INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_person_roles CHECK (json_valid(roles)),
	CONSTRAINT ck_person_standing CHECK (standing IN ('waiting', 'accepted', 'declined')),
	CONSTRAINT ck_person_present CHECK (present IN (0, 1)),
	CONSTRAINT ck_person_present_at CHECK (present_at >= 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE settings (
	id INTEGER NOT NULL,
	quorum INTEGER NOT NULL,
	speech_mover INTEGER NOT NULL,
	speech_seconder INTEGER NOT NULL,
	speech_other INTEGER NOT NULL,
	vote_announcement INTEGER NOT NULL,
	vote_duration INTEGER NOT NULL,
	vote_minimum INTEGER NOT NULL,
	vote_countdown INTEGER NOT NULL,
	vote_extension INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_settings_id CHECK (id >= 0),
	CONSTRAINT ck_settings_quorum CHECK (quorum >= 0),
	CONSTRAINT ck_settings_speech_mover CHECK (speech_mover >= 0),
	CONSTRAINT ck_settings_speech_seconder CHECK (speech_seconder >= 0),
	CONSTRAINT ck_settings_speech_other CHECK (speech_other >= 0),
	CONSTRAINT ck_settings_vote_announcement CHECK (vote_announcement >= 0),
	CONSTRAINT ck_settings_vote_duration CHECK (vote_duration >= 0),
	CONSTRAINT ck_settings_vote_minimum CHECK (vote_minimum >= 0),
	CONSTRAINT ck_settings_vote_countdown CHECK (vote_countdown >= 0),
	CONSTRAINT ck_settings_vote_extension CHECK (vote_extension >= 0)
)
 STRICT;

CREATE TABLE standing_order (
	id INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_standing_order_id CHECK (id >= 0)
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
	state TEXT NOT NULL,
	seconder TEXT,
	outcome TEXT,
	PRIMARY KEY (id),
	CONSTRAINT ck_motion_id CHECK (id >= 0),
	CONSTRAINT ck_motion_item CHECK (item >= 0),
	CONSTRAINT fk_motion_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_position CHECK (position >= 0),
	CONSTRAINT ck_motion_kind CHECK (kind IN ('motion', 'emergency', 'question')),
	CONSTRAINT ck_motion_rule CHECK (rule IN ('simple', 'two_thirds', 'absolute', 'uphold')),
	CONSTRAINT ck_motion_base CHECK (base IN ('cast', 'present', 'register')),
	CONSTRAINT ck_motion_requires CHECK (requires >= 0),
	CONSTRAINT fk_motion_requires FOREIGN KEY(requires) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_state CHECK (state IN ('published', 'called', 'moved', 'debate', 'voting', 'decided', 'fell')),
	CONSTRAINT fk_motion_seconder FOREIGN KEY(seconder) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_motion_outcome CHECK (outcome IN ('carried', 'lost', 'not_carried'))
)
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

CREATE TABLE amendment (
	id INTEGER NOT NULL,
	motion INTEGER NOT NULL,
	position INTEGER NOT NULL,
	label TEXT NOT NULL,
	instruction TEXT NOT NULL,
	text TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_amendment_id CHECK (id >= 0),
	CONSTRAINT ck_amendment_motion CHECK (motion >= 0),
	CONSTRAINT fk_amendment_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_amendment_position CHECK (position >= 0)
)
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

CREATE TABLE floor_request (
	id INTEGER NOT NULL,
	motion INTEGER NOT NULL,
	person TEXT NOT NULL,
	side TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_floor_request_id CHECK (id >= 0),
	CONSTRAINT ck_floor_request_motion CHECK (motion >= 0),
	CONSTRAINT fk_floor_request_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_floor_request_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_floor_request_side CHECK (side IN ('mover', 'seconder', 'for', 'against', 'speaker')),
	CONSTRAINT ck_floor_request_asked_at CHECK (asked_at >= 0),
	CONSTRAINT ck_floor_request_state CHECK (state IN ('waiting', 'called', 'withdrawn', 'lapsed'))
)
 STRICT;

CREATE TABLE vote (
	id INTEGER NOT NULL,
	motion INTEGER NOT NULL,
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
	PRIMARY KEY (id),
	CONSTRAINT ck_vote_id CHECK (id >= 0),
	CONSTRAINT ck_vote_motion CHECK (motion >= 0),
	CONSTRAINT fk_vote_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_vote_rule CHECK (rule IN ('simple', 'two_thirds', 'absolute', 'uphold')),
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
	CONSTRAINT ck_vote_figures CHECK (coalesce(votes_for, 0) + coalesce(votes_against, 0) + coalesce(abstentions, 0) <= roll)
)
 STRICT;

CREATE UNIQUE INDEX one_open_vote ON vote (state) WHERE state = 'open';

CREATE TABLE roll (
	vote INTEGER NOT NULL,
	PRIMARY KEY (vote),
	CONSTRAINT ck_roll_vote CHECK (vote >= 0),
	CONSTRAINT fk_roll_vote FOREIGN KEY(vote) REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED
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
	PRIMARY KEY (id),
	CONSTRAINT ck_turn_id CHECK (id >= 0),
	CONSTRAINT ck_turn_item CHECK (item >= 0),
	CONSTRAINT fk_turn_item FOREIGN KEY(item) REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_side CHECK (side IN ('mover', 'seconder', 'for', 'against', 'speaker')),
	CONSTRAINT ck_turn_seconds CHECK (seconds >= 0),
	CONSTRAINT ck_turn_started_at CHECK (started_at >= 0),
	CONSTRAINT ck_turn_motion CHECK (motion >= 0),
	CONSTRAINT fk_turn_motion FOREIGN KEY(motion) REFERENCES motion (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_request CHECK (request >= 0),
	CONSTRAINT fk_turn_request FOREIGN KEY(request) REFERENCES floor_request (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_slot CHECK (slot >= 0),
	CONSTRAINT fk_turn_slot FOREIGN KEY(slot) REFERENCES slot (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_turn_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_turn_ended_at CHECK (ended_at >= 0)
)
 STRICT;

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
	CONSTRAINT ck_conference_present CHECK (present >= 0)
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
