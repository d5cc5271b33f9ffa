"""Words of names: short forms, titles, suffixes and other tongues' forms, by which two names may mean the same."""

from recollect.domain.reading.word_lists import words


def _groups(text: str) -> dict[str, frozenset[str]]:
    """Lines such as ``robert: bob rob``: by short form, the full ones."""
    found: dict[str, set[str]] = {}
    for line in text.strip().splitlines():
        full, _, short = line.partition(":")
        for name in short.split():
            found.setdefault(name, set()).update(full.split())
    return {name: frozenset(full) for name, full in found.items()}


def _other_names(text: str) -> dict[str, str]:
    """Lines such as ``vienna: wien``: by another name, the one that is compared."""
    lines = [line.partition(": ") for line in text.strip().splitlines()]
    return {other: full for full, _, others in lines for other in others.split(", ")}


SHORT_FORMS = _groups("""
abigail: abby gail
abraham: abe
adalbert albert: bert al
agnes: aggie
alan allan allen: al
albert alfred alfredo alfonso: al fred alf
alejandro alejandra alexander alexandra aleksandr aleksandra alexandre alexis: alex sasha sascha xander lex ale sandy
alexandra sandra: sandy sandie
alexandra cassandra sandra: sandra
amanda: mandy manda
anastasia: nastya stacy ana
andrew andreas andre andrei andres: andy drew
angela angelica angelina: angie
ann anna anne annette anneliese annika: annie anni nan anne ann
anna: ania anya
anthony antonio antoine anton: tony toni
antonia antoinette: toni tonia
archibald: archie
arnold: arnie
arthur: art artie
augustus augusta augustin: gus gussie
barbara: barb babs barbie basia
bartholomew: bart
beatrice beatrix beatriz: bea trixie
benjamin bennett benedict: ben benny benji
bernard bernhard: bernie
bradley: brad
brandon: brand
caroline carolina: carrie caro lina
catherine katherine kathryn katharina katarina ekaterina catarina kathleen: kate katie kathy cathy kat kit kitty katya
cecilia: cece celia
charles: charlie chuck chas chaz
charlotte: lottie charlie lotte
christian christopher christina christine christiane: chris
christina christine: tina chrissy christie kirsty
christopher: kit topher
clifford: cliff
cornelius: neil con
curtis: curt
cynthia: cindy
daniel: dan danny
danielle daniela: dani
david: dave davey davy
deborah: deb debbie debby
delores dolores: lola dolly
dennis: denny
diana diane: di
dmitri dimitri: dima mitya
dominic dominik: dom nick
donald: don donnie
dorothy dorothea: dot dottie dolly dora
douglas: doug
edgar: ed
edward edmund edwin eduardo: ed eddie ted teddy ned
eleanor eleanora: ellie nell nellie nora
elizabeth elisabeth: liz lizzy lizzie beth betty betsy eliza elsie lisa libby bess ella lisbeth liesl elise bette ellie
emily emilia: em emmy millie
emmanuel manuel: manny manu
eugene: gene
evelyn: evie eve
ferdinand: ferdi ferd nando
fernando: nando
florence florian: flo
frances: fran fanny frankie
francis franklin francesco frank franz francisco: frank frankie
francisco: paco pancho
francesco: cesco
franz: franzi
frederick friedrich frederic alfred winifred: fred freddie freddy fritz rick
gabriel gabriela gabriele gabriella gabrielle: gabe gabi gaby gabby
geoffrey jeffrey: geoff jeff
george georg jorge: georgie
gerald gerard gerhard: gerry jerry gerd
gertrude: trudy gertie
giovanni: gianni vanni nino
giuseppe: beppe peppe pino
gregory gregor: greg
guillermo: memo
gwendolyn: gwen
harold henry harrison: harry hal
heinrich: heinz heiner
helen helena: nell lena nellie
henry: hank
herbert: herb bert
howard: howie
hubert: bert
ignacio: nacho
ignatius: iggy
irina: ira
isaac: ike
isabel isabella isabelle: izzy bella belle isa
ivan: vanya
jacob jakob: jake jack
jacqueline: jackie jacqui
james: jim jimmy jamie jem
jane janet: janie jan
janice: jan
jason: jay
jeanette: jean nettie
jennifer: jen jenny jenn
jeremiah jeremy gerald jerome: jerry
jesse jessica: jess jessie
joan joanna joanne johanna: jo joanie hanna hanne
joaquin: quino
johannes: hannes hansi hans johann
john jonathan: jon johnny
john: jack jackie johnnie
jonathan: jonny nathan
jorge: coque
jose: pepe pepito
joseph josef: joe joey jo sepp seppi
josephine: jo josie fifi
joshua: josh
judith: judy judi
julia juliana julie juliet: jules julie
julian julius: jules
karl karla: kalle
kenneth: ken kenny
kimberly: kim
konstantin constantine: kostya
kristen kristin kristina: kris krissy
laura lauren: laurie lori
lawrence laurence lorenzo: larry laurie lars renzo
leonard leonardo leopold leon: leo lenny len
leslie: les
lewis louis luis louise: lou louie
lillian lilian: lily lil
linda: lin lindy
lucas lukas: luke luca
lucille lucia lucinda: lucy lu
madeleine madeline: maddie maddy
magdalena: lena magda leni
margaret margarita margarete margarethe: maggie meg peggy marge margie greta rita daisy gretchen meggie madge
maria mary marie: molly polly mia mitzi marisol
marjorie: marge margie
martha: marty
martin: marty
martina: tina
matthew matthias mateo matteo: matt matty teo
maurice: moe
maxine: max
maximilian maxwell maxim: max
megan: meg
melanie melissa: mel missy
melvin: mel
michael: mike mikey mick mickey micky misha micha
michelle: shelly micki
mikhail: misha
mildred: millie
miriam: mimi miri
mohammed muhammad mohamed: mo moe
monica monika: moni
nancy: nan
natalie natalia natasha: nat tasha nattie
natalia: natasha
nathan nathaniel: nate nat
nicholas nicolas nikolaus niklas nikolai: nick nicky nico klaus kolya niko claus
nicole nicola nicolette: nicky nikki nic
olivia oliver: ollie liv livvy
pamela: pam
patricia: pat patty trish tricia patsy
patrick: pat paddy rick
paul: paulie
pauline paulina: polly
penelope: penny
peter petra: pete
peter: petey
philip phillip philippe: phil pip flip
phyllis: phyl
priscilla: cilla prissy
rachel raquel: rach
raphael rafael: rafa raf rafi
raymond raimund: ray
rebecca: becky becca bex
reginald: reggie reg
richard ricardo riccardo: rick ricky dick rich richie ricki
robert roberto: bob bobby rob robbie bert beto
roberta: bobbie robbie
roderick rodrigo rodney: rod roddy
roger: rog
roland rolando: roly
ronald: ron ronnie
rosemary rose rosalind rosalie rosa: rosie rose
rudolf rudolph: rudi rudy
russell: russ rusty
salvatore: sal toto
salvador: sal chava
samantha samuel: sam sammy
sarah sara: sally sadie
sebastian: seb bastian basti
sergei sergey: seryozha
sharon: shari
sigmund siegfried: sigi
simon simone: si
solomon: sol
sophia sofia sophie: sofi
stanley stanislaus: stan
stephanie stefanie: steph steffi stef
stephen steven stefan stephan esteban: steve stevie stef
susan susanna suzanne susanne: sue suzy susie suzie sanna
sylvester: sly
tamara: tammy tam
teresa theresa therese: tess terry tessa terri resi
terence terrence: terry
thaddeus: thad tad
theodore theodor: ted teddy theo
thomas tomas: tom tommy thom
timothy: tim timmy
tobias: toby tobi
ulrich ulrike: uli
valentina valentine valerie: val vale
vanessa: nessa
veronica: ronnie vera
victor: vic
victoria: vicky tori vic
vincent vincenzo vicente: vince vinny enzo
virginia: ginny ginger
vladimir: vlad vova volodya
walter: walt wally
wendell: dell
wilfred: wilf fred
wilhelm: willi willy
william: will bill billy willie liam
winifred: winnie
wolfgang: wolf
yevgeny evgeny: zhenya
yvonne: vonnie
zachary: zach zack
""")
HONORIFICS = words("""
dr doctor prof professor sir dame lord lady madam captain capt colonel col major general gen lieutenant lt sergeant sgt
president senator governor mayor judge justice coach chef reverend rev rabbi imam pastor saint hon don dona sensei
""")
OF_MEN = words(
    "mr mister herr monsieur senor signor uncle grandpa granddad father brother king prince sir lord opa sri"
)
OF_WOMEN = words("""
mrs ms miss mme madame mademoiselle frau senora senorita signora aunt auntie grandma granny mother sister queen princess
dame lady madam oma
""")
DEGREES = words("phd md esq dds rn cpa mba msc bsc ma jd obe mbe")
GENERATIONS = words("jr sr junior senior i ii iii iv v vi vii viii ix x")
COMPANY_FORMS = words("""
inc incorporated corp corporation co company ltd limited llc llp plc gmbh ag se sa sas spa bv nv ab as oy kg kgaa pty
pte srl sarl kk lp
""")
COMPANY_WORDS = words("""
group holding holdings electronics motor motors international worldwide global technologies technology systems software
labs industries enterprises solutions services stores
""")
PLACE_FORMS = {
    "st": "saint",
    "mt": "mount",
    "ft": "fort",
    "ave": "avenue",
    "av": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "sq": "square",
    "ln": "lane",
    "hwy": "highway",
}
PLACE_NAMES = _other_names("""
new york: nyc, ny
united states: usa, us, america, united states of america
united kingdom: uk, great britain, britain
united arab emirates: uae
los angeles: la
san francisco: sf, frisco
washington: dc, washington dc
new orleans: nola
philadelphia: philly
las vegas: vegas
munich: munchen, muenchen
vienna: wien
rome: roma
florence: firenze
venice: venezia, venedig
milan: milano, mailand
naples: napoli, neapel
turin: torino
cologne: koln, koeln
nuremberg: nurnberg, nuernberg
lisbon: lisboa, lissabon
seville: sevilla
moscow: moskva, moskau
kyiv: kiev, kiew
warsaw: warszawa, warschau
prague: praha, prag
copenhagen: kobenhavn, kopenhagen
gothenburg: goteborg
geneva: geneve, genf
zurich: zuerich
brussels: bruxelles, brussel, bruessel
antwerp: antwerpen, anvers
athens: athina
istanbul: constantinople
mumbai: bombay
kolkata: calcutta
chennai: madras
bengaluru: bangalore
beijing: peking
myanmar: burma
netherlands: holland
germany: deutschland
spain: espana
italy: italia
switzerland: schweiz, suisse
austria: osterreich, oesterreich
czechia: czech republic
""")
