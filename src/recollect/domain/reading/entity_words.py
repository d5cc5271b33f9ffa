"""Words around names that tell what the name names, and capitalised words that name nothing."""

from recollect.domain.reading.word_lists import words

# Capitalised at the start of a sentence, these say nothing about a name.
COMMON_STARTS = words("""
a about after again all also although always am an and another any anyone anything are as ask at awesome back be
because before both bring but buy by call can check come congrats congratulations could dear did do does don't
during each either email even ever every everyone everything exactly excuse few finally find first for from get
give glad go good got great guess had happy has have he hello help her here hers hey hi his hmm how however i if
i'm i've i'll i'd in into is it it's its just keep last later let let's like listen long look love make many maybe
me meet meeting more most much my never next nice no nobody none not nothing now of off oh ok okay on once one
only or our out over perhaps please put really remember remind right same say schedule see send set several she
should show since so some somebody someone something sometimes soon sorry still such sure take tell than thank
thanks that that's the their them then there these they they're this those though thus tell to today together
tomorrow tonight too translate try under until up upon us use very wait was we we're well were what what's when
whenever where which while who whose why will with without would wow write yeah yes yesterday yet you you're your
yours lol omg book bought went saw met had ate read new old two three four five six seven eight nine ten
unfortunately luckily fortunately actually basically honestly hopefully apparently currently recently nowadays
plus btw note subject re bye goodbye woohoo yay yep yup nope aww aw woah whoa yo haha oops ugh absolutely definitely
anytime totally
""")
NEVER = words("""
i i'm i've i'll i'd ok okay lol omg tv pc am pm id faq asap fyi btw diy dj ceo cto cfo phd mba bsc msc monday
tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december christian muslim jewish buddhist hindu catholic protestant internet god mr mrs ms dr
prof sir miss good-bye ai it us
""")
TITLES = words(
    "dr dr. mr mr. mrs mrs. ms ms. prof prof. professor sir madam miss uncle aunt auntie grandma grandpa "
    "father sister brother president doctor coach"
)
KIN_NAMES = words("mom mum mother dad father grandma grandpa granny mommy daddy nana papa mama")
PLACE_CUES = words(
    """in from to near through visit visited visiting around across toward towards via outside leaving"""
)
ORGANISATION_CUES = words("at for joined joining company firm startup employer against")
WORK_WORDS = words(
    "play plays played fan supports support "
    "work works worked working job jobs employed intern interned internship position engineer manager role "
    "boss study studied professor career hired"
)
PERSON_CUES = words("""with called named by ask told meet met and dear thanks hi hey hello saw married hired know""")
PERSON_VERBS = words("""
said says told tells asked thinks thought lives lived works worked called calls loves loved likes hates moved met
is was has went came wants finished wrote bought got joined plays played visited says speaks speak teaches taught
started made gave sent helped cancelled agreed suggested and can will could would did
""")
