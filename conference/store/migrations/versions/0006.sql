CREATE TABLE appearance (
	id INTEGER NOT NULL,
	reply TEXT NOT NULL,
	replied_at INTEGER,
	check_at INTEGER,
	checked INTEGER NOT NULL,
	ready TEXT NOT NULL,
	ready_at INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_appearance_id CHECK (id >= 0),
	CONSTRAINT fk_appearance_id FOREIGN KEY(id) REFERENCES slot (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_appearance_reply CHECK (reply IN ('open', 'coming', 'declined')),
	CONSTRAINT ck_appearance_replied_at CHECK (replied_at >= 0),
	CONSTRAINT ck_appearance_check_at CHECK (check_at >= 0),
	CONSTRAINT ck_appearance_checked CHECK (checked IN (0, 1)),
	CONSTRAINT ck_appearance_ready CHECK (ready IN ('away', 'here', 'standing_by')),
	CONSTRAINT ck_appearance_ready_at CHECK (ready_at >= 0)
)
 STRICT;

CREATE TABLE help_call (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	person TEXT NOT NULL,
	problem TEXT NOT NULL,
	reach TEXT NOT NULL,
	settled_at INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT fk_help_call_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX help_call_person ON help_call (person);

CREATE TABLE picture (
	person TEXT NOT NULL,
	content BLOB NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_picture_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE reserve (
	slot INTEGER NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	PRIMARY KEY (slot)
)
 STRICT;

CREATE TABLE sound (
	item INTEGER NOT NULL,
	kind TEXT NOT NULL,
	listen TEXT NOT NULL,
	speak TEXT NOT NULL,
	dial_in TEXT NOT NULL,
	steward TEXT NOT NULL,
	captions TEXT NOT NULL,
	signing TEXT NOT NULL,
	PRIMARY KEY (item),
	CONSTRAINT ck_sound_kind CHECK (kind IN ('none', 'hall', 'audio', 'video', 'link', 'embed'))
)
 STRICT;

CREATE TABLE speaker (
	person TEXT NOT NULL,
	needs TEXT NOT NULL,
	phone TEXT NOT NULL,
	biography TEXT NOT NULL,
	published INTEGER NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT ck_speaker_published CHECK (published IN (0, 1)),
	CONSTRAINT fk_speaker_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE stage (
	id INTEGER NOT NULL,
	shows TEXT NOT NULL,
	delay INTEGER NOT NULL,
	said_at INTEGER,
	signal TEXT,
	signal_turn INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_stage_id CHECK (id >= 0),
	CONSTRAINT ck_stage_shows CHECK (shows IN ('automatic', 'programme', 'speaker', 'result')),
	CONSTRAINT ck_stage_delay CHECK (delay >= 0),
	CONSTRAINT ck_stage_said_at CHECK (said_at >= 0),
	CONSTRAINT ck_stage_signal CHECK (signal IN ('one_minute', 'please_finish', 'louder')),
	CONSTRAINT ck_stage_signal_turn CHECK (signal_turn >= 0),
	CONSTRAINT fk_stage_signal_turn FOREIGN KEY(signal_turn) REFERENCES turn (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;
