"""What a rule is called and what it said, in the language of the desk: the store keeps English."""

from __future__ import annotations

import re

from ...languages import Words, later

_SAYINGS = (
    later("A blocked pattern stands in it: %(pattern)s."),
    later("A page that links here waits for the author, unless its site is trusted."),
    later("A post of this blog links to this site."),
    later("A reader reports what it answers; nobody but the author reads it."),
    later("Every comment waits for the author."),
    later("It has %(n)s link."),
    later("It has %(n)s links."),
    later("It has links in the markup of other systems."),
    later("It has words not allowed here: %(words)s."),
    later("It has words that wait for the author: %(words)s."),
    later("It is a link with hardly a word beside it."),
    later("It is nearly the same as number %(n)s, which was marked as spam."),
    later("It is written to the author alone, and never published."),
    later("It leads to a blocked domain: %(domain)s."),
    later("It leaves a link below a post of %(n)s days ago."),
    later("It looked suspect; its writer saw a preview and sent it again."),
    later("It was confirmed faster than anybody reads it."),
    later("It was imported, and not as published."),
    later("It was sent shortly after the discussion had closed."),
    later("Its page has changed since; until you decide, the old words stand."),
    later("More than usual is being written below this post."),
    later("More than usual is being written on this blog."),
    later("Nearly the same came %(n)s times before, first as number %(first)s."),
    later("Nothing from this browser was approved yet, so the comment waits for the author."),
    later("The author trusts this site."),
    later("The browser it comes from is blocked."),
    later("The e-mail address is blocked."),
    later("The hidden field that only programs see was filled in."),
    later("The hidden field was left out, so it was not sent by the form."),
    later("The name of its host has letters beyond those of English."),
    later("The network it comes from is blocked."),
    later("The page links to very many other sites."),
    later("Words like these stood in honest comments before: %(words)s."),
    later("Words like these stood in spam before: %(words)s."),
)
_NAMES = {
    "trap": later("Hidden field"),
    "blocked": later("Block list"),
    "disallowed": later("Words not allowed"),
    "words": later("Words to see first"),
    "links": later("Number of links"),
    "markup": later("Markup of other systems"),
    "bare": later("Link almost alone"),
    "old-post": later("Link below an old post"),
    "busy-post": later("Crowd below a post"),
    "busy-blog": later("Crowd on the blog"),
    "quick": later("Confirmed too fast"),
    "likeness": later("Like known spam"),
    "repeated": later("Repeated text"),
    "bayes": later("Words of spam"),
}
_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def _shape(saying: str) -> re.Pattern[str]:
    """What `saying` looks like with its places filled in."""
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(saying)), re.DOTALL)


_SHAPES = [(_shape(saying), saying) for saying in _SAYINGS]


def name_of(rule: str, t: Words) -> str:
    """What a rule is called; its id, if it is none of those that can speak for spam."""
    return t(_NAMES[rule]) if rule in _NAMES else rule


def told(words: str, t: Words) -> str:
    """`words` of a rule translated; as they are, if they are none of its usual sayings."""
    for shape, saying in _SHAPES:
        if found := shape.fullmatch(words):
            return t(saying, **found.groupdict())
    return words
