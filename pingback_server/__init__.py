"""Permalien's service: takes what readers send, lets the author decide, has the pages follow.

The map, in the order in which a comment travels. Imports go downward only: skins (`web`, `cli`)
to deeds, to edges (`store`, `fetch`, `manifest`, `server_settings`, `processes`, `languages`), to
`domain`.

1. It arrives
   - `web.app` every route on one screen; `web.comments` the form, the reply;
     `web.messages` the form of a contact page
   - `web.refusals` each refusal's answer; `web.pages` the pages that the service makes,
     `domain.form_of_page` the form on them
   - `web.server` waitress, `web.slow_senders` whom it waits for, `web.strict_requests` what it
     does not take; `web.mount` the blog's path; `web.headers`; `web.service` what views use
   - `web.receipts` what its writer sees of it, `web.own` and may still do
   - `web.remembering` a browser known again; `web.confirming` the preview; `web.rates` the crowd
   - `web.whence` where a request comes from, past our own proxies: `domain.senders`
   - `web.templates` the theme, `deeds.render` as Pelican renders it
   - `web.site` the published pages, `web.files` one of them as an answer, `web.media_types`
     its type; `web.health`
   - `web.addresses` posts by number and former addresses; `domain.former` which those are,
     `domain.moves` which of them nothing leads on from
2. It is checked
   - `deeds.receive` the steps in their order; `domain.admission` room for it, something to see
   - `web.reports`, `deeds.report` what is reported to the author
   - `deeds.revise`, `deeds.withdraw` what its writer may still do: `domain.own_comments`
   - `domain.tokens` what we signed; `domain.form` the fields; `domain.closing` when it is too late
   - `domain.policy` hold, publish or suspect; `domain.markup` text made safe
   - `domain.errors` every cause as one tree (`domain.errors.base`): `domain.errors.strangers`,
     `domain.errors.desk`, `domain.errors.pages`, `domain.errors.blog`
   - `domain.rules`, a small function a check: `domain.rules.case` what they look at,
     `domain.rules.senders`, `domain.rules.words`, `domain.rules.links`, `domain.rules.times`
   - `domain.rulings` whom the author blocks and trusts, by `domain.subjects`; `domain.folding` how
     words compare, `domain.hosts` where links lead
3. It is stored
   - `store` every SQL statement: `store.store` the one face; `store.writing` the queue of writers;
     `store.arrivals` what came; `store.comments`, `store.outbox`, `store.pages`, `store.rulings`,
     `store.browsers`, `store.confirmed`, `store.likenesses`, `store.clusters`, `store.learning`,
     `store.tallies`, `store.own_comments`, `store.avatars`
   - `store.schema` the tables: `store.schema.columns` what they are made of,
     `store.schema.conversation`, `store.schema.pings` with `domain.pings`, `store.schema.rules`,
     `store.schema.people` with `domain.people`, `store.schema.work`
   - `store.migrating` (whose `store.migrations` alembic runs by its `env`), `store.engine`,
     `store.postgresql`, `store.bare`, `store.filelock`, `store.snapshot`, `store.failures`
   - pages of others: `fetch` the one door to other hosts, `fetch.fetcher` from hop to hop;
     `domain.web_addresses` what is an address, `domain.networks` what is not public, `fetch.gate`
     whom we may call, `fetch.resolving` DNS, `fetch.connection` HTTP with a checked address,
     `fetch.budget` the limits, `fetch.unpacking` the body, `fetch.page` what comes back
   - the page that says it links here: `processes.confining` starts a process of its own, in which
     `protocols.source_page` reads it (its `protocols.source_page.__main__`)
   - `protocols.source_page.reading` the steps, `protocols.source_page.errand` what is asked;
     `protocols.source_page.charset`, `protocols.source_page.tree`, `protocols.source_page.plain`
     bytes and text; `protocols.source_page.document`, `protocols.source_page.leads` its links
   - `protocols.source_page.microformats` what it says it is, `protocols.source_page.authorship`
     whose; `protocols.source_page.items`, `protocols.source_page.thinning` how that is read
   - `domain.source_pages` what it turned out to be, `domain.quoting` how it is quoted
4. The author is told, and decides
   - `deeds.weigh` what it is like (`domain.likeness`), how its words read (`domain.bayes`)
   - `deeds.block`, `deeds.trust`: a ruling once for all
   - `deeds.notify`, `deeds.moderate`, `deeds.reply`, `deeds.edit`, `deeds.undo`, `deeds.delete`,
     `deeds.switch` with `domain.switches`
   - `domain.filters` what of the queue is meant, `domain.as_shown` as somebody saw it;
     `store.choosing` finds, with `store.fingerprints`, what of it is so still
   - `store.search` shows a page of it by `store.conditions`, in which words compare by
     `domain.folding`; `store.searched` by what words
   - `store.moderation` many at once: `store.decisions`, `store.undoing`, `store.deletion`;
     `store.revisions`, `store.switches`; `store.actions` the log, `domain.actions` its words
   - `web.desk` the same in the browser, every route of it: `web.desk.access` who may come in,
     `web.desk.frame` with `web.desk.kept`, `web.desk.queue` with `web.desk.rows` and
     `web.desk.reasons`, `web.desk.place` where somebody is, `web.desk.acting`,
     `web.desk.replies`, `web.desk.correcting`,
     `web.desk.republishing`, `web.desk.script`
     - `web.desk.signing_in` (with `web.desk.browsers`), `web.desk.account`, `web.desk.people`,
       `web.desk.posts` with `web.desk.shelf`, `web.desk.log` with `web.desk.signatures`,
       `web.desk.lists`, `web.desk.numbers`, `web.desk.failed_pings`
   - `cli.queueing`, `cli.moderating`, `cli.correcting`, `cli.ruling` the
     commands; `cli.selecting` what they are about, `cli.typed` what is written to them
   - `cli.privacy`, `deeds.erase`, `store.personal`: what is kept about somebody, shown or erased,
     `store.mentions` where else an address stands; `deeds.purge` what is over, by
     `domain.retention`, `store.retention`, `cli.purging`; each by `store.removal`
   - `cli.importing`, `deeds.import_file`: a conversation from a file; `domain.imports` what it may
     hold, `store.imports` each entry once
   - who sits at the desk: `deeds.sign_in`, `deeds.invite`, `deeds.welcome`,
     `deeds.change_password`; `credentials` hashes passwords, of which `domain.passwords` says what
     they have to be and `domain.throttle` how fast they are guessed; `store.people` keeps users
     (`store.users`) and how they get there (`store.entrance`); `cli.seating` the command
5. The pages follow
   - `deeds.fetch_avatars` pictures beside names, where that is wanted: `domain.avatars`,
     `protocols.small_picture`, `cli.picturing`
   - `deeds.refresh` what time alone changes; `deeds.publish` dirty pages become live ones
   - `processes` the door to child processes: `processes.building` Pelican, `processes.watching` the
     roles (its `processes.__main__`), `processes.saying` how they are heard,
     `processes.playing` who plays which, `processes.reading` what pelicanconf.py says
   - `cli.checking`, `deeds.check` what is wrong with a blog; `domain.findings` how that is said;
     `processes.inspecting` has a build looked at
   - `plugins/`, at the top of the checkout, is Pelican's side of it (docs/architecture.md)
   - `protocols` formats that other programs read: `protocols.feed` what a feed says,
     `protocols.syndication` it as Atom and RSS, `protocols.json_feed` as JSON, `protocols.links`
   - `manifest` the list of posts that a build leaves; `domain.posts` what stands in it;
     `domain.discussion` what is said, `domain.threads` how it is nested,
     `domain.paging` on which page, `domain.identicons` what is drawn beside a name;
     `domain.switches` what was closed by hand; `domain.addresses` which post a link leads to
6. Other sites say that they link here
   - `web.pings` the way in and each refusal's answer, `web.pingback`, `web.trackback`,
     `web.webmention` the three protocols, `protocols.xmlrpc`, `protocols.trackback` their wire,
     `protocols.charsets` in what letters, `protocols.discovery` how they are found
   - `deeds.receive_ping` the steps at the door; `domain.targets` which post is meant
   - `store.pings` the store's face for them: `store.receiving` each pair once, within
     `store.ping_budgets`; `store.ping_rows`, `store.forgetting` what is kept no longer
   - `cli.verifying` the worker's readers, `deeds.verify_ping` what one does: `store.verifying`
     whose source is read next, `store.calling` how often a host is called, `domain.shown_pings`
     what a ping shows and whether it is held, `store.confirming` what a reading brings,
     `store.ping_items` the item that it shows, `store.replacing` new words that wait;
     `cli.pinging` the command
7. What is not public yet
   - `unpublished` what a build leaves for friends under `drafts/`, which `web.drafts` shows them
   - `cli.previewing` builds the author's preview, `processes.previewing` how that ended,
     `web.preview` what a page of it has more
   - `contents` the files below content/, of which `domain.heads` reads the heads;
     `deeds.write_post` begins and saves them, at the terminal and at the desk
8. Around it
   - `cli` the command line: `cli.running`, `cli.roles`, `cli.publishing`, `cli.writing`,
     `cli.workplace`
   - `server_settings` PERMALIEN_*; `domain.settings` DISCUSSION, `domain.blog_settings`
     the rest of pelicanconf.py, and `pelican_settings` what it begins with; `blog_folder` where the
     blog that is being built lies; `languages` French and English
"""

__version__ = "0.1.0"
