"""What is left of a question once words are taken out that only say how it is to be answered.

"Can you give me a clear summary of my garden across our conversations?" is about a garden, not about summaries or
conversations, and "in order, mention only three items" is said of the answer.
"""

import re
from typing import Final

_FRAMES: Final = re.compile(
    r"\b(?:an? )?(?:(?:comprehensive|clear|detailed|brief|short|complete|full|quick|concise|good) )?"
    r"(?:summary|overview|recap|list)(?: of)?\b"
    r"|\bsummari[sz]e\b"
    r"|\b(?:the )?order in which (?:i|we) (?:brought up|mentioned|discussed|talked about|raised)\b"
    r"|\b(?:the )?(?:different|various) (?:aspects?|parts|topics|things|concepts|ways|kinds|types)"
    r"(?: of| related to)?\b"
    r"|\bin order\b"
    r"|\b(?:mention|list|give|name|include|answer)\b[^.?!]*\bonly\b[^.?!]*(?:[.?!]|$)"
    r"|\bdid (?:i|you) (?:say|mention|tell|recommend|suggest|outline|ask)(?: that)?\b"
    r"|\b(?:i|we)(?:['’]ve)? (?:mentioned|discussed|talked about|covered|said)\b",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(
    r"summar|overview|recap|\blist\b|\border\b|various|different|\bonly\b|\bdid (?:i|you)\b"
    r"|mentioned|discussed|talked|covered|\bsaid\b",
    re.IGNORECASE,
)


def without_framing(text: str) -> str:
    """The question without what it says of its answer; the question as it is when that is nothing, or all."""
    if not _SIGNS.search(text):
        return text
    left, taken = _FRAMES.subn(" ", text)
    return " ".join(left.split()) if taken and any(map(str.isalnum, left)) else text
