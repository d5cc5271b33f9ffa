"""The words of distress: how people say what they feel, and what it is about."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re

# Adjectives behind "I am", "I feel", "it makes me" -> the emotion; the mild ones count only when the text is felt.
_STRONG = {
    "fear": "scared terrified anxious panicking panicked frightened petrified stressed dreading horrified paranoid",
    "anger": "angry furious livid enraged outraged resentful raging seething",
    "sadness": "depressed miserable heartbroken hopeless unhappy devastated crushed shattered broken empty suicidal desperate distraught sad "
    "gutted inconsolable",
    "shame": "ashamed embarrassed humiliated mortified guilty worthless inadequate",
    "overwhelm": "overwhelmed exhausted drained swamped overworked",
    "grief": "grieving mourning bereaved",
    "loneliness": "lonely isolated abandoned unwanted friendless",
}
_MILD = {
    "fear": "afraid worried nervous uneasy tense apprehensive",
    "anger": "mad annoyed irritated frustrated",
    "sadness": "upset down disappointed awful terrible low numb lost discouraged",
}
EMOTION_OF = {word: emotion for emotion, listed in _STRONG.items() for word in listed.split()}
MILD_EMOTION_OF = {word: emotion for emotion, listed in _MILD.items() for word in listed.split()}
# Parts without which a pattern cannot hold; looking for them is much faster than the pattern.
STATE_CUES = (*EMOTION_OF, *MILD_EMOTION_OF)
GRIEF_CUES = ("died", "passed", " dead", "killed", " lost ", " late ", "grie", "mourning", "miscarriage")
PHRASE_CUES: dict[str, tuple[str, ...]] = {
    "overwhelm": (
        "drowning", "burned", "burnt", "falling apart", "buried in", "breaking point", "limit", "wits", "wit's", "my rope", "losing",
        "cracking", "cope", "handle", "take ", "keep up", "go on", "deal with", "do this", "too much", "unbearable", "killing me", "slept",
    ),
    "fear": (
        "stresses me", "stressing me", "freaks me", "freaking me", "scares me", "scaring me", "terrifies me", "terrifying me", "panic", " dread", "losing sleep", "anxiety", "know what to do", "breathe", "sleep", "freaking out",
        "nightmare", " worry", "worried sick", " me up", " me awake",
    ),
    "shame": ("myself", "failure", "loser", "fraud", "burden", "disappointment", "good enough", "stupid"),
    "loneliness": ("alone", "left out", "excluded", "invisible", "unloved", "no friends", "no one", "nobody"),
    "anger": ("sick", "fed up", "pissed", "upset", "drives me", "driving me", "pisses me", "pissing me", "makes me mad", "me mad", "me so mad", "me angry", "me furious", " hate "),
    "sadness": (
        "my heart", "me apart", "crying", " cried", " cry ", "hurts", " not ", "pointless", "meaningless", "hopeless", " hate my", "depression",
        "want to die", " having ", "going through", "want to disappear", "want to give up",
    ),
}  # fmt: skip
EVENT_CUES = (
    "p with me", "dumped me", "betrayed me", "doned me", "cheated on me", "ghosted me", "divorced me", "divorcing me", "left me", "broke up", "split up", "fired", "laid off", "dumped", "rejected", "lost my", "failed", "diagnosed", "evicted", "robbed", "assaulted",
    "threatened", "afford", "pay ", " debt",
)  # fmt: skip

_ADVERB = (
    r"(?:so|really|very|extremely|incredibly|super|totally|completely|absolutely|just|also|still|now|a\s+bit|a\s+little|pretty|quite|rather|too|"
    r"always|constantly|often|getting|feeling|being|becoming|kind\s+of|kinda|honestly|deeply|terribly|truly|utterly|feel|such|more\s+and\s+more|"
    r"currently|even|all|genuinely|increasingly|(?:sad|tired|jealous|hurt|lonely|scared|alone)\s+and)"
)
_I_AM = (
    r"\b(?:(?:i|we)(?:['’]m|m|['’]ve\s+been|\s+am|\s+was|\s+feel|\s+felt|\s+have\s+been|\s+have\s+felt|['’]ve\s+felt|\s+got|\s+get|['’]re|\s+are|\s+were|\s+become|\s+became)|"
    r"(?:makes?|made|making|leaves?|left|keeps?|has|have|got)\s+me(?:\s+feel(?:ing)?)?)"
)
_ENDS = r"(?!\s+(?:by\s+(?:the|all|your|their|this)\s+(?:\w+\s+)?(?:response|love|support|kindness|beauty)|with\s+(?:joy|gratitude)|but\s+(?:so\s+|very\s+)?(?:happy|excited|proud|grateful|i\s+made\s+it|it\s+went)))(?=\s*(?:$|[.,;:!…)–—-])|\s+(?:about|at|with|of|that|because|and|since|for|over|by|to|from|in|after|when|out|i|my|lately|today|yesterday|now|again|all|every|this|these|right|what|how|but|so|before|on|than|as|it|we|inside)\b)"
STATE = re.compile(
    rf"{_I_AM}\s+(?:{_ADVERB}\s+){{0,4}}(?P<word>{'|'.join((*EMOTION_OF, *MILD_EMOTION_OF))}){_ENDS}", re.IGNORECASE
)
_RELATIVE = (
    r"(?:mother|mom|mum|father|dad|parents|brother|sister|son|daughter|wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|"
    r"grand(?:mother|father|ma|pa|son|daughter)|uncle|aunt|cousin|nephew|niece|baby|child|friend|best\s+friend|dog|cat|horse|pet|puppy|kitten)"
)
GRIEF = re.compile(
    rf"\bmy\s+(?:\w+\s+)?{_RELATIVE}\s+(?:just\s+|has\s+|recently\s+|suddenly\s+)?(?:died|passed(?:\s+away)?|is\s+dead|was\s+killed)\b|"
    rf"\b(?:i|we)(?:['’]ve)?\s+(?:just\s+|recently\s+)?lost\s+(?:my|our)\s+(?:\w+\s+)?{_RELATIVE}\b|"
    r"\bmiss\s+my\s+late\s|\b(?:i['’]m|i\s+am|we['’]re|still)\s+(?:still\s+)?(?:grieving|mourning)\b|\bmiscarriage\b|\bmy\s+grief\b",
    re.IGNORECASE,
)
# What people say instead of an adjective; the first that stands in the sentence counts.
_CANNOT = r"(?:can['’]?t|cannot|can\s+not|can\s+barely|could\s+barely|couldn['’]?t|can\s+hardly)"
PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (emotion, re.compile(pattern, re.IGNORECASE))
    for emotion, pattern in (
        (
            "overwhelm",
            rf"\bi(?:['’]m|\s+am|\s+feel)\s+(?:\w+\s+)?(?:drowning\s+in|burn(?:ed|t)[\s-]out|falling\s+apart|buried\s+in|at\s+(?:my|the)\s+(?:breaking\s+point|limit|wits?['’]?\s+end|end\s+of\s+my\s+rope)|losing\s+my\s+mind|cracking)|"
            rf"\bi\s+(?:just\s+)?{_CANNOT}\s+(?:cope|handle|take\s+(?:it|this)|keep\s+up|go\s+on|deal\s+with|do\s+this)\b|"
            r"\b(?:everything|it|this|work|school)(?:['’]s|\s+is)\s+(?:just\s+|all\s+)?(?:too\s+much|unbearable)|\bmy\s+[\w\s]{2,30}\s+is\s+(?:unbearable|killing\s+me)|\bi\s+haven['’]t\s+slept",
        ),
        (
            "fear",
            r"\b(?:stress(?:es|ing)?|freak(?:s|ing)?|scar(?:es|ing)|terrif(?:ies|ying)|panick(?:s|ing))\s+me\b|\bpanic\s+attacks?\b|\bi\s+dread\b|"
            r"\bkeep(?:s|ing)?\s+me\s+(?:up|awake)\b|\blosing\s+sleep\b|\bmy\s+(?:\w+\s+){0,2}anxiety\b|\bi\s+(?:have|suffer\s+from|get)\s+(?:\w+\s+){0,3}anxiety\b|"
            rf"\bi\s+don['’]?t\s+know\s+what\s+to\s+do\b|\bi\s+{_CANNOT}\s+(?:breathe|sleep)\b|\bi(?:['’]m|\s+am)\s+(?:\w+\s+)?freaking\s+out|stop\s+worrying|\bworried\s+sick\b|\bnightmares?\s+about|\bi\s+worry\b",
        ),
        (
            "shame",
            r"\bi\s+(?:hate|loathe|despise)\s+myself\b|\b(?:i\s+feel|i['’]m|i\s+am)\s+(?:like\s+)?(?:such\s+)?a\s+(?:failure|loser|fraud|burden|disappointment)\b|"
            r"\bi(?:['’]m|\s+am|\s+feel)\s+not\s+good\s+enough|\bi(?:['’]m|\s+am)\s+so\s+stupid\b",
        ),
        (
            "loneliness",
            r"\bi\s+(?:\w+\s+)?(?:feel|felt)\s+(?:\w+\s+)?(?:alone|left\s+out|excluded|invisible|unloved)\b|\bi(?:['’]m|\s+am)\s+(?:so|all|completely|totally)\s+alone\b|"
            r"\bi\s+have\s+(?:no\s+(?:friends|one)|nobody)\b|\bno(?:body|\s+one)\s+(?:to\s+talk\s+to|cares\s+about\s+me|understands\s+me|likes\s+me)\b",
        ),
        (
            "anger",
            r"\bi(?:['’]m|\s+am)\s+(?:so\s+|really\s+)?(?:sick\s+(?:and\s+tired\s+)?of|fed\s+up|pissed(?:\s+off)?)\b|\b(?:i(?:['’]m|\s+am|\s+was)\s+)?(?:really\s+|so\s+|very\s+)?upset\s+(?:with|at)\b|"
            r"\b(?:piss(?:es|ing)|driv(?:es|ing))\s+me\s+(?:off|crazy|mad|insane)\b|\bmakes?\s+me\s+(?:so\s+)?(?:mad|angry|furious)\b|\bi\s+hate\s+(?:my\s+(?:boss|manager|landlord|ex)|him|her|them)\b",
        ),
        (
            "sadness",
            r"\bbreak(?:s|ing)?\s+my\s+heart|\bbroke\s+my\s+heart|\btear(?:s|ing)?\s+me\s+apart|\bi(?:['’]ve\s+been|['’]m|\s+am|\s+was|\s+have\s+been)\s+(?:\w+\s+)?crying\b(?!\s+(?:laughing|with\s+laughter))|"
            rf"\bi\s+{_CANNOT}\s+stop\s+crying|\bi\s+(?:cried|cry)\b|\bhurts\s+(?:me|so\s+(?:much|bad))|\bi(?:['’]m|\s+am)\s+not\s+(?:ok|okay|doing\s+(?:well|good|ok|okay)|alright)\b|"
            r"\b(?:everything|life|it\s+all)\s+(?:feels|is|seems)\s+(?:pointless|meaningless|hopeless)|\bi\s+hate\s+my\s+(?:life|job|work|school)\b|\b(?:struggling|living|dealing)\s+with\s+(?:\w+\s+)?depression\b|"
            r"\bi\s+(?:just\s+)?want\s+to\s+(?:die|disappear|give\s+up)\b|\bi(?:['’]m|\s+am|['’]ve\s+been)\s+(?:having|going\s+through)\s+(?:a\s+)?(?:\w+\s+)?(?:hard|rough|tough|difficult)\s",
        ),
    )
)
# Things that happen to someone and need no word of feeling.
EVENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (emotion, re.compile(pattern, re.IGNORECASE))
    for emotion, pattern in (
        (
            "sadness",
            r"\b(?:broke\s+up\s+with|dumped|betrayed|abandoned|cheated\s+on|ghosted|divorc(?:ed|ing))\s+me\b|\b(?:husband|wife|girlfriend|boyfriend|partner|he|she)\s+left\s+me(?=[\s.,!]*(?:$|[.,!]|\s(?:for|last|after|and|because|when|this|yesterday)\b))|\bwe\s+(?:just\s+)?(?:broke|split)\s+up\b|"
            r"\bi\s+(?:just\s+)?(?:got\s+(?:fired|laid\s+off|dumped|rejected)|was\s+(?:fired|laid\s+off|rejected)|lost\s+my\s+(?:job|home|house)|failed\s+(?:my|the)\s+\w+)|\bi\s+(?:just\s+)?failed\s+(?:my|the)\s",
        ),
        (
            "fear",
            r"\bi\s+(?:just\s+)?(?:was|got|have\s+been)\s+(?:\w+\s+)?(?:diagnosed\s+with|evicted|robbed|assaulted|threatened)\b|\b(?:i|we)\s+(?:can['’]?t|cannot)\s+(?:afford|pay)\s+(?:my|our|the|rent)\b",
        ),
        ("overwhelm", r"\bi(?:['’]m|\s+am)\s+(?:deep\s+)?in\s+(?:\w+\s+)?debt\b"),
    )
)
# "When I'm nervous" tells a habit; "I was lonely two years ago" is past.
WHEN = re.compile(r"\b(?:when(?:ever)?|while|until|once|if|before|than|like\s+when|how)\s+$", re.IGNORECASE)
LONG_AGO = re.compile(
    r"\b(?:(?:years|months|decades)\s+ago|last\s+(?:year|spring|summer|fall|autumn|winter)|back\s+(?:then|when|in)|in\s+(?:19|20)\d\d|as\s+a\s+(?:kid|child|teen\w*)|growing\s+up|at\s+first|at\s+the\s+time)\b",
    re.IGNORECASE,
)
PAST_STATE = re.compile(r"(?:i|we)\s+(?:was|were|felt|got|became)\b|\b(?:made|left|had)\s+me\b", re.IGNORECASE)
# Over, supposed, joked, or polite: no distress now.
RELIEF = re.compile(
    r"\b(?:any\s?more(?!\s*,)|no\s+longer|used\s+to\s+(?:be|feel|get)|relieved|(?:much\s+|feel\w*\s+)better(?:\s+now)?|overcame|got\s+over|(?:all\s+)?(?:fine|okay|ok|good|over)\s+now|glad|thankfully|haha+|lol|lmao|"
    r"just\s+kidding|laughing|but\s+(?:i\s+made\s+it|it\s+(?:wasn['’]t|went|turned\s+out|worked|all)|everything\s+(?:went|is|was)|luckily)|i\s+remember|my\s+first)\b|😂|🤣",
    re.IGNORECASE,
)
STILL_BAD = re.compile(rf"\b(?:{_CANNOT})\b[^.!?]*\bany\s?more\b|\bnot\s+(?:\w+\s+)?better\b", re.IGNORECASE)
SUPPOSED = re.compile(
    r"\b(?:if|unless|imagine|suppose|wonder|whether|pretend|write|story|poem|song|lyrics|translate|character|role-?play|example|would|might|could\s+be|said|says|told\s+me\s+(?:he|she|they)|he\s+feels|she\s+feels)\b",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"\bafraid\s+(?:not|so|(?:i|we)\s+(?:can['’]?t|cannot|have\s+to|must|don['’]?t|need)|that['’]?s|it['’]?s)\b|\b(?:scared|afraid|mad|sad|upset)\s+(?:of\s+)?(?:how\s+(?:good|much)|(?:that\s+)?(?:the|this|that)\s+(?:series|show|movie|film|book|game|season|episode))|\bmad\s+about\s+(?:you|this|that)\b",
    re.IGNORECASE,
)
CATEGORIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (category, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE))
    for category, pattern in (
        (
            "academic",
            r"exams?|finals|midterms?|class(?:es)?|class\s+registration|school|college|university|uni|thesis|dissertation|homework|grades?|gpa|professors?|teachers?|essays?|assignments?|semester|graduat\w+|study|studies|studying|lectures?|tuition|coursework|phd|degree|tests?(?!\s+results)|campus|quiz(?:zes)?",
        ),
        (
            "work",
            r"work|job|boss|manager|co-?workers?|colleagues?|office|fired|laid\s+off|interviews?|career|deadlines?|meetings?|promotion|presentation|clients?|project|shifts?|company|layoffs?|unemployed|unemployment|workload|supervisor",
        ),
        (
            "health",
            r"cancer|diagnos\w+|surgery|operation|pain|chronic|illness|sick(?!\s+(?:and|of))|disease|hospital|doctor|test\s+results|panic\s+attacks?|insomnia|depression|body|weight|pregnan\w+|health|medication|symptoms?|therapy|eating\s+disorder|addiction|slept|biopsy",
        ),
        (
            "money",
            r"money|rent|debts?|bills?|loans?|mortgage|bankrupt\w*|credit\s+card|afford|savings|tuition|broke(?!\s+(?:up|my|me|down))|finances|financial\w*|taxes|salary|eviction|evicted",
        ),
        (
            "family",
            r"mother|mom|mum|father|dad|parents?|brother|sister|sons?|daughter|kids?|child|children|grand\w+|family|uncle|aunt|cousin|baby|in-laws?",
        ),
        (
            "relationship",
            r"husband|wife|girlfriend|boyfriend|partner|fianc[eé]e?|marriage|divorc\w+|break-?up|broke\s+up|split\s+up|dating|relationship|crush|ex|cheating|dumped",
        ),
        (
            "social",
            r"friends?|party|social\s+anxiety|roommates?|flatmates?|neighbou?rs?|people|invited|bull(?:y|ied|ying)|classmates?",
        ),
    )
)
