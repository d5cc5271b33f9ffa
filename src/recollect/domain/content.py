"""Content: when two things said are the same: speaker and words, without regard to case, spacing or Unicode form."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence

from recollect.domain.record import Trust


def normalised(text: str) -> str:
    """Text as it is compared: NFKC, case-folded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


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
