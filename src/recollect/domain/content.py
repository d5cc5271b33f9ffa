"""Content: when two things said are the same: speaker and words, whatever their case, spacing and Unicode form."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

from recollect.domain.record import Trust

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")


def without_controls(text: str) -> str:
    """The text without what is no letter and no space: it moves a terminal's cursor, and XML must not hold it."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def normalised(text: str) -> str:
    """Text as it is compared: NFKC, case-folded, runs of white space as one space, no control characters."""
    return " ".join(unicodedata.normalize("NFKC", without_controls(text)).casefold().split())


def content_hash(speaker: str | None, text: str) -> str:
    """SHA-256 over speaker and text as they are compared; the user is the same with and without a name tag."""
    who = "" if speaker is None or speaker.casefold() == "user" else speaker
    return hashlib.sha256(f"{normalised(who)}\x1f{normalised(text)}".encode()).hexdigest()


def doubted(trusted: str, trust: Trust) -> str:
    """The content hash of the same words from a source that is not trusted.

    Such words must neither merge with the user's own nor stand in for them.
    """
    return trusted if trust is Trust.TRUSTED else hashlib.sha256(f"{trust.value}\x1f{trusted}".encode()).hexdigest()


def said_in(plain: str, channel_id: str | None, audience: Sequence[str] = ()) -> str:
    """The content hash of the same words said in a channel, or there aside.

    What was said in one place must neither merge with what was said in another nor stand in for it: the record that
    came first decides who may hear it.
    """
    if channel_id is None and not audience:
        return plain
    place = json.dumps([channel_id, sorted(audience)], ensure_ascii=False)
    return hashlib.sha256(f"{place}\x1f{plain}".encode()).hexdigest()
