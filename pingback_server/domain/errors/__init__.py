"""Every cause for which Permalien refuses or fails, as one tree; each skin maps it in one table.

PermalienError
├── BadSetting            a setting that is not what it has to be; names the key and what would do
├── NoBlog                no pelicanconf.py where a blog was expected
├── NotPublished          the blog has not been built yet, so no post is known
├── BuildFailed           Pelican could not build; says file and line where known
├── BadTemplate           a template cannot be read or fails; says file and line where known
├── BadImport             a file to import is not what it has to be; names entry and field
├── PageUnreadable        a stranger's page of which nothing could be made out; says why
├── HostBusy              another host was called too lately; says when it may be called again
├── NotVerified           a ping's source is no source: `problem` is one word, `passing` may change
├── Unavailable           the store takes nothing now (disk full, locked, gone): try again later
├── NotFetched            a page of another host was not read; `why` is one word
│   ├── FetchRefused          its address must never be called: that is final
│   └── FetchFailed           it did not answer, or not in order; `passing` if that may change
├── NotLetIn              somebody does not get to the desk
│   ├── WrongPassword         name and password do not belong together, or there is no such name
│   ├── TooOften              too many guesses from there or at that name; `wait` before the next
│   ├── Busy                  more people sign in at once than passwords can be looked at
│   └── LinkSpent             a link to sign in by was used, replaced, or is too old
├── Impossible            a decision that cannot be taken
│   ├── NoSuchComment         no comment has that number
│   ├── BadRuling             what is to be blocked or trusted is not written as it has to be
│   ├── NoSuchPing            no ping has that number, or that token
│   ├── BadFilter             words of a search that mean nothing; names the word
│   ├── NotInThatState        e.g. restoring what is neither spam nor in the trash
│   │   └── Corrected             its writer would change what somebody at the desk corrected
│   ├── NotAsShown            what is decided on has changed since it was shown
│   ├── NoSuchUser            nobody of that name may sit at the desk
│   ├── BadName               a name that nobody can sign in by, or that somebody has
│   ├── BadPassword           too easily guessed; `problem` is one word
│   ├── LastOwner             nobody would be left who may manage the blog
│   ├── BadTitle              of this title no new file of a post can be made
│   ├── NoSuchFile            no file below content/ that can be written here
│   ├── NotText               a file that is not UTF-8
│   └── Changed               a file is another by now; has what stands `there`
└── Refused               what a stranger sent is not taken
    ├── Invalid               a field is missing or malformed; says which and why
    ├── TooLarge              longer than the blog takes
    ├── Forged                the form's token does not name a post of this blog
    ├── Spent                 the preview was confirmed before, with another text
    ├── UnknownPost           no such post is published
    ├── Closed                the post's discussion is closed
    ├── BadCall               no call of a procedure that we know, in XML-RPC; `why` is one word
    ├── SourceRefused         the page that is said to link here can be no such page
    ├── UnknownTarget         what it is said to link to certainly does not exist
    ├── NotATarget            what it is said to link to takes no pings, or is not known here
    ├── Blocked               the author takes nothing from there
    └── TooMany               more than is taken in that time; says when to come again
        └── QueueFull             too much waits already, whoever sent it
"""

from .base import PermalienError
from .blog import (
    BadImport,
    BadSetting,
    BadTemplate,
    BuildFailed,
    NoBlog,
    NotPublished,
    Unavailable,
)
from .desk import (
    BadFilter,
    BadName,
    BadPassword,
    BadRuling,
    BadTitle,
    Busy,
    Changed,
    Corrected,
    Impossible,
    LastOwner,
    LinkSpent,
    NoSuchComment,
    NoSuchFile,
    NoSuchPing,
    NoSuchUser,
    NotAsShown,
    NotInThatState,
    NotLetIn,
    NotText,
    TooOften,
    WrongPassword,
)
from .pages import (
    FetchFailed,
    FetchRefused,
    HostBusy,
    NotFetched,
    NotVerified,
    PageUnreadable,
)
from .strangers import (
    BadCall,
    Blocked,
    Closed,
    Forged,
    Invalid,
    NotATarget,
    QueueFull,
    Refused,
    SourceRefused,
    Spent,
    TooLarge,
    TooMany,
    UnknownPost,
    UnknownTarget,
)

__all__ = [
    "BadCall",
    "BadFilter",
    "BadImport",
    "BadName",
    "BadPassword",
    "BadRuling",
    "BadSetting",
    "BadTemplate",
    "BadTitle",
    "Blocked",
    "BuildFailed",
    "Busy",
    "Changed",
    "Closed",
    "Corrected",
    "FetchFailed",
    "FetchRefused",
    "Forged",
    "HostBusy",
    "Impossible",
    "Invalid",
    "LastOwner",
    "LinkSpent",
    "NoBlog",
    "NoSuchComment",
    "NoSuchFile",
    "NoSuchPing",
    "NoSuchUser",
    "NotATarget",
    "NotAsShown",
    "NotFetched",
    "NotInThatState",
    "NotLetIn",
    "NotPublished",
    "NotText",
    "NotVerified",
    "PageUnreadable",
    "PermalienError",
    "QueueFull",
    "Refused",
    "SourceRefused",
    "Spent",
    "TooLarge",
    "TooMany",
    "TooOften",
    "Unavailable",
    "UnknownPost",
    "UnknownTarget",
    "WrongPassword",
]
