"""What people say in French when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(bien le|re|oh|) (bonjour|salut|coucou|bonsoir|hello|hey|hé|ohé|yo|wesh|kikou|allô|holà) (à|) (toi|vous|toutes|tous|
tout le monde|tous et à toutes|la compagnie|les gens|la team|), rebonjour, resalut, rebonsoir, re, bjr, slt, cc, bsr,
salutations, bon (matin|début de journée|lundi|mardi|vendredi|samedi|dimanche), (ravi|ravie|content|contente|heureux|
heureuse) (de|) (te|vous) (voir|revoir|rencontrer|retrouver|lire|connaître), bienvenue, bon retour, (ok|oui|non|super|
parfait|ah|bien|d'accord|oh|génial|cool|top|nickel|bah|et|) (merci|mrc|mci|thx|merci bcp), merci (beaucoup|bien|à toi|
à vous|infiniment|mille fois|encore|quand même|d'avance|énormément|bcp|bp|tout plein|merci|vraiment|du fond du coeur|à
tous|pour tout), (mille|grand|un grand|un énorme|tous mes|milles|1000) (merci|mercis|remerciements), je (te|vous)
(remercie|suis reconnaissant|suis reconnaissante) (beaucoup|infiniment|bien|encore|), (c'est|c'était|trop|très|
vraiment|vous êtes|tu es|t'es) (très|trop|vraiment|super|si|bien|hyper|) (gentil|gentille|sympa|adorable|aimable|utile|
génial|géniale|super|top|un ange|un amour|formidable|le meilleur|la meilleure|les meilleurs|un chef|un génie|
incroyable|parfait|une perle|un as|trop fort|fort|extra) (de ta part|de votre part|à toi|à vous|merci|), ça (m'aide|
m'a aidé|m'a bien aidé|m'aide vraiment|aide) (beaucoup|bien|énormément|vraiment|), (au|) revoir, bye, bye bye, ciao,
tchao, tchuss, adieu, à (bientôt|demain|plus|plus tard|tout à l'heure|toute|la prochaine|ce soir|tantôt|tout de suite|
très vite|très bientôt|lundi|la semaine prochaine|une prochaine fois|une autre fois|dans l'heure|jamais), aplus, a
plus, a2m1, (bonne|belle|excellente|très bonne|très belle|douce|agréable) (journée|soirée|nuit|fin de journée|fin de
soirée|continuation|chance|semaine|année|fin de semaine|route|matinée|aprèm|reprise|vacances|fête|soirée à tous|
journée à tous|suite|fin d'année), (bon|bel|très bon|excellent) (week end|weekend|we|wkd|après midi|aprem|courage|
voyage|appétit|repos|dimanche|rétablissement|séjour|réveillon|retour|travail|anniv), (bonnes|joyeuses|belles|
excellentes) (vacances|fêtes|pâques), joyeux noël, meilleurs voeux, (passe|passez|je te souhaite|je vous souhaite)
(une|un|de|) (bonne|belle|excellente|très bonne|agréable|bon|bonnes|super|douce) (journée|soirée|nuit|week end|weekend|
semaine|après midi|vacances|fin de journée), (gros|plein de|des|mille|grosses|) (bisous|bisou|bises|bise|bizoo|bizz|
biz|poutous|câlins), je (t'embrasse|vous embrasse), (prends|prenez) (bien|) soin de (toi|vous), porte toi bien, portez
vous bien, fais attention à toi, fais de beaux rêves, (beaux|doux) rêves, (dors|dormez|repose toi|reposez vous) bien,
(cordialement|bien cordialement|bien à vous|bien à toi|amicalement|cdt|cdlt|sincèrement|salutations distinguées), on
se (voit|parle|reparle|retrouve|capte|rappelle) (demain|bientôt|plus tard|vite|après|), (amuse toi|amusez vous|profite|
profitez|éclate toi) bien, bravo, chapeau, félicitations, félicitation, (bien|bon|beau|super|excellent|très bon) (joué|
travail|boulot), santé, (toi|vous|à toi|à vous) aussi, pareillement, me (revoilà|revoici), je (file|reviens|dois y
aller), de rien, avec plaisir, bien le bonjour,
(c'était|c'est) (très|vraiment|super|) utile, (salut|bonjour) tout le monde
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(pour|de|pr) (ton|votre|ta|cette|la|tes|vos|ces|les|le|l'|ce|l|toute ton|toute votre|cet|) (excellente|précieuse|belle|
rapide|gentille|) (aide|info|infos|information|informations|réponse|réponses|soutien|conseil|conseils|temps|
explication|explications|patience|accueil|retour|message|rappel|précision|précisions|attention|écoute|compréhension|
partage|gentillesse|compliment|invitation|suggestion|suggestions|efforts), pour l'aide, pour l'info, de l'aide, de
l'info, pour l'information, pour les infos, pour (tout|ça|cela|moi|avoir pris le temps|m'avoir aidé), d' (avance|avoir
répondu), de (m'avoir aidé|m'avoir répondu|ta part|votre part|demander), encore, quand même, à (toi|vous|tous|toutes|
tous et à toutes|toi aussi|vous aussi|tout le monde), à toi, toi, vous, aussi, tout le monde, (mon|ma|mes|cher|chère|
chers) (ami|amie|amis|amies|cher|chère|chéri|chérie|grand|pote|belle|beau|frère|soeur|amour|coeur|gars|vieux|
collègues), (les|mes|) (amis|gars|filles|copains|copines|potes|gens|enfants|loulous|amies|mecs|jeunes), ami, chéri,
chérie, chef, patron, mec, meuf, frère, frérot, bro, poto, papa, maman, mamie, papi, docteur, maître, madame,
monsieur, mademoiselle, mesdames, messieurs, mesdames et messieurs, messieurs dames, l'ami, l'équipe, toute l'équipe,
camarade, camarades, beau gosse, ma puce, bébé, le monde, les loulous, l'assistant
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(et|alors|sinon|comment|salut|dis|) (ça va|ca va|sa va|ça roule|ça gaze|ça boume|ça se passe|va|tout va bien|tout
roule|la forme|en forme|la santé|cv|cava) (bien|toi|et toi|et vous|vous|mieux|aujourd'hui|ce matin|ce soir|super|très
bien|ou quoi|chez toi|tranquille|pas mal|bien merci|merci|nickel|) (et toi|et vous|merci|aujourd'hui|et toi ça va|),
comment (vas tu|allez vous|tu vas|vous allez|ça se passe|tu te sens|va|va la vie|va ta journée|vont les choses|se
passe ta journée|s'est passée ta journée|s'est passé ton week end|était ta journée|ça) (aujourd'hui|ce matin|ce soir|
), (tu|vous|est ce que tu|est ce que vous|j'espère que tu|j'espère que vous|j'espère que tout|que tu|) (vas|allez|va|
as passé|avez passé|as) (bien|une bonne journée|une bonne nuit|bien dormi|un bon week end), bien (dormi|ou quoi|ou
bien), quoi de (neuf|beau|nouveau|9), (et|) (toi|vous|toi même|de ton côté) (ça va|alors|comment ça va|comment vas tu|
), (tu|vous) (es|êtes) (là|encore là|toujours là|réveillé), (je|moi je|oui|) (vais|va) (très|plutôt|bien|) (bien|
mieux) (merci|aussi|et toi|et vous|), (très|super|plutôt|assez|tout|vraiment|trop|bien|hyper|) (bien|bon|bonne|cool|
gentil|sympa|drôle|beau|belle|intéressant|juste|vrai|clair|impressionnant|chouette|triste|mignon|utile|d'accord|
pratique|content|contente|heureux|marrant|fort|top|super) (merci|et toi|et vous|vu|sûr|dit|entendu|noté|reçu|compris|
alors|), (pas|plutôt pas|) mal (et toi|du tout|), comme (ci comme ça|d'hab|d'habitude|toujours|tu veux|vous voulez),
(on|) fait (aller|avec), tranquille (et toi|), (nickel|impec|impeccable|parfait|parfaite|super|génial|géniale|
excellent|formidable|magnifique|top|fantastique|merveilleux|incroyable|extra|formid|énorme|sublime|splendide|superbe|
extraordinaire|fabuleux|cool|chouette|sympa|trop) (et toi|merci|ça|alors|cool|top|super|), (moi|toi|vous|nous) (aussi|
non plus|de même|pareil), (ah|oh|bah|ben|eh|bon|mais|euh|hmm|) (ok|oki|okay|okey|oui|ouais|ouaip|ouep|mouais|moui|non|
nan|si|d'accord|dac|d'acc|dacc|dak|ok d'accord|bon|bien|bien sûr|voilà|oui oui|non non|si si|zut|mince|flûte|super|
merde|cool|génial|tiens|je vois|je comprends|parfait|là là|la la|dommage|oui bien sûr|non merci|ça|ouf|bah|tant mieux|
tant pis|d'accord je vois|quand même|d'accord je comprends|ben|alors|vraiment|mon dieu|wow), k, kk, ouiii, ui, wé, wi,
yep, yes, oui (s'il te plaît|s'il vous plaît|stp|svp|merci|c'est ça|exactement|bien sûr|je sais|je vois|tout à fait|
voilà|d'accord|parfait|exact|c'est vrai|je comprends|très bien|absolument|c'est bon), non (merci|plus|pas vraiment|
c'est bon|c'est tout|rien|ça va|pas du tout|je crois pas|ça ira|désolé), (entendu|compris|noté|reçu|vu|pigé|capté|bien
vu|bien noté|bien reçu|bien compris|je note|c'est noté|c'est compris|message reçu), (j'ai|je|) (compris|comprends|vois|
sais|saisis|pige|note|crois|pense|suppose|confirme|plaisante|rigole) (mieux|bien|maintenant|que oui|que non|pas|
parfaitement|tout|), évidemment, (tout à fait|exactement|exact|absolument|carrément|grave|clair|clairement|précisément|
effectivement|en effet|certes|certainement|assurément|naturellement|bien entendu|correct|juste|vrai|vraiment|
totalement|complètement|parfaitement|sans doute|sans aucun doute|sûrement|probablement|sûr|bien évidemment|volontiers|
avec joie|forcément|justement|pareil|pareillement|idem|de même|oui c'est ça) (ça|alors|d'accord|), (oui|ah|ça|oh|mais|
non|) (c'est|c'était|ce sera|cest|c est|ça c'est|ce n'est|c'est pas|ce n'est pas|c'est déjà|ça a l'air|ça semble|ça
paraît|ça sonne|ça serait|ce serait) (très|trop|vraiment|tout|si|super|bien|plutôt|pas|déjà|un peu|) (ça|bon|bien|
parfait|super|génial|top|nickel|cool|noté|vrai|clair|compris|tout|sûr|juste|exact|excellent|incroyable|magnifique|beau|
drôle|marrant|intéressant|logique|gentil|dommage|triste|grave|rien|rien grave|mieux|tout bon|parti|fait|fini|terminé|
ok|d'accord|chouette|fou|dingue|bizarre|bien vrai|une bonne idée|une bonne nouvelle|une excellente idée|impeccable|
normal|pour ça|ce que je pensais|moi|noël|évident|utile|un plaisir|pas grave|pas faux|faux|impressionnant|mignon|
adorable|possible|tout pour moi|tout pour aujourd'hui|bon pour moi|tout merci|pas mal) (merci|ça|alors|pour moi|pour
aujourd'hui|), voilà (voilà|c'est ça|c'est tout|), (ça|) (marche|me va|me convient|fonctionne|le fait|roule|joue|
baigne|passe|suffit|suffira|m'aide|ira|tombe bien|fait plaisir|me plaît|tient la route|m'arrange|dépend) (bien|
parfaitement|très bien|merci|super|beaucoup|pour moi|), (il n'y a|y a|) (pas de|aucun|sans|pas d') (problème|problèmes|
souci|soucis|pb|prob|quoi|mal|stress|panique|doute|idée|pression), aucune idée, aucun (doute|souci|problème|pb), de
rien, derien, il n'y a pas de quoi, y a pas de quoi, pas de quoi, je (t'en|vous en) prie, avec (plaisir|grand plaisir|
joie), (tout le|) plaisir (est pour moi|), à (ton|votre) service, (c'est|) pas (grave|vraiment|du tout|encore|trop|
forcément|terrible|possible|faux|bête|bien grave|tout à fait|aujourd'hui|maintenant|top), rien de (grave|spécial|neuf|
plus), rien (d'autre|), tant (pis|mieux), (peut être|peut etre|possible|éventuellement|ça dépend|on verra|on verra
bien|qui sait|j'espère|espérons|malheureusement|heureusement|hélas|quel dommage), (je|j'|) (ne|n'en|en|) (sais|suis|
ai) (pas|rien|trop pas|pas trop|pas sûr|pas encore|aucune idée) (du tout|encore|), chais pas, jsp, j'sais pas, aucune,
bof, mdr, mdrr, lol, ptdr, xptdr, lmao, jpp, tkt, tqt, osef, oklm, askip, stp, svp, dsl, pk, t'inquiète (pas|), ne
(t'inquiète|vous inquiétez|t'en fais) pas, t'en fais pas, inquiète, oups, oulà, ouh là, houla, aïe, ouf, beurk, berk,
zut, mince, flûte, purée, punaise, putain, oh (là là|la la|non|oui|mon dieu|wow|super|génial|cool|merci|ok|d'accord),
olala, ohlala, wow, waouh, wouah, ouah, waw, youpi, hourra, (mon|oh mon|) dieu, bon sang, ma foi, dis donc, eh (bien|
ben|oui|non|oh), tiens, (quelle|quel|bonne|très bonne|excellente|super|belle|chouette|bon|jolie) (bonne|belle|) (idée|
nouvelle|nouvelles|surprise|question|horreur|chance|plan|point|choix|remarque|histoire|bonheur|plaisir|réponse|
suggestion), intéressant, enchanté, enchantée, (s'il|sil|si il|s il) (te|vous|t|v) (plaît|plait), allez (y|hop|ciao|
salut|bye|let's go|c'est parti|bonne nuit|), vas y, vazy, allons (y|), on y va, c'est parti, go, en avant, (tu as|vous
avez|t'as|tu avais) (raison|tout à fait raison|bien raison|totalement raison|entièrement raison), (je suis|) (tout à
fait|entièrement|bien|complètement|totalement|) d'accord (avec toi|avec vous|avec ça|), je suis (prêt|prête|là|ravi|
ravie|content|contente|de retour|partant|partante), (me|nous) (revoilà|voilà|revoici|voici), de retour, ravi, ravie,
bon (ben|bah|alors|d'accord|ok|point|plan|), bah, ben, euh, heu, hum, hein, ah, oh, eh, hé, ha, mmm, hmm, alors, donc,
et, aussi, enfin, bref, puis, pourquoi pas, sérieux, sérieusement, sans (déconner|blague|rire|souci|problème|faute|
doute), (tu|vous) (rigoles|plaisantes|déconnes|plaisantez), vraiment, ah bon, (je|il|bon je|moi je|) (dois y aller|
dois te laisser|dois vous laisser|dois filer|file|m'en vais|reviens|reviens vite|te laisse|vous laisse|pars|m'arrête
là|vais dormir|vais me coucher|vais au lit|vais y aller|vais te laisser|faut que j'y aille|décolle), j'y vais,
j'arrive, j'adore, (j'aime|je kiffe) (bien|beaucoup|trop|ça|), je t'aime, je reviens (dans 5 minutes|de suite|tout de
suite|), (laisse|laissez) (tomber|béton), oublie (ça|), oubliez, peu importe, (ça m'est|) égal, n'importe, comme vous
voulez, (fais|faites|fait) (donc|comme ça|), prends ton temps, prenez votre temps, deux (secondes|minutes), un
(instant|moment), attends, une (seconde|minute), ce sera tout, c'est tout, ça sera tout, (trop|) (hâte|mignon|drôle|
fort|marrant|bien|cool|top|beau), génialissime, jamais, toujours, amen, pouce en l'air, à (toi|vous) aussi, à ton
tour, pareil pour moi, pareil, ça y est, fini, terminé, fait, deal, marché conclu, vendu, adjugé, (très|trop|vraiment|
assez|super) (intéressant|marrant|amusant|émouvant|inspirant|bonne question|bonne idée|bon point), (oh|) (désolé|
désolée|pardon|pardonne moi|excuse moi|excusez moi|excuses moi|mille excuses|toutes mes excuses|navré|navrée|je suis
désolé|je suis désolée|je m'excuse) (pour ça|)
"""
"""Said anywhere."""
