"""Answering: "No." to "Do you smoke?" says something, though "no" alone is small talk.

The write gate holds back what says nothing by itself. A reply of at most three words that is an answer, right after a
question that the assistant asked in the same conversation, is kept for what it answers. What only closes the talk
("ok, thanks") is not, and neither is an answer to "Anything else?" or "How are you?": nobody asks of that later.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from recollect.domain.hot import HotItem
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.reading.small_talk_words import folded
from recollect.writing.draft import Draft
from recollect.writing.just_said import words_before

REASON: Final = "answers a question"
MOST_WORDS: Final = 3

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUESTION = re.compile(r"([^.!?\n]*)\?[^\w?]*$")
# Questions about the talk itself, and offers of help.
_OF_THE_TALK = re.compile(
    r"\b(?:help|assist|else|make sense|sound(?:s)? (?:good|ok|okay|right|great)|all right|alright|right|ok|okay|ready"
    r"|helfen|noch (?:et)?was|sonst|aider|autre chose|ayudar\w*|algo mas|ajudar|mais alguma|aiutar\w*|altro)\b"
)
_ANSWERS: Final = frozenset(
    """
    yes yeah yep yup yea aye no nope nah never always sometimes rarely seldom often usually occasionally maybe perhaps
    probably definitely absolutely certainly sure course both neither none nothing everything not daily once twice
    ja jo doch nein ne nee nie niemals immer manchmal selten oft vielleicht nicht keine beide natuerlich naturlich klar
    oui ouais si non jamais toujours parfois rarement souvent surement
    claro nunca jamas siempre veces quizas tampoco tambien ninguno
    mai sempre spesso raramente forse certo nessuno sim nao talvez vezes
    """.split()  # noqa: SIM905 - as words they are easier to read
)
_CLOSES: Final = frozenset(
    """
    ok okay k kk thanks thank thx ty please bye goodbye cheers welcome worries problem danke bitte tschuss merci gracias
    adios grazie ciao obrigado obrigada tchau hello hi hey
    """.split()  # noqa: SIM905
)


def may_answer(drafts: Iterable[Draft]) -> bool:
    """Whether one of the drafts may be kept as an answer, if it is one."""
    return any(_is_reply(draft) for draft in drafts)


def answering(drafts: Sequence[Draft], there: Sequence[HotItem]) -> list[Draft]:
    """The drafts; an answer to a question is not held back.

    Args:
        drafts: one batch, in the order in which it was said.
        there: what is in working memory.
    """
    return [
        replace(draft, held=False, reason=REASON) if _is_reply(draft) and _was_asked(draft, drafts, there) else draft
        for draft in drafts
    ]


def _is_reply(draft: Draft) -> bool:
    """Whether it is a held message of the user that reads like a short answer."""
    if not (draft.held and draft.is_turn and draft.role == "user" and draft.derived_from is None):
        return False
    said = [folded(word) for word in _WORD.findall(draft.text)]
    if not 1 <= len(said) <= MOST_WORDS or draft.text.rstrip().endswith("?") or _CLOSES.intersection(said):
        return False
    return bool(_ANSWERS.intersection(said)) or not small_talk(draft.text)


def _was_asked(draft: Draft, batch: Sequence[Draft], there: Sequence[HotItem]) -> bool:
    before = words_before(draft, batch, there)
    if not before or before[-1].role != "assistant":
        return False
    asked = _QUESTION.search(before[-1].text)
    if asked is None:
        return False
    question = asked.group(1)
    return bool(question.strip()) and not small_talk(question) and not _OF_THE_TALK.search(folded(question))
