"""Cuts a sentence into clauses that may each state something, and drops those that only report, suppose or wish."""

import re
from dataclasses import dataclass

from recollect.domain.reading.sentences import Sentence

_STARTS = r"(?:I|i|I['’]m|we|We|my|My|he|she|his|her|our|they|He|She)\b"
_VERBS = (
    r"(?:(?:(?:currently|now|also)\s+)?(?:live|lives|work|works|am|is|have|has|moved|study|studied|speak|"
    r"speaks|play|plays|own|owns|drive|drives|prefer|prefers|enjoy|enjoys|got|started|bought|want|wants))\b"
)
_CUT = re.compile(
    rf",?\s+(?:and|but|so|because|although|though|while|whereas|since|then|yet)\s+(?={_STARTS})"
    rf"|,\s+(?={_STARTS})|,?\s+(?:and|but)\s+(?={_VERBS}|(?:like|likes|love|loves|hate|hates)\s)|,\s+(?={_VERBS})|\s[-–—]+\s|;\s+|,?\s+(?=who\s)|,\s+not\s.*$"
)
_LEAD = re.compile(
    r"(?:(?:well|actually|no|nope|yes|yeah|yep|hi|hey|hello|oh|ok|okay|so|and|but|also|btw|by\s+the\s+way|fyi|in\s+fact|honestly|"
    r"to\s+be\s+honest|currently|now|nowadays|these\s+days|today|yesterday|recently|correction|sorry|wait|thanks|plus|anyway|because|"
    r"since|although|unfortunately|luckily|fortunately|finally|remember|note|please\s+note|please\s+remember|please|just\s+so\s+you\s+know|"
    r"as\s+you\s+know|(?:remember|note|know|fact\s+is|the\s+thing\s+is)\s+that|last\s+\w+|this\s+(?:week|month|year)|in\s+\d{4}|for\s+work|"
    r"for\s+the\s+record|personally|in\s+general|that)\b[\s,:!.–—-]*){0,4}",
    re.IGNORECASE,
)
# "For the last three years I have been living in Melbourne": an adverbial before the subject.
_ADVERBIAL = re.compile(
    r"(?:for|since|as\s+of|in|on|at|after|during|until|by|with|over|when|i\s+mean(?:t)?|quick\s+update|update|fun\s+fact|news|note)\b"
    r"[^.;:~]{0,40}?[,:]?\s+(?=(?:I|i|I['’]m|we|my|My)\b)",
    re.IGNORECASE,
)
# Once someone else speaks, or something is only supposed, the rest of the sentence is not the speaker's statement.
_NOT_STATED = re.compile(
    r"\b(?:said|says|told|tells|thinks|thought|claims?|claimed|asked|asks|according\s+to|wrote|believes|heard|dream(?:ed|t|s|ing)?|"
    r"pretend|imagine|suppose|supposing|pretending|if|unless|maybe|perhaps|possibly|wish|whether|let['’]s\s+say|not\s+true|true\s+that|as\s+if|"
    r"translate|write\s+(?:a|me)|story|roleplay|(?:in|for)\s+(?:my|the|this|a)\s+(?:novel|film|movie|game|play|screenplay|comic)|hypothetically|would|might|could|should|example|never\s+said)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence, without its opening words, and where it starts in the whole text."""

    text: str
    start: int


def clauses(sentence: Sentence) -> list[Clause]:
    """Returns the clauses of ``sentence`` that are its speaker's own statement."""
    found: list[Clause] = []
    at = 0
    for cut in [*_CUT.finditer(sentence.text), None]:
        end = cut.start() if cut else len(sentence.text)
        piece = sentence.text[at:end]
        lead = _LEAD.match(piece)
        opening = lead.end() if lead else 0
        adverbial = _ADVERBIAL.match(piece, opening)
        if adverbial and not _NOT_STATED.search(adverbial.group()):
            opening = adverbial.end()
        if piece[opening:].strip():
            found.append(Clause(piece[opening:].rstrip(), sentence.start + at + opening))
        if _NOT_STATED.search(piece):
            break
        at = cut.end() if cut else end
    return found
