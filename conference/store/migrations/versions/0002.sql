CREATE TEMP TABLE kept_session AS SELECT id_hash, person, created_at, label FROM session;

CREATE TEMP TABLE kept_mail AS SELECT * FROM mail;

DROP TABLE session;

DROP TABLE code;

DROP TABLE mail;

DROP INDEX account_email;

CREATE INDEX account_email ON account (email_key);

CREATE TABLE code (
	id_hash TEXT NOT NULL,
	purpose TEXT NOT NULL,
	person TEXT,
	email_key TEXT,
	digits TEXT NOT NULL,
	browser TEXT NOT NULL,
	leads_to TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	own_tries INTEGER NOT NULL,
	used_at INTEGER,
	used_browser TEXT NOT NULL,
	PRIMARY KEY (id_hash),
	CONSTRAINT ck_code_purpose CHECK (purpose IN ('mail', 'link', 'spoken')),
	CONSTRAINT ck_code_whose CHECK ((person IS NULL) <> (email_key IS NULL)),
	CONSTRAINT fk_code_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX code_email ON code (email_key);

CREATE INDEX code_person ON code (person);

CREATE TABLE let_in (
	person TEXT NOT NULL,
	browser TEXT NOT NULL,
	number TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	first TEXT,
	PRIMARY KEY (person),
	CONSTRAINT fk_let_in_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE,
	CONSTRAINT fk_let_in_first FOREIGN KEY(first) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE link (
	person TEXT NOT NULL,
	token_hash TEXT NOT NULL,
	browser TEXT NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_link_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE,
	UNIQUE (token_hash)
)
 WITHOUT ROWID,
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
	urgent INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_mail_urgent CHECK (urgent IN (0, 1)),
	CONSTRAINT ck_mail_state CHECK (state IN ('queued', 'sent', 'failed', 'file'))
)
 STRICT;

CREATE INDEX mail_due ON mail (state, next_at);

CREATE INDEX mail_recipient ON mail (recipient_key, created_at);

CREATE TABLE passkey (
	id TEXT NOT NULL,
	person TEXT NOT NULL,
	public_key TEXT NOT NULL,
	sign_count INTEGER NOT NULL,
	label TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT fk_passkey_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX passkey_person ON passkey (person);

CREATE TABLE recovery (
	code_hash TEXT NOT NULL,
	person TEXT NOT NULL,
	used_at INTEGER,
	PRIMARY KEY (code_hash),
	CONSTRAINT fk_recovery_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX recovery_person ON recovery (person);

CREATE TABLE session (
	id_hash TEXT NOT NULL,
	person TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	label TEXT NOT NULL,
	browser TEXT NOT NULL,
	proved_at INTEGER,
	rights TEXT NOT NULL,
	previous_hash TEXT,
	previous_until INTEGER,
	PRIMARY KEY (id_hash),
	CONSTRAINT ck_session_previous CHECK ((previous_hash IS NULL) = (previous_until IS NULL)),
	CONSTRAINT fk_session_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX session_browser ON session (browser);

CREATE INDEX session_person ON session (person);

CREATE INDEX session_previous ON session (previous_hash);

CREATE TABLE totp (
	person TEXT NOT NULL,
	secret TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	confirmed_at INTEGER,
	last_step INTEGER NOT NULL,
	PRIMARY KEY (person),
	CONSTRAINT fk_totp_person FOREIGN KEY(person) REFERENCES account (person) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

INSERT INTO session
SELECT id_hash, person, created_at, label, '', NULL, '', NULL, NULL FROM kept_session;

INSERT INTO mail
SELECT id, recipient, recipient_key, subject, text, html, created_at, next_at, tries, state, error,
       sent_at, 0 FROM kept_mail;

DROP TABLE kept_session;

DROP TABLE kept_mail;
