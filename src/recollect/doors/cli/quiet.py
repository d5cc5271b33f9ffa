"""``--quiet``: what is left of an answer when only the essential is wanted: ids, a line each, or nothing at all.

It works on the document that ``--json`` would print, so a command needs to do nothing for it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

ALONE = ("token", "id", "text", "location", "master_key", "public_key", "deleted", "removed", "dropped", "unlinked")
"""Values that are the whole answer where a document has them, the first of them."""

NAMES = ("id", "memory_id", "key_id", "name", "tool", "job", "check", "user_id", "seq")
"""What an entry of a list, or a document without an entry, is known by."""


def essence(document: object) -> list[str]:
    """The lines that are left of a document: a secret that is shown once, ids, a text, or nothing."""
    if isinstance(document, list):
        return [line for entry in cast(list[object], document) for line in _named(entry)]
    if not isinstance(document, Mapping):
        return []
    fields = cast(Mapping[str, Any], document)
    if isinstance(fields.get("ids"), list):
        return [str(one) for one in fields["ids"]]
    for name in ALONE:
        if isinstance(fields.get(name), str):
            return [fields[name]] if fields[name] else []
    entries = next((value for value in fields.values() if _is_list_of_objects(value)), None)
    return essence(entries) if entries is not None else _named(fields)


def _is_list_of_objects(value: object) -> bool:
    if not isinstance(value, list):
        return False
    return all(isinstance(one, Mapping) for one in cast(Sequence[object], value))


def _named(entry: object) -> list[str]:
    """What an entry is known by, if by anything; a hit by its memory."""
    if not isinstance(entry, Mapping):
        return [] if entry is None else [str(entry)]
    fields = cast(Mapping[str, Any], entry)
    inner: object = fields.get("memory") or fields.get("goal") or fields.get("key")
    if isinstance(inner, Mapping):
        return _named(cast(object, inner))
    found = [str(fields[name]) for name in NAMES if fields.get(name) is not None]
    return found[:1]
