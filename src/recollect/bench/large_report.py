"""What ``recollect bench large`` has found, for people: one table that fits 80 columns."""

from rich.console import Console

from recollect.bench.report import Report, machine_line, table_of

TARGETS = {"10000": 15, "100000": 60}
"""Milliseconds that the median search may take, by size."""


def show_large(report: Report, console: Console) -> None:
    """Prints the report of ``measure_large``."""
    console.print("\nusers searched in the database; milliseconds without embedding\n", style="bold")
    table = table_of("memories", "p50", "p95", "target", "own cpu", "after add", "ranked", "of ten", "filled")
    for size, measured in report["sizes"].items():
        search, agreed = measured["search"], measured["agreement"]
        table.add_row(
            f"{int(size):,}",
            f"{search['p50 ms']}",
            f"{search['p95 ms']}",
            f"{TARGETS[size]}" if size in TARGETS else "",
            f"{search['own cpu ms']}",
            f"{measured['after an add'].get('p50 ms', '')}",
            f"{search['ranked']:,}",
            f"{agreed['of ten']}",
            f"{measured['filling']['ms'] / 1000:,.1f} s",
        )
    console.print(table)
    console.print("of ten: how many of the resident index's first ten are found; filled: the first search")
    console.print(machine_line(report["machine"]), style="dim")
