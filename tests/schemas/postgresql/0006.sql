-- A blog's database as Permalien made it with migration 0006 on PostgreSQL. Never edited.
CREATE TABLE public.actions (
    id integer NOT NULL,
    at character varying(27) NOT NULL,
    by text NOT NULL,
    verb character varying(32) NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    details json NOT NULL,
    undone_at character varying(27)
);
CREATE SEQUENCE public.actions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.actions_id_seq OWNED BY public.actions.id;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.avatars (
    digest character varying(64) NOT NULL,
    picture bytea,
    asked_at character varying(27) NOT NULL,
    ask_again_at character varying(27) NOT NULL,
    failures integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.blocked (
    id integer NOT NULL,
    kind character varying(16) NOT NULL,
    value text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    at character varying(27) NOT NULL,
    by text NOT NULL
);
CREATE SEQUENCE public.blocked_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.blocked_id_seq OWNED BY public.blocked.id;
CREATE TABLE public.comments (
    id integer NOT NULL,
    kind character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    post text NOT NULL,
    parent integer,
    author text NOT NULL,
    email text NOT NULL,
    url text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    at character varying(27) NOT NULL,
    is_by_author boolean NOT NULL,
    reasons json NOT NULL,
    fingerprint character varying(64) NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    target text DEFAULT ''::text NOT NULL,
    origin text,
    response character varying(16) DEFAULT 'mention'::character varying NOT NULL,
    site text DEFAULT ''::text NOT NULL,
    author_url text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    network text DEFAULT ''::text NOT NULL,
    browser character varying(64) DEFAULT ''::character varying NOT NULL,
    score double precision DEFAULT 0 NOT NULL,
    cluster integer,
    replaces integer,
    learnt_as character varying(4) DEFAULT ''::character varying NOT NULL,
    decided_at character varying(27),
    edited_at character varying(27),
    CONSTRAINT ck_comments_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['comment'::character varying, 'pingback'::character varying, 'trackback'::character varying, 'webmention'::character varying, 'message'::character varying, 'report'::character varying])::text[]))),
    CONSTRAINT ck_comments_response_is_known CHECK (((response)::text = ANY ((ARRAY['mention'::character varying, 'reply'::character varying, 'like'::character varying, 'repost'::character varying, 'bookmark'::character varying])::text[]))),
    CONSTRAINT ck_comments_status_is_known CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'spam'::character varying, 'trash'::character varying])::text[])))
);
CREATE SEQUENCE public.comments_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.comments_id_seq OWNED BY public.comments.id;
CREATE TABLE public.decisions (
    id integer NOT NULL,
    comment integer NOT NULL,
    was character varying(16) NOT NULL,
    became character varying(16) NOT NULL,
    at character varying(27) NOT NULL,
    by text NOT NULL,
    action integer,
    was_decided_at character varying(27),
    CONSTRAINT ck_decisions_became_is_known CHECK (((became)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'spam'::character varying, 'trash'::character varying])::text[]))),
    CONSTRAINT ck_decisions_was_is_known CHECK (((was)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'spam'::character varying, 'trash'::character varying])::text[])))
);
CREATE SEQUENCE public.decisions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.decisions_id_seq OWNED BY public.decisions.id;
CREATE TABLE public.dirty_pages (
    id integer NOT NULL,
    post text NOT NULL,
    at character varying(27) NOT NULL
);
CREATE SEQUENCE public.dirty_pages_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.dirty_pages_id_seq OWNED BY public.dirty_pages.id;
CREATE TABLE public.failed_attempts (
    id integer NOT NULL,
    key text NOT NULL,
    at character varying(27) NOT NULL
);
CREATE SEQUENCE public.failed_attempts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.failed_attempts_id_seq OWNED BY public.failed_attempts.id;
CREATE TABLE public.hosts (
    host text NOT NULL,
    calls json NOT NULL,
    free_at character varying(27) NOT NULL
);
CREATE TABLE public.learnt_words (
    word text NOT NULL,
    spam integer DEFAULT 0 NOT NULL,
    ham integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.likenesses (
    id integer NOT NULL,
    comment integer NOT NULL,
    feature character varying(32) NOT NULL,
    at character varying(27) NOT NULL
);
CREATE SEQUENCE public.likenesses_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.likenesses_id_seq OWNED BY public.likenesses.id;
CREATE TABLE public.outbox (
    id integer NOT NULL,
    kind text NOT NULL,
    subject integer NOT NULL,
    state character varying(16) NOT NULL,
    attempts integer NOT NULL,
    due_at character varying(27) NOT NULL,
    held_by text,
    error text,
    CONSTRAINT ck_outbox_state_is_known CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'failed'::character varying])::text[])))
);
CREATE SEQUENCE public.outbox_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_id_seq OWNED BY public.outbox.id;
CREATE TABLE public.pings (
    id integer NOT NULL,
    token character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    state character varying(16) NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    source_key text NOT NULL,
    host text NOT NULL,
    post text NOT NULL,
    received_at character varying(27) NOT NULL,
    network text DEFAULT ''::text NOT NULL,
    given json NOT NULL,
    fetches integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    fetched_at character varying(27),
    look_again_at character varying(27),
    etag text DEFAULT ''::text NOT NULL,
    last_modified text DEFAULT ''::text NOT NULL,
    digest character varying(64) DEFAULT ''::character varying NOT NULL,
    problem character varying(32) DEFAULT ''::character varying NOT NULL,
    problem_words text DEFAULT ''::text NOT NULL,
    comment integer,
    CONSTRAINT ck_pings_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['comment'::character varying, 'pingback'::character varying, 'trackback'::character varying, 'webmention'::character varying, 'message'::character varying, 'report'::character varying])::text[]))),
    CONSTRAINT ck_pings_state_is_known CHECK (((state)::text = ANY ((ARRAY['received'::character varying, 'verified'::character varying, 'failed'::character varying, 'withdrawn'::character varying])::text[])))
);
CREATE SEQUENCE public.pings_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.pings_id_seq OWNED BY public.pings.id;
CREATE TABLE public.post_switches (
    post text NOT NULL,
    comments boolean,
    pings boolean,
    at character varying(27) NOT NULL,
    by text NOT NULL
);
CREATE TABLE public.probes (
    id integer NOT NULL
);
CREATE SEQUENCE public.probes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.probes_id_seq OWNED BY public.probes.id;
CREATE TABLE public.purges (
    id integer NOT NULL,
    seen_at character varying(27) NOT NULL,
    steady_since character varying(27) NOT NULL,
    purged_at character varying(27)
);
CREATE SEQUENCE public.purges_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.purges_id_seq OWNED BY public.purges.id;
CREATE TABLE public.revisions (
    id integer NOT NULL,
    comment integer NOT NULL,
    at character varying(27) NOT NULL,
    by text NOT NULL,
    author text NOT NULL,
    email text NOT NULL,
    url text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    html text NOT NULL
);
CREATE SEQUENCE public.revisions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.revisions_id_seq OWNED BY public.revisions.id;
CREATE TABLE public.rule_tallies (
    rule character varying(32) NOT NULL,
    caught integer DEFAULT 0 NOT NULL,
    restored integer DEFAULT 0 NOT NULL,
    missed integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.searched_words (
    comment integer NOT NULL,
    words text NOT NULL
);
CREATE TABLE public.sessions (
    id integer NOT NULL,
    digest character varying(64) NOT NULL,
    "user" integer NOT NULL,
    at character varying(27) NOT NULL,
    seen_at character varying(27) NOT NULL,
    expires_at character varying(27) NOT NULL,
    network text DEFAULT ''::text NOT NULL,
    browser text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.sessions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sessions_id_seq OWNED BY public.sessions.id;
CREATE TABLE public.sign_in_links (
    digest character varying(64) NOT NULL,
    "user" integer NOT NULL,
    expires_at character varying(27) NOT NULL
);
CREATE TABLE public.spam_marks (
    decision integer NOT NULL,
    browser character varying(64) NOT NULL,
    at character varying(27) NOT NULL
);
CREATE TABLE public.spent (
    nonce character varying(64) NOT NULL,
    expires_at character varying(27) NOT NULL
);
CREATE TABLE public.trusted (
    id integer NOT NULL,
    kind character varying(16) NOT NULL,
    value text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    at character varying(27) NOT NULL,
    by text NOT NULL
);
CREATE SEQUENCE public.trusted_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trusted_id_seq OWNED BY public.trusted.id;
CREATE TABLE public.users (
    id integer NOT NULL,
    name text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    role character varying(16) NOT NULL,
    password text DEFAULT ''::text NOT NULL,
    is_active boolean NOT NULL,
    at character varying(27) NOT NULL,
    CONSTRAINT ck_users_role_is_known CHECK (((role)::text = ANY ((ARRAY['owner'::character varying, 'moderator'::character varying, 'author'::character varying])::text[])))
);
CREATE SEQUENCE public.users_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;
ALTER TABLE ONLY public.actions ALTER COLUMN id SET DEFAULT nextval('public.actions_id_seq'::regclass);
ALTER TABLE ONLY public.blocked ALTER COLUMN id SET DEFAULT nextval('public.blocked_id_seq'::regclass);
ALTER TABLE ONLY public.comments ALTER COLUMN id SET DEFAULT nextval('public.comments_id_seq'::regclass);
ALTER TABLE ONLY public.decisions ALTER COLUMN id SET DEFAULT nextval('public.decisions_id_seq'::regclass);
ALTER TABLE ONLY public.dirty_pages ALTER COLUMN id SET DEFAULT nextval('public.dirty_pages_id_seq'::regclass);
ALTER TABLE ONLY public.failed_attempts ALTER COLUMN id SET DEFAULT nextval('public.failed_attempts_id_seq'::regclass);
ALTER TABLE ONLY public.likenesses ALTER COLUMN id SET DEFAULT nextval('public.likenesses_id_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.pings ALTER COLUMN id SET DEFAULT nextval('public.pings_id_seq'::regclass);
ALTER TABLE ONLY public.probes ALTER COLUMN id SET DEFAULT nextval('public.probes_id_seq'::regclass);
ALTER TABLE ONLY public.purges ALTER COLUMN id SET DEFAULT nextval('public.purges_id_seq'::regclass);
ALTER TABLE ONLY public.revisions ALTER COLUMN id SET DEFAULT nextval('public.revisions_id_seq'::regclass);
ALTER TABLE ONLY public.sessions ALTER COLUMN id SET DEFAULT nextval('public.sessions_id_seq'::regclass);
ALTER TABLE ONLY public.trusted ALTER COLUMN id SET DEFAULT nextval('public.trusted_id_seq'::regclass);
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0006');
INSERT INTO public.comments VALUES (1, 'comment', 'approved', 'first', NULL, 'Ann', 'ann@example.org', '', 'It''s held: « où ? » 🐦', '<p>It''s held: « où ? » 🐦</p>', '2026-11-22T12:00:00.000000Z', false, '[["first", "the first comment of this reader"]]', '3e78e1ace906f7e1161be78042d7b4767061cb25592e2801ffda04ce56ae092f', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (2, 'comment', 'approved', 'first', NULL, 'Ann', 'ann@example.org', '', 'public', '<p>public</p>', '2026-11-22T12:00:00.000000Z', false, '[]', '5e18f17eff2f93467ddc5bef21fff326f5be8854523ffed6436f1f2073e9969e', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (3, 'comment', 'approved', 'first', 2, 'Ann', 'ann@example.org', '', 'a reply', '<p>a reply</p>', '2026-11-22T12:00:00.000000Z', false, '[]', '4748e6cff63743f7cdb18d7c3f3aec3fd3809b79870a5e7b4dd72b72e816fd10', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (4, 'comment', 'spam', 'second', NULL, 'Ann', 'ann@example.org', '', 'junk', '<p>junk</p>', '2026-11-22T12:00:00.000000Z', false, '[["links", "three links"]]', '8bbf1efb46f199546038549e2b54a20259cc4cfe42d05dd5696fc11c6d137e65', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (5, 'comment', 'trash', 'second', NULL, 'Ann', 'ann@example.org', '', 'thrown away', '<p>thrown away</p>', '2026-11-22T12:00:00.000000Z', false, '[["first", "the first comment of this reader"]]', '38f944126423d4b47b8c1370f1066caacadf5f46e0b5ea7fc392e8c5e23a6004', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (6, 'comment', 'approved', 'first', 1, 'Ann', 'ann@example.org', '', 'Thanks', '<p>Thanks</p>', '2026-11-22T12:00:00.000000Z', true, '[]', '8987fb33d4efe5a6cd985dcf44ef4b858bb46d24fa5bb2983d5af03b7036a71b', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (7, 'webmention', 'approved', 'second', NULL, 'Zoé', '', 'https://zoe.example/a', '', '', '2026-11-22T13:00:00.000000Z', false, '[]', '0f1d', 'Vu d’ailleurs | Zoé', 'https://blog.example/second/', 'wp-41', 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.comments VALUES (8, 'message', 'pending', 'contact', NULL, 'Bob', 'bob@example.org', '', 'For you alone', '<p>For you alone</p>', '2026-11-22T14:00:00.000000Z', false, '[["message", "It is for you alone."]]', '5c2e', '', '', NULL, 'mention', '', '', '', '', '', '', 0, NULL, NULL, '', NULL, NULL);
INSERT INTO public.decisions VALUES (1, 1, 'pending', 'approved', '2026-11-22T12:00:00.000000Z', 'author', NULL, NULL);
INSERT INTO public.decisions VALUES (2, 5, 'pending', 'trash', '2026-11-22T12:00:00.000000Z', 'author', NULL, NULL);
INSERT INTO public.dirty_pages VALUES (1, 'first', '2026-11-22T12:00:00.000000Z');
INSERT INTO public.dirty_pages VALUES (2, 'first', '2026-11-22T12:00:00.000000Z');
INSERT INTO public.dirty_pages VALUES (3, 'first', '2026-11-22T12:00:00.000000Z');
INSERT INTO public.dirty_pages VALUES (4, 'first', '2026-11-22T12:00:00.000000Z');
INSERT INTO public.outbox VALUES (1, 'notify', 1, 'waiting', 1, '2026-11-22T12:00:10.000000Z', NULL, 'no route to host');
INSERT INTO public.outbox VALUES (2, 'notify', 2, 'waiting', 1, '2026-11-22T12:01:00.000000Z', 'worker', NULL);
INSERT INTO public.outbox VALUES (4, 'notify', 4, 'waiting', 0, '2026-11-22T12:00:00.000000Z', NULL, NULL);
INSERT INTO public.outbox VALUES (5, 'notify', 5, 'waiting', 0, '2026-11-22T12:00:00.000000Z', NULL, NULL);
INSERT INTO public.outbox VALUES (6, 'notify', 6, 'waiting', 0, '2026-11-22T12:00:00.000000Z', NULL, NULL);
INSERT INTO public.searched_words VALUES (1, 'ann

it''s held: « ou ? » 🐦');
INSERT INTO public.searched_words VALUES (2, 'ann

public');
INSERT INTO public.searched_words VALUES (3, 'ann

a reply');
INSERT INTO public.searched_words VALUES (4, 'ann

junk');
INSERT INTO public.searched_words VALUES (5, 'ann

thrown away');
INSERT INTO public.searched_words VALUES (6, 'ann

thanks');
INSERT INTO public.searched_words VALUES (7, 'zoe
vu d''ailleurs | zoe
');
INSERT INTO public.searched_words VALUES (8, 'bob

for you alone');
SELECT pg_catalog.setval('public.actions_id_seq', 1, false);
SELECT pg_catalog.setval('public.blocked_id_seq', 1, false);
SELECT pg_catalog.setval('public.comments_id_seq', 8, true);
SELECT pg_catalog.setval('public.decisions_id_seq', 2, true);
SELECT pg_catalog.setval('public.dirty_pages_id_seq', 4, true);
SELECT pg_catalog.setval('public.failed_attempts_id_seq', 1, false);
SELECT pg_catalog.setval('public.likenesses_id_seq', 1, false);
SELECT pg_catalog.setval('public.outbox_id_seq', 6, true);
SELECT pg_catalog.setval('public.pings_id_seq', 1, false);
SELECT pg_catalog.setval('public.probes_id_seq', 1, false);
SELECT pg_catalog.setval('public.purges_id_seq', 1, false);
SELECT pg_catalog.setval('public.revisions_id_seq', 1, false);
SELECT pg_catalog.setval('public.sessions_id_seq', 1, false);
SELECT pg_catalog.setval('public.trusted_id_seq', 1, false);
SELECT pg_catalog.setval('public.users_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT pk_actions PRIMARY KEY (id);
ALTER TABLE ONLY public.avatars
    ADD CONSTRAINT pk_avatars PRIMARY KEY (digest);
ALTER TABLE ONLY public.blocked
    ADD CONSTRAINT pk_blocked PRIMARY KEY (id);
ALTER TABLE ONLY public.comments
    ADD CONSTRAINT pk_comments PRIMARY KEY (id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT pk_decisions PRIMARY KEY (id);
ALTER TABLE ONLY public.dirty_pages
    ADD CONSTRAINT pk_dirty_pages PRIMARY KEY (id);
ALTER TABLE ONLY public.failed_attempts
    ADD CONSTRAINT pk_failed_attempts PRIMARY KEY (id);
ALTER TABLE ONLY public.hosts
    ADD CONSTRAINT pk_hosts PRIMARY KEY (host);
ALTER TABLE ONLY public.learnt_words
    ADD CONSTRAINT pk_learnt_words PRIMARY KEY (word);
ALTER TABLE ONLY public.likenesses
    ADD CONSTRAINT pk_likenesses PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.pings
    ADD CONSTRAINT pk_pings PRIMARY KEY (id);
ALTER TABLE ONLY public.post_switches
    ADD CONSTRAINT pk_post_switches PRIMARY KEY (post);
ALTER TABLE ONLY public.probes
    ADD CONSTRAINT pk_probes PRIMARY KEY (id);
ALTER TABLE ONLY public.purges
    ADD CONSTRAINT pk_purges PRIMARY KEY (id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT pk_revisions PRIMARY KEY (id);
ALTER TABLE ONLY public.rule_tallies
    ADD CONSTRAINT pk_rule_tallies PRIMARY KEY (rule);
ALTER TABLE ONLY public.searched_words
    ADD CONSTRAINT pk_searched_words PRIMARY KEY (comment);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT pk_sign_in_links PRIMARY KEY (digest);
ALTER TABLE ONLY public.spam_marks
    ADD CONSTRAINT pk_spam_marks PRIMARY KEY (decision);
ALTER TABLE ONLY public.spent
    ADD CONSTRAINT pk_spent PRIMARY KEY (nonce);
ALTER TABLE ONLY public.trusted
    ADD CONSTRAINT pk_trusted PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);
CREATE INDEX ix_actions_at ON public.actions USING btree (at);
CREATE UNIQUE INDEX ix_blocked_kind_value ON public.blocked USING btree (kind, value);
CREATE INDEX ix_comments_browser ON public.comments USING btree (browser);
CREATE INDEX ix_comments_cluster ON public.comments USING btree (cluster);
CREATE INDEX ix_comments_fingerprint ON public.comments USING btree (fingerprint);
CREATE INDEX ix_comments_kind_status_post ON public.comments USING btree (kind, status, post);
CREATE INDEX ix_comments_network_at ON public.comments USING btree (network, at);
CREATE UNIQUE INDEX ix_comments_origin ON public.comments USING btree (origin);
CREATE INDEX ix_comments_replaces ON public.comments USING btree (replaces);
CREATE INDEX ix_comments_status_at ON public.comments USING btree (status, at);
CREATE INDEX ix_comments_status_decided_at ON public.comments USING btree (status, decided_at);
CREATE INDEX ix_comments_status_post ON public.comments USING btree (status, post);
CREATE INDEX ix_decisions_action ON public.decisions USING btree (action);
CREATE INDEX ix_decisions_comment ON public.decisions USING btree (comment);
CREATE INDEX ix_failed_attempts_key_at ON public.failed_attempts USING btree (key, at);
CREATE INDEX ix_likenesses_comment ON public.likenesses USING btree (comment);
CREATE INDEX ix_likenesses_feature_at ON public.likenesses USING btree (feature, at);
CREATE INDEX ix_outbox_state_due_at ON public.outbox USING btree (state, due_at);
CREATE INDEX ix_pings_comment ON public.pings USING btree (comment);
CREATE INDEX ix_pings_host_received_at ON public.pings USING btree (host, received_at);
CREATE INDEX ix_pings_look_again_at ON public.pings USING btree (look_again_at);
CREATE INDEX ix_pings_network_received_at ON public.pings USING btree (network, received_at);
CREATE INDEX ix_pings_post_received_at ON public.pings USING btree (post, received_at);
CREATE UNIQUE INDEX ix_pings_source_key_post ON public.pings USING btree (source_key, post);
CREATE INDEX ix_pings_state_received_at ON public.pings USING btree (state, received_at);
CREATE UNIQUE INDEX ix_pings_token ON public.pings USING btree (token);
CREATE INDEX ix_revisions_comment ON public.revisions USING btree (comment);
CREATE UNIQUE INDEX ix_sessions_digest ON public.sessions USING btree (digest);
CREATE INDEX ix_sessions_user ON public.sessions USING btree ("user");
CREATE INDEX ix_spam_marks_browser ON public.spam_marks USING btree (browser);
CREATE INDEX ix_spent_expires_at ON public.spent USING btree (expires_at);
CREATE UNIQUE INDEX ix_trusted_kind_value ON public.trusted USING btree (kind, value);
CREATE UNIQUE INDEX ix_users_name ON public.users USING btree (name);
ALTER TABLE ONLY public.comments
    ADD CONSTRAINT fk_comments_parent FOREIGN KEY (parent) REFERENCES public.comments(id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT fk_decisions_action FOREIGN KEY (action) REFERENCES public.actions(id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT fk_decisions_comment FOREIGN KEY (comment) REFERENCES public.comments(id);
ALTER TABLE ONLY public.likenesses
    ADD CONSTRAINT fk_likenesses_comment FOREIGN KEY (comment) REFERENCES public.comments(id);
ALTER TABLE ONLY public.pings
    ADD CONSTRAINT fk_pings_comment FOREIGN KEY (comment) REFERENCES public.comments(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_comment FOREIGN KEY (comment) REFERENCES public.comments(id);
ALTER TABLE ONLY public.searched_words
    ADD CONSTRAINT fk_searched_words_comment FOREIGN KEY (comment) REFERENCES public.comments(id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_user FOREIGN KEY ("user") REFERENCES public.users(id);
ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT fk_sign_in_links_user FOREIGN KEY ("user") REFERENCES public.users(id);
