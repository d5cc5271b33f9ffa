"""What people say in Italian when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(oh|hey|ehi|ma|) (ciao|salve|hey|ehi|ehilà|weilà|we|uè|hola|hello|hi|saluti|ohilà|ciaone|buondì|pronto) (ciao|di nuovo|
ancora|a tutti|a te|a tutte|a voi|caro|cara|bello|bella|), (buon|buona) (giorno|sera|pomeriggio|notte|mattina|mattino|
dì|giornata|serata|weekend|week end|fine settimana|domenica|settimana|lavoro|fortuna|viaggio|natale|anno|appetito|
compleanno a te|lunedì|martedì|venerdì|sabato|inizio settimana|riposo|proseguimento|continuazione|nottata|pranzo|cena|
pasqua|ferragosto|divertimento|studio|vacanza|estate) (a tutti|a te|a voi|a lei|anche a te|nuovo|), buongiornissimo,
buongiorno, buonasera, buonanotte, buondì, notte (notte|), buone (feste|vacanze|cose), felice (anno nuovo|natale|
giornata|notte|weekend|domenica|serata|di conoscerti|di sentirti|di vederti), (ben|bene) (tornato|tornata|venuto|
venuta|arrivato|trovato|trovati), benvenuto, benvenuta, benvenuti, bentornato, bentornata, bentrovato, (ok|sì|no|va
bene|perfetto|ottimo|bene|molto bene|ah|oh|capito|d'accord|super|fantastico|) (grazie|grz|grazieee|graz|thanks),
(mille|molte|tante|infinite|grazie) grazie, grazie (mille|tante|infinite|grazie|ancora|a te|a lei|a voi|di cuore|
davvero|di tutto|tantissime|tantissimo|un sacco|molte|un milione|lo stesso|comunque|anticipatamente|altrettanto|assai|
per tutto), (ti|la|vi) (ringrazio|sono grato|sono grata|sono molto grato) (molto|tanto|tantissimo|ancora|davvero|
infinitamente|di cuore|), (gentilissimo|gentilissima|molto gentile|troppo gentile|sei gentile|sei molto gentile|sei
gentilissimo|è molto gentile|che gentile), (sei|è) (il|la|un|una|davvero|proprio|troppo|stato|molto|super|) (migliore|
grande|mito|genio|tesoro|fantastico|angelo|forte|gentile|bravo|brava|fenomeno|amore|fantastica|mitico|mitica|
incredibile|utile|molto utile|molto gentile|utilissimo|di grande aiuto|di aiuto), (mi|) (sei stato|è stato|hai|ha|sei)
(molto|davvero|tanto|di grande|un grande|) (utile|aiutato|aiuto|d'aiuto|di aiuto) (molto|tanto|tantissimo|), (è stato|
è|molto|davvero|veramente) (molto|davvero|) (utile|d'aiuto), ciao ciao, arrivederci, arrivederla, addio, bye, bye bye,
adios, (ci|si) (vediamo|sentiamo|becchiamo|vede|risentiamo|rivediamo|aggiorniamo|leggiamo) (dopo|domani|presto|più
tardi|stasera|lunedì|poi|la prossima volta|in giro|allora|), ci si (vede|sente|becca), (a|alla|al) (presto|dopo|domani|
più tardi|prossima|poi|stasera|tra poco|lunedì|prestissimo|risentirci|rivederci|fra poco|settimana prossima|prossima
volta), sogni (d'oro|belli|bellissimi), (dormi|dorma|dormite|riposa|riposati|stai|stammi) bene, (abbi|abbia|prenditi)
cura di (te|sé), stammi (bene|bene eh), (in|) (bocca al lupo|crepi|crepi il lupo|culo alla balena), (un|tanti|mille|un
grande|un forte|) (abbraccio|abbracci|bacio|baci|bacione|bacioni|bacini|saluto|saluti|salutone|caro saluto) (a tutti|a
te|e baci|forte|grande|), (cordiali|distinti|cari|tanti) saluti, cordialmente, (ti auguro|le auguro|passa|passate|
passi|trascorri|vi auguro|buona) (una|un|) (buona|bella|splendida|ottima|buon|bel|piacevole|felice|serena) (giornata|
serata|nottata|notte|weekend|fine settimana|domenica|settimana|vacanza|viaggio), (tanti|molti|) auguri (a tutti|a te|
), complimenti, congratulazioni, congrats, felicitazioni, (bravo|brava|bravi|brave|bravissimo|bravissima|bravissimi|
grande|mitico|mitica), (ottimo|bel|buon|gran|grande|bellissimo|eccellente) (lavoro|lavorone|colpo), ben fatto,
(rieccomi|eccomi|eccoci) (qui|qua|), anche a (te|lei), altrettanto, (ora|) (devo andare|vado|scappo), di (niente|
nulla), figurati,
(ciao|salve|hey) come (va|stai|state|sta), gentilissimo, gentilissima, piacere (mio|di conoscerti|)
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(per|del|della|dell'|delle|dei|di) (il|la|l'|le|i|tuo|tua|suo|sua|il tuo|il suo|la tua|la sua|le tue|i tuoi|l|tutto il|
tutta la|il vostro|la vostra|questo|questa|questi|) (grande|prezioso|preziosa|tuo|vostro|bella|celere|) (aiuto|
informazioni|informazione|info|risposta|risposte|supporto|consiglio|consigli|tempo|spiegazione|pazienza|disponibilità|
attenzione|gentilezza|chiarimento|chiarimenti|suggerimento|suggerimenti|dritta|dritte|collaborazione|comprensione|
ascolto|chiacchierata|invito|complimento|compagnia|pensiero|sostegno|assistenza|promemoria), per (tutto|questo|avermi
aiutato|l'aiuto|l'informazione|l'info|l'attenzione|l'ascolto|l'invito|aver risposto|avermi risposto|avermi ascoltato|
avermelo detto|avermelo ricordato|me|la), dell' (aiuto|informazione|info|attenzione), di (tutto|cuore|nuovo|esserci),
ancora, davvero, lo stesso, comunque, in anticipo, altrettanto, a (te|lei|voi|tutti|tutte|tutti voi|te e famiglia|
tutti quanti), anche a (te|lei|voi), tutti, tutte, (mio|mia|miei|caro|cara|cari|bello|bella|) (amico|amica|amici|
amiche|caro|cara|amore|tesoro|bello|bella|belli|belle|fratello|sorella|gente|ragazzi|ragazze|ragazzo|capo|boss|vita|
cuore|collega|colleghi|stella|gioia|mio|mia|principessa), mamma, papà, mami, nonno, nonna, zio, zia, fra, bro, frate,
dottore, dottoressa, prof, professore, professoressa, signore, signora, signorina, signori, maestro, maestra, mondo,
assistente, campione, vecchio mio, raga, bomber, tutti quanti
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(e|ciao|allora|ma|beh|) (come|cm) (stai|va|sta|state|ti va|vanno le cose|te la passi|andiamo|butta|ti senti|è andata|
procede|va la vita|va la giornata|è andata la giornata|è andata oggi|va oggi|stai oggi|ti trovi|è andato il weekend|
hai dormito|siamo messi|stanno|stiamo|vai|sei stato|mai) (oggi|oggi come stai|tutto bene|bene|la giornata|stamattina|
stasera|), (tutto|tt|è tutto|va tutto|tutto quanto) (bene|ok|okay|a posto|apposto|tranquillo|regolare|liscio|perfetto|
chiaro|benissimo|bene e tu|qui|fatto|giusto|sotto controllo|alla grande|pronto|vero) (oggi|grazie|da te|e tu|e lei|e
voi|qui|da parte mia|per ora|), (che|cosa) (si dice|mi racconti|si racconta|fai|fai di bello|succede|c'è|mi dici|c'è
di nuovo|c'è di bello|combini|dici), (novità|notizie|che novità|qualche novità|niente di nuovo), (e|) (tu|lei|voi|te|
tu come stai|tu come va|lei come sta|voi come state|tu tutto bene|a te|tu invece|tu che mi dici), (ci sei|sei lì|sei
qui|sei ancora lì|ci siete|sei sveglio|stai bene|sta bene|state bene|hai dormito bene|dormito bene), spero (che|) (tu|
lei|tutto|vada|) (stia|vada|sia|tutto|stiate) (tutto|) (bene|bene oggi), (io|) (sto|va|vado|andiamo|stiamo|me la cavo|
mi sento) (molto|abbastanza|davvero|) (bene|benissimo|meglio|così così|alla grande) (grazie|e tu|e lei|anche io|),
(bene|benissimo|benone|molto bene|abbastanza bene|tutto bene|discretamente|alla grande|non male|bene bene|bene così|
bene dai|va bene|va benissimo|va benone|va bn|vabene|vabbè|va be|va bè|vabbene|vabbuò) (grazie|e tu|e lei|e voi|dai|
così|per me|allora|anche|lo stesso|), non (c'è male|mi lamento|mi posso lamentare|c'è di che|c'è problema|ci sono
problemi|c'è fretta|ti preoccupare|si preoccupi|preoccuparti|preoccuparti di nulla|importa|fa niente|fa nulla|so|lo so|
saprei|ne ho idea|ancora|proprio|molto|tanto|è niente|è nulla|è un problema|è grave|ora|adesso|oggi|esattamente|ci
credo|ci posso credere|mi dire|dirmelo|è vero|vedo l'ora|capisco|ho capito|sono sicuro|male), così così, si tira
avanti, tiro avanti, insomma, come (sempre|al solito|no|vuoi|preferisci|ti pare|desideri|dici tu), (anche|pure|neanche|
nemmeno|) (io|tu|lei|me|a me|per me|da me|noi|a te|a lei|a voi|anch'io|anch io|anche a me), anch'io, (sì|si|no|ok|ah|
oh|eh|beh|mah|va|ma|uh|mm|bah|be|allora|e) (sì|si|no|ok|okay|certo|bene|va bene|capito|ho capito|capisco|vero|davvero|
perfetto|ecco|esatto|dai|beh|già|infatti|giusto|grazie|allora|wow|bello|però|cavolo|perbacco|niente|dio|mamma|mio dio|
per favore|prego|hai ragione|d'accordo|è vero|certamente|assolutamente|decisamente|tranquillo|peccato|che bello|ottimo|
sicuro|lo so|ovvio|appunto|volentieri|esattamente|figurati|bravo|brava|un po'|proprio|ora capisco), ok, okay, oki,
okk, okei, oke, k, occhei, sì, si, sii, sisi, sissignore, yes, yep, no, nono, nope, nah, nop, macché, (certo|
certamente|ovvio|ovviamente|naturalmente|sicuro|sicuramente|assolutamente|decisamente|chiaramente|chiaro|chiarissimo|
esatto|esattamente|precisamente|giusto|giustissimo|vero|verissimo|corretto|correttissimo|infatti|appunto|
effettivamente|indubbiamente|senz'altro|senza dubbio|senza problemi|perfettamente|totalmente|completamente|
probabilmente|forse|magari|eventualmente|già|proprio|proprio così|idem|uguale|altrettanto|ugualmente|volentieri|molto
volentieri|con piacere|per carità|ci mancherebbe|ci mancherebbe altro|davvero|veramente) (che sì|che no|sì|no|così|
d'accordo|anche a te|grazie|anche io|questo|), (è|questo è|era|sarebbe|sembra|mi sembra|mi pare|suona|che|molto|
davvero|troppo|tutto|proprio|così|super|ma che|ma è|ah è|è molto|è davvero|è proprio|è tutto|è una|è un|che cosa|
quanto è|veramente|) (perfetto|ottimo|ottima|eccellente|fantastico|magnifico|stupendo|bellissimo|bellissima|bello|
bella|grande|forte|figo|fico|figata|super|top|mitico|splendido|meraviglioso|meraviglia|incredibile|pazzesco|
straordinario|spettacolo|spettacolare|favoloso|interessante|divertente|simpatico|carino|carina|dolce|triste|brutto|
peccato|strano|assurdo|vero|giusto|chiaro|ok|okay|bene|tutto|così|fatto|ragionevole|buono|buona idea|ottima idea|bella
idea|bella notizia|bella cosa|bella domanda|una buona idea|un'ottima idea|ottimo così|utile|meglio|molto meglio|logico|
sensato|vergogna|schifo|risate|ridere|sfortuna|fortuna|gioia|paura|bontà|emozionante|impressionante|geniale|rilassante|
emozione|sorpresa|storia|delizia|possibile|tutto qui|tutto chiaro|tutto grazie|tutto ok|male|quello|una buona notizia|
cool|un piacere|il massimo) (grazie|davvero|così|per me|allora|dai|questo|), wow, uau, wao, caspita, accidenti,
perbacco, accipicchia, cavolo, mannaggia, cavoli, hai (perfettamente|proprio|assolutamente|totalmente|) ragione, ha
ragione, avevi ragione, d'accordo (con te|con lei|grazie|), (sono|) d'accordo (con te|), dac, daje, (ah|ok|ora|adesso|
finalmente|tutto|) (ho capito|capito|capisco|ricevuto|afferrato|inteso|compreso|comprendo|annotato|segnato|ho compreso|
vedo) (tutto|bene|ora|perfettamente|grazie|), (ci|mi) (sta|sto|piace|va bene|va|sembra giusto|sembra ottimo|sembra una
buona idea|pare giusto|pare|sembra|sembra perfetto|fa piacere|fa ridere|hai convinto|va benissimo|piace molto|piace
tantissimo|piace tanto|fido|arrendo) (tutto|molto|bene|moltissimo|così|), lo (so|sapevo|immaginavo|farò|adoro|spero|
credo|faccio|terrò presente), (buona|ottima|bella|brutta|grande|che bella|bellissima) (idea|domanda|notizia|scelta|
osservazione|risposta|fortuna|giornata|pensata), buono a sapersi, prego (prego|figurati|si figuri|), (di|per|) (niente|
nulla), (ma|) (figurati|figuriamoci|si figuri|scherzi|ti pare|le pare), non (c'è|ce) di che, (nessun|nessuna|senza)
(problema|problemi|disturbo|fretta|idea|dubbio|pensiero|preoccupazione), (tranquillo|tranquilla|tranqui|rilassati|
calma|stai tranquillo|stia tranquillo|tranquilli), fa (niente|nulla|lo stesso), pazienza, peccato, fortunatamente,
purtroppo, per fortuna, meno male, menomale, grazie (al cielo|a dio), ops, oops, uffa, ahi, ahia, bah, boh, mah, beh,
bè, eh, ehm, uhm, mmm, hmm, ah, oh, uh, uff, già, ecco, eccoci, (forse|può darsi|può essere|chissà|vedremo|vediamo|
dipende|speriamo|spero|spero di sì|spero di no|si spera|magari), (credo|penso|direi|suppongo|immagino|temo|spero|pare)
(di|proprio di|) (sì|no|si|anch'io|anche io|anche|così|lo stesso), (io|) non (lo|) (so|saprei|ricordo) (ancora|bene|
proprio|), ah ah, xd, lol, (davvero|sul serio|seriamente|ma dai|dai|ma va|ma no|ma sì|no dai|dici|dici davvero|sicuro|
vero|ma davvero|e dai|ma figurati|cosa|come|ma come), (oddio|oh mio dio|mio dio|mamma mia|o mio dio|madonna|santo
cielo|oh no|oh sì|oh cielo|dio mio|porca miseria|per l'amor del cielo), (molto|tanto|) piacere (mio|di conoscerti|di
conoscerla|tutto mio|), (per|x) (favore|piacere|cortesia|fav), pf, (vai|andiamo|avanti|forza|su|coraggio|procedi|
prosegui pure|fai pure|faccia pure|iniziamo|cominciamo|si parte|si comincia|vai pure|via|daje|dai dai|ci siamo|si va),
fatto, fatta, finito, a posto (così|grazie|), apposto, ok a posto, (è|) tutto (qui|per ora|per oggi|grazie|), basta
(così|grazie|per oggi|), (nient'altro|nient altro|niente altro|null'altro|niente|nulla|niente di che|niente di
speciale|niente di grave) (grazie|per ora|per oggi|), (sono|siamo) (contento|contenta|felice|qui|pronto|pronta|tornato|
tornata|a posto|d'accordo|felicissimo|curioso|io|sempre io|di nuovo qui|stanco|lieto|in arrivo|sicuro) (per te|di
sentirlo|io|di saperlo|), (rieccomi|eccomi|eccoci|rieccoci) (qua|qui|di nuovo|), pronti, pronto, (ora|adesso|scusa|ok|
) (devo|vado|scappo|stacco|esco|corro|mi stacco|ti lascio|ti saluto|vi saluto|torno|me ne vado|filo|chiudo) (andare|
scappare|subito|via|a letto|a dormire|a nanna|tra poco|presto|ora|dopo|un attimo|lasciarti|staccare|correre|), un
(attimo|momento|secondo|minuto|attimino) (solo|per favore|), aspetta (un attimo|un secondo|), (prenditi|con) (il tuo
tempo|calma), con comodo, quando (vuoi|puoi|vuole), (tocca|sta) a (te|me), (ti|vi) (amo|adoro|voglio bene|voglio tanto
bene|capisco|credo|prego), tvb, tvtb, tat, cmq, nn so, nn, dv, x favore, perché no, perchè no, xke no, lascia (perdere|
stare|fare), dimentica, dimenticalo, come vuoi, (è|) (lo stesso|uguale|indifferente), (mi|) (fa|è) (lo stesso|uguale|
indifferente), alla fine, quindi, allora, e, poi, anche, comunque, amen, alleluia, affare fatto, andata, affarone,
deal, cool, ottimo direi, (che|quanta) (bello|bella|peccato|strano|ridere|roba|ansia|noia|bomba|sogno|sballo|carino|
carina|meraviglia|pizza|palle|tristezza|dolce|tenero|schifo|figata|forza), (mi|oh|ops|) (scusa|scusi|scusami|scusate|
mi scusi|mi scuso|dispiace|dispiace molto|dispiace tanto|perdonami|perdono|pardon|sorry|chiedo scusa|chiedo perdono|
spiace) (tanto|ancora|molto|per questo|)
"""
"""Said anywhere."""
