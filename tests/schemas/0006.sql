-- A blog's database as Permalien made it with migration 0006. Never edited.
BEGIN TRANSACTION;
CREATE TABLE actions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL, 
	verb VARCHAR(32) NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	details JSON NOT NULL, 
	undone_at VARCHAR(27)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE avatars (
	digest VARCHAR(64) NOT NULL, 
	picture BLOB, 
	asked_at VARCHAR(27) NOT NULL, 
	ask_again_at VARCHAR(27) NOT NULL, 
	failures INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_avatars PRIMARY KEY (digest)
);
CREATE TABLE blocked (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	value TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL
);
CREATE TABLE "comments" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	post TEXT NOT NULL, 
	parent INTEGER, 
	author TEXT NOT NULL, 
	email TEXT NOT NULL, 
	url TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	is_by_author BOOLEAN NOT NULL, 
	reasons JSON NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	target TEXT DEFAULT '' NOT NULL, 
	origin TEXT, 
	response VARCHAR(16) DEFAULT 'mention' NOT NULL, 
	site TEXT DEFAULT '' NOT NULL, 
	author_url TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	ip TEXT DEFAULT '' NOT NULL, 
	network TEXT DEFAULT '' NOT NULL, 
	browser VARCHAR(64) DEFAULT '' NOT NULL, 
	score FLOAT DEFAULT 0 NOT NULL, 
	cluster INTEGER, 
	replaces INTEGER, 
	learnt_as VARCHAR(4) DEFAULT '' NOT NULL, 
	decided_at VARCHAR(27), 
	edited_at VARCHAR(27), 
	CONSTRAINT ck_comments_kind_is_known CHECK (kind IN ('comment', 'pingback', 'trackback', 'webmention', 'message', 'report')), 
	CONSTRAINT ck_comments_status_is_known CHECK (status IN ('pending', 'approved', 'spam', 'trash')), 
	CONSTRAINT ck_comments_response_is_known CHECK (response IN ('mention', 'reply', 'like', 'repost', 'bookmark')), 
	CONSTRAINT fk_comments_parent FOREIGN KEY(parent) REFERENCES comments (id)
);
INSERT INTO "comments" VALUES(1,'comment','approved','first',NULL,'Ann','ann@example.org','','It''s held: « où ? » 🐦','<p>It''s held: « où ? » 🐦</p>','2026-11-22T12:00:00.000000Z',0,'[["first", "the first comment of this reader"]]','3e78e1ace906f7e1161be78042d7b4767061cb25592e2801ffda04ce56ae092f','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(2,'comment','approved','first',NULL,'Ann','ann@example.org','','public','<p>public</p>','2026-11-22T12:00:00.000000Z',0,'[]','5e18f17eff2f93467ddc5bef21fff326f5be8854523ffed6436f1f2073e9969e','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(3,'comment','approved','first',2,'Ann','ann@example.org','','a reply','<p>a reply</p>','2026-11-22T12:00:00.000000Z',0,'[]','4748e6cff63743f7cdb18d7c3f3aec3fd3809b79870a5e7b4dd72b72e816fd10','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(4,'comment','spam','second',NULL,'Ann','ann@example.org','','junk','<p>junk</p>','2026-11-22T12:00:00.000000Z',0,'[["links", "three links"]]','8bbf1efb46f199546038549e2b54a20259cc4cfe42d05dd5696fc11c6d137e65','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(5,'comment','trash','second',NULL,'Ann','ann@example.org','','thrown away','<p>thrown away</p>','2026-11-22T12:00:00.000000Z',0,'[["first", "the first comment of this reader"]]','38f944126423d4b47b8c1370f1066caacadf5f46e0b5ea7fc392e8c5e23a6004','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(6,'comment','approved','first',1,'Ann','ann@example.org','','Thanks','<p>Thanks</p>','2026-11-22T12:00:00.000000Z',1,'[]','8987fb33d4efe5a6cd985dcf44ef4b858bb46d24fa5bb2983d5af03b7036a71b','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(7,'webmention','approved','second',NULL,'Zoé','','https://zoe.example/a','','','2026-11-22T13:00:00.000000Z',0,'[]','0f1d','Vu d’ailleurs | Zoé','https://blog.example/second/','wp-41','mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
INSERT INTO "comments" VALUES(8,'message','pending','contact',NULL,'Bob','bob@example.org','','For you alone','<p>For you alone</p>','2026-11-22T14:00:00.000000Z',0,'[["message", "It is for you alone."]]','5c2e','','',NULL,'mention','','','','','','',0.0,NULL,NULL,'',NULL,NULL);
CREATE TABLE "decisions" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	comment INTEGER NOT NULL, 
	was VARCHAR(16) NOT NULL, 
	became VARCHAR(16) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL, 
	action INTEGER, 
	was_decided_at VARCHAR(27), 
	CONSTRAINT ck_decisions_was_is_known CHECK (was IN ('pending', 'approved', 'spam', 'trash')), 
	CONSTRAINT ck_decisions_became_is_known CHECK (became IN ('pending', 'approved', 'spam', 'trash')), 
	CONSTRAINT fk_decisions_comment FOREIGN KEY(comment) REFERENCES comments (id), 
	CONSTRAINT fk_decisions_action FOREIGN KEY(action) REFERENCES actions (id)
);
INSERT INTO "decisions" VALUES(1,1,'pending','approved','2026-11-22T12:00:00.000000Z','author',NULL,NULL);
INSERT INTO "decisions" VALUES(2,5,'pending','trash','2026-11-22T12:00:00.000000Z','author',NULL,NULL);
CREATE TABLE dirty_pages (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	post TEXT NOT NULL, 
	at VARCHAR(27) NOT NULL
);
INSERT INTO "dirty_pages" VALUES(1,'first','2026-11-22T12:00:00.000000Z');
INSERT INTO "dirty_pages" VALUES(2,'first','2026-11-22T12:00:00.000000Z');
INSERT INTO "dirty_pages" VALUES(3,'first','2026-11-22T12:00:00.000000Z');
INSERT INTO "dirty_pages" VALUES(4,'first','2026-11-22T12:00:00.000000Z');
CREATE TABLE failed_attempts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	at VARCHAR(27) NOT NULL
);
CREATE TABLE hosts (
	host TEXT NOT NULL, 
	calls JSON NOT NULL, 
	free_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_hosts PRIMARY KEY (host)
);
CREATE TABLE learnt_words (
	word TEXT NOT NULL, 
	spam INTEGER DEFAULT 0 NOT NULL, 
	ham INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_learnt_words PRIMARY KEY (word)
);
CREATE TABLE likenesses (
	id INTEGER NOT NULL, 
	comment INTEGER NOT NULL, 
	feature VARCHAR(32) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_likenesses PRIMARY KEY (id), 
	CONSTRAINT fk_likenesses_comment FOREIGN KEY(comment) REFERENCES comments (id)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind TEXT NOT NULL, 
	subject INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(27) NOT NULL, 
	held_by TEXT, 
	error TEXT, 
	CONSTRAINT ck_outbox_state_is_known CHECK (state IN ('waiting', 'failed'))
);
INSERT INTO "outbox" VALUES(1,'notify',1,'waiting',1,'2026-11-22T12:00:10.000000Z',NULL,'no route to host');
INSERT INTO "outbox" VALUES(2,'notify',2,'waiting',1,'2026-11-22T12:01:00.000000Z','worker',NULL);
INSERT INTO "outbox" VALUES(4,'notify',4,'waiting',0,'2026-11-22T12:00:00.000000Z',NULL,NULL);
INSERT INTO "outbox" VALUES(5,'notify',5,'waiting',0,'2026-11-22T12:00:00.000000Z',NULL,NULL);
INSERT INTO "outbox" VALUES(6,'notify',6,'waiting',0,'2026-11-22T12:00:00.000000Z',NULL,NULL);
CREATE TABLE pings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	token VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	source_key TEXT NOT NULL, 
	host TEXT NOT NULL, 
	post TEXT NOT NULL, 
	received_at VARCHAR(27) NOT NULL, 
	network TEXT DEFAULT '' NOT NULL, 
	given JSON NOT NULL, 
	fetches INTEGER DEFAULT 0 NOT NULL, 
	failures INTEGER DEFAULT 0 NOT NULL, 
	fetched_at VARCHAR(27), 
	look_again_at VARCHAR(27), 
	etag TEXT DEFAULT '' NOT NULL, 
	last_modified TEXT DEFAULT '' NOT NULL, 
	digest VARCHAR(64) DEFAULT '' NOT NULL, 
	problem VARCHAR(32) DEFAULT '' NOT NULL, 
	problem_words TEXT DEFAULT '' NOT NULL, 
	comment INTEGER, 
	CONSTRAINT ck_pings_kind_is_known CHECK (kind IN ('comment', 'pingback', 'trackback', 'webmention', 'message', 'report')), 
	CONSTRAINT ck_pings_state_is_known CHECK (state IN ('received', 'verified', 'failed', 'withdrawn')), 
	CONSTRAINT fk_pings_comment FOREIGN KEY(comment) REFERENCES comments (id)
);
CREATE TABLE post_switches (
	post TEXT NOT NULL, 
	comments BOOLEAN, 
	pings BOOLEAN, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL, 
	CONSTRAINT pk_post_switches PRIMARY KEY (post)
);
CREATE TABLE probes (
	id INTEGER NOT NULL, 
	CONSTRAINT pk_probes PRIMARY KEY (id)
);
CREATE TABLE purges (
	id INTEGER NOT NULL, 
	seen_at VARCHAR(27) NOT NULL, 
	steady_since VARCHAR(27) NOT NULL, 
	purged_at VARCHAR(27), 
	CONSTRAINT pk_purges PRIMARY KEY (id)
);
CREATE TABLE revisions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	comment INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL, 
	author TEXT NOT NULL, 
	email TEXT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	CONSTRAINT fk_revisions_comment FOREIGN KEY(comment) REFERENCES comments (id)
);
CREATE TABLE rule_tallies (
	rule VARCHAR(32) NOT NULL, 
	caught INTEGER DEFAULT 0 NOT NULL, 
	restored INTEGER DEFAULT 0 NOT NULL, 
	missed INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_rule_tallies PRIMARY KEY (rule)
);
CREATE TABLE searched_words (
	comment INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_searched_words PRIMARY KEY (comment), 
	CONSTRAINT fk_searched_words_comment FOREIGN KEY(comment) REFERENCES comments (id)
);
INSERT INTO "searched_words" VALUES(1,'ann

it''s held: « ou ? » 🐦');
INSERT INTO "searched_words" VALUES(2,'ann

public');
INSERT INTO "searched_words" VALUES(3,'ann

a reply');
INSERT INTO "searched_words" VALUES(4,'ann

junk');
INSERT INTO "searched_words" VALUES(5,'ann

thrown away');
INSERT INTO "searched_words" VALUES(6,'ann

thanks');
INSERT INTO "searched_words" VALUES(7,'zoe
vu d''ailleurs | zoe
');
INSERT INTO "searched_words" VALUES(8,'bob

for you alone');
CREATE TABLE sessions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	digest VARCHAR(64) NOT NULL, 
	user INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	seen_at VARCHAR(27) NOT NULL, 
	expires_at VARCHAR(27) NOT NULL, 
	network TEXT DEFAULT '' NOT NULL, 
	browser TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT fk_sessions_user FOREIGN KEY(user) REFERENCES users (id)
);
CREATE TABLE sign_in_links (
	digest VARCHAR(64) NOT NULL, 
	user INTEGER NOT NULL, 
	expires_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_sign_in_links PRIMARY KEY (digest), 
	CONSTRAINT fk_sign_in_links_user FOREIGN KEY(user) REFERENCES users (id)
);
CREATE TABLE spam_marks (
	decision INTEGER NOT NULL, 
	browser VARCHAR(64) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_spam_marks PRIMARY KEY (decision)
);
CREATE TABLE spent (
	nonce VARCHAR(64) NOT NULL, 
	expires_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_spent PRIMARY KEY (nonce)
);
CREATE TABLE trusted (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	value TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	"by" TEXT NOT NULL
);
CREATE TABLE users (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	display_name TEXT DEFAULT '' NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	password TEXT DEFAULT '' NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT ck_users_role_is_known CHECK (role IN ('owner', 'moderator', 'author'))
);
CREATE INDEX ix_outbox_state_due_at ON outbox (state, due_at);
CREATE INDEX ix_actions_at ON actions (at);
CREATE INDEX ix_comments_status_post ON comments (status, post);
CREATE INDEX ix_comments_fingerprint ON comments (fingerprint);
CREATE INDEX ix_decisions_comment ON decisions (comment);
CREATE INDEX ix_comments_status_at ON comments (status, at);
CREATE INDEX ix_comments_network_at ON comments (network, at);
CREATE INDEX ix_decisions_action ON decisions (action);
CREATE INDEX ix_revisions_comment ON revisions (comment);
CREATE UNIQUE INDEX ix_pings_source_key_post ON pings (source_key, post);
CREATE UNIQUE INDEX ix_pings_token ON pings (token);
CREATE INDEX ix_pings_state_received_at ON pings (state, received_at);
CREATE INDEX ix_pings_host_received_at ON pings (host, received_at);
CREATE INDEX ix_pings_post_received_at ON pings (post, received_at);
CREATE INDEX ix_pings_network_received_at ON pings (network, received_at);
CREATE INDEX ix_pings_look_again_at ON pings (look_again_at);
CREATE INDEX ix_pings_comment ON pings (comment);
CREATE UNIQUE INDEX ix_blocked_kind_value ON blocked (kind, value);
CREATE UNIQUE INDEX ix_trusted_kind_value ON trusted (kind, value);
CREATE INDEX ix_likenesses_feature_at ON likenesses (feature, at);
CREATE INDEX ix_likenesses_comment ON likenesses (comment);
CREATE INDEX ix_spent_expires_at ON spent (expires_at);
CREATE UNIQUE INDEX ix_users_name ON users (name);
CREATE UNIQUE INDEX ix_sessions_digest ON sessions (digest);
CREATE INDEX ix_sessions_user ON sessions (user);
CREATE INDEX ix_failed_attempts_key_at ON failed_attempts ("key", at);
CREATE INDEX ix_comments_status_decided_at ON comments (status, decided_at);
CREATE INDEX ix_comments_kind_status_post ON comments (kind, status, post) WHERE kind <> 'comment';
CREATE UNIQUE INDEX ix_comments_origin ON comments (origin) WHERE origin IS NOT NULL;
CREATE INDEX ix_comments_cluster ON comments (cluster) WHERE cluster IS NOT NULL;
CREATE INDEX ix_comments_replaces ON comments (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX ix_comments_browser ON comments (browser) WHERE browser <> '';
CREATE INDEX ix_spam_marks_browser ON spam_marks (browser);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',6);
INSERT INTO "sqlite_sequence" VALUES('dirty_pages',4);
INSERT INTO "sqlite_sequence" VALUES('comments',8);
INSERT INTO "sqlite_sequence" VALUES('decisions',2);
COMMIT;
