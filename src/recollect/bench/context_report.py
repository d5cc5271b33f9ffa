"""What ``recollect bench context`` has found, for people: tables that fit 80 columns."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from recollect.bench.report import Report, machine_line, table_of

_SHORT = {"with words not met before": "with new words"}


def show_context(report: Report, console: Console) -> None:
    """Prints the report of ``measure_context``."""
    for size, measured in report["sizes"].items():
        packet = measured["packet"]
        title = f"{int(size):,} memories; a packet of {packet['items']} items, {packet['tokens']:,} tokens"
        console.print(f"\n{title}", style="bold")
        console.print("milliseconds without the question's embedding, unless it says otherwise\n")
        _show_calls(measured["calls"], report["targets"], console)
        console.print()
        _show_whole(measured, console)
        for name, by_tier in measured["calls"].items():
            if name in report["targets"]:
                _show_stages(name, by_tier, console)
    console.print(f"\nround trips allowed: {report['round trips allowed']}; embedder {report['load']['embedder']}")
    console.print(machine_line(report["machine"]), style="dim")


def _show_calls(calls: Report, targets: Report, console: Console) -> None:
    table = table_of("call", "p50", "p95", "target", "own cpu", "trips", "render")
    for name, by_tier in calls.items():
        for tier, seen in by_tier.items():
            if "round trips" not in seen:
                continue
            most, often = seen["round trips at most"], seen["round trips"]
            table.add_row(
                f"{_SHORT.get(name, name)}, {tier}",
                f"{seen['p50 ms']}",
                f"{seen['p95 ms']}",
                _target(targets.get(name)),
                f"{seen['own cpu ms']}",
                f"{often}" if most == often else f"{often}, {most}",
                f"{seen['rendering, p50 ms']}",
            )
    console.print(table)


def _target(target: Mapping[str, float | None] | None) -> str:
    if target is None:
        return "-"
    return " / ".join(f"{value:g}" for value in target.values() if value is not None)


def _show_whole(measured: Report, console: Console) -> None:
    table = table_of("everything included: embedder, rendering", "p50", "p95", "first call")
    for tier, seen in measured["calls"]["with everything included"].items():
        table.add_row(tier, f"{seen['p50 ms']}", f"{seen['p95 ms']}", f"{measured['first call, ms'][tier]:,}")
    console.print(table)


def _show_stages(name: str, by_tier: Report, console: Console) -> None:
    """Where the time goes: each stage's p50, and its share of all of them."""
    console.print()
    stages = list(dict.fromkeys(stage for seen in by_tier.values() for stage in seen["stages, p50 ms"]))
    table = table_of(f"{name}: stage", *(f"{tier}, p50 / share" for tier in by_tier))
    for stage in stages:
        table.add_row(stage, *(_share(seen["stages, p50 ms"], stage) for seen in by_tier.values()))
    console.print(table)


def _share(stages: Mapping[str, Any], stage: str) -> str:
    if stage not in stages:
        return "-"
    return f"{stages[stage]} / {stages[stage] / (sum(stages.values()) or 1.0):.0%}"
