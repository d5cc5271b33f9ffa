"""What moves people whatever words they choose: life events, and how strongly they are felt at least."""

import re


def _floor(value: float, *patterns: str) -> tuple[re.Pattern[str], float]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns), re.IGNORECASE), value


# Checked in this order; the first that is found gives the floor.
LIFE_EVENTS: tuple[tuple[re.Pattern[str], float], ...] = (
    _floor(
        0.88,
        r"(?:died|dead|dies|dying|passed\s+away|suicide|killed|murder\w*|raped?|funeral|miscarriage|stillborn|terminal(?:ly)?\s+ill)",
        r"lost\s+(?:the|our|my|her|his)\s+(?:baby|son|daughter|mother|father|mom|mum|dad|wife|husband|brother|sister|child|parents)",
        r"(?:was|were|is|been)\s+born(?!\s+(?:in|on)\b)",
        r"(?:cancer|tumou?r|leuk[ae]+mia|stroke|heart\s+attack|overdose[d]?|paraly[sz]ed)",
        r"(?:survived|war\s+broke|genocide|terror\s+attack|abused|assaulted|trauma\w*|kidnapp\w+|shooting)",
        r"(?:gave|giving|give)\s+birth|newborn|stillbirth|became\s+(?:a\s+)?(?:father|mother|dad|mom|mum|parents?)",
        r"(?:buried|burial|cremated|mourning|widow(?:ed|er)?|orphan\w*|coma|life\s+support|hospice|metastas\w+|chemo\w*)",
        r"(?:burned|burnt)\s+down|emergency",
    ),
    _floor(
        0.66,
        r"(?:getting|got|get)\s+married|wedding|engaged|she\s+said\s+yes|he\s+said\s+yes|proposed\s+to",
        r"(?:divorc\w+|broke\s+up|break(?:ing)?\s+up|left\s+me|cheated\s+on)",
        r"(?:accident|crash(?:ed)?|surgery|in\s+(?:the\s+)?hospital|ambulance|pregnant|diagnosed)",
        r"lost\s+(?:my|his|her|our)\s+(?:job|house|home)|(?:fired|laid\s+off|evicted|bankrupt\w*|robbed|burgled|arrested|homeless)",
        r"(?:meltdown|panic\s+attack|breakdown|depress(?:ed|ion)|devastated|heartbroken|terrified|screamed|can['’]?t\s+stop\s+crying)",
        r"(?:biopsy|lump|icu|intensive\s+care|seizure|attacked|stalked|threatened|bullied|relapsed|rehab|custody)",
        r"(?:heart\s?broken|sobb(?:ed|ing)|devastat\w+|hysterical|furious|panick\w+|horrified|shattered|ecstatic|overjoyed)",
        r"(?:huge|massive|terrible|big)\s+fight",
    ),
    _floor(
        0.46,
        r"(?:promot(?:ed|ion)|graduat(?:ed|ion)|passed\s+(?:my|the|his|her)|failed\s+(?:my|the|his|her)|won\s+(?:the|a|my|first))",
        r"(?:finished|completed)\s+(?:my|the|our)\s+(?:first|project|thesis|degree|marathon|book|novel)|first\s+marathon",
        r"(?:thesis|dissertation|first\s+prize|award|scholarship|acceptance\s+letter|got\s+into\s+(?:my|the|college|university))",
        r"(?:homesick|jealous|embarrassed|frustrated|disappointed|guilty|stressed|overwhelmed|relieved|thrilled|nervous)",
        r"(?:moving\s+(?:abroad|away)|new\s+house|bought\s+(?:a|our|my\s+first)\s+house|first\s+(?:kiss|date|day))",
        r"(?:argument|argued|quarrel\w*|fight|fought|criticis(?:ed|m)|criticiz(?:ed|m)|rejected|betrayed|humiliated|yelled)",
        r"(?:got|landed|accepted)\s+(?:the|a\s+new|my\s+dream)\s+job|dream\s+job|adopted|moved\s+out|new\s+baby|retir(?:ed|ement)",
        r"(?:miss|missing)\s+(?:my|him|her|you|them)|upset|worried|anxious|scared|afraid|furious|proud|excited|ashamed|lonely|grief",
    ),
)
