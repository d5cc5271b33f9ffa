"""The storm's report for people: a table of counts that fits 80 columns."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from recollect.bench.report import machine_line

COUNTS = (
    "acknowledged",
    "found",
    "missing",
    "duplicates",
    "chains",
    "broken",
    "events",
    "memories",
    "stored without an acknowledgement",
)


def show_chaos(report: Mapping[str, Any], console: Console) -> None:
    """Prints the report of ``measure_chaos``."""
    load, killed, speed = report["load"], report["killed"], report["speed"]
    console.print(
        f"\n{load['users']} writers on {load['users']} users, {load['writers on one user']} on one more user, for"
        f" {load['seconds']:g} s",
        style="bold",
    )
    console.print(f"processes on the one data directory: {load['processes']}")
    console.print(
        f"kill -9: a process {killed['process']} times, the server {killed['server']} times,"
        f" and it recovered {report['crash recoveries']} times\n"
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name in COUNTS:
        table.add_row(name, f"{report[name]:,}")
    table.add_row("failed attempts, made again", f"{sum(report['failed attempts'].values()):,}")
    table.add_row("adds/s", f"{speed['adds/s']:,}")
    table.add_row("add, ms, p50 / p95", f"{speed['add'].get('p50 ms', '-')} / {speed['add'].get('p95 ms', '-')}")
    for name in ("longest wait for an acknowledgement, s", "longest time without any, s"):
        table.add_row(name, f"{speed[name]}")
    console.print(table)
    for line in report["failures"]:
        console.print(line, style="red")
    console.print("\nnothing is missing, double or broken" if report["whole"] else "\nNOT whole", style="bold")
    console.print(machine_line(report["machine"]), style="dim")
