"""What people say in English when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(oh|well|) (hi|hey|hello) (there|again|back|), (hi|hey|hello) (hi|hey|hello), heya, hiya, hya, howdy, yo, ahoy,
greetings, salutations, (a|) (very|) good (morning|afternoon|evening|day|night), (morning|afternoon|evening),
goodnight, goodmorning, goodevening, gm, gn, gd morning, g'day, top of the morning, rise and shine, (wassup|whassup|
wazzup|what's up|whats good|sup|wsp), (happy|merry) (monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|
christmas|xmas|holidays|easter|new year), welcome (back|), long time no (see|speak|talk), (nice|good|great|lovely|
pleased|glad) to (see|meet|hear from) you (again|too|), (many|big|huge|ok|okay|) thanks, thank (you|u|ya|yo|yall|you
all), thankyou, thnks, thanx, thnx, thx, thks, tnx, tks, thnk you, tq, ty, tyvm, tysm, tyty, ta, cheers, (much|)
appreciated, much obliged, (i|we|) (really|truly|so|do|very much|) appreciate (it|that|this|you|everything|your help|
the help), i'm (so|very|really|) grateful, you (rock|rule), bless you, god bless, (you are|you're|u r|ur|youre) (so|
very|really|too|truly|simply|just|) (the best|the greatest|awesome|amazing|great|wonderful|a star|a legend|legend|a
lifesaver|a life saver|a genius|a gem|an angel|kind|sweet|nice|helpful|welcome|most welcome|very welcome|brilliant|
incredible|fantastic|a hero|my hero|a champ|a treasure), (you've|you have) been (so|very|really|super|most|) (helpful|
kind|great|a great help|a big help|wonderful|amazing), (that is|that was|thats|that|it is|it was|its|it|this is|this
was|this) (so|very|really|super|extremely|incredibly|most|quite|) (helpful|kind of you|nice of you|sweet of you|
useful), (very|so|super|really) (helpful|kind|useful), (that|this|it) (really|) (helps|helped) (a lot|so much|a ton|me
a lot|), goodbye, bye, byes, bye bye, byebye, good bye, buhbye, byee, bubye, baibai, bb, (see|c) (you|ya|u|yall)
(later|soon|tomorrow|then|around|again|next time|next week|in the morning|there|tonight|monday|on monday|), cya,
(catch|see|talk to|speak to|chat with|ttyl) (you|ya|u) (later|soon|tomorrow|then|next time|again), (talk|speak|chat|
till|until) (soon|later|then|tomorrow|again|next time), ttyl, ttys, l8r, l8er, later, laters, later gator, take (good|
) care (of yourself|), stay (safe|well|warm|healthy|strong|positive), be (well|safe|good), keep (safe|well|in touch),
so long, farewell, cheerio, toodles, ta ta, tata, adios, ciao, peace (out|), godspeed, sayonara, all the best, (best|
kind|warm) (wishes|regards), (good|best of) luck, sleep (well|tight|good), sweet dreams, night, night night, nighty
night, nite, nite nite, (have|enjoy|hope you have|i hope you have|wishing you|wish you) (a|an|your|the) (very|really|)
(nice|good|great|lovely|wonderful|fantastic|amazing|awesome|beautiful|pleasant|blessed|fabulous|) (day|morning|
afternoon|evening|night|weekend|week|one|time|rest of your day|rest of the day|rest of your week|day ahead|trip|
holiday), enjoy (your|the) (rest of your day|rest of the day|evening off), have (fun|a safe trip|a good rest), enjoy,
hugs (and kisses|), (lots of|much) love, love (you|ya|u), (i|) love (you|ya|u) (guys|all|), xo, xoxo, xx, xxx, lots of
hugs, (big|) (hug|kiss|kisses), congrats, congratulations, (very|) (good|great|nice|excellent|amazing|fantastic|
awesome|brilliant) (job|work|stuff|one|going|effort|call), (very|) well done, way to go, good for you, kudos, hats
off, nicely done, bravo, pardon (me|), no (problem|problems|prob|probs|worries) (at all|), np, nw, nps, yw, ur
welcome, any time, anytime, (it's|it was|) (my|a|the) pleasure (was mine|is mine|is all mine|), (you're|most|)
welcome, don't (worry|mention it|sweat it), (happy|glad|always happy) to help, (i'm|im|i am|) back (again|), (i|)
(have to|gotta|got to|must) (go|run) (now|), it's me (again|), (that's|that was|it's|) (very|so|really|super) helpful,
(thank you|thanks) too, you too, same to you,
signing off, over and out, (bye|goodbye) for now, until next time
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(for|with) (all|) (your|the|that|this|all the|) (quick|great|kind|amazing|lovely|nice|) (help|time|support|advice|info|
information|tip|tips|explanation|answer|answers|reply|response|patience|feedback|reminder|update|suggestion|
suggestions|recommendation|recommendations|clarification|kind words|words|assistance|kindness|understanding|input|
insight|insights|encouragement|compliment|chat|talk|heads up|invite|effort|hard work|work|service|guidance|ideas|
love), for (everything|that|this|it|all|listening|asking|sharing|explaining|helping|helping me|helping me out|letting
me know|understanding|chatting|checking|checking in|reminding me|being here|being there|being so helpful|your
attention|having me|clarifying|the quick reply|the quick response|all you do|all of your help|clearing that up|coming|
reaching out|being you), so much, (very|so|way too) much, a (lot|million|bunch|ton|billion|heap|bundle), (heaps|loads|
tons|lots|kindly|anyway|anyways|again|in advance|always|as always|once again|once more|though|too|then|now|for now|
still|indeed|dearly), all, everyone, everybody, every one, (you|) guys, you all, y'all, folks, team, people, gang,
fam, family, friend, friends, my (friend|friends|dear|love|man|dude|guy|lord|lady|buddy|bro), mate, mates, buddy, bud,
pal, dude, dudes, bro, bros, bruh, brother, sis, sister, man, boss, chief, sir, madam, ma'am, mam, miss, mister, dear,
dears, darling, honey, hon, babe, baby, sweetie, sweetheart, sunshine, beautiful, handsome, gorgeous, love, luv, mom,
mum, mommy, mummy, mama, dad, daddy, papa, grandma, grandpa, doc, doctor, professor, teacher, coach, captain, champ,
legend, genius, world, ladies, gentlemen, ladies and gentlemen, girl, girls, boys, guy, lads, kids, stranger, bot,
chatbot, robot, ai, assistant, computer, machine, ladies and gents, old friend, neighbor, neighbour, colleague,
colleagues, crew, squad, partner, kiddo, queen, king, (you|u) (too|as well|also|2), (to|) you (too|as well|also), and
(you too|take care|good luck|have fun|bye|goodbye)
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(and|so|oh|) (how are|hows|how) (you|ya|u|things|we) (all|guys|) (doing|going|feeling|holding up|keeping|) (today|now|
tonight|this morning|these days|lately|), (how is|hows|how) (it|everything|everything else|life|things|your day|your
morning|your evening|your week|your weekend|the day|ur day) (going|) (today|so far|with you|), (how|hru) (r|are) (u|
you) (doing|today|), hru, how do you do, how have you been (doing|lately|), how've you been, how you (been|doing|
feeling), how goes it, how was your (day|weekend|night|morning|evening|week), how did you sleep, (are|) (you|u|ya) (ok|
okay|alright|all right|good|well|fine|there|here|around|awake|still there|back|busy), r u (ok|there|good), what's (new|
up|good|happening|going on|cracking|poppin|cooking|new with you|up with you|the word), (anything|something|what) new
(with you|), what up, wyd, (i|) (hope|trust|wish) (you're|you are|your|all is|everything is|everything's|you|this
finds you|ur|u r) (doing|having|) (very|really|) (well|good|great|okay|ok|fine|a good day|a great day|a nice day|a
lovely day|), is everything (ok|okay|alright|all right|fine|good), everything (ok|okay|alright|good|fine|great) (with
you|), all (good|okay|ok|fine|well|set|right|clear|done|is well) (here|with you|with me|now|then|thanks|on my end|),
(i'm|i am|im|we're|me|) (just|doing|feeling|pretty|very|really|all|quite|so|also|) (good|great|fine|ok|okay|well|
alright|all right|not bad|not too bad|fantastic|wonderful|amazing|excellent) (too|as well|today|now|here|also|), (i'm|
) (doing|going|feeling) (just|pretty|very|really|) (good|great|fine|ok|okay|well|alright|not bad), (not|) too (bad|
shabby), not bad (at all|thanks|and you|), can't complain, could be (better|worse), so so, soso, same (old|here|same|
as always|old same old|to you|same old|), same, (and|how about|what about|wbu|hbu) (you|u|yourself|urself), wbu, hbu,
fine and you, good and you, you (too|as well|also|2), u (too|2), likewise, right back at you, back at ya, ditto, (ah|
oh|uh|um|hm|well|so|yes|yeah|no|) (ok|okay|k|okey|alright|all right|right|sure|cool|fine|good|great|nice|yes|yeah|yep|
no|wow|really|i see|perfect|sorry|then|dear|boy|man|well|gosh|shoot|snap|damn|yay|got it|gotcha), (ok|okay) (ok|
okay|then|cool|great|good|sure|perfect|got it|fine|sounds good|i see|will do|nice|thanks|thank you|bye|no problem|
now), k, kk, kay, okie, okies, okie dokie, okie dokey, okey dokey, okey dokie, oki, okey, oke, okee, okk, okdok,
aight, ight, alrighty (then|), alright then, right (on|then|ok|o|you are|oh|), righto, roger (that|roger|), copy (that|
), ten four, aye (aye|), sure (thing|do|does|is|was|why not|sure|), (of|off) course, ofc, certainly, absolutely,
definitely, def, totally, obviously, clearly, naturally, exactly, precisely, indeed, correct, right, true (that|enough|
), so true, that's true, very true, too true, yes, yess, yes (please|sir|ma'am|indeed|of course|exactly|absolutely|
definitely|sure|i do|i am|it is|yes|it does|that's right|i agree|correct), yeah (yeah|sure|right|exactly|ok|totally|
definitely|i know|no|i guess|i think so|it is), yea, yeh, ye, yah, ya, yup, yep, yip, yessir, yass, yas, uh huh, uhuh,
mhm, mhmm, mmhm, aha, no, noo, nope, nah, nay, no (way|thanks|thank you|thx|ty|no|need|rush|hurry|biggie|idea|clue|
stress|pressure|offense|comment|doubt|sir|please|it's fine|i'm good|worries mate|it isn't|i don't|not really|it's ok|
it's okay|not yet), not (at all|really|yet|now|today|sure|quite|exactly|much|necessarily|a problem|an issue|that much|
for now), never mind, nevermind, nvm, nm, forget (it|about it|that), whatever, whatevs, doesn't matter, it doesn't
matter, don't care, (i|) don't worry (about it|), (take|i'll take|give me|gimme|just|one) (your time|a (sec|second|
minute|moment)|one (sec|second|minute|moment)|sec|second|moment|minute) (please|), hold on (a sec|a second|), hang on
(a sec|), wait (a sec|a minute|what|a second|), (i|) got (it|that|you|ya|u) (now|thanks|), gotcha, gotchu, (i|)
(totally|completely|fully|now|perfectly|can|) (understand|understood|see|get it|hear you|know|know right|agree|agreed|
feel you|get you|get that|see that|concur|believe you|believe it|bet) (now|that|completely|totally|it|), understood,
noted (with thanks|), acknowledged, confirmed, message received, received, point taken, duly noted, (that|it|this|
which|) (does|all|) (makes|make|made) (a lot of|total|perfect|complete|) sense (to me|now|), (that|this|it|) (sounds|
seems|looks|feels|reads) (so|very|really|pretty|quite|) (good|great|fine|perfect|awesome|amazing|right|cool|nice|fair|
fun|like a plan|like fun|reasonable|about right|lovely|wonderful|interesting|fantastic|delicious|excellent|ok|okay|
correct|incredible) (to me|then|), (oh|wow|) (that is|that was|thats|that|it is|its|it|this is|this|
that would be|would be|will be|that will be) (all|so|really|very|just|pretty|absolutely|totally|quite|truly|super|
too|exactly|always|such a|a|) (it|all|great|good|right|perfect|fine|nice|cool|awesome|amazing|wonderful|lovely|
fantastic|brilliant|excellent|sweet|neat|ok|okay|alright|correct|true|interesting|funny|hilarious|fair|impressive|
incredible|beautiful|fun|sad|bad|terrible|awful|too bad|a shame|a pity|a deal|a good idea|a great idea|a good point|a
great point|a good question|good news|great news|good to know|good to hear|great to hear|wonderful to hear|enough|
better|much better|the one|it for now|all for now|all for today|it for today|all i need|all i needed|all i wanted|what
i needed|crazy|wild|insane|fascinating|exciting|unbelievable|weird|strange|unfortunate|understandable|okay then|no
problem|not a problem|life|kind|clear|helpful|lit|dope|sick|rad|epic|clever|smart|gorgeous|adorable|cute|inspiring|
touching|how it is|the spirit) (thanks|then|too|now|indeed|), (very|so|really|super|pretty|too|how|quite|totally|
absolutely|just) (good|great|nice|cool|awesome|amazing|wonderful|lovely|fantastic|sweet|neat|fine|true|interesting|
funny|impressive|exciting|happy|bad|sad|fun|cute|kind|clear|beautiful|perfect|helpful|fascinating|right|exactly|fair|
inspiring), good, great, cool (cool|beans|stuff|), kewl, nice, noice, awesome (sauce|), perfect, perfecto, excellent,
amazing, wonderful, fantastic, fab, fabulous, brilliant, lovely, super (duper|), superb, sweet, neat, splendid,
marvelous, marvellous, terrific, incredible, unbelievable, outstanding, phenomenal, magnificent, stunning, beautiful,
gorgeous, fine, fair, fair (enough|point|play|deal), interesting, fascinating, funny, hilarious, impressive, epic,
dope, lit, sick, rad, legit, solid, bet, word, facts, big w, slay, tight, groovy, ace, grand, smashing, spot on,
bingo, bullseye, nailed it, on point, works (for me|great|perfectly|), (that|this|it|which) (works|will do|'ll do|does
it|did it|worked|would work|rocks|rules|fits|suits me) (for me|fine|great|perfectly|too|now|), will do, i will, i'll
do that, consider it done, on it, i'm on it, deal, done (deal|and done|), settled, it's a deal, you (bet|betcha|got it|
got this|know it|do that|don't say|said it|sure|are right|'re right|are absolutely right|'re so right|can say that
again|never know), good (point|idea|thinking|question|to know|to hear|stuff|enough|grief|lord|god|heavens|news|old
days|plan|choice|thing|times|vibes), (great|excellent|nice|fantastic|brilliant|wonderful|interesting|lovely) (point|
idea|thinking|question|to know|to hear|stuff|news|plan|choice|thought|minds|to see|answer|suggestion), (glad|happy|
pleased|great|nice|wonderful|sad|sorry|lovely|so good|so glad|so happy|i'm glad|i'm happy|i'm so glad|i'm so happy) to
(hear|know|see|read) (it|that|so|this|), (glad|happy) (you|u) (like|liked|enjoyed|think) (it|that|so), me (too|neither|
either|also|as well|three), neither do i, so do i, same here, as (always|usual|you wish|expected), i (think|guess|hope|
suppose|believe|know|thought|imagine|doubt|see|say|bet) (so|not|it|that|yes|right|you're right|that's it|that works)
(too|), i (guess|suppose|agree|concur|know|see|do|am|can|will|don't|dont|think so|promise), maybe (so|
not|later|another time|), perhaps, possibly, probably (not|), (most|very|) likely, dunno, idk, i (don't|do not|dont)
(know|think so|mind|care|get it|understand|really know) (yet|either|sorry|), no idea, not sure (yet|), who knows,
we'll see, let's see, let me (see|think), iirc, imo, imho, tbh, ngl, fr (fr|), frfr, ong, ik, ikr, idc, smh, fyi, btw,
afaik, tldr, asap, rn, jk, just kidding, (i'm|) kidding, wdym, wtf, wth, omg, omfg, oh em gee, (oh|) my (god|gosh|
goodness|word) (yes|no|), (oh|) (god|gosh|goodness|man|boy|dear|wow|no|yes|yay|cool|nice|ok|okay|well|right|really|
sorry|hi|hello|great|good|sure|yeah|snap|shoot|come on|god yes|god no), goodness (me|gracious|), gosh, geez, jeez,
sheesh, yikes, oops, oopsie, oopsies, whoops, whoopsie, uh oh, ouch, phew, whew, yay, yayy, woo, woohoo, woot, yippee,
hooray, hurray, huzzah, wow, wowza, wowzers, woah, whoa, wohoo, dang, darn, damn, shoot, crap, aww, aw, eww, ew, meh,
bah, bleh, blah, duh, eh, huh, hm, hmm, um, umm, uh, er, erm, ah, ahh, oh, ooh, oooh, ohh, mm, mmm, psst, shh, tsk,
ugh, argh, sigh, welp, well (well|then|ok|), lol, lolz, lul, lel, lmao, lmfao, rofl, roflmao, haha, hehe, heh, xd,
really, rly, srsly, seriously, for (real|sure|realz|certain) (tho|), no (kidding|way jose|cap|joke), honestly,
literally, (i|) (love|like|loved|liked|adore|dig) (it|that|this) (a lot|so much|too|very much|), (much|way|even|so
much|) better (now|thanks|), thumbs up, high five, fist bump, fingers crossed, touch wood, knock on wood, amen,
hallelujah, thank (god|goodness|heavens), let's (go|see|roll|gooo|rock|
move on|get to it), lets go, lfg, (go|come) (ahead|on|for it), here we go, here goes, off we go, game on, bring it on,
ready, i'm ready, ready when you are, please, pls, plz, pleease, please (do|go ahead|and thank you|and thanks), pretty
please, why not, what (the|), by all means, (sounds|looks|seems) (good|great|fine|right) (to me|), be my guest, after
you, it's (me|me again|okay|ok|fine|all good|alright|nothing|cool|nice|no problem|your call|up to you|been a while|a
date|a plan|all right|working|good|great|perfect), it (is|does|will|works|worked|happens|depends|is what it
is), i'm (back|here|in|off|done|out|good|ready|finished|all ears|all set|not sure|down|leaving|heading out|going to
bed|off to bed|so happy|happy|speechless|impressed|fine with that|ok with that|okay with that|good with that|glad|all
done|good to go|heading off|logging off), back (again|), guess who (is back|), (it's|) me again, gotta (go|run|dash|
bounce), got (to|2) go, gtg, g2g, (i|) (have to|gotta|must|need to|should|got to|better|'d better) (go|run|leave|be
going|get going|dash|head out|head off|sleep) (now|soon|then|), brb, bbl, bbs, afk, be (right|) back (soon|), (i'll|
will|) be (right|) back (soon|later|in a bit|), ttfn, tgif, toodle oo, nothing (else|more|much|really|special|at all|
), (that will|thatll|that would) be all, that's all (folks|i need|i needed|for now|for today|thanks|i wanted|), i'm
done (for today|here|now|), (we're|we are|all) done (here|), end of story, the end, over (and out|), signing off,
logging off, bye for now, for now, till then, until (then|next time|tomorrow), till (next time|tomorrow|later), in a
(bit|while|sec), soon, (and|) (so|then|and|too|again|also|anyway|anyways|anyhow|though|tho|either|neither|now|still|
instead|else|ok), to you (too|as well), (the|) same to you (too|), you (have a good one|have a good day|have a great
day|take care) (too|), what a (day|relief|shame|pity|surprise|nice surprise|lovely idea|great idea|beauty), how (nice|
sweet|cool|lovely|kind|wonderful|exciting|funny|interesting|are you|so|come|rude|sad), nice one, nice (try|touch|work|
job|chatting|talking|to know) (with you|to you|), (it was|) (nice|great|good|lovely) (chatting|talking|speaking|
catching up|seeing|meeting) (with|to|) (you|ya|u) (too|), thats it, cool thanks, no more questions, ok that's it,
fingers crossed for you, chill, relax, easy, peasy, easy peasy, piece of cake, all in all, of sorts, my turn, your
turn, understood thanks, gladly, with pleasure, by the way, very well (thanks|), as you like, up to you, either way,
both, any, anytime soon, hear hear, that's the way, touche, checkmate, gg, ggwp, wp, gl, hf, glhf, afternoon all,
testing, test, test test, ping, pong, (i'm|so|very|really|my|i am|we're|oh|) (so|very|really|) sorry (about that|for
that|), apologies, my (bad|apologies|mistake), excuse me
"""
"""Said anywhere."""
