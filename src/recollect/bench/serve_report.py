"""What ``recollect bench serve`` has found, for people: tables that fit 80 columns."""

from rich.console import Console

from recollect.bench.report import Report, machine_line, table_of


def show_serve(report: Report, console: Console) -> None:
    """Prints the report of ``measure_serve``."""
    load = report["load"]
    console.print(f"\n{load['users']:,} users of {load['memories']:,} memories; milliseconds", style="bold")
    table = table_of("call, callers", "way", "p50", "p95", "p99", "per second", "failed")
    for callers, by_kind in report["callers"].items():
        for kind, seen in by_kind.items():
            for way in ("http", "in process"):
                figures = seen[way]
                table.add_row(
                    f"{kind}, {callers}",
                    way,
                    *(f"{figures.get(name, '-')}" for name in ("p50 ms", "p95 ms", "p99 ms")),
                    f"{figures['per second']}",
                    f"{figures['failed']}",
                )
    console.print(table)
    for callers, by_kind in report["callers"].items():
        for kind, seen in by_kind.items():
            added, share = seen["http adds, p50 ms"], seen["throughput, http / in process"]
            console.print(f"{kind}, {callers} at once: HTTP adds {added} ms at p50; throughput {share:.0%}")
    console.print(machine_line(report["machine"]), style="dim")
