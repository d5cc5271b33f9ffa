"""Places and organisations that are known by name; lower-case, far from complete."""

from recollect.domain.reading.word_lists import entries, words

COUNTRIES = entries("""
afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia, austria, azerbaijan, bahrain,
bangladesh, belarus, belgium, belize, benin, bhutan, bolivia, bosnia, botswana, brazil, brunei, bulgaria,
cambodia, cameroon, canada, chad, chile, china, colombia, congo, costa rica, croatia, cuba, cyprus, czechia, czech
republic, denmark, dominican republic, ecuador, egypt, el salvador, england, eritrea, estonia, ethiopia, europe,
fiji, finland, france, gabon, gambia, georgia, germany, ghana, great britain, greece, greenland, guatemala,
guinea, haiti, holland, honduras, hungary, iceland, india, indonesia, iran, iraq, ireland, israel, italy, ivory
coast, jamaica, japan, kazakhstan, kenya, kosovo, kuwait, laos, latvia, lebanon, liberia, libya, liechtenstein,
lithuania, luxembourg, madagascar, malaysia, maldives, mali, malta, mauritius, mexico, moldova, monaco, mongolia,
montenegro, morocco, mozambique, myanmar, namibia, nepal, netherlands, new zealand, nicaragua, nigeria, north
korea, north macedonia, northern ireland, norway, oman, pakistan, palestine, panama, paraguay, peru, philippines,
poland, portugal, puerto rico, qatar, romania, russia, rwanda, saudi arabia, scotland, senegal, serbia, sierra
leone, singapore, slovakia, slovenia, somalia, south africa, south korea, spain, sri lanka, sudan, sweden,
switzerland, syria, taiwan, tanzania, thailand, tibet, togo, trinidad, tunisia, turkey, uganda, ukraine, united
arab emirates, united kingdom, united states, uruguay, uzbekistan, venezuela, vietnam, wales, yemen, zambia,
zimbabwe, usa, uk, u.s., u.s.a., uae, africa, asia, south america, north america, latin america, antarctica,
scandinavia
""")
CITIES = entries("""
aberdeen, abu dhabi, accra, addis ababa, amsterdam, ankara, antwerp, athens, atlanta, auckland, austin, baghdad,
bali, baltimore, bangalore, bangkok, barcelona, basel, bath, beijing, beirut, belfast, belgrade, bengaluru,
bergen, berlin, bern, bilbao, birmingham, bogota, bogotá, bologna, bonn, bordeaux, boston, bratislava, bremen,
brighton, brisbane, bristol, brooklyn, brussels, bucharest, budapest, buenos aires, cairo, calgary, cambridge,
canberra, cape town, caracas, cardiff, casablanca, charlotte, chennai, chicago, cincinnati, cleveland, cologne,
copenhagen, cork, dakar, dallas, damascus, delhi, denver, detroit, doha, dortmund, dresden, dubai, dublin,
dubrovnik, edinburgh, eindhoven, florence, frankfurt, geneva, genoa, ghent, glasgow, gothenburg, granada, graz,
grenoble, hamburg, hanoi, havana, helsinki, hong kong, honolulu, houston, hyderabad, innsbruck, istanbul, jakarta,
jerusalem, johannesburg, kabul, karachi, kathmandu, kiev, kyiv, kobe, krakow, kraków, kuala lumpur, kyoto, lagos,
las vegas, lausanne, leeds, leipzig, lille, lima, lisbon, liverpool, ljubljana, london, los angeles, luxembourg
city, lyon, madrid, malaga, málaga, malmö, manchester, manila, marrakech, marseille, melbourne, memphis, mexico
city, miami, milan, milwaukee, minneapolis, minsk, mombasa, monterrey, montevideo, montpellier, montreal, moscow,
mumbai, munich, münchen, nairobi, nantes, naples, nashville, new delhi, new jersey, new orleans, new york, new
york city, newcastle, nice, nottingham, nuremberg, oakland, orlando, osaka, oslo, ottawa, oxford, palermo, palo
alto, paris, perth, philadelphia, phoenix, pittsburgh, porto, portland, prague, pune, quebec, quito, reykjavik,
riga, rio de janeiro, riyadh, rome, rotterdam, salt lake city, salvador, salzburg, san antonio, san diego, san
francisco, san jose, santiago, sao paulo, são paulo, sarajevo, seattle, seoul, seville, shanghai, sheffield,
shenzhen, sofia, split, st. louis, stockholm, strasbourg, stuttgart, sydney, taipei, tallinn, tampa, tehran, tel
aviv, the hague, thessaloniki, tokyo, toronto, toulouse, trieste, tunis, turin, utrecht, valencia, vancouver,
venice, verona, vienna, vilnius, warsaw, washington, wellington, winnipeg, wroclaw, yokohama, zagreb, zurich,
zürich, alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, hawaii, idaho,
illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota,
mississippi, missouri, montana, nebraska, nevada, new hampshire, new mexico, north carolina, ohio, oklahoma,
oregon, pennsylvania, rhode island, south carolina, tennessee, texas, utah, vermont, west virginia, wisconsin,
wyoming, bavaria, tuscany, catalonia, provence, normandy, brittany, andalusia, sicily, sardinia, crete, alps,
pyrenees, himalayas, rocky mountains, grand canyon, yellowstone, yosemite, louvre, eiffel tower, disneyland,
central park, times square, manhattan, silicon valley, amazon rainforest
""")
PLACES = COUNTRIES | CITIES
# People's names that are places too; beside "in" or "to" they are places.
PLACE_OR_PERSON = frozenset(
    {"charlotte", "jordan", "austin", "georgia", "sofia", "santiago", "chad", "florence", "virginia"}
)
# Places that are words too; they are places behind "in" or "to" only.
WORD_PLACES = frozenset({"nice", "split", "bath", "cork", "turkey", "mobile", "reading", "crete", "phoenix"})
ORGANISATIONS = entries("""
accenture, acme, adidas, adobe, airbnb, airbus, allianz, alphabet, amazon, amd, anthropic, apple, arsenal, asml,
at&t, atlassian, audi, aws, basf, bayer, bbc, blackrock, bmw, boeing, bosch, capgemini, chelsea, cisco, citibank,
cnn, deepmind, dell, deloitte, dhl, disney, dropbox, ebay, ericsson, etsy, eu, european union, european
commission, facebook, fbi, fc barcelona, fedex, ferrari, ford, gitlab, github, goldman sachs, google, greenpeace,
harvard, hsbc, huawei, hubspot, ibm, ikea, instagram, intel, jpmorgan, kpmg, linkedin, lufthansa, mastercard,
mcdonald's, mckinsey, meta, microsoft, mit, morgan stanley, mozilla, nasa, nato, nestlé, netflix, nhs, nike,
nintendo, nokia, nvidia, openai, oracle, palantir, paypal, pepsico, pfizer, philips, pinterest, porsche,
princeton, pwc, qualcomm, real madrid, red cross, red hat, reddit, renault, revolut, roche, salesforce, samsung,
sap, shell, shopify, siemens, slack, snapchat, sony, spacex, spotify, stanford, starbucks, stripe, tesla, tiktok,
toyota, twitter, uber, ubs, unesco, unicef, unilever, united nations, verizon, visa, vodafone, volkswagen, volvo,
walmart, whatsapp, wikipedia, world bank, yale, yahoo, youtube, zalando, zoom, eth zurich, oxford university,
ucla, nyu, caltech
""")
ORGANISATION_WORDS = words("""
inc inc. corp corp. ltd ltd. llc gmbh ag plc s.a. university college institute school academy hospital clinic bank
foundation association committee ministry department agency union company group holdings airlines airways museum
church council fc club labs studios records press insurance motors pharmaceuticals consulting partners ventures
technologies systems software bakery restaurant café cafe library society charity orchestra
""")
PLACE_WORDS = words("""
street avenue road lane boulevard square park lake river mountain mountains mount island islands beach bay valley
airport station tower bridge canyon forest desert ocean sea coast falls hills peninsula county city town village
state district plaza garden gardens castle cathedral palace stadium
""")
PLACE_PREFIXES = words("lake mount mt mt. san santa saint saint- fort port cape el")
