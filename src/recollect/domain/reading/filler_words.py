"""Words that carry no content by themselves: function words, and what people say to keep a talk going."""

from recollect.domain.reading.word_lists import words

_FUNCTION = """
a about above after again all also am an and any anybody anyone anything are aren't around as at away back be
because been before being below between both but by can can't cannot could couldn't did didn't do does doesn't
doing don't done down each either else even ever every everybody everyone everything few for from further get gets
getting give go goes going gonna got had has have haven't having he he'd he'll he's her here here's hers herself
him himself his how how's i i'd i'll i'm i've if in into is isn't it it's its itself just let let's lot lots many
may maybe me might mine more most much must my myself never no nobody none nor not nothing now of off on once one
only onto or other others our ours ourselves out over own per perhaps quite rather re really same shall she she'd
she'll she's should shouldn't so some somebody someone something somewhere still such than that that's the their
theirs them themselves then there there's these they they'd they'll they're they've thing things this those though
through to too under until up upon us very was wasn't we we'd we'll we're we've were weren't what what's whatever
when where where's whether which while who who's whom whose why will with within without won't would wouldn't yet
you you'd you'll you're you've your yours yourself
"""
_TALK = """
absolutely actually agree agreed ah aha alright amazing anyway awesome basically beautiful believe bit brilliant
certainly cheers clear clearly come consider continue cool correct course curious dear definitely eh elaborate
enough exactly excellent explain fair fantastic fine funny glad good gosh gotcha great guess ha haha hear hello
hey hi hmm honestly hope huh idea imagine indeed interested interesting keep kind know knew like literally look
looks lovely make makes mean meaning means mind minute moment nah nice no nope obviously oh ok okay oops perfect
perfectly plan please point point possible possibly pretty probably proceed question questions quick ready repeat
right say saying says see seem seems second sense show sorry sort sound sounds start stuff suppose sure surely
sweet talk talking tell telling thank thanks think thinking thought thoughts time totally true truly try trying uh
uhm um understand understood usually wait want way well what wonder wonderful wondering word words wow yeah yep
yes yup yay
"""
FILLERS = words(_FUNCTION + _TALK)
