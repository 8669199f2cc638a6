CREATE TABLE application_words (
	id_hash TEXT NOT NULL,
	note TEXT NOT NULL,
	voucher TEXT NOT NULL,
	access_needs TEXT NOT NULL,
	invitation TEXT NOT NULL,
	PRIMARY KEY (id_hash),
	CONSTRAINT fk_application_words_id_hash FOREIGN KEY(id_hash) REFERENCES application (id_hash) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE decision (
	person TEXT NOT NULL,
	what TEXT NOT NULL,
	at INTEGER NOT NULL,
	final_at INTEGER NOT NULL,
	mail INTEGER,
	PRIMARY KEY (person),
	CONSTRAINT ck_decision_what CHECK (what IN ('accept', 'observer', 'decline')),
	CONSTRAINT fk_decision_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX decision_final ON decision (final_at);

CREATE TABLE draw (
	id INTEGER NOT NULL,
	"by" TEXT NOT NULL,
	at INTEGER NOT NULL,
	first INTEGER NOT NULL,
	second_by TEXT,
	second INTEGER,
	people TEXT NOT NULL,
	real TEXT NOT NULL,
	not_reached TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_draw_id CHECK (id >= 0),
	CONSTRAINT fk_draw_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_draw_at CHECK (at >= 0),
	CONSTRAINT ck_draw_first CHECK (first >= 0),
	CONSTRAINT fk_draw_second_by FOREIGN KEY(second_by) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_draw_second CHECK (second >= 0),
	CONSTRAINT ck_draw_people CHECK (json_valid(people)),
	CONSTRAINT ck_draw_real CHECK (json_valid(real)),
	CONSTRAINT ck_draw_not_reached CHECK (json_valid(not_reached))
)
 STRICT;

CREATE TABLE hidden_name (
	person TEXT NOT NULL,
	"by" TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_hidden_name_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_hidden_name_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_hidden_name_at CHECK (at >= 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE invitation (
	code_hash TEXT NOT NULL,
	uses_left INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (code_hash),
	CONSTRAINT ck_invitation_uses_left CHECK (uses_left >= 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE office_step (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	"by" TEXT NOT NULL,
	at INTEGER NOT NULL,
	person TEXT,
	state TEXT NOT NULL,
	second TEXT,
	lines INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_office_step_id CHECK (id >= 0),
	CONSTRAINT ck_office_step_kind CHECK (kind IN ('admit', 'export_links', 'export_addresses')),
	CONSTRAINT fk_office_step_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_office_step_at CHECK (at >= 0),
	CONSTRAINT fk_office_step_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_office_step_state CHECK (state IN ('proposed', 'confirmed', 'taken', 'dropped')),
	CONSTRAINT fk_office_step_second FOREIGN KEY(second) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_office_step_lines CHECK (lines >= 0)
)
 STRICT;

CREATE TABLE particulars (
	person TEXT NOT NULL,
	note TEXT NOT NULL,
	voucher TEXT NOT NULL,
	access_needs TEXT NOT NULL,
	wish_name TEXT NOT NULL,
	wish_at INTEGER,
	PRIMARY KEY (person),
	CONSTRAINT fk_particulars_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE register_line (
	person TEXT NOT NULL,
	leaf TEXT NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_register_line_person FOREIGN KEY(person) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE register_lock (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	"by" TEXT,
	root TEXT NOT NULL,
	delegates INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_register_lock_id CHECK (id >= 0),
	CONSTRAINT ck_register_lock_at CHECK (at >= 0),
	CONSTRAINT fk_register_lock_by FOREIGN KEY("by") REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_register_lock_delegates CHECK (delegates >= 0)
)
 STRICT;

CREATE TABLE register_salt (
	person TEXT NOT NULL,
	salt TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_register_salt_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;
