"""Rules for what people eat, like, learn, play, study, own and want."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

from recollect.domain.reading import fact_values as values
from recollect.domain.reading.fact_rules import BE, DID, DO, Make, Rule, many, rule
from recollect.domain.reading.person_words import DIETS

_LIKES = many("v", "likes", values.likings, "likes", "no longer likes")
_DISLIKES = Make("v", "dislikes", values.likings, "{s} dislikes {v}", "{s} does not dislike {v}")
_FAN = many("v", "likes", values.likings, "likes", "does not like")
_DIET = Make("v", "diet", values.as_told, "{s}'s diet is {v}", "{s} is no longer {v}", single=True)
_ALLERGY = many("v", "allergy", values.phrases, "is allergic to", "is not allergic to")
_SCHOOL = many("school", "school", values.organisation, "studied at", "did not study at")
_FIELD = many("v", "field_of_study", values.field_of_study, "studied", "did not study")
_OWNS = many("v", "owns", values.noun, "owns", "no longer owns")
_GOAL = many("v", "goal", values.goal, "wants to", "does not want to")
_LANGUAGE = many("v", "language", values.languages, "speaks", "does not speak")
_EAT = many("v", "eats", values.phrases, "eats", "does not eat")
_DRINK = many("v", "drinks", values.phrases, "drinks", "does not drink")

_FOOD = (
    rule(
        rf"{BE}(?:an?\s+)?(?:strict\s+|strictly\s+)?(?P<v>{'|'.join(DIETS)})\b(?!\s+(?:food|restaurant|meal|chef))",
        _DIET,
    ),
    rule(rf"{DID}(?:gone|went|go|became|become|turned)\s+(?:an?\s+)?(?P<v>{'|'.join(DIETS)})\b", _DIET),
    rule(rf"(?:{BE}|{DO}follows?\s+)(?:on\s+)?an?\s+(?:strict\s+)?(?P<v>[\w-]{{3,20}})\s+diet\b", _DIET),
    rule(rf"{BE}(?:an?\s+)?(?P<v>lactose|gluten|fructose|histamine)[\s-]+intolerant", _ALLERGY),
    rule(rf"{BE}(?:\w+ly\s+)?allergic\s+to\s+(?P<v>.+)", _ALLERGY),
    rule(r"\s+(?:have|has)\s+an?\s+(?:\w+\s+)?(?P<v>[\w-]+)\s+allergy\b", _ALLERGY),
    rule(
        r"\s+(?:can['’]?t|cannot|can\s+not|(?:['’]ve\s+|have\s+)?(?:stopped|quit|gave\s+up|given\s+up))\s+eat(?:ing)?\s+(?P<v>.+)",
        many("v", "eats", values.phrases, "", "does not eat", ends=True),
    ),
    rule(
        r"\s+(?:can['’]?t|cannot|can\s+not|(?:['’]ve\s+|have\s+)?(?:stopped|quit|gave\s+up|given\s+up))\s+drink(?:ing)?\s+(?P<v>.+)",
        many("v", "drinks", values.phrases, "", "does not drink", ends=True),
    ),
    rule(
        r"\s+(?:can['’]?t|cannot|can\s+not|must\s+not)\s+(?:have|tolerate|digest)\s+(?P<v>.+)",
        many("v", "eats", values.food, "", "does not eat", ends=True),
    ),
    rule(
        r"\s+(?:was|were|got|am|is)\s+diagnosed\s+with\s+(?P<v>.+)",
        many("v", "condition", values.condition, "has", "has no"),
    ),
    rule(
        r"\s+(?:have|has|suffers?\s+from|lives?\s+with)\s+(?P<v>.+)",
        many("v", "condition", values.known_condition, "has", "has no"),
    ),
    rule(
        r"\s+takes?\s+(?!the\b|an?\b|my\b|it\b|care\b|this\b)(?P<v>[A-Za-z-]{4,25})\s+(?:(?:once|twice|three\s+times)\s+a\s+\w+|daily|every\s+(?:day|morning|night|evening)|for\s+my)\b",
        many("v", "medication", values.as_told, "takes", "no longer takes"),
    ),
    rule(rf"{DO}eats?\s+(?P<v>.+)", _EAT),
    rule(rf"{DO}drinks?\s+(?P<v>.+)", _DRINK),
)
_TASTE = (
    rule(
        r"\s+(?:don['’]?t|do\s+not|doesn['’]?t|does\s+not|no\s+longer)\s+(?:likes?|loves?|enjoys?)\s+(?P<v>.+?)\s+any\s?(?:more|longer)\b",
        many("v", "likes", values.phrases, "", "no longer likes", ends=True),
    ),
    rule(
        r"\s+no\s+longer\s+(?:likes?|loves?|enjoys?)\s+(?P<v>.+)",
        many("v", "likes", values.phrases, "", "no longer likes", ends=True),
    ),
    rule(
        r"\s+(?:don['’]?t|do\s+not|doesn['’]?t|does\s+not|(?:have\s+|has\s+)?never)\s+(?:like|love|enjoy|care\s+for)d?\s+(?P<v>.+)",
        _DISLIKES,
    ),
    rule(r"\s+(?:likes?|loves?|enjoys?|adores?)\s+(?P<v>.+)", _LIKES),
    rule(r"\s+(?:hates?|dislikes?|detests?|despises?|can['’]?t\s+stand|cannot\s+stand)\s+(?P<v>.+)", _DISLIKES),
    rule(
        r"(?:['’](?:m|s|re)|\s+(?:am|is|are))(?:n['’]t|\s+not)\s+(?:(?:a\s+)?(?:big\s+|huge\s+)?fan\s+of|into|fond\s+of|keen\s+on)\s+(?P<v>.+)",
        _DISLIKES,
    ),
    rule(
        rf"{BE}(?:(?:a\s+)?(?:big\s+|huge\s+|massive\s+|lifelong\s+)?fan\s+of|(?:very\s+|big\s+)?into|(?:very\s+)?fond\s+of|keen\s+on|obsessed\s+with|passionate\s+about)\s+(?P<v>.+)",
        _FAN,
    ),
    rule(
        rf"{DO}prefers?\s+(?P<v>.+?)(?:\s+(?:to|over|rather\s+than|instead\s+of)\s.*)?$",
        many("v", "prefers", values.noun, "prefers", "does not prefer"),
    ),
)
_DOING = (
    rule(rf"{DO}goe?s?\s+(?P<v>.+)", many("v", "hobby", values.activity, "goes", "no longer goes")),
    rule(rf"{DO}collects?\s+(?P<v>.+)", many("v", "hobby", values.collected, "likes", "no longer likes")),
    rule(
        r"(?:['’]d|\s+would)\s+rather\s+(?:have\s+|get\s+)?(?P<v>.+?)\s+than\s",
        many("v", "prefers", values.noun, "prefers", ""),
    ),
    rule(
        rf"(?:{DID}started\s+at|\s+(?:go|goes|went)\s+to)\s+(?P<school>.+)",
        Make("school", "school", values.school, "{s} studies at {v}"),
    ),
    rule(
        rf"(?:{BE}saving(?:\s+up)?\s+for|{DO}(?:dreams?|thinks?)\s+(?:of|about)|{BE}(?:dreaming|thinking)\s+(?:of|about)|{DO}plans?\s+on|{BE}planning\s+(?:on)?)\s+(?P<v>(?:an?\s|\w+ing\s).+)",
        many("v", "goal", values.goal, "plans", "no longer plans"),
    ),
    rule(r"\s+(?:can\s+)?(?:also\s+)?speaks?\s+(?P<v>.+)", _LANGUAGE),
    rule(r"\s+(?:am|is|are)?(?:fluent|am\s+fluent|is\s+fluent)\s+in\s+(?P<v>.+)", _LANGUAGE),
    rule(
        rf"(?:{BE}|{DID}started\s+)(?:learning|teaching\s+myself)\s+(?:how\s+)?(?:to\s+)?(?P<v>.+)",
        many("v", "learning", values.learned_noun, "is learning", "is no longer learning"),
    ),
    rule(rf"{DO}plays?\s+(?P<v>.+)", many("v", "plays", values.played, "plays", "does not play")),
    rule(
        rf"{DO}(?:do(?:es)?|practi[cs]es?)\s+(?P<v>.+)",
        many("v", "hobby", values.practised, "practises", "no longer practises"),
    ),
    rule(
        r"\s+(?:do(?:es)?|practi[cs]es?)\s+(?P<v>.+)",
        many("v", "hobby", values.practised, "practises", "no longer practises"),
    ),
    rule(
        rf"(?:{BE}studying|{DID}(?:studied|stud(?:y|ies)|majored\s+in))\s+(?P<v>[\w ]{{2,40}}?)(?:\s+at\s+(?P<school>.+))?[\s.!]*$",
        _FIELD,
        _SCHOOL,
    ),
    rule(
        rf"{DID}(?:graduated\s+from|(?:studied|study|studies|went\s+to\s+(?:university|college|school))\s+at|attended|attends?)\s+(?P<school>.+)",
        _SCHOOL,
    ),
    rule(
        rf"{DO}(?:have|has|hold|holds|got|did)\s+(?:an?|my|his|her)\s+(?P<v>(?:PhD|doctorate|master['’]?s(?:\s+degree)?|bachelor['’]?s(?:\s+degree)?|degree|MBA|BSc|MSc|diploma)(?:\s+in\s+[\w ]{{2,40}})?)",
        many("v", "degree", values.phrase, "has a", "has no"),
    ),
    rule(r"\s+drives?\s+(?P<v>(?:an?|my)\s.+)", Make("v", "vehicle", values.make, "{s} drives a {v}", single=True)),
    rule(rf"{DO}own(?:s|ed)?\s+(?P<v>(?:an?|the|my|two|three)\s.+)", _OWNS),
    rule(rf"{DID}(?:bought|purchased)\s+(?:myself\s+)?(?P<v>(?:an?|my\s+first|our\s+first|our|the)\s.+)", _OWNS),
    rule(
        rf"{DID}(?:sold|gave\s+away)\s+(?P<v>(?:my|our|his|her)\s.+)",
        many("v", "owns", values.noun, "", "no longer owns", ends=True),
    ),
    rule(
        rf"(?:{DO}(?:wants?|plans?|hopes?|intends?|aims?)\s+to|\s+wanna|{BE}(?:planning|hoping|aiming|determined)\s+to|['’]d\s+(?:really\s+)?(?:like|love)\s+to|\s+would\s+(?:really\s+)?(?:like|love)\s+to)\s+(?P<v>.+)",
        _GOAL,
        confidence=0.8,
    ),
)

TASTE_RULES: tuple[Rule, ...] = (*_TASTE, *_DOING)
FOOD_RULES: tuple[Rule, ...] = _FOOD
