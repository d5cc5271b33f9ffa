"""Words for the people and animals around someone, and for what people do, speak and play."""

from recollect.domain.reading.word_lists import words

# What a relative is called -> the attribute that holds the name, and whether there is only one such person.
RELATIVES: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("wife", "husband", "spouse"), ("spouse", True)),
    **dict.fromkeys(
        ("girlfriend", "boyfriend", "partner", "fiancé", "fiancée", "fiance", "fiancee"), ("partner", True)
    ),
    **dict.fromkeys(("mother", "mom", "mum", "mama"), ("mother", True)),
    **dict.fromkeys(("father", "dad", "papa"), ("father", True)),
    **dict.fromkeys(("boss",), ("boss", True)),
    **dict.fromkeys(("manager", "supervisor"), ("manager", True)),
    **dict.fromkeys(("therapist",), ("therapist", True)),
    **dict.fromkeys(("doctor",), ("doctor", True)),
    **dict.fromkeys(("best friend",), ("best_friend", True)),
    **dict.fromkeys(("colleague", "coworker", "co-worker"), ("colleague", False)),
    **dict.fromkeys(("roommate", "flatmate"), ("roommate", False)),
    **dict.fromkeys(("neighbour", "neighbor"), ("neighbour", False)),
    **dict.fromkeys(("parents", "parent"), ("parent", False)),
    **dict.fromkeys(("kids", "children", "child", "kid"), ("child", False)),
    **dict.fromkeys(("sister", "sisters"), ("sister", False)),
    **dict.fromkeys(("brother", "brothers"), ("brother", False)),
    **dict.fromkeys(("son", "sons"), ("son", False)),
    **dict.fromkeys(("daughter", "daughters"), ("daughter", False)),
    **dict.fromkeys(("friend", "friends"), ("friend", False)),
    **{
        word: (word, False)
        for word in [
            "cousin",
            "uncle",
            "aunt",
            "nephew",
            "niece",
            "grandmother",
            "grandfather",
            "grandma",
            "grandpa",
            "granddaughter",
            "grandson",
            "twin",
            "ex",
            "stepmother",
            "stepfather",
            "stepson",
            "stepdaughter",
            "teacher",
            "student",
            "classmate",
        ]
    },
    **{
        word: (word.replace(" ", "_"), False)
        for word in ("mother-in-law", "father-in-law", "sister-in-law", "brother-in-law")
    },
}
PETS = words("""
dog cat puppy kitten horse pony rabbit bunny hamster parrot turtle tortoise goldfish fish snake lizard gecko
ferret bird budgie canary chicken duck goat pig cow donkey rat mouse retriever labrador poodle beagle dachshund
bulldog shepherd terrier pug husky corgi collie spaniel chihuahua
""")
JOBS = words("""
accountant actor actress administrator advisor agent analyst architect artist assistant astronaut athlete attorney
author baker banker barber barista bartender biologist bookkeeper botanist bricklayer bus_driver butcher carpenter
cashier ceo cfo chef chemist cleaner clerk coach composer consultant contractor cook coo counselor counsellor cto
curator dancer dentist designer detective developer dietitian director doctor dj driver economist editor
electrician engineer entrepreneur farmer filmmaker firefighter fisherman founder freelancer gardener geologist
guard hairdresser historian instructor interpreter intern investor janitor journalist judge lawyer lecturer
librarian lifeguard magician manager mathematician mechanic midwife miner model musician nanny neurologist
novelist nurse nutritionist officer optician painter paramedic pediatrician pharmacist philosopher photographer
physician physicist physiotherapist pianist pilot plumber poet policeman politician postman potter president
priest principal producer professor programmer psychiatrist psychologist psychotherapist publisher realtor
receptionist recruiter reporter researcher sailor salesman salesperson scientist sculptor secretary singer
social_worker soldier statistician student stylist surgeon surveyor tailor teacher technician therapist trader
trainer translator tutor vet veterinarian waiter waitress welder worker writer zoologist lead
""")
NOT_JOBS = words("""
beginner lover believer father mother brother sister winner loser member teenager person woman man girl boy fan
stranger foreigner swimmer runner reader smoker drinker sleeper hater survivor follower optimist pessimist
perfectionist minimalist realist feminist tourist eater riser learner newcomer user customer subscriber
""")
SECTORS = words("""
marketing finance it sales hr education healthcare advertising banking consulting logistics law media retail
construction engineering hospitality insurance journalism manufacturing politics publishing research tech
telecommunications television tourism
""")
LANGUAGES = words("""
afrikaans albanian amharic arabic armenian basque bengali bosnian bulgarian burmese cantonese catalan chinese
croatian czech danish dutch english esperanto estonian farsi finnish flemish french galician georgian german greek
gujarati hebrew hindi hungarian icelandic indonesian irish italian japanese korean latin latvian lithuanian malay
mandarin marathi nepali norwegian pashto persian polish portuguese punjabi romanian russian serbian slovak
slovenian somali spanish swahili swedish tagalog tamil telugu thai turkish ukrainian urdu vietnamese welsh yoruba
zulu
""")
NATIONALITIES = LANGUAGES | words("""
american argentinian australian austrian belgian brazilian british canadian chilean colombian cuban egyptian
ethiopian european filipino ghanaian indian iranian iraqi israeli jamaican jordanian kenyan lebanese mexican
moroccan nigerian pakistani palestinian peruvian scottish swiss syrian taiwanese tunisian venezuelan
""")
PLAYED = words("""
guitar piano violin cello drums bass flute clarinet saxophone trumpet harp ukulele banjo keyboard accordion viola
trombone organ oboe harmonica tennis football soccer basketball baseball volleyball badminton golf hockey rugby
cricket squash handball chess poker bridge darts snooker table_tennis ping-pong padel lacrosse softball videogames
video_games board_games minecraft fortnite dungeons
""")
PRACTISED = words("""
yoga pilates karate judo aikido taekwondo boxing kickboxing meditation ballet crossfit gymnastics parkour
calligraphy pottery archery fencing martial_arts jiu-jitsu capoeira qigong tai_chi mindfulness photography
""")
DIETS = [
    "vegan",
    "vegetarian",
    "pescatarian",
    "pescetarian",
    "flexitarian",
    "omnivore",
    "omnivorous",
    "plant-based",
    "gluten-free",
    "keto",
    "paleo",
    "carnivore",
    "halal",
    "kosher",
    "low-carb",
    "raw-vegan",
    "fruitarian",
]
CONDITIONS = words(
    """diabetes asthma epilepsy arthritis migraine migraines depression anxiety adhd autism
    hypertension hypothyroidism
    eczema psoriasis insomnia dyslexia endometriosis lupus scoliosis tinnitus anemia celiac ibs ptsd ocd cancer
    claustrophobia vertigo glaucoma osteoporosis hemophilia fibromyalgia"""
)
FOODS = words(
    """dairy milk cheese gluten wheat nuts peanuts shellfish seafood fish eggs
    soy sugar caffeine alcohol lactose meat pork
    beef chicken bread garlic onions mushrooms tomatoes chocolate coffee salt"""
)
ACTIVITIES = words(
    """climbing running hiking swimming fishing skiing surfing cycling
    jogging kayaking camping dancing sailing bouldering
    riding diving snowboarding skating rowing birdwatching foraging bowling paragliding hunting biking snorkeling
    skateboarding canoeing"""
)
