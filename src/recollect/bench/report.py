"""The bench's answers for people: tables that fit 80 columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from recollect.bench.measures import CUTS, MEASURES
from recollect.bench.profiling import HotSpot

WIDTH = 80

Report = Mapping[str, Any]


def show_recall(report: Report, console: Console) -> None:
    """Prints one file's report of ``measure_recall``."""
    counts = report["counts"]
    console.print(f"\n{report['file']}: {counts['questions']:,} questions over {counts['turns']:,} turns", style="bold")
    groups = "all / without adversarial; percent" if _differs(report) else "percent"
    console.print(f"embedder {report['embedder']}; {groups}\n")
    console.print(_measures_by_cut(report))
    console.print()
    console.print(_groups(report))
    console.print()
    console.print(_times(report["time"]))
    for line in _remarks(counts):
        console.print(line)
    console.print(machine_line(report["machine"]), style="dim")


def show_speed(report: Report, console: Console) -> None:
    """Prints the report of ``measure_speed``."""
    load = report["load"]
    console.print(f"\nbeside {load['neighbours']:,} users of {load['neighbour size']:,} memories each", style="bold")
    for name, measured in report["embedders"].items():
        if "missing" in measured:
            console.print(f"\n{name}: not measured: {measured['missing']}")
            continue
        console.print(f"\n{name} ({measured['dimension']} dimensions); milliseconds, p50 / p95\n")
        console.print(_sizes(measured["sizes"]))
    console.print("\nranking floor, the same texts and questions on bare numpy arrays:")
    console.print(f"  {report['what the ranking floor does']}", style="dim")
    if report["durability"]:
        console.print(f"commit floor: {report['what the commit floor does']}", style="dim")
        console.print(f"  {report['durability']}", style="dim")
    else:
        console.print("commit floor: not measured; set RECOLLECT_ADMIN_URL, for it makes a table of its own")
    console.print(machine_line(report["machine"]), style="dim")


def show_hot_spots(spots: Mapping[str, Sequence[HotSpot]], console: Console) -> None:
    """Prints the functions that took the most time."""
    for name, rows in spots.items():
        table = table_of(f"hot spots of {name}", "calls", "own ms", "total ms")
        for row in rows:
            table.add_row(row["where"][-48:], f"{row['calls']:,}", f"{row['own_ms']:,.0f}", f"{row['total_ms']:,.0f}")
        console.print(table)
        console.print()


def machine_line(machine: Report) -> str:
    """The machine on one line."""
    parts = [f"{machine['cpu']}", f"{machine['cores']} cores", f"load {machine['load']}", f"Python {machine['python']}"]
    return ", ".join([*parts, str(machine["file system"])] if machine.get("file system") else parts)


def _measures_by_cut(report: Report) -> Table:
    table = table_of("", *(f"@{k}" for k in CUTS))
    less = report["without adversarial"]
    differs = _differs(report)
    for measure in MEASURES:
        names = [f"{measure}@{k}" for k in CUTS]
        cells = [
            f"{report['all'][name]:.1f} / {less[name]:.1f}" if differs else f"{report['all'][name]:.1f}"
            for name in names
        ]
        table.add_row(measure, *cells)
    return table


def _differs(report: Report) -> bool:
    return report["without adversarial"]["questions"] not in (0, report["all"]["questions"])


def _groups(report: Report) -> Table:
    shown = ("R@5", "R@10", "R@20", "R@50", "session R@10", "nDCG@10")
    table = table_of("", "n", "R@5", "R@10", "R@20", "R@50", "sess@10", "nDCG@10")
    groups = {
        "all": report["all"],
        "without adversarial": report["without adversarial"],
        **report["by category"],
        **{
            f"conversations {name}" if "-" in name and name[0].isdigit() else name: averages
            for name, averages in report["conversations"].items()
        },
    }
    for name, averages in groups.items():
        if averages["questions"]:
            table.add_row(name[:24], f"{averages['questions']:,}", *(f"{averages[measure]:.1f}" for measure in shown))
    return table


def _times(times: Report) -> Table:
    table = table_of("milliseconds", "p50", "p95", "calls")
    for name, measured in times.items():
        if isinstance(measured, Mapping) and "p50 ms" in measured:
            table.add_row(name, f"{measured['p50 ms']}", f"{measured['p95 ms']}", f"{measured['calls']:,}")
    return table


def _remarks(counts: Report) -> list[str]:
    """What a reader must know to judge the figures; empty when there is nothing."""
    watched = ("turns without a memory", "questions with no answer", "answers that change with the limit")
    lines = [f"{counts[name]:,} {name}" for name in watched if counts[name]]
    if counts["degraded calls"]:
        lines.append(f"{counts['degraded calls']:,} degraded calls, the first: {counts['first degraded']}")
    return lines


def _sizes(sizes: Mapping[str, Report]) -> Table:
    table = table_of("memories of the user", *(f"{int(size):,}" for size in sizes))
    for title, cell in _ROWS:
        table.add_row(title, *(cell(measured) for measured in sizes.values()))
    return table


def table_of(first: str, *others: str) -> Table:
    """A table without rules, its first column set to the left and the others to the right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _pair(measured: Report) -> str:
    return f"{measured['p50 ms']} / {measured['p95 ms']}"


_ROWS: tuple[tuple[str, Callable[[Report], str]], ...] = (
    ("search, without embedding", lambda m: _pair(m["search"])),
    ("ranking floor (bare numpy)", lambda m: _pair(m["ranking floor"])),
    ("fetch floor (bare round trip)", lambda m: _pair(m["fetch floor"])),
    ("search / both floors, times", lambda m: f"{m['search / both floors']}"),
    ("rank stage / ranking floor, times", lambda m: f"{m['rank stage / ranking floor']}"),
    ("search / ranking floor, times", lambda m: f"{m['search / ranking floor']}"),
    (
        "own cpu of search / ranking floor",
        lambda m: f"{m['search']['own cpu ms']} / {m['ranking floor']['own cpu ms']}",
    ),
    ("search, words not met before", lambda m: _pair(m["search"]["words not met before"])),
    ("search without / with one policy, p50", lambda m: " / ".join(map(str, m["one policy"].values())) or "-"),
    ("search right after an add", lambda m: _pair(m["search"]["after an add"])),
    ("search with the embedder", lambda m: _pair(m["with the embedder"]["search"])),
    ("first search, nothing stored", lambda m: f"{m['first search']['ms']:,}"),
    ("first search, from stored arrays", lambda m: f"{m['first search']['from stored arrays, ms']:,}"),
    ("searches/s, one caller / eight", lambda m: f"{m['search']['per second']} / {m['at once']['searches/s']}"),
    ("searches/s of eight threads", lambda m: f"{m['threads at once']['searches/s']}"),
    ("add, without embedding", lambda m: _pair(m["add"])),
    ("commit floor (one row)", lambda m: _pair(m["commit floor"]) if m["commit floor"]["calls"] else "-"),
    ("add / commit floor, times", lambda m: f"{m['add / commit floor'] or '-'}"),
    ("own cpu of add", lambda m: f"{m['add']['own cpu ms']}"),
    ("add with the embedder", lambda m: _pair(m["with the embedder"]["add"])),
    ("adds/s, one caller / eight users", lambda m: f"{m['add']['per second']} / {m['at once']['adds/s']}"),
    ("bulk load, texts/s", lambda m: f"{m['bulk load, texts/s']:,}"),
    ("round trips, search / add (most often)", lambda m: f"{m['search']['round trips']} / {m['add']['round trips']}"),
    ("index kB per 1,000 memories", lambda m: f"{m['first search']['index kB per 1,000 memories']:,}"),
)
"""The rows of the speed table: a title, and the cell for what was measured at one size."""
