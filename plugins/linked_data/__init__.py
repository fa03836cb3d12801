"""What a post says of itself to search engines and to those who link to it: `facts_of(article)`."""

from __future__ import annotations

from functools import cache
from typing import Any

from pelican import signals
from pelican.contents import Content

from .facts import Facts, read_facts
from .posting import blog_of, posting_of


def register() -> None:
    signals.all_generators_finalized.connect(_give)


def _give(generators: list[Any]) -> None:
    context = generators[0].context

    @cache
    def facts_of(content: Content) -> Facts:
        return read_facts(content, context["site"])

    def structured_data(article: Any = None) -> dict[str, Any]:
        if article is None:
            return blog_of(context["site"])
        talk = context["comments_on"](article)
        return posting_of(
            article,
            context["site"],
            facts_of(article),
            items=talk.listed,
            count=talk.discussion.count,
        )

    context.update(facts_of=facts_of, structured_data=structured_data)
