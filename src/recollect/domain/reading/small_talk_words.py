"""The phrases of small talk in six languages, lower-case, without punctuation."""

from recollect.domain.reading.word_lists import entries, words

# After these a name may follow: "hi Anna".
GREETINGS = words(
    "hi hey hello hiya morning evening afternoon thanks bye goodbye night there hallo hola bonjour "
    "salut ciao olá oi merci danke"
)
_ENGLISH = """
hi, hey, hello, hiya, hi there, hey there, hello there, howdy, yo, greetings, good morning, good afternoon, good
evening, good night, good day, morning, evening, goodnight, how are you, how are you doing, how are you today, how
are you doing today, how is it going, how's it going, how's everything, how do you do, how have you been, what's
up, whats up, sup, what's new, nice to meet you, pleased to meet you, nice to see you, good to see you, long time
no see, i'm fine, i'm good, i am fine, fine, i'm fine thanks, doing well, not bad, i'm doing well, and you, you
too, same to you, thanks, thank you, thanks a lot, thank you so much, thank you very much, many thanks, thx, ty,
tysm, thanks so much, thanks again, thank you again, much appreciated, cheers, appreciate it, i appreciate it,
thanks for your help, thank you for your help, thanks for the help, you're welcome, youre welcome, you are
welcome, no problem, no worries, np, my pleasure, anytime, don't mention it, it's nothing, ok, okay, k, kk, oki,
okey, alright, all right, all good, fine by me, sure, sure thing, of course, certainly, absolutely, definitely,
exactly, indeed, right, yes, yeah, yep, yup, yes please, no, nope, nah, no thanks, no thank you, not really, got
it, i got it, i see, gotcha, understood, makes sense, that makes sense, sounds good, sounds great, sounds fine,
that sounds good, that sounds great, good, great, cool, nice, awesome, perfect, excellent, amazing, wonderful,
fantastic, brilliant, lovely, super, sweet, neat, wow, whoa, oh, ah, aha, hm, hmm, mm, mhm, uh, um, uh huh, oops,
ouch, yay, woohoo, that's great, that's good, that's cool, that's nice, that's awesome, that's amazing, that's
wonderful, that is great, that's fine, very good, very nice, so cool, so nice, so sweet, well done, good job,
great job, nice job, nice one, good to hear, good to know, glad to hear, glad to hear that, congrats,
congratulations, lol, lmao, rofl, haha, hahaha, hahahaha, hehe, hihi, ha, bye, bye bye, goodbye, see you, see ya,
cya, see you later, see you soon, see you tomorrow, see you then, talk to you later, talk soon, ttyl, later, take
care, have a nice day, have a good day, have a great day, have a good one, have a nice evening, have a nice
weekend, have a good night, sleep well, please, sorry, i'm sorry, no need, never mind, nevermind, whatever,
welcome, welcome back, so, well, then, and, too, again, so much, very much, for now, amen, true, agreed, i agree,
fair enough, idk, brb, omg, np, deal, done, that's all, that is all, nothing else
"""
_GERMAN = """
hallo, hallo zusammen, guten morgen, guten tag, guten abend, gute nacht, moin, servus, grüß gott, grüezi, wie geht
es dir, wie geht's, wie gehts, wie geht es ihnen, wie geht's dir, mir geht es gut, mir geht's gut, und dir, danke,
danke schön, dankeschön, danke dir, danke sehr, vielen dank, vielen lieben dank, besten dank, herzlichen dank,
bitte, bitte schön, bitteschön, bitte sehr, gern geschehen, gerne, kein problem, keine ursache, ja, nein, doch,
genau, klar, alles klar, na klar, natürlich, verstanden, verstehe, ich verstehe, gut, sehr gut, super, toll,
prima, passt, perfekt, schön, sehr schön, wunderbar, einverstanden, in ordnung, tschüss, tschüs, tschau, auf
wiedersehen, bis bald, bis später, bis morgen, bis dann, mach's gut, schönen tag, schönen tag noch, schönes
wochenende, schönen abend, entschuldigung, ach so, aha, stimmt, nö, jo, okay danke, freut mich
"""
_FRENCH = """
bonjour, bonsoir, salut, coucou, bonne nuit, bonne journée, bonne soirée, ça va, ca va, comment ça va, comment ca
va, comment vas tu, comment allez vous, comment tu vas, ça va bien, et toi, et vous, merci, merci beaucoup, merci
bien, merci à toi, merci à vous, mille mercis, de rien, je t'en prie, je vous en prie, avec plaisir, pas de
problème, pas de souci, oui, non, ouais, si, d'accord, d accord, ok merci, bien, très bien, tres bien, parfait,
super, génial, cool, c'est bon, c'est parfait, c'est super, ça marche, entendu, compris, je comprends, je vois,
bien sûr, exactement, voilà, au revoir, à bientôt, a bientot, à demain, à plus, à plus tard, à tout à l'heure,
s'il te plaît, s'il vous plaît, désolé, désolée, pardon, enchanté, enchantée, bravo, mdr, bon week-end
"""
_SPANISH = """
hola, buenos días, buenos dias, buenas tardes, buenas noches, buenas, qué tal, que tal, cómo estás, como estas,
cómo está, cómo te va, muy bien, bien, y tú, y usted, gracias, muchas gracias, mil gracias, muchísimas gracias, de
nada, por nada, con gusto, no hay de qué, no hay problema, sí, si, no, claro, claro que sí, por supuesto, vale, de
acuerdo, está bien, esta bien, perfecto, genial, estupendo, excelente, entiendo, entendido, ya veo, exacto, adiós,
adios, hasta luego, hasta mañana, hasta pronto, nos vemos, chao, chau, por favor, perdón, lo siento, mucho gusto,
encantado, encantada, jaja, jajaja, buen día, que tengas un buen día, igualmente, felicidades
"""
_ITALIAN = """
ciao, buongiorno, buonasera, buonanotte, buon giorno, buona sera, buona notte, salve, come stai, come va, come
sta, tutto bene, sto bene, bene, molto bene, benissimo, e tu, grazie, grazie mille, molte grazie, tante grazie,
prego, di niente, figurati, nessun problema, sì, si, no, certo, va bene, d'accordo, perfetto, ottimo, esatto,
capito, ho capito, ci vediamo, arrivederci, a presto, a domani, a dopo, per favore, scusa, scusi, mi dispiace,
piacere, buona giornata, buona serata, bravo, brava, fantastico
"""
_PORTUGUESE = """
olá, ola, oi, bom dia, boa tarde, boa noite, tudo bem, tudo bom, como vai, como estás, como você está, estou bem,
e você, e tu, obrigado, obrigada, muito obrigado, muito obrigada, de nada, por nada, sem problema, sim, não, nao,
claro, com certeza, está bem, tá bom, tá, beleza, perfeito, ótimo, excelente, legal, entendi, entendido, certo,
exato, tchau, adeus, até logo, até amanhã, até breve, até mais, por favor, desculpa, desculpe, prazer, muito
prazer, bom fim de semana, parabéns, valeu, kkk
"""
PHRASES = frozenset[str]().union(*map(entries, (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE)))
