"""What ``recollect`` offers is imported when it is first asked for: ``import recollect`` alone costs nothing.

So the command line shows its help without waiting for the database's driver, and Ctrl-C is quiet from the first moment.
``__init__.pyi`` tells type checkers what comes from where.
"""

from importlib import import_module

_HOMES = {
    "client": ("AsyncMemory", "Memory"),
    "domain.packet": ("Packet",),
    "domain.receipt": ("Outcome", "Receipt"),
    "domain.record": ("MemoryType", "SourceType", "Status", "Tier"),
    "domain.search": ("Hit", "SearchResult"),
    "errors": ("RecollectError",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_ROOMS = frozenset({"adapters", "bootstrap", "client", "domain", "errors", "memory", "ports", "recall", "settings"})


def __getattr__(name: str) -> object:
    """A name that ``recollect`` offers, or one of its rooms as an attribute, imported now.

    Raises:
        AttributeError: there is no such name.
    """
    if name in _ROOMS:
        return import_module(f"recollect.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'recollect' has no attribute {name!r}")
    return getattr(import_module(f"recollect.{_HOME_OF[name]}"), name)
