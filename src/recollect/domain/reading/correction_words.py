"""The words by which people take back or put right what was said: openers, and the values that corrections are about."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re

from recollect.domain.reading.entity_words import COMMON_STARTS, NEVER
from recollect.domain.reading.gazetteer import ORGANISATIONS, PLACES
from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.person_words import CONDITIONS, DIETS, JOBS, LANGUAGES, NATIONALITIES, PETS
from recollect.domain.reading.time_words import MONTHS, NUMBERS, WEEKDAYS
from recollect.domain.reading.word_lists import words

_GAP = r"(?:[\s,.!:;?…]|[-–—]+(?=\s))*"
_THAT = r"(?:that|this|it)(?:['’]?s|\s+is|\s+was)"
_WRONG = (
    r"(?:wrong|incorrect|mistaken|outdated|out\s+of\s+date|a\s+mistake|a\s+typo|an\s+error|false|old\s+info(?:rmation)?|"
    r"(?:not|no\s+longer)\s+(?:quite\s+|really\s+|at\s+all\s+)?(?:right|true|correct|accurate|what\s+i\s+said))"
)
# Words before a correction that say nothing themselves.
_FILLER = (
    r"(?:well|u[hm]+|ugh|h?mm+|oh(?:\s+no\b)?+|ah|hey|hi|ok|okay|thanks|thank\s+you|great|but|and|so|btw|by\s+the\s+way|honestly|look|listen|"
    r"please(?:\s+remember|\s+note)?|remember|again|just|yeah|close|almost|nearly|not\s+(?:quite|exactly))"
)
_UP_TO_STOP = r"[^,.;:!?\n]{0,40}"
# Each of these says that something said before was wrong, so a whole statement may follow.
_OPENER = (
    r"(?:no(?!\s+es\b)|nono(?:no)?|nope|nah|nein|non(?!\s+è)|não(?!\s+é)|actually|sorry|sry|excuse\s+me|oops|whoops|typo|"
    r"wait(?:[\s,]+(?:what|no))?|hold\s+on|what|huh|pardon|not\s+(?:quite|exactly)|close|almost|"
    r"(?:still\s+)?wrong\s+(?:city|town|country|place|name|person|job|company|employer|date|month|number|age|guy|one|info(?:rmation)?)|"
    r"(?:that|this|it)(?:['’]?s\s+not|\s+is\s+not|\s+isn['’]t)\s+(?:my\s+\w+(?:['’]s\s+name|\s+address|\s+number)?|where\s+i\s+\w+)(?=\s*[,.;!–—-])|"
    r"[A-Z]\w+\s+is\s+(?:wrong|not\s+(?:right|correct)|incorrect)|das\s+(?:stimmt\s+nicht|ist\s+falsch)|c['’]est\s+faux|no\s+es\s+(?:cierto|verdad)|non\s+è\s+vero|"
    rf"(?:still\s+)?(?:{_THAT}\s+|(?:(?:that|this|your)(?:\s+\w+){{1,2}}\s+is\s+)|this\s+|that\s+)?{_WRONG}|(?:that|this|it)\s*isn['’]t\s+(?:quite\s+)?(?:right|true|correct)|"
    r"there(?:['’]s|\s+is|\s+must\s+be)\s+(?:an?|some)\s+(?:mistake|error|mix-?up|misunderstanding|confusion)|"
    r"(?:that|this|it)\s+must\s+be\s+(?:wrong|an?\s+(?:mistake|error|mix-?up|misunderstanding))|(?:just\s+)?to\s+clarify|let\s+me\s+clarify|"
    r"(?:you\s+keep|stop)\s+(?:getting|saying|calling|mixing)[^,.;:!?\n]{0,30}?\s(?:wrong|up)|"
    r"(?:i\s+think\s+|i\s+believe\s+)?you(?:['’]re|\s+are|\s+were)\s+(?:wrong|mistaken)|you\s+misunderstood(?:\s+me)?|"
    rf"you(?:['’]re|\s+are|\s+must\s+be)\s+(?:confusing|mixing|thinking){_UP_TO_STOP}|"
    rf"(?:i\s+think\s+|i\s+believe\s+)?you(?:['’]ve)?\s+(?:have\s+)?(?:mixed|confused|mistook|mistaken|misremember(?:ed)?|misread|misheard){_UP_TO_STOP}|"
    rf"(?:where\s+did\s+you\s+get|who\s+told\s+you|why\s+do\s+you\s+think)\s+that{_UP_TO_STOP}|"
    rf"(?:stop|don['’]?t)\s+call(?:ing)?\s+me\s+{_UP_TO_STOP}|(?:correct|fix|update)\s+(?:that|this|it|your\s+\w+)|"
    r"you(?:['’]ve)?\s+(?:have\s+)?(?:got|remember(?:ed)?|spell(?:ed)?|spelt|wrote|have|understood)\s+(?:that|it|this|me|(?:my|the)\s+\w+)\s+wrong|"
    r"you\s+(?:have|got|used)\s+(?:the|my)\s+wrong\s+\w+|(?:(?:i\s+have\s+)?(?:a|one|small|quick|minor|slight)\s+){0,2}correction|my\s+(?:bad|mistake)|"
    r"i\s+(?:have\s+to|must|need\s+to|should)\s+correct\s+(?:you|that|this|myself)|let\s+me\s+correct\s+(?:that|you|this|myself|it)|"
    r"(?:just\s+)?to\s+(?:correct\s+(?:that|you|the\s+record)|be\s+clear|set\s+the\s+record\s+straight)|for\s+the\s+record|scratch\s+that|"
    r"(?:i\s+(?:don['’]?t|do\s+not|am\s+not|didn['’]?t|haven['’]?t|never\s+(?:did|said\s+(?:that|so)))|i['’]m\s+not)(?=\s*[,.!;–—-])|"
    r"(?:as\s+)?i\s+(?:already\s+|just\s+|clearly\s+|actually\s+)?(?:told\s+you|said)(?:\s+that)?|i\s+meant?(?:\s+(?:that|to\s+say(?:\s+that)?))?|"
    r"ich\s+meinte|je\s+voulais\s+dire|quise\s+decir|volevo\s+dire|quis\s+dizer)"
)
OPENING = re.compile(
    rf"(?:{_FILLER}\b{_GAP}){{0,3}}(?:{_OPENER}\b{_GAP}){{1,4}}(?:{_FILLER}\b{_GAP}){{0,2}}", re.IGNORECASE
)
LEAD = re.compile(rf"(?:{_FILLER}\b{_GAP}){{0,3}}", re.IGNORECASE)
# The first words of openers and fillers: a look at them spares most sentences the patterns.
FIRST_WORDS = words("""
* well um umm uh uhm hm hmm mm mmm oh ah hey hi ok okay thanks thank great but and so btw by honestly look listen please
remember ugh there there's there’s again just yeah close almost nearly no nono nonono nope nah nein non não actually sorry sry excuse me oops whoops
typo wait hold what huh pardon that's that’s thats that this it it's it’s its wrong incorrect mistaken outdated out false
not your still das you you're you’re you've you’ve where who why stop don't don’t dont correct fix update a an one small quick minor
slight correction i'm i’m scratch make ich je quise volevo quis
""")
# The same for words that open many sentences: which word must follow.
SECOND_WORDS: dict[str, frozenset[str]] = {
    "i": words(
        "have must need should think believe already just clearly actually told said mean meant don't don’t dont do am didn't didn’t "
        "didnt haven't haven’t never"
    ),
    "my": words("bad mistake"),
    "to": words("be clarify correct set"),
    "as": words("i"),
    "let": words("me"),
    "for": words("the"),
}
# Openers that also call someone: "Sorry, Anna".
SOFT = re.compile(rf"(?:(?:sorry|sry|excuse\s+me|wait|hold\s+on|what|huh|pardon|{_FILLER})\b{_GAP})+$", re.IGNORECASE)
STAR = re.compile(r"\*(?=\w)|(?:no[\s,]+|scratch\s+that[\s,]+)?make\s+(?:that|it)\s+", re.IGNORECASE)
# Where a clause may begin inside a sentence.
BREAK = re.compile(r",?\s+but\s+|:\s+|\s[-–—]+\s|,\s+(?:and\s+)?(?=(?:I|i|my|it|that)['’\s])|\s+and\s+(?=I['’\s])")
BREAKS = ("but ", ": ", " -", " –", " —", ", that")
BREAKS_OF_DENIALS = (*BREAKS, ", ", "and I")
# What may follow a correction and is no part of it: "not Paris, haha".
TRAIL = re.compile(
    r"(?:[\s,.!]+(?:ha(?:ha)+|lol|in\s+my\s+(?:whole\s+)?life|at\s+all|please|thanks|thank\s+you|though|actually|btw|by\s+the\s+way|remember|ok|okay|:-?\)))+[\s.!]*$",
    re.IGNORECASE,
)

_COLOURS = words("red green blue yellow black white purple orange pink brown grey gray violet turquoise")
_STATUS = words("single married divorced engaged widowed separated retired unemployed left-handed right-handed")
_WORDS = (
    PLACES | ORGANISATIONS | FIRST_NAMES | NATIONALITIES | LANGUAGES | PETS | JOBS | CONDITIONS | _COLOURS | _STATUS
) | {*DIETS, *MONTHS, *WEEKDAYS, *NUMBERS}
# Nobody corrects to these: the one spoken to, an exclamation.
_CALLS = words("siri alexa cortana chatgpt claude god jesus lord mom mum mama dad sir madam man dude bro gosh")
_ARTICLE = re.compile(r"(?:(?:in|at|on|for|from|with|as|en|à|em|bei|chez)\s+)?(?:(?:the|an?|my)\s+)?", re.IGNORECASE)
_CAPITALS = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’&.-]*(?:\s+(?:(?:of|de|la|le|du|del|da|do|the|am)\s+)?[A-ZÀ-ÖØ-Þ0-9][\w'’&.-]*){0,3}"
)
_EXACT = re.compile(
    r"\d{1,4}|[\w.+-]{1,64}@[\w.-]{1,80}\.\w{2,8}|(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?)?[A-Za-z]{3,9}\s+\d{1,4}(?:st|nd|rd|th)?|"
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Za-z]{3,9}(?:\s+\d{4})?|\+?[\d ()/-]{6,20}|\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?",
)


def bare(value: str) -> str:
    """Returns ``value`` without its preposition and article."""
    plain = value.strip(" \t.,!:;*…\"'“”")
    rest = plain[_end_of_article(plain) :]
    return rest or plain


def _end_of_article(plain: str) -> int:
    match = _ARTICLE.match(plain)
    return match.end() if match else 0


def is_known(value: str) -> bool:
    """Whether the word lists know ``value`` as a place, name, month, job or the like, or it is a date or number."""
    lowered = value.lower()
    if lowered in _CALLS or not value:
        return False
    return lowered in _WORDS or _is_exact(value)


def _is_exact(value: str) -> bool:
    if not _EXACT.fullmatch(value):
        return False
    letters = [word.lower() for word in re.findall(r"[A-Za-z]{3,}", value)]
    return "@" in value or all(word in MONTHS for word in letters)


def is_value(value: str, *, initial: bool = False) -> bool:
    """Whether ``value`` is what facts are made of: something known, or a name by its capitals.

    Args:
        value: without its article.
        initial: it opens the sentence, so that its capital tells less.
    """
    if is_known(value):
        return True
    first = value.split(" ", maxsplit=1)[0].lower()
    if not _CAPITALS.fullmatch(value) or first in COMMON_STARTS or first in _CALLS or first in NEVER:
        return False
    return not initial or " " not in value or first in FIRST_NAMES
