"""The machine that the figures belong to: an absolute figure without it says nothing."""

import os
import platform
import re
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def machine() -> dict[str, str | int | float]:
    """Processor, cores that this process may use, load before the run (1 minute), system and Python."""
    return {
        "cpu": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def file_system(path: Path) -> str:
    """The kind of file system that ``path`` lies on, such as ``ext4`` or ``tmpfs``; "" where it cannot be told."""
    mounts = _read("/proc/self/mounts").splitlines()
    inside = [
        fields for fields in map(str.split, mounts) if len(fields) > 2 and path.resolve().is_relative_to(fields[1])
    ]
    return max(inside, key=lambda fields: len(fields[1]))[2] if inside else ""


def process_bytes() -> int:
    """Memory that this process holds now; 0 where it cannot be told."""
    fields = _read("/proc/self/statm").split()
    return int(fields[1]) * _PAGE if len(fields) > 1 else 0


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found.group(1).strip() if found else platform.processor() or platform.machine()


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
