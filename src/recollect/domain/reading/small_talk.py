"""Tells small talk: greetings, thanks, acknowledgements and goodbyes that neither ask memory anything nor tell it any.

A text is small talk only if it is made of known phrases from end to end, so a single unknown word makes it content.
Only whom a greeting greets may be unknown. Accents, apostrophes, capitals, emoji and stretched words do not matter.
"""

import re
from typing import Final

from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.small_talk_words import CALLED, START, Phrases, folded, phrases, unstretched
from recollect.domain.words import STOP_WORDS

_LONGEST_TEXT: Final = 160
_TOKEN = re.compile(r"[^\W_]+(?:['’´`][^\W_]+)*")
_LOOKS = re.compile(
    r"(?:[:;=]|(?<!\w)[xX])['’]?[-o^]?[)(DPp3/|*\]\[\\]+(?!\w)|<3+|\^_*\^|\bT_T\b|-_-|\b10/10\b|\b100 ?%", re.IGNORECASE
)
_A_PLUS = re.compile(r"(?<!\w)[aà] ?\+(?!\w)", re.IGNORECASE)
_LAUGH = re.compile(
    r"a*(?:[hj][aei]+){2,}[hj]?|a?(?:ha|ah|eh)+a?|h+a+h*|k{3,}|(?:rs){1,9}|(?:ho){2,}|l+o+l+(?:ol)*|x+d+|lma+o+|mdr+|ptdr+"
    r"|h+m+|m+h*m+|u+h+m*|u+m+|a+h+|o+h+|e+h+|a+w+|w+o+w+|u+g+h+|p+f+|z{2,}|s+h{2,}|b+r{2,}|yu+m+"
)
_NAMED_IN_HASTE: Final = frozenset(
    """
    hi hey hello hiya yo morning evening thanks thank thx ty bye goodbye later hallo moin
    tag abend morgen danke dank nacht tschuss bonjour salut coucou bonsoir merci bientot hola buenas dias tardes
    noches gracias adios ciao salve huhu holis oie zusammen sehr toi monde ti usted todos lei cuore tutti gente
    buongiorno buonasera grazie mille oi ola dia tarde noite obrigado obrigada tchau
    """.split()  # noqa: SIM905 - as words they are easier to read
)
"""After these a word in lower case is a name, if nothing else is known of it."""
_TITLES: Final = frozenset("mr mrs ms miss dr herr frau monsieur madame senor senora signor signora dona".split())  # noqa: SIM905


def small_talk(text: str) -> bool:
    """Returns whether ``text`` needs no memory: only greetings, thanks and the like, in en, de, fr, es, it or pt."""
    if len(text) > _LONGEST_TEXT:
        return False
    text = _A_PLUS.sub(" aplus ", _LOOKS.sub(" ", text))
    known = phrases()
    states = {START}
    for token in _TOKEN.finditer(text):
        states = _after(states, token, text, known)
        if not states:
            return False
    return START in states


def _after(states: set[int], token: re.Match[str], text: str, known: Phrases) -> set[int]:
    """The states after one word of the text; none if the word makes it content."""
    word = folded(token.group())
    following: set[int] = set()
    for spelling in known.spelled(word):
        following |= known.after(states, spelling)
    if START in states and _LAUGH.fullmatch(word):
        following.add(START)
    if CALLED in states and _is_name(word, token, text, known):
        following.update((START, CALLED) if word in _TITLES else (START,))
    return following


def _is_name(word: str, token: re.Match[str], text: str, known: Phrases) -> bool:
    """Tells whether a word after a greeting is whom it greets: a first name, or one unknown word."""
    before, rest = text[: token.start()].rstrip(" ")[-1:], text[token.end() :].lstrip(" ")
    if not (before.isalnum() or before == ","):  # a sentence of its own, as "Lyon." in "Thanks! Lyon.", is an answer
        return False
    if word in FIRST_NAMES or word in _TITLES or unstretched(word) in FIRST_NAMES:
        return True
    if not word.isalpha() or word in known.words or word in STOP_WORDS or rest[:1] == "?":
        return False
    if token.group()[0].isupper() and not text.isupper():
        return True
    if len(word) < 3 or not before.isalnum() or rest[:1].isalnum():
        return False
    return folded(text[: token.start()]).split()[-1] in _NAMED_IN_HASTE
