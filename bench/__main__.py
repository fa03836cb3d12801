"""`make bench`: measures everything, one after another, and prints one table."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import click

from . import commenting, desk, isso, ping_flood, pings, publishing, rendering
from .blogs import CHECKOUT, demo, thousand_posts

Row = tuple[str, str]


def main() -> None:
    """Print each row as soon as it is known."""
    begin = time.monotonic()
    click.echo(
        f"{os.cpu_count()} processors, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} before\n"
    )
    for rows in _measured():
        for what, value in rows:
            click.echo(f"| {what:<58} | {value:<44} |")
    click.echo(f"\n{time.monotonic() - begin:.0f} s, load {os.getloadavg()[0]:.1f} after")


def _measured() -> Iterator[Sequence[Row]]:
    yield [("what", "median (min–max)"), ("-" * 58, "-" * 44)]
    yield _rendering_rows(rendering.measure(), rendering.measure_all())
    with tempfile.TemporaryDirectory(prefix="permalien-bench-") as folder:
        small = demo(Path(folder) / "demo")
        small.permalien("build")
        yield _commenting_rows(commenting.measure(small))
        yield _isso_rows()
        yield _ping_rows(pings.measure(small))
        flooded = demo(Path(folder) / "flooded")
        flooded.permalien("build")
        yield [_flood_row(ping_flood.measure(flooded, pings.TARGET))]
        yield _peer_rows()
        yield [_reading_row(one) for one in pings.read_pages()]
        fresh = demo(Path(folder) / "fresh")
        outcome = publishing.measure(fresh, commenting.POST, times=3, comments=200)
        yield [_approval_row("the demo blog", outcome), *_memory_rows(outcome)]
        crowded = demo(Path(folder) / "crowded")
        crowded.permalien("build")
        yield _desk_rows(desk.measure(crowded.folder, commenting.POST))
        large = thousand_posts(Path(folder) / "large")
        address = "en/2022/09/27/post-500"
        yield [_approval_row("1,000 posts", publishing.measure(large, address, times=1))]


def _commenting_rows(found: commenting.Outcome) -> list[Row]:
    bare, ours, half = found.bare, found.ours, found.half
    rates = [a / b for a, b in zip(ours.rates, bare.rates, strict=True)]
    costs = [a / b for a, b in zip(bare.cpu, ours.cpu, strict=True)]
    return [
        ("comments accepted, each on the disk, a second", _spread(ours.rates, 0)),
        ("POSTs of the bare Flask application a second", _spread(bare.rates, 0)),
        ("  ours / bare, round by round", _spread(rates, 2)),
        ("processor time of one, ours, µs", _spread(ours.cpu, 0)),
        ("processor time of one, bare, µs", _spread(bare.cpu, 0)),
        ("  bare / ours, round by round", _spread(costs, 2)),
        ("the client's own processor time of one, µs", _spread(ours.client_cpu, 0)),
        (
            f"answered at half that rate ({half.rate:.0f} a second), p50 ms",
            f"{half.quantile(0.5):.1f}",
        ),
        ("  p99 ms, longest ms", f"{half.quantile(0.99):.1f}, {max(half.milliseconds):.1f}"),
        ("refused", f"{ours.refused + len(half.refused)} of ours, {bare.refused} of bare"),
        ("acknowledged / on the disk after kill -9", f"{found.acknowledged} / {found.on_disk}"),
    ]


def _desk_rows(found: desk.Outcome) -> list[Row]:
    rows = [
        (f"the desk with 10,000 waiting: {page}, CPU ms", _spread([s * 1e3 for s in costs], 0))
        for page, costs in found.pages.items()
    ]
    walls = [seconds * 1e3 for seconds in found.approvals]
    return [*rows, ("500 of 10,000 approved in one commit, ms", _spread(walls, 0))]


def _isso_rows() -> Sequence[Row]:
    try:
        return isso.rows(isso.measure())
    except isso.NotToBeHad as why:
        return [("Isso beside ours", f"not measured: {why}")]


def _ping_rows(found: pings.Outcome) -> list[Row]:
    return [
        *(
            (
                f"{name}s, 20 a second, each on the disk, p50, p99 ms",
                f"{answers.quantile(0.5):.1f}, {answers.quantile(0.99):.1f}; "
                f"{len(answers.refused)} refused",
            )
            for name, answers in found.at_rate.items()
        ),
        *((f"{name}s accepted a second", f"{rate:.0f}") for name, rate in found.rates.items()),
    ]


def _flood_row(found: ping_flood.Outcome) -> Row:
    what = f"called under {found.sent} pings ({found.refused} refused): a second;"
    return (
        f"{what} a host",
        f"{found.rate:.1f}, {found.at_once} at once; {found.most_of_a_host} times, "
        f"{found.least_pause:.2f} s between",
    )


def _peer_rows() -> list[Row]:
    beside = CHECKOUT.parent / "shared" / "peers" / "wordpress" / "wordpress.sh"
    script = Path(os.environ.get("WORDPRESS", beside))
    if not script.is_file():
        return []
    return [("a pingback of WordPress's receiver, ms", _spread(pings.as_wordpress(script), 0))]


def _reading_row(one: pings.Reading) -> Row:
    value = f"{one.cpu:.2f}, {one.peak:.0f}; {one.said}"
    return (f"a source of {one.page} read apart, CPU s, peak MB", value)


def _approval_row(blog: str, outcome: publishing.Outcome) -> Row:
    walls = [approval.wall for approval in outcome.approvals]
    costs = [approval.cpu for approval in outcome.approvals]
    return (
        f"approved → in the live page, {blog}, s",
        f"{_spread(walls, 2)}, CPU {_spread(costs, 2)}",
    )


def _memory_rows(outcome: publishing.Outcome) -> list[Row]:
    def text(pair: tuple[float, float]) -> str:
        return f"{pair[0]:.0f} ({pair[1]:.0f})"

    return [
        (
            f"memory of {role}, RSS (PSS) MB",
            f"{text(idle)} idle, {text(outcome.after[role])} after",
        )
        for role, idle in outcome.idle.items()
    ]


def _rendering_rows(costs: dict[str, float], whole: dict[str, float]) -> list[Row]:
    worst = max(costs, key=lambda name: costs[name])
    dearest = max(whole, key=lambda name: whole[name])
    return [
        ("10 kB made safe, plain words, CPU ms", f"{costs['plain']:.1f}"),
        (f"10 kB made safe, worst of {len(costs)} shapes, CPU ms", f"{costs[worst]:.1f} ({worst})"),
        (
            f"  and judged and weighed, worst of {len(whole)}, CPU ms",
            f"{whole[dearest]:.1f} ({dearest})",
        ),
    ]


def _spread(values: Sequence[float], digits: int) -> str:
    low, high = min(values), max(values)
    if len(values) == 1:
        return f"{low:.{digits}f}"
    return f"{median(values):.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


if __name__ == "__main__":
    main()
