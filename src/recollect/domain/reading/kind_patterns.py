"""Patterns that tell what kind of memory a sentence is."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


HYPOTHESIS = _any(
    r"^not\s+sure\b",
    r"^(?:could|might|may)\s+be\b",
    r"\bI(?:\s+have|[\'’]ve\s+got)\s+(?:the|a)\s+(?:feeling|hunch|suspicion)\b",
    r"[,;]\s+(?:maybe|perhaps)\s+(?:it|he|she|they|the)\b",
    r"^(?:maybe|perhaps|possibly|probably|presumably|apparently)\b",
    r"\bI\s+(?:think\s+(?:maybe|perhaps|it\s+(?:might|could))|guess|suspect|suppose|assume|wonder|have\s+a\s+feeling)\b",
    r"\b(?:might|may|could)\s+(?:be|have\s+been|well\s+be)\b",
    r"\bI\s+might\b",
    r"\b(?:she|he|it|they|there|this|that|we|you)\s+(?:probably|possibly|might|maybe)\b",
    r"\bit\s+(?:seems|appears|looks\s+like|could\s+be)\b",
    r"\bI(?:['’]m|\s+am)\s+not\s+(?:sure|certain),?\s+but\b",
    r"\bI\s+believe\s+(?:that\s+)?(?:he|she|it|they|the)\b",
    r"\bmy\s+(?:guess|theory|hunch)\b",
)
GOAL = _any(
    r"\bI(?:[\'’]m|\s+am)\s+(?:thinking\s+(?:of|about)\s+\w+ing|looking\s+to\s+\w+|dreaming\s+of|trying\s+to\s+(?:learn|become|get\s+into|lose|save|build|quit))\b",
    r"\bwe(?:[\'’]re|\s+are)\s+(?:trying\s+(?:to|for)|hoping\s+to|planning\s+to|saving)\b",
    r"\b(?:this|next)\s+year\b[^.]{0,20}\ball\s+about\b",
    r"\bI\s+plan\s+on\b",
    r"\bI\s+(?:really\s+)?(?:want|hope|plan|intend|aim|wish)\s+to\b",
    r"\b(?:we|I)\s+(?:aim|plan|hope)\s+to\b",
    r"\b(?:my|our)\s+(?:main\s+|new\s+|big\s+|biggest\s+)?(?:goal|plan|dream|ambition|resolution|aim|target)\s+(?:is|for)\b",
    r"\bI(?:['’]m|\s+am)\s+(?:planning|hoping|aiming|determined|saving\s+up|training|working\s+towards?)\b(?!\s+on)",
    r"\bI(?:['’]d|\s+would)\s+(?:really\s+)?(?:like|love)\s+to\b",
    r"\bI(?:['’]m|\s+am)\s+going\s+to\s+(?!the\b|a\b|my\b|bed\b|work\b|school\b|(?-i:[A-Z]))\w",
    r"\bI(?:['’]ve|\s+have)?\s+decided\s+to\b",
    r"\bI\s+dream\s+of\b",
    r"\bone\s+day\s+I\b",
    r"\bwants?\s+to\s+(?:become|be|learn|run|visit|open|start|write|build|travel)\b",
)
CONSTRAINT = _any(
    r"\b(?:needs?|has|have|had\s+better)\s+to\s+be\s+(?!\w+ed\s+by)\w+",
    r"\b(?:forbade|forbidden|prohibited|not\s+supposed\s+to|off[\s-]limits)\b",
    r"\bkeep\s+(?:my|this|that|it)\s+[^.]{0,30}\b(?:between\s+us|private|secret|confidential|to\s+yourself)\b",
    r"^(?:please\s+)?(?:never|do\s+not|don['’]?t)\s+(?:ever\s+)?(?!know|worry|think|you\b|mind|mention|forget|let|give|stop|lose|hesitate|be\s|get\s|feel|say|miss|sweat|panic|cry)\w+\s[^.]{0,80}\b(?:me|my|I|us|our|any\w*|without|before|after|on|in|with|to|at)\b",
    r"^(?:please\s+)?(?:always|only)\s+(?!I\b|the\b|a\b|my\b|been\b|one\b)\w",
    r"\b(?:allergic|intolerant)\b",
    r"\ballergy\b",
    r"\byou\s+(?:must|should|may|can)\s+(?:not|never)\b|\byou\s+must\b",
    r"\bI\s+(?:can['’]?t|cannot|can\s+not|must\s+not|mustn['’]t)\s+(?:eat|drink|have|travel|take|lift|use|be|work|tolerate|go\s+without|swim|drive|run)\b",
    r"\bI\s+(?:don['’]?t|do\s+not|never|no\s+longer)\s+(?:eat|drink|smoke|work\s+on|take\s+calls)\b",
    r"\b(?:not|n['’]t)\s+(?:allowed|permitted)\s+to\b",
    r"^no\s+(?:\w+\s+){1,3}(?:on|after|before|in|at|during|please)\b",
    r"\bbudget\s+is\b|\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|maximum\s+of)\b",
    r"\bhas\s+to\s+be\s+(?:under|below|within|before)\b|\bmust\s+be\b",
)
PROCEDURE = _any(
    r"^(?:mix|add|put|cut|boil|heat|take|fill|press|hold|pull|push|turn|select|choose|go\s+to|enter|create|copy|download|preheat|chop|wait|plug|log\s+in)\b[^.]{2,120}[,;]\s*(?:and\s+)?then\b",
    r"^(?:when|whenever|if|before|after)\s[^,]{3,80},\s*(?:I\s+|you\s+|we\s+)?(?:always\s+|usually\s+|first\s+)?(?:log|rebase|squash|update|back\s+up|save|check|restart|reboot|run|switch|clean|rinse|test|make\s+sure)\b",
    r"\byou\s+(?:get\s+to|reach|find|open|enable|disable)\s[^.]{2,80}\s+by\s+\w+ing\b",
    r"^(?:in\s+order\s+)?to\s+\w+[^,]{2,60},\s*(?:you\s+)?(?:first\s+|simply\s+|just\s+)?\w+",
    r"^first,?\s+\w+[^.]{3,160}\bthen\b",
    r"\bstep\s+(?:1|one|2|two)\b|\bthe\s+steps\s+(?:are|to)\b",
    r"^how\s+to\s",
    r"^(?:when|if)\s+(?:the|a|you|your)\s[^,]{3,80},\s*(?:please\s+)?(?:clear|restart|run|open|press|click|check|call|use|set|go|pull|push|turn|remove|install|delete|reboot|reset|unplug|try|hold|add|close)\b",
    r"^(?:run|execute|install|open|click|press|type|use)\s[^.]{3,120}\b(?:before|then|with|after|and\s+then)\b",
    r"^you\s+(?:can\s+)?(?:restart|run|start|stop|install|deploy|build|reset|open|log\s+in|configure|set\s+up)\s[^.]{2,120}\b(?:with|by|using|via)\b",
)
TASK_STATE = _any(
    r"\bstill\s+(?:don[\'’]?t\s+have|haven[\'’]?t|waiting|missing|open|pending|no\s+(?:answer|reply|word))\b",
    r"\b(?:will|[\'’]ll)\s+(?:deliver|send|ship|finish|review|merge|deploy|submit|get\s+back\s+to)\b",
    r"\b(?:of\s+the\s+)?tests?\s+(?:now\s+)?(?:pass|fail)\b",
    r"\bI(?:[\'’]ve|\s+have)\s+(?:submitted|sent|handed\s+in|applied\s+for|requested|filed)\b",
    r"^(?:todo|to-do|fixme)\b",
    r"^(?:please\s+|can\s+you\s+|could\s+you\s+)?remind\s+me\b",
    r"\b(?:still|next)\s+(?:I\s+)?(?:need|have)s?\s+to\b|\bI\s+(?:still\s+)?need\s+to\b|\bI\s+have\s+to\s+(?!say|admit)",
    r"\bI(?:['’]m|\s+am)\s+(?:currently\s+|still\s+|now\s+)?(?:working\s+on|waiting\s+for|blocked|stuck|finishing|debugging|reviewing|writing)\b",
    r"\b(?:we|we['’]re|it['’]s|is)\s+(?:are\s+|currently\s+)?(?:blocked|stuck|waiting)\s+(?:on|by|for|at)\b",
    r"\b(?:is|are|was|has\s+been|have\s+been)\s+(?:now\s+|almost\s+|nearly\s+|\d{1,3}\s?%\s+)?(?:done|complete|completed|finished|fixed|merged|deployed|sent|submitted|in\s+progress|pending|failing|broken\s+on|blocked|overdue|resolved|closed|ready|released|shipped)\b",
    r"\bI(?:['’]ve|\s+have)?\s+(?:just\s+)?(?:finished|completed|fixed|merged|deployed|submitted|shipped|closed)\s+(?:the|a|my|our)\s+(?:\w+\s+){0,3}(?:draft|bug|ticket|report|pr|pull\s+request|task|issue|feature|release|slides|migration|test|tests|document|code|module|build)\b",
    r"\bin\s+progress\b",
)
IDENTITY = _any(
    r"\b(?:people|friends|everyone|they|everybody)\s+(?:know\s+me\s+as|call\s+me)\b",
    r"^I\s+go\s+by\b",
    r"\bI\s+(?:grew\s+up|was\s+raised)\s+in\b",
    r"\b(?:my|our)\s+(?:\w+\s+)?(?:name|birthday|pronouns|phone|e-?mail|nationality|date\s+of\s+birth|blood\s+type)\b[^.]{0,20}\s(?:is|are)\b",
    r"^call\s+me\s+[A-Z]",
    r"\bI\s+(?:was|am)\s+born\b",
    r"\bI(?:['’]m|\s+am)\s+(?:an?\s+)?(?:\w+\s+)?(?:man|woman|girl|boy|mother|father|mom|dad|christian|muslim|jew|jewish|buddhist|hindu|atheist|immigrant|refugee|introvert|extrovert|left-handed|gay|lesbian|bisexual|trans|transgender|autistic|deaf|blind|widow|widower|orphan|veteran)\b",
    r"\bI(?:['’]m|\s+am)\s+\d{1,3}\b",
)
PREFERENCE = _any(
    r"\b(?:is|are)(?:n[\'’]t|\s+not)?\s+(?:really\s+|just\s+|totally\s+)?my\s+(?:thing|cup\s+of\s+tea|jam|style|taste)\b",
    r"\bnothing\s+beats\b",
    r"\bI[\'’]d\s+take\s+[^.]{2,40}\s+over\b",
    r"\bonly\s+for\s+me\b",
    r"\bany\s+day\b",
    r"\b(?:my|our)\s+(?:\w+\s+)?favou?rite\b|\bis\s+my\s+favou?rite\b",
    r"\bI(?:['’]d|\s+would)\s+rather\b",
    r"\b(?:I|we|he|she)\s+(?:\w+ly\s+)?(?:prefers?|loves?|likes?|enjoys?|hates?|dislikes?|adores?|detests?|can['’]?t\s+stand)\b(?!\s+(?:it|that|this|how|you)\b)",
    r"\bI\s+(?:don['’]?t|do\s+not)\s+(?:\w+ly\s+)?(?:like|enjoy|love|care\s+for)\b",
    r"\bI(?:['’]m|\s+am)\s+(?:not\s+)?(?:really\s+)?(?:(?:a\s+)?(?:big\s+|huge\s+)?fan\s+of|into|fond\s+of|keen\s+on)\b",
    r"\bI\s+(?:always|usually|never)\s+(?:choose|pick|order|take|wear|listen|buy|use|go\s+for)\b",
    r"\bI\s+like\s+it\s+\w+",
    r"^[A-Z]\w+\s+(?:really\s+)?(?:loves|likes|enjoys|hates|prefers|adores|dislikes)\b",
)
STATIVE = _any(
    r"^(?:the|my|our|an?|this|that|your|his|her|their|its|[A-Z][\w-]*)(?:\s+[\w'’-]+){0,5}?\s+(?:is|are|has|have|uses?|runs|costs?|closes|opens|lives?|works?|contains?|supports?|needs?|requires?|belongs?|starts|ends|means|plays?|speaks?|owns?|consists)\b",
    r"\bI\s+(?:have|own|drive|play|speak|live|work|wear|use|study|no\s+longer|used\s+to)\b",
    r"\bI(?:['’]m|\s+am)\b",
)
