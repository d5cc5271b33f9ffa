"""What tells, in six languages, that a message points backwards, to what is the user's own, or only steers the work.

All patterns are for text in lower case without accents and apostrophes, its words parted by single spaces.
"""

import re
from typing import Final


def _any(*patterns: str) -> re.Pattern[str]:
    """A pattern for any of these, which are parted by commas, as whole words."""
    parts = [" ".join(each.split()) for pattern in patterns for each in pattern.split(",") if each.strip()]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


EARLIER: Final = _any(
    r"as (?:i|we|you) (?:said|mentioned|discussed|told|noted|agreed|explained|did)",
    r"like (?:last time|before|we did|i said)",
    r"last time, (?:do |did |can |could )?you (?:still )?(?:remember|recall), remember(?: when| that| how| what| the)?",
    r"(?:i|we) (?:already |once |just )?(?:told|said|mentioned|discussed|talked|agreed|decided|asked|gave you|"
    r"showed|sent)",
    r"(?:did|have|had|when did|what did) (?:i|we|you|he|she|they)",
    r"you (?:told|said|suggested|recommended|promised), used to",
    r"(?:as |like |than )?before, earlier, previously, back then, once again like, as always, as usual, the usual",
    r"ago, recall",
    r"(?:wie|was) (?:ich|wir|du) (?:schon )?(?:gesagt|erwahnt|besprochen|erzahlt|hatte|hatten|habe|haben)",
    r"wie (?:gesagt|immer)",
    r"(?:letztes|letzte|voriges) mal, erinner\w*, weisst du noch, wie (?:vorher|fruher|ublich|beim letzten mal)",
    r"damals, vorhin",
    r"comme (?:je|on|nous) \w+ (?:\w+ )?(?:dit|vu|parle|convenu|fait)",
    r"comme (?:dhabitude|avant|la derniere fois|toujours)",
    r"(?:la )?derniere fois, tu te souviens, (?:te )?rappelle(?:s|r)?, souviens, je tai (?:deja )?(?:dit|parle)",
    r"auparavant",
    r"como (?:te )?(?:dije|decia|mencione|hablamos|acordamos|siempre|antes), la ultima vez, recuerda(?:s)?",
    r"te acuerdas",
    r"(?:ya )?te (?:dije|conte|comente), la otra vez, anteriormente, como la vez pasada, hablamos de",
    r"come (?:ti )?(?:ho detto|dicevo|abbiamo detto|prima|sempre|al solito|lultima volta), lultima volta",
    r"ti ricordi, ricordi",
    r"ti (?:ho|avevo) (?:gia )?(?:detto|parlato|raccontato), laltra volta, in precedenza",
    r"como (?:eu )?(?:disse|falei|mencionei|combinamos|sempre|antes|da ultima vez), (?:da |a )?ultima vez",
    r"(?:voce )?(?:se )?lembra(?:s)?",
    r"(?:eu )?(?:ja )?te (?:disse|falei|contei), da outra vez, anteriormente",
)
OURS: Final = _any(
    r"my, mine, our, ours, we, us, weve, were going, im (?:allergic|vegan|vegetarian|from|called|married)",
    r"i (?:am|live|work|have|own)",
    r"mein\w*, unser\w*, wir, uns, mon, ma, mes, notre, nos, nous, mi, mis, mio, mia, mios, mias, nuestr[oa]s?",
    r"nosotr[oa]s",
    r"miei, mie, nostr[oaie], noi, meus?, minhas?, noss[oa]s?, a gente",
)
TIMES: Final = _any(
    r"yesterday, today, tomorrow, tonight",
    r"(?:last|this|next|past) (?:\w+ )?(?:week|month|year|night|weekend|summer|winter|spring|fall)",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?, gestern, vorgestern, heute, ubermorgen",
    r"(?:montag|dienstag|mittwoch|donnerstag)",
    r"(?:freitag|samstag|sonntag), (?:letzte|nachste|diese|vorige)[nrs]? (?:woche|monat|jahr|sommer|winter)",
    r"aujourdhui, hier, demain",
    r"(?:semaine|mois|annee|an) (?:derniere?|prochaine?), (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)",
    r"hoy, ayer, manana",
    r"(?:semana|mes|ano) (?:pasad[oa]|que viene|proxim[oa]|passad[oa]|que vem)",
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)",
    r"oggi, ieri, domani, (?:settimana|mese|anno) (?:scors[oa]|prossim[oa])",
    r"(?:lunedi|martedi|mercoledi|giovedi|venerdi|domenica)",
    r"hoje, ontem, amanha, (?:segunda|terca|quarta|quinta|sexta) feira",
)
QUESTIONS: Final = frozenset(
    """
    what when where who whom whose which why how is are was were do does did can could should would will has have
    was wann wo wer wen wem welche welcher welches warum wieso wie ist sind kann
    que quoi quand ou qui quel quelle quels quelles pourquoi comment est peux
    cuando donde quien cual cuales por como puedes es
    che cosa quando dove chi quale quali perche come puoi
    o onde quem qual quais porque pode
    """.split()  # noqa: SIM905 - as words they are easier to read
)
TARGETS: Final = frozenset(
    """
    english french german spanish italian portuguese dutch chinese japanese russian polish turkish arabic korean latin
    englisch franzosisch deutsch spanisch italienisch portugiesisch anglais francais allemand espagnol italien portugais
    ingles frances aleman espanol italiano portugues inglese francese tedesco spagnolo portoghese alemao espanhol
    json yaml xml csv html markdown latex python javascript typescript rust sql bash table tables
    bullet bullets points list
    lists prose paragraph paragraphs sentence sentences words word lines line step steps section
    chapter page part one two
    three four five tabelle liste stichpunkten stichpunkte satze satz worter tableau phrases phrase mots tabla lista
    frases palabras tabella elenco frasi parole tabela palavras
    """.split()  # noqa: SIM905 - as words they are easier to read
)
FILLERS: Final = frozenset(
    """
    and or but then now so just a an the it its this that these those one ones to of in into as on for with please pls
    again too also bit little lot much more very really ok okay yes no yeah yep nope thanks thank you good great perfect
    cool nice fine sure me i can could would do lets will way all at is be not up out once still i version
    und oder aber dann jetzt so ein eine einen das die der den es dies diese in im auf als mit zu fur bitte noch mal
    nochmal auch bisschen etwas viel mehr sehr ja nein danke gut super mir du kannst alles ist nicht ok doch einfach aus
    et ou mais puis alors maintenant un une le la les ce cette en plus comme avec pour de du sil te
    plait vous stp encore
    aussi peu oui non merci bien parfait moi tu peux tout est pas
    y o pero luego ahora uno el lo los las esto eso esta en mas como con para por favor de nuevo
    otra vez tambien poco muy
    si gracias bueno perfecto me puedes todo es
    e poi ora adesso il questo questa in piu come con per favore di nuovo ancora anche po grazie
    bene perfetto puoi tutto
    mas depois agora uma os as isto isso esse em mais com de novo tambem pouco muito sim nao obrigado obrigada bom pode
    """.split()  # noqa: SIM905 - as words they are easier to read
)
STEERING: Final = _any(
    r"go (?:on|ahead|for it|back|with (?:that|it|the (?:first|second|third|last)(?: one)?))",
    r"do (?:it|that|this|so), lets do (?:it|that|this)",
    r"continue, proceed, carry on, keep going, next(?: one| step| part| question| slide)?",
    r"(?:the )?previous(?: one| version)?",
    r"(?:try|do|run|say) (?:it |that |this )?again, again, retry, redo, undo(?: that| it)?, revert(?: that| it)?",
    r"rerun, regenerate, repeat",
    r"(?:make|keep|write|phrase|put) (?:it|this|that|them), rewrite, rephrase, reword, reformat, translate",
    r"summari[sz]e, simplify, shorten",
    r"expand(?: on)?, elaborate, explain, clarify, polish, proofread, fix, check, format, finish, start over",
    r"start, stop, wait, skip, cancel",
    r"shorter, longer, simpler, clearer, smaller, bigger, better, faster, nicer, friendlier, funnier, warmer",
    r"stronger, less, more (?:formal|casual|detail\w*|concise|precise|polite|examples?|options?|ideas?)",
    r"formal, informal, casual, concise, brief\w*, detailed, polite, professional, friendly, simple, short, long",
    r"funny, bold, examples?",
    r"(?:looks|sounds|seems|thats|its|is) (?:good|great|fine|right|perfect|better|ok|okay|wrong)",
    r"(?:the )?(?:first|second|third|last|other) (?:one|option|version)",
    r"another(?: one| version| example| option)?, one more(?: time)?, show (?:me|it), give me, tell me more",
    r"what else, anything else, why, how so, how",
    r"in other words, go deeper, step by step, use, add, remove, delete, change, replace, try, pick, choose, yes",
    r"no, not like that, thats (?:it|all|not (?:it|right))",
    r"weiter(?: so)?, mach (?:weiter|das|es|so|mal), mach, nachste[rns]?(?: schritt)?, nochmal",
    r"noch (?:mal|einmal|eins|eine|ein beispiel), versuch(?:s| es)?",
    r"kurzer, langer, einfacher, klarer, formeller, formlicher, freundlicher, besser, genauer, ausfuhrlicher",
    r"kurze, ubersetze?, fass(?: es| das)? zusammen, zusammenfassen",
    r"(?:sieht|klingt|passt) (?:gut|super|so), schreib(?: es| das)?(?: um)?, formulier\w*(?: es| das)?(?: um)?",
    r"erklar\w*, warum, wiederhole?n?, das (?:erste|zweite|letzte), los",
    r"continue[sz]?, vas y, allez y, fais (?:le|ca|cela), suivante?, encore(?: une fois| un)?, reessaie, essaie",
    r"recommence, plus (?:court|courte|long|longue|simple|clair|formel|poli|detaille)\w*, raccourcis, rallonge",
    r"simplifie, reformule, traduis(?: le)?, resume(?: le)?, explique, cest (?:bon|parfait|bien|mieux), pourquoi",
    r"un autre exemple",
    r"sigue, continua, hazlo, adelante, siguiente, otra vez, intentalo, intenta",
    r"mas (?:corto|corta|largo|larga|simple|claro|formal|detalle\w*), acorta(?:lo)?, resume(?:lo)?, traduce(?:lo)?",
    r"reescribe(?:lo)?, explica(?:lo)?, se ve bien, suena bien, esta bien, por que, otro ejemplo, repite(?:lo)?",
    r"mejor",
    r"vai avanti, continua, fallo, prossimo, prossima, avanti, riprova, ancora una volta",
    r"piu (?:corto|corta|breve|lungo|semplice|chiaro|formale|dettagl\w*), accorcia(?:lo)?, riassumi(?:lo)?",
    r"traduci(?:lo)?, riscrivi(?:lo)?, spiega(?:lo)?, va bene, perche, un altro esempio, ripeti, meglio, procedi",
    r"continue, continua, continuar, faz isso, faca isso, faca, proximo, proxima, seguinte",
    r"tenta?(?: outra vez| de novo)?, tente, mais (?:curto|curta|longo|longa|simples|claro|formal|detalh\w*)",
    r"encurte, encurta, resuma, resume, traduz(?:a)?, reescreva?, explique, explica, ficou bom, esta bom, por que",
    r"outro exemplo, repita, repete, melhor, prossiga, pode continuar",
)
