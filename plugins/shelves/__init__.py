"""Lists each post once in a tag or author that it names twice, as by `Web, web`, and lists a
translation in a category, tag or author whose pages Pelican gives to originals alone.

Where the original stands in the same list, that is enough; elsewhere its translation stands in for
it. Without this, the category of a translation could be a link that leads nowhere.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from pelican import signals
from pelican.utils import order_content


def register() -> None:
    signals.content_object_init.connect(_name_once)
    signals.article_generator_finalized.connect(_shelve)


def _name_once(content: Any) -> None:
    """Terms of one slug are equal, and have one page: the first name stays."""
    for name in ("tags", "authors"):
        if terms := getattr(content, name, None):
            setattr(content, name, list(dict.fromkeys(terms)))


def _shelve(generator: Any) -> None:
    shelves = {name: dict(getattr(generator, name)) for name in ("categories", "tags", "authors")}
    touched = []
    for article in sorted(generator.translations, key=attrgetter("date", "url")):
        for shelf in _shelves_of(article, shelves):
            if not any(other in shelf for other in article.translations):
                shelf.append(article)
                touched.append(shelf)
    for shelf in touched:
        shelf[:] = order_content(shelf, generator.settings["ARTICLE_ORDER_BY"])
    generator.tags = shelves["tags"]
    for name in ("categories", "authors"):
        setattr(generator, name, sorted(shelves[name].items(), key=lambda pair: pair[0]))
    if generator.settings["REVERSE_CATEGORY_ORDER"]:
        generator.categories.reverse()
    generator.context.update(
        tags=list(generator.tags.items()),
        categories=generator.categories,
        authors=generator.authors,
    )


def _shelves_of(article: Any, shelves: dict[str, dict[Any, list[Any]]]) -> list[list[Any]]:
    """The lists that `article` asks to stand in; those that are new come to be."""
    wanted = [("categories", article.category)]
    wanted += [("tags", tag) for tag in getattr(article, "tags", ())]
    wanted += [("authors", author) for author in getattr(article, "authors", ())]
    return [shelves[name].setdefault(term, []) for name, term in wanted]
