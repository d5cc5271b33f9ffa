"""Which keyed facts a question asks for: "Where do I live?" asks for ``user:location``, whatever words state it."""

import re
from collections.abc import Sequence
from typing import Final

_CUES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        r"where .*\b(?:live|lives|living|based|located|reside)\b|\b(?:which|what) (?:city|town)\b",
        ("location", "address"),
    ),
    (r"where .*\bfrom\b|\bborn\b|\borigin", ("origin",)),
    (r"where .*\bwork|\bemployer\b|who .*\bwork(?:s|ing)? for\b", ("employer",)),
    (
        r"\b(?:job|occupation|profession)\b|\bdo(?:es)? .*\bfor (?:work|a living)",
        ("occupation", "employer"),
    ),
    (r"\bhow old\b|\bage\b", ("age", "birth_year")),
    (r"\bbirthday\b|when .*\bborn\b", ("birthday", "birth_year")),
    (r"\bname\b|\bcalled\b", ("name",)),
    (r"\b(?:eat|diet|vegan|vegetarian|food)\b", ("diet", "eats", "allergy")),
    (r"\ballerg", ("allergy",)),
    (r"\b(?:pets?|dogs?|cats?)\b", ("pet",)),
    (r"\b(?:married|single|dating|relationship)\b", ("relationship_status", "spouse", "partner")),
    (r"\b(?:wife|husband|spouse)\b", ("spouse",)),
    (r"\b(?:partner|boyfriend|girlfriend|fianc)", ("partner",)),
    (r"\blanguages?\b|\bspeak\b", ("language",)),
    (r"\b(?:hobby|hobbies|free time|spare time)\b", ("hobby", "likes")),
    (r"\b(?:like|enjoy|love|prefer)s?\b", ("likes", "prefers")),
    (r"\b(?:dislike|hate)s?\b", ("dislikes",)),
    (r"\b(?:drive|car|vehicle)\b", ("vehicle",)),
    (r"\b(?:phone|number to call)\b", ("phone",)),
    (r"\be-?mail\b", ("email",)),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), attributes) for pattern, attributes in _CUES)
_RELATIVE = re.compile(
    r"\b(?:my|our) (sister|brother|mother|father|mom|mum|dad|son|daughter|wife|husband|partner|girlfriend|boyfriend|"
    r"friend|boss|colleague|neighbou?r|aunt|uncle|cousin|grandmother|grandfather|dog|cat|pet)s?\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|i'm|my|me|mine|am i|do i|we|our)\b", re.IGNORECASE)


def asked_facts(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The keys a question asks for, e.g. ``("user:location",)``.

    Args:
        text: the question.
        names: words that may name someone facts are told of; a question in the first person is about the user.
    """
    relative = _RELATIVE.search(text)
    if relative is not None:  # "Where does my sister live?" asks who she is, not where the user lives
        return (f"user:{relative[1].lower()}",)
    attributes = [attribute for pattern, found in _PATTERNS if pattern.search(text) for attribute in found]
    if not attributes:
        return ()
    subjects = [name.casefold() for name in names]
    if _OWN.search(text):
        subjects.append("user")
    return tuple(f"{subject}:{attribute}" for subject in subjects for attribute in dict.fromkeys(attributes))
