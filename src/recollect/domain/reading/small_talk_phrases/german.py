"""What people say in German when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(na|) (hallo|hallöchen|halli|hi|hey|hej|moin|servus|huhu|tach|tag|tagchen|na) (nochmal|wieder|da|du|ihr|liebe|lieber|
), hallo hallo, halli hallo, moin moin, moinsen, (grüß|grüss|gruß) (dich|gott|euch|sie), grüezi, gruezi, ahoi,
mahlzeit, (einen|) (wunder|) (guten|gute|schönen guten|schöne|schönen|recht schönen) (morgen|tag|abend|nachmittag|
mittag|nacht|start|feierabend|sonntag|montag|freitag|wochenanfang), morgen, guden, abend, nabend, n8, sei gegrüßt,
seid gegrüßt, willkommen (zurück|), (herzlich|) willkommen, gut dass du da bist, schön (dich|sie|von dir|von ihnen|
euch) (zu sehen|zu hören|kennenzulernen), (okay|ok|super|ja|nein|perfekt|gut|toll|alles klar|prima|passt|klasse|na
dann|und|oh|nö|ach|) (danke|dankeschön|merci|thx|vielen dank), danke (schön|dir|ihnen|euch|sehr|vielmals|danke|gut|
super|bestens), dankeschön, (vielen|lieben|vielen lieben|besten|herzlichen|tausend|recht herzlichen|ganz herzlichen|
1000|allerherzlichsten|schönen) dank, (ich|) (danke|bedanke mich) (dir|ihnen|euch|) (sehr|herzlich|vielmals|), (ich
bin|) (sehr|) dankbar, (das|du bist|sie sind|das ist|das war|wirklich|) (sehr|so|echt|total|wirklich|super|mega|
wahnsinnig|) (nett|lieb|hilfreich|freundlich|aufmerksam|süß|toll von dir) (von dir|von ihnen|danke|), (du bist|sie
sind|ihr seid|bist) (echt|wirklich|einfach|ja|) (ein|eine|der|die|) (beste|besten|super|toll|klasse|spitze|engel|
schatz|genial|großartig|held|lebensretter|hilfe|große hilfe|wunderbar|fantastisch), (das|hat|) (hilft|hat|war) (mir|)
(sehr|wirklich|echt|schon|) (geholfen|weiter|sehr|hilfreich|viel geholfen|sehr geholfen|weitergeholfen|), gerne
geschehen, (tschüss|tschüß|tschüs|tschüssi|tschau|tschö|tschüssikowski|ciao|bye|adieu|ade|servus|pfiat di|baba), (auf|
) wiedersehen, auf wiederhören, wiederhören, bis (bald|später|dann|morgen|gleich|nachher|demnächst|dahin|denne|heute
abend|übermorgen|nächste woche|nächstes mal|zum nächsten mal|zum nächsten|montag|bälde|irgendwann|die tage|neulich),
(man|wir) (sieht|hört|sehen|hören|schreiben|lesen) (sich|uns) (bald|morgen|später|dann|wieder|), (mach|macht|machen
sie) (es|) (gut|s gut), machs gut, machts gut, pass (t|) (gut|) auf (dich|euch) auf, passen sie auf sich auf, pass auf
dich auf, bleib (gesund|so|stark), bleiben sie gesund, (hab|habt|haben sie|wünsche|ich wünsche|wünsch|) (dir|ihnen|
euch|) (noch|) (einen|eine|ein|nen|) (schönen|schöne|schönes|guten|gute|tollen|erholsamen|wunderschönen|angenehmen|
angenehme|erholsame|entspannten|sonnigen|tolles|gutes|erfolgreichen) (tag|abend|nachmittag|morgen|nacht|woche|
wochenende|feierabend|urlaub|ferien|zeit|rest vom tag|sonntag|start in den tag|start in die woche|reise|fahrt|fest|
feiertage) (noch|gehabt|dir|ihnen|euch|gewünscht|), (viele|liebe|schöne|beste|herzliche|lieben|schönen|mit
freundlichen|freundliche|ganz liebe) (grüße|grüssen|grüßen|gruß), (lg|vg|mfg|hdl|hdgdl|glg|bg), gute (nacht|besserung|
reise|fahrt|zeit|träume), nacht, (schlaf|schlaft|schlafen sie) (gut|schön|fein|süß), träum (süß|schön|was schönes),
süße träume, (viel|ganz viel) (spaß|glück|erfolg|freude|vergnügen), alles (gute|liebe) (dir|ihnen|euch|für dich|),
(frohe|fröhliche|schöne) (weihnachten|ostern|feiertage|festtage), (ein|) (frohes|gutes|gesundes) neues (jahr|), guten
(rutsch|appetit|hunger|start), prost, küsschen, bussi, kuss, umarmung, (herzlichen|) glückwunsch, gratuliere,
gratulation, hut ab, (gut|super|toll|klasse|sehr gut|prima) gemacht, (gute|tolle|super|klasse|saubere|großartige)
(arbeit|leistung|sache), bravo, weiter so, (das|) wünsche ich (dir|ihnen|euch) (auch|ebenfalls|), (dir|ihnen|euch)
auch, (ich|) muss (jetzt|) (los|weg|gehen), (danke|) (gleichfalls|ebenfalls), da bin ich wieder, hau rein, gern
geschehen,
(das |) (hilft|hat) mir (sehr|wirklich|viel|) (geholfen|weiter|), bin (weg|gleich wieder da|raus), danke im voraus
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(für|fürs) (die|deine|ihre|das|alles|den|eure|deinen|ihren|dein|ihr|diese|diesen|) (schnelle|tolle|super|gute|nette|
lieben|liebe|ausführliche|große|rasche|) (hilfe|antwort|info|infos|information|informationen|unterstützung|tipp|tipps|
rat|mühe|zeit|erklärung|nachfrage|geduld|verständnis|rückmeldung|hinweis|auskunft|feedback|gespräch|zuhören|worte|
einladung|service|aufmerksamkeit|bemühungen|bescheid geben|beratung), für alles, dafür, nochmal, nochmals, noch
einmal, im voraus, trotzdem, vielmals, sehr, schön, dir, dir auch, ihnen, ihnen auch, euch, euch auch, gleichfalls,
ebenfalls, ebenso, auch, zusammen, allerseits, (ihr|) (leute|lieben|liebe|freunde|jungs|mädels|alle|kinder), alle,
allen, an alle, mein (freund|lieber|schatz|guter|bester), meine (liebe|freundin|lieben|freunde), (lieber|liebe|werter)
(freund|freundin|kollege|kollegen), schatz, schatzi, liebling, süße, süßer, maus, mama, mami, papa, papi, opa, oma,
kumpel, alter, digga, digger, bruder, bro, schwester, chef, chefin, meister, boss, kollege, kollegen, freund,
freundin, welt, assistent, ki, bot, doktor, herr doktor, an euch, an dich, an dich auch, noch
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(na|und|wie|so|) (wie gehts|wie geht es|wie gehts denn|wie geht s|gehts|geht es|wie läuft es|wie läufts|wie isses|wie
stehts|wie steht es) (dir|ihnen|euch|uns|so|denn|bei dir|) (so|heute|denn|gut|heut|jetzt|), (ist|) (alles|alles so)
(gut|klar|ok|okay|fit|bestens|super|in ordnung|roger|paletti|cool|prima|easy|gute|gut soweit|fein) (bei dir|bei ihnen|
bei euch|soweit|hier|so|danke|und bei dir|), was (geht|geht ab|geht so|läuft|gibts|gibt es|gibts neues|gibt es neues|
machst du|machst du so|los|ist los), (und|) (dir|ihnen|euch|selbst|bei dir|du|wie gehts dir|dir so|bei ihnen), (bist
du|sind sie|seid ihr) (da|noch da|wach|online), wie (war|ist|läuft) (dein|ihr|der|euer) (tag|abend|wochenende|morgen|
urlaub) (so|bisher|heute|), (ich|) hoffe (es geht|dir geht|ihnen geht|euch geht|alles) (dir|ihnen|euch|es|) (gut|ist
gut), gut geschlafen, (ja|) (mir|uns) (geht|gehts) (es|) (sehr|ganz|echt|auch|) (gut|super|prima|bestens|okay|so)
(danke|und dir|heute|), (mir|dir|ihnen|uns|euch) auch, (sehr|ganz|echt|auch|recht|) gut (danke|und dir|und selbst|so|
zu wissen|zu hören|gemacht|), (ich|) kann (nicht|mich nicht|) klagen, (es|) geht (so|klar|schon|mir gut|in ordnung|los|
ab|gut), muss (ja|halt), passt (schon|so|perfekt|gut|super|für mich|mir|), (das|) passt (so|schon|mir|perfekt|gut|
super|wunderbar|), ok, okay, okey, oki, okidoki, k, okäse, (ah|ach|oh|aha|hm|ja|naja|na|also|ok|okay) (ok|okay|so|ja|
nein|gut|klar|cool|schön|super|toll|wow|verstehe|stimmt|genau|alles klar|schade|echt|doch|komm|dann|was|wirklich|
mensch|je|gott|man), achso, ach, ah, aha, oha, oh, ohh, jaa, ja, jaja, ja ja, joa, jo, jap, jep, jepp, jup, jupp, yep,
jawohl, jawoll, jou, yo, (ja|nein) (bitte|genau|klar|natürlich|gerne|sicher|gern|stimmt|eben|das stimmt|richtig|doch|
schon|super|finde ich auch|danke schön|mach ich|alles gut), nein, nein nein, nö, nee, nop, ne, nicht (wirklich|schlimm|
schlecht|ganz|jetzt|nötig|der rede wert|übel|so wichtig|dafür|zu fassen|mehr), doch, doch doch, (na|aber|alles|ist|
sonnen|) klar (doch|danke|), klaro, logo, logisch, (aber|) (genau|stimmt|richtig|natürlich|selbstverständlich|sicher|
gewiss|absolut|definitiv|exakt|eben|korrekt|total|völlig|sicherlich|durchaus|tatsächlich|freilich|unbedingt|auf jeden
fall|auf jeden|auf alle fälle|jedenfalls|zweifellos|ohne zweifel|keinesfalls|auf keinen fall) (so|doch|danke|), (das|)
stimmt (genau|schon|so|wohl|), ganz genau, ganz (meinerseits|deiner meinung|toll|okay|ok|schön|sicher|recht|
wunderbar), (ja|sehr|aber|) (gern|gerne) (doch|geschehen|wieder|), (ja|aber|) bitte (schön|sehr|gerne|gern|danke|),
bitteschön, bidde, (gar|überhaupt|) kein (problem|ding|thema|stress|akt|plan|schimmer|wunder|grund) (danke|), keine
(ursache|ahnung|sorge|eile|frage|lust|panik|umstände), (nichts|nix) (zu danken|mehr|weiter|besonderes|zu machen|
neues), nix, nichts, (ich|jetzt|) (verstehe|versteh|verstanden|kapiert|kapiere|begriffen|hab verstanden|hab ich
verstanden|habe verstanden|hab s|habs kapiert|habs|weiß|weiß schon), (ich|hab|habe|) (verstanden|kapiert|notiert),
(das|) (macht|ergibt) (absolut|total|) sinn, (das|es|klingt|hört sich|klingt ja|das ist|es ist|das war|ist|das wäre|
wäre|war|wie|einfach|echt|total|voll|ja|oh|wow|das klingt|das hört sich|na das ist|das ist ja|das ist doch|sehr|so|zu|
super|richtig|mega|wirklich|ganz|ganz schön|finde ich|find ich|) (sehr|so|echt|total|voll|ja|wirklich|richtig|mega|
super|ganz|einfach|) (super|toll|prima|klasse|perfekt|spitze|spitzenmäßig|cool|geil|krass|schön|wunderbar|wunderschön|
ausgezeichnet|großartig|gut|fein|nett|hervorragend|fantastisch|genial|stark|mega|hammer|sahne|top|interessant|spannend|
lustig|witzig|schade|traurig|blöd|doof|fair|praktisch|logisch|einleuchtend|beeindruckend|unglaublich|wahnsinn|irre|
heftig|lieb|süß|richtig|korrekt|alles|es|okay|ok|in ordnung|vernünftig|vielversprechend|schlimm|wahr|möglich|besser|
viel besser|eine gute idee|gut zu wissen|kein problem|nicht schlimm|mir egal|egal|ärgerlich|verrückt|herrlich|köstlich|
erledigt|fertig|klar|abgemacht|das wichtigste) (an|aus|danke|so|dann|zu hören|für mich|gemacht|), (gute|super|tolle|
sehr gute|klasse|prima|geniale|interessante|schöne) (idee|frage|sache|nachricht|nachrichten|neuigkeiten|wahl|antwort|
arbeit|punkt|plan|lösung), guter (punkt|plan|vorschlag|tipp|hinweis), einverstanden, in ordnung, (wird|ist) (gemacht|
erledigt|notiert|ok|gut), (mach|mache|mach s|werde) ich (gerne|gern|machen|doch|), abgemacht, deal, gebongt, geritzt,
(na|also|ja|nun|dann|und) (gut|dann|also|ja|schön|los|und|so|denn|warte), na, naja, nun, tja, hm, hmm, mhm, hmhm, äh,
ähm, öh, (von mir|meinet) aus, meinetwegen, (mir|ist mir|ist|) (egal|wurscht|recht|schnuppe|gleich), schon (gut|ok|
okay|klar|recht|fertig|gemacht|erledigt|verstanden), (das|) macht (nichts|nix|spaß|sinn), (vielleicht|eventuell|
möglicherweise|wahrscheinlich|vermutlich|mag sein|kann sein|könnte sein|möglich|hoffentlich|leider|leider nein|leider
nicht|schade|zum glück|gott sei dank|gottseidank), (ich|) (weiß|weiss) (ich|es|) (noch|) nicht (genau|), (ich|)
(glaube|glaub|denke|denk|hoffe|schätze|finde|meine|fürchte) (schon|ja|nicht|auch|es|so|doch|ich|ich auch), (mal|wir|)
(sehen|schauen|gucken|abwarten), schauen wir mal, (echt|wirklich|ernsthaft|im ernst|ehrlich|ehrlich jetzt|tatsächlich|
ist das so|wahnsinn|unglaublich|was|wie bitte|wie), sag bloß, ups, hoppla, huch, upsi, autsch, aua, pfui, igitt, puh,
uff, ohje, oje, oh je, ach du meine güte, ach du lieber, meine güte, (oh|mein|ach|oh mein|ach du|) (gott|je|nein|mann|
man|mensch|weh|wow|yeah|schön|danke), boah, wow, juhu, hurra, yay, jippie, yeah, yippie, hihi, hehe, haha, grins,
lach, zwinker, lol, omg, (das|es|) (freut|wundert) mich (sehr|auch|zu hören|für dich|das zu hören|dich kennenzulernen|
sie kennenzulernen|), sehr erfreut, angenehm, (da|) (hast du|haben sie|du hast|sie haben) (völlig|absolut|total|
natürlich|vollkommen|) recht, (finde|find|sehe|seh|denke|meine) ich auch (so|), (ich|) (auch|auch so|stimme zu|stimme
dir zu|bin dabei|bin einverstanden|bin da|bin wieder da|bin zurück|bin fertig|bin bereit|bin weg|bin raus|bin dann mal
weg|bin gleich zurück|bin gleich wieder da|bin gespannt|komme gleich|muss los|muss jetzt los|muss gehen|muss weg|muss
jetzt weg|muss jetzt gehen|geh schlafen|gehe schlafen|gehe jetzt|gehe ins bett|freue mich|freu mich), (da bin|hier
bin) ich (wieder|), (das|) (wars|war s|war es|war alles|ist alles) (schon|für heute|dann|von mir|), das war alles, das
wars, mehr (nicht|brauche ich nicht), fertig, erledigt, geschafft, bereit, läuft (bei dir|), (los|jetzt|) gehts los,
los gehts, los, auf gehts, weiter, weiter gehts, lass (mal|gut sein|es|stecken), vergiss es, vergiss, hau (rein|rein
leute), bis dahin, also, dann, so, und, auch, (danke|) (gleichfalls|ebenfalls|ebenso|ihnen auch|dir auch), (das|)
(wünsche|wünsch) ich (dir|ihnen|euch) (auch|ebenfalls|), gleich (zurück|wieder da), immer (gerne|gern|wieder gern|doch|
wieder), jederzeit, jederzeit gerne, respekt, chapeau, amen, daumen hoch, (geht|alles) (in ordnung|easy|paletti), cool
cool, gut gut, schon wieder, kp, kd, ka, hdf, wtf, btw, nice, nice one, sauber, läuft bei mir, jein, ja und nein,
schauen wir, bitte nicht, mega, hammer, (und|) tschüss, (oh|) (entschuldigung|entschuldige|entschuldigen sie|
verzeihung|sorry|pardon|tschuldigung|tschuldige|verzeih|mein fehler|tut mir leid|das tut mir leid|es tut mir leid|tut
mir sehr leid) (bitte|)
"""
"""Said anywhere."""
