"""Content: when two things said are the same: speaker and words, without regard to case, spacing or Unicode form."""

import hashlib
import unicodedata


def normalised(text: str) -> str:
    """Text as it is compared: NFKC, case-folded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def content_hash(speaker: str | None, text: str) -> str:
    """SHA-256 over speaker and text as they are compared; the user is the same with and without a name tag."""
    who = "" if speaker is None or speaker.casefold() == "user" else speaker
    return hashlib.sha256(f"{normalised(who)}\x1f{normalised(text)}".encode()).hexdigest()


def quarantined_hash(trusted: str) -> str:
    """The content hash of the same words from a quarantined source: they must neither merge with nor vouch for ours."""
    return hashlib.sha256(f"quarantined\x1f{trusted}".encode()).hexdigest()


def known_hash(trusted: str) -> str:
    """The content hash of the same words from a known source: it must not stand in for the user's own word."""
    return hashlib.sha256(f"known\x1f{trusted}".encode()).hexdigest()
