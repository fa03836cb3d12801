"""robots.txt (RFC 9309): where the sitemap is, and whether crawlers of AI companies are welcome."""

from __future__ import annotations

from pingback_server.domain.errors import BadSetting
from pingback_server.domain.posts import Blog

ALLOWED, REFUSED = "allowed", "refused"

# By the names under which their companies say that they can be refused.
AI_CRAWLERS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot"),
    *("ClaudeBot", "Claude-SearchBot", "Claude-User", "cohere-ai"),
    *("cohere-training-data-crawler", "Diffbot", "DuckAssistBot", "FacebookBot"),
    *("Google-CloudVertexBot", "Google-Extended", "GPTBot", "ChatGPT-User", "img2dataset"),
    *("ImagesiftBot", "meta-externalagent", "meta-externalfetcher", "MistralAI-User"),
    *("OAI-SearchBot", "omgili", "omgilibot", "PanguBot", "PerplexityBot", "Perplexity-User"),
    *("PetalBot", "Timpibot", "Webzio-Extended", "YouBot"),
)


def check_ai_crawlers(said: object) -> None:
    """Raise BadSetting unless AI_CRAWLERS is one of its two words."""
    if said not in (ALLOWED, REFUSED):
        raise BadSetting(
            f'pelicanconf.py: AI_CRAWLERS has to be "{ALLOWED}" or "{REFUSED}", not {said!r}'
        )


def robots_txt(blog: Blog, ai_crawlers: str) -> str:
    """Everybody may read all but the service's own pages; who is refused may read nothing."""
    lines = ["User-agent: *", f"Disallow: {blog.path}/-/", ""]
    if ai_crawlers == REFUSED:
        lines += [f"User-agent: {name}" for name in AI_CRAWLERS]
        lines += [f"Disallow: {blog.path}/", ""]
    return "\n".join((*lines, f"Sitemap: {blog.url}/sitemap.xml", ""))
