"""Reads the user's standing instructions: "Never book flights before nine", "From now on, reply in French".

A rule is loaded on every turn, so a wrong one does more harm than a missed one, which is still found when it matters.
Only an order to the assistant that holds whatever is asked counts: a word that says it is to last, then an imperative.
What is conditional, for once, asked, quoted, pasted or advice to another person is none.
"""

import re

from recollect.domain.reading.sentences import Sentence, hide_quotes, sentences
from recollect.domain.reading.word_lists import words

LONGEST_MESSAGE = 1_500
"""A longer message is mostly pasted: what it orders is not meant for the assistant."""
LONGEST_RULE = 300
MOST_RULES = 10
"""So many rules are read from one message at most."""
_FEWEST_WORDS = 3
_OPENING = 60
"""Characters among which a message that is one order says that it is to last."""

_VERBS = words(
    """abbreviate acknowledge adapt add address adjust annotate answer apologise apologize apply ask assume attach
    avoid begin book buy calculate capitalise capitalize check cite combine comment communicate compare confirm
    consult convert copy correct default delete deliver deploy describe disclose display double-check draft
    email end explain flag follow format greet highlight ignore include inform install invite keep label limit
    link list log maintain mention merge name note notify offer omit open order output pay phone pick place plan
    post prefer present print prioritise prioritize pronounce propose provide publish push quote recommend refer
    refrain refuse remind remove repeat reply report reschedule reserve respond return review round run save
    schedule send share show sign skip speak specify spell split start state stick store suggest summarise
    summarize switch tailor text translate use verify warn wrap write"""
)
# Verbs that are an order to the assistant only with what follows them: "give up" and "be yourself" are not.
_WITH_MORE = re.compile(
    r"(?:call\s+(?:me|him|her|them|it)\s|address\s+me|refer\s+to|give\s+(?:me|an?|full|short|exact|detailed|brief|prices|sources|dates)\b"
    r"|tell\s+(?:me|anyone|anybody|people)\b|let\s+me\s+(?:know|review|check|decide|confirm|approve)\b|talk\s+(?:to\s+me|about)\b"
    r"|put\s+the\s|double\s+check\b|(?:stop|start)\s+(?:using|sending|adding|calling|including|writing|replying|answering|suggesting|mentioning)\s"
    r"|bring\s+up\s|look\s+up\s|wait\s+for\s+my\b|contact\s+(?:me|my)\b|treat\s+(?:me|my|this|all)\b"
    r"|be\s+(?:more\s+|very\s+)?(?:brief|concise|direct|formal|informal|polite|precise|specific|terse|explicit|blunt|succinct)\b)",
    re.IGNORECASE,
)
_NOT_AN_ORDER = re.compile(
    r"(?:keep\s+(?:\w+ing\b|up\b|it\s+up|in\s+touch|your|the\s+faith|on\b|at\s+it)|end\s+up|follow\s+your|start\s+(?:the\s+day|over)"
    r"|run\s+(?:out|away|into|around|late)|show\s+up|pick\s+(?:up\s+on|yourself)|place\s+(?:to|for)|open\s+to|plan\s+(?:to|on)\b"
    r"|name\s+(?:and|of)|order\s+(?:in|of)\b|start\s+(?:my|our)|use\s+to\b|end\s+(?:of|with\s+a\s+(?:smile|hug)))",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:[-*•–]\s+|\d{1,2}[.)]\s+)?(?:(?:please|pls|also|and|so|ok|okay|oh|hey|hi|now|but|btw|by\s+the\s+way|one\s+more\s+thing|another\s+thing|important|"
    r"note|remember|remember\s+this|rule|new\s+rule|standing\s+rule|just\s+so\s+you\s+know|for\s+the\s+record|thanks)\b[\s,:!–—-]*){0,4}",
    re.IGNORECASE,
)
_LASTING = (
    r"(?:from\s+(?:now|here|this\s+point|today)\s+on(?:wards?)?|from\s+here\s+on\s+out|going\s+forwards?|moving\s+forward|in\s+(?:the\s+)?future"
    r"|for\s+the\s+future|henceforth|as\s+a\s+(?:general\s+|standing\s+)?rule|at\s+all\s+times)"
)
_EVER = r"(?:always|never(?:,?\s+ever)?|(?:don['’]?t|do\s+not)\s+ever)"
_ASKED = (
    r"(?:i\s+(?:want|need)\s+you\s+to\s+|i(?:['’]d|\s+would)\s+like\s+you\s+to\s+|you\s+must\s+"
    r"|make\s+sure\s+(?:to|you|that\s+you)\s+|be\s+sure\s+to\s+)"
)
_MANNER = (
    r"(?:(?:please|only|just|also|explicitly|clearly|briefly|directly|automatically|first|again|ever|even|remember\s+to|make\s+sure\s+to|try\s+to|"
    r"forget\s+to),?\s+){0,3}"
)
_MARKED = re.compile(rf"(?:i\s+never\s+want\s+you\s+to\s+|(?:{_ASKED})?{_EVER},?\s+){_MANNER}", re.IGNORECASE)
_FROM_NOW = re.compile(
    rf"{_LASTING}\s*[,:–—-]?\s+(?:please,?\s+)?(?:{_ASKED}|you\s+should\s+)?(?:(?:{_EVER}|don['’]?t|do\s+not|only|just),?\s+)?{_MANNER}",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"\b(?:always|never|ever|from|going|moving|in\s+(?:the\s+)?future|for\s+the\s+future|henceforth|as\s+a|at\s+all)\b",
    re.IGNORECASE,
)
_NOT_PLAIN = re.compile(rf"(?:(?:{_ASKED})?(?:don['’]?t|do\s+not|only|just)\s+)?", re.IGNORECASE)
_ENDS_LASTING = re.compile(
    rf",?\s+(?:always\s+)?{_LASTING}(?:,?\s+(?:please|thanks|thank\s+you|ok|okay))?[\s.!]*$", re.IGNORECASE
)

_POSSIBLE = re.compile(
    r"\b(?:if|when|whenever|wherever|where|as\s+far\s+as)\s+(?:at\s+all\s+)?(?:possible|feasible|you\s+can|needed|in\s+doubt)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|wherever|while|once|as\s+soon\s+as|as\s+long\s+as|until|till|in\s+case|(?:each|every|any|next)\s+time|should\s+(?:i|we|you)"
    r"|for\s+now|today|tonight|tomorrow|this\s+(?:time|week|month|weekend|morning|afternoon|evening|chat|conversation|thread|session|project|"
    r"document|essay|poem|story|letter|email|file|function|task|trip|game|code|answer|one)|"
    r"(?:in|for)\s+(?:these|those)|the\s+(?:poem|story|essay|letter|function|game|song|following))\b",
    re.IGNORECASE,
)
# What is said to a person, of one's own habits, or passed on from somebody else.
_NOT_TO_IT = re.compile(
    r"\b(?:yours?(?!\s+(?:answers?|repl(?:y|ies)|responses?|outputs?|sources?|reasoning|work|code|tone|messages?|emails?|summar(?:y|ies)|suggestions?|"
    r"assumptions?|calculations?|explanations?|opinions?|sentences|language|drafts?|recommendations?)\b)|yourself|used\s+to\s+say|says|said|told|motto|"
    r"was|were|we|our|we['’]re|with\s+my\s+(?:kids|friends|family|wife|husband)|me\s+in\s+that|weakness|a\s+(?:lady|gentleman|boy|man|woman)|"
    r"proverb|saying|my\s+own\s+advice|haha+|lol|never\s+say\s+never)\b",
    re.IGNORECASE,
)
_PASTED = re.compile(r"```|(?:^|\n)\s*>|:\s*\n|</?\w+>")
_TEXT_WORK = re.compile(
    r"\b(?:translate|proofread|rewrite|rephrase|paraphrase|summari[sz]e|grammar|what\s+does|lyrics|the\s+(?:sign|letter|email|manual|quote)\s+(?:says|reads))\b",
    re.IGNORECASE,
)
_MADE_NOW = re.compile(
    r"^\W*(?:please\s+|now\s+|can\s+you\s+|could\s+you\s+|help\s+me\s+|let['’]s\s+)?(?:write|create|build|draft|generate|compose|implement|design|code|"
    r"make|develop|play|role-?play|pretend|imagine|act\s+as|you\s+are|summon)\b",
    re.IGNORECASE,
)


def standing_rules(text: str) -> tuple[str, ...]:
    """The sentences of a message of the user that are standing orders to the assistant, as they are written.

    Args:
        text: the whole message.
    """
    if len(text) > LONGEST_MESSAGE:
        return ()
    pasted = _PASTED.search(text)
    hidden = hide_quotes(text[: pasted.start()] if pasted else text)
    found: list[str] = []
    made_now = False
    for sentence in sentences(hidden):
        lasting = _lasting(sentence)
        if lasting or (lasting is False and not made_now):
            found.append(text[sentence.start : sentence.start + len(sentence.text)])
        elif _TEXT_WORK.search(sentence.text):  # what follows may be the text to work on
            break
        made_now = made_now or bool(lasting is None and _MADE_NOW.search(sentence.text))
    return tuple(dict.fromkeys(found))[:MOST_RULES]


def is_standing(text: str) -> bool:
    """Whether a short message begins with a standing order, also one that holds only where its condition is met.

    "Always give sources when I ask about history" is none of the rules that are loaded on every turn.
    """
    if (
        len(text) > LONGEST_RULE
        or not _SIGNS.search(text[:_OPENING])
        or _NOT_TO_IT.search(text)
        or text.rstrip().endswith("?")
    ):
        return False
    lead = _LEAD.match(text)
    body = text[lead.end() if lead else 0 :]
    openings = (marked.match(body) for marked in (_FROM_NOW, _MARKED))
    return any(_is_imperative(body[opening.end() :]) for opening in openings if opening is not None)


def is_one_rule(text: str, rules: tuple[str, ...]) -> bool:
    """Whether a message says nothing beside the one rule that was read from it."""
    return len(rules) == 1 and rules[0] == text.strip()


def _lasting(sentence: Sentence) -> bool | None:
    """None: no standing order. Otherwise whether it says from when on it holds, and so is not for the task at hand."""
    if sentence.question or len(sentence.text) > LONGEST_RULE or len(sentence.text.split()) < _FEWEST_WORDS:
        return None
    if _NOT_TO_IT.search(sentence.text):
        return None
    lead = _LEAD.match(sentence.text)
    body = sentence.text[lead.end() if lead else 0 :]
    ends = _ENDS_LASTING.search(body)
    for marked, lasting in ((_FROM_NOW, True), (_MARKED, bool(ends)), (_NOT_PLAIN if ends else None, True)):
        opening = marked.match(body) if marked is not None else None
        if opening is not None and _is_order(body[opening.end() :], body):
            return lasting
    return None


def _is_order(order: str, body: str) -> bool:
    """Whether the words after the mark are an imperative that nothing makes conditional."""
    return not _CONDITIONAL.search(_POSSIBLE.sub("", _FROM_TODAY.sub("", body))) and _is_imperative(order)


def _is_imperative(order: str) -> bool:
    if _NOT_AN_ORDER.match(order):
        return False
    first = re.match(r"[a-z-]+", order, re.IGNORECASE)
    rest = order[first.end() :] if first else ""
    listed = (
        first is not None
        and first.group().lower() in _VERBS
        and bool(re.match(r"\s+[\w#$€£~]", rest) or not rest.strip(" .!"))
    )
    return listed or _WITH_MORE.match(order) is not None


_FROM_TODAY = re.compile(r"\bfrom\s+today\s+on\b", re.IGNORECASE)
