"""Reads keyed facts ("user:location" = "Lyon") from what someone says about themselves and those around them.

A text is cut into sentences and clauses. A clause states a fact only if it opens with a subject (I, my sister Anna,
Anna) that a rule's pattern follows at once; so questions, wishes, quotes and what others say fall through without being
listed.
"""

import re
from dataclasses import dataclass, field

from recollect.domain.reading import fact_subjects, fact_values
from recollect.domain.reading.clauses import Clause, clauses
from recollect.domain.reading.fact_rules import REACH_ME, Make, Rule, plainly
from recollect.domain.reading.fact_subjects import Subject
from recollect.domain.reading.life_rules import LIFE_RULES
from recollect.domain.reading.own_facts import OWN_RULES
from recollect.domain.reading.sentences import READ_LIMIT, Sentence, hide_quotes, sentences
from recollect.domain.reading.taste_rules import FOOD_RULES, TASTE_RULES

# "I am a vegan" is a diet before it can be an occupation.
_RULES = (*FOOD_RULES, *LIFE_RULES, *TASTE_RULES)

# "I'm not at Bosch today" is said by who works there; "as of today I don't work there any more" is not.
_FOR_NOW = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|yet|proper|(?:this|next)\s+(?:week|weekend|month|morning|afternoon|evening)|"
    r"(?:on|this|next)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)days?|on\s+weekends?)\b",
    re.IGNORECASE,
)
_FOR_GOOD = re.compile(r"\b(?:no\s+longer|any\s?more|any\s+longer)\b", re.IGNORECASE)
# "I'm not allergic to peanuts, only to cashews."
_BUT_THIS = re.compile(r"(?:only|just)\s+(?:to\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeyedFact:
    """A fact that one text states.

    Attributes:
        subject: whom it is about, lower-case; ``user`` for the user.
        attribute, value: what it says, e.g. ``location`` and ``Lyon``.
        negated: it says that this is not, or no longer, so.
        text: a sentence that stands by itself, third person.
        confidence: 0..1.
        single: a new value replaces the old one; else values add up.
        start, end: position of the clause in the text.
    """

    subject: str
    attribute: str
    value: str
    negated: bool
    text: str
    confidence: float
    single: bool
    start: int
    end: int

    @property
    def key(self) -> str:
        """The key under which the fact is kept."""
        return f"{self.subject}:{self.attribute}"


@dataclass(slots=True)
class _Reader:
    """What is known while reading on: who speaks, who was named last."""

    me: Subject
    found: list[KeyedFact] = field(default_factory=list[KeyedFact])
    known: set[str] = field(default_factory=set[str])
    last: Subject | None = None
    person: Subject | None = None
    pet: str = ""

    def read(self, sentence: Sentence) -> None:
        """Reads one sentence's clauses."""
        self.last = None
        for clause in clauses(sentence):
            rest = self._subject(clause)
            if rest is not None:
                self._apply(clause, rest)
        reach = REACH_ME.search(sentence.text)
        if reach:
            place = Clause(sentence.text, sentence.start)
            self.add(
                place,
                self.me,
                Make("v", "email", fact_values.as_told, "{s}'s email is {v}", single=True),
                reach.group("v").rstrip("."),
            )

    def _subject(self, clause: Clause) -> str | None:
        """Finds whom the clause is about; returns what follows, or None when nothing is to be read from it."""
        if self._own(clause):
            return None
        subject = fact_subjects.find(clause.text, self.me, self.last, self.person, frozenset(self.known))
        if subject is None:
            self.last = None
            return None
        self._remember(clause, subject)
        self.last = subject
        rest = clause.text[subject.end :].removeprefix(",")
        # The rules match from the space or apostrophe behind a subject; a carried-over subject has none.
        if rest.startswith("m "):
            return "'" + rest
        return rest if rest[:1] in {" ", "'", "’", ""} else " " + rest

    def _remember(self, clause: Clause, subject: Subject) -> None:
        if subject.key != self.me.key:
            self.person = subject
            self.known.add(subject.shown)
        if subject.relation:
            self.relate(clause, subject.relation, subject.beside or subject.shown)

    def relate(self, clause: Clause, word: str, name: str) -> None:
        """Adds the name of a relative, friend or pet, and reads on with them in mind."""
        attribute, single = fact_subjects.relation(word)
        says = f"{{s}}'s {attribute.replace('_', ' ')} is {{v}}"
        self.add(clause, self.me, Make("v", attribute, fact_values.as_told, says, single=single), name)
        self.known.add(name)
        self.person = Subject(name.lower(), name)

    def _own(self, clause: Clause) -> bool:
        """Reads what is said of something that is mine: my name, my favourite food, my sister's name."""
        for rule in OWN_RULES:
            match = rule.pattern.match(clause.text)
            if match and rule.read(self, clause, match):
                return True
        return False

    def _apply(self, clause: Clause, rest: str) -> None:
        subject, rest = self.last, plainly(rest)
        for rule in _RULES:
            match = rule.pattern.match(rest)
            if match and subject and self._make(clause, subject, rule, match):
                return

    def _make(self, clause: Clause, subject: Subject, rule: Rule, match: re.Match[str]) -> bool:
        groups = match.groupdict()
        denied = any(groups.get(name) for name in ("no", "no1", "no2"))
        if denied and _FOR_NOW.search(clause.text) and not _FOR_GOOD.search(clause.text):
            return True
        for number, make in enumerate(rule.makes):
            raw = make.group[1:] if make.group.startswith("=") else groups.get(make.group)
            made = make.clean(raw) if raw else []
            if number == 0 and not made:
                return False
            for value in made:
                so = _BUT_THIS.match(value) if denied else None
                told = value[so.end() :] if so else value
                negated = (denied and not so) or make.ends
                self.add(clause, subject, make, told, negated=negated, confidence=rule.confidence)
        return True

    def add(
        self,
        clause: Clause,
        subject: Subject,
        make: Make,
        value: str,
        *,
        negated: bool = False,
        confidence: float = 0.9,
    ) -> None:
        """Adds one fact, unless it is there already."""
        if negated and not make.denies:
            return
        said = (make.denies if negated else make.says).format(s=subject.shown, v=value)
        end = clause.start + len(clause.text)
        fact = KeyedFact(subject.key, make.attribute, value, negated, said, confidence, make.single, clause.start, end)
        if all((fact.key, value, negated) != (f.key, f.value, f.negated) for f in self.found):
            self.found.append(fact)


def read_facts(text: str, speaker: str | None) -> tuple[KeyedFact, ...]:
    """Reads the facts that ``text`` states.

    Args:
        text: any text; only the first 20,000 characters are read.
        speaker: who says it; the first person is ``user`` when None or "user", else the speaker's name, lower-case.
    """
    reader = _Reader(fact_subjects.me(speaker))
    for sentence in sentences(hide_quotes(text[:READ_LIMIT])):
        if not sentence.question and len(sentence.text) <= 1000:
            reader.read(sentence)
    return tuple(reader.found)
