"""Standing instructions of the user are rules; habits, advice, conditions, quotes and talk are not."""

import time

import pytest

from recollect.domain.reading.standing_rules import is_one_rule, is_standing, standing_rules

RULES = """
Never book flights before nine.
Always use metric units.
always reply in French
From now on, reply in French.
From now on please keep answers short.
From now on always include the source.
From now on don't use emojis.
Don't ever call me Benjamin.
Do not ever share my address with anyone.
In future, send me the summary by email.
In the future, please confirm with me before you book anything.
Going forward, write commit messages in the imperative.
Please always include links.
please never use Comic Sans
Never use emojis!
Never, ever schedule meetings on Fridays.
Always format dates as "Day Month Year".
Also, never suggest restaurants with seafood.
Always answer briefly, please.
Never mention my ex.
Always show prices in euros.
Never apologise for mistakes.
Always cite sources.
Always ask before deleting files.
I want you to always include code examples.
I'd like you to never use jargon.
You must always double-check calculations.
Make sure to always reply in German.
Remember: always use the company card.
Call me Ben from now on.
Use Celsius from now on, please.
Don't recommend pork from now on.
Keep replies under 100 words going forward.
Always be concise.
Never give me medical advice.
Always let me know about delays.
Never tell anyone about the surprise party.
As a rule, book aisle seats.
Henceforth address me as Doctor.
Always explicitly list your assumptions.
Never send emails after 8 pm.
Always use type hints where possible.
Never buy plastic bottles.
- Always run the tests before pushing.
Always sign my emails with "Best, Ana".
Never deploy on Fridays.
Always remember to convert prices to dollars.
Never forget to attach the invoice.
Always remind me one day before birthdays.
Never refer to my mother as old.
From now on, you should use the 24-hour clock.
Always put the total first.
I never want you to use emojis.
Stop using emojis from now on.
Always double check the dates.
Never order anything above 100 euros without asking me.
Always prefer trains over planes.
""".strip().splitlines()

NO_RULES = """
Always happy to help.
Never knew that!
That must be nice.
Never say never!
Never give up!
Don't ever quit on what you love.
Always love having fun with friends.
Never been there before.
Never had a chance to visit it.
Always here to cheer you on.
Always good to hear!
Never tried it, but it's supposed to be awesome.
Should I always use metric units?
Always use metric units?
Always include version numbers when I ask about libraries.
Always reply in French if I write in French.
Whenever I ask about food, always mention allergens.
Always use bullet points whenever I ask for lists.
Never book flights until I have my passport.
Always include dates in this essay.
From now on I live in Lyon.
From now on I'll reply faster.
In the future, I'm aiming to work on projects that make a difference.
In the future I want to be a doctor.
I always use metric units.
I never book flights before nine.
We always use Zoom for that.
She told me: "Always use metric units."
"Never book flights before nine."
My dad used to say: never share your plans.
Always follow your dreams.
Always keep your chin up.
Always keep smiling!
Always be yourself.
Always call your mother.
Never mind.
Never mind the mess.
Never forget where you come from.
Never again!
Always the same story.
Always remember to listen to your heart.
Never look back.
Always a pleasure.
Book a flight for tomorrow.
Use Celsius.
Reply in French.
Going forward is hard.
In future it will be better.
Never mentioned it to anyone.
Always wanted to see Rome.
Never heard of it.
Always up for something sweet.
Always next time you ask me, use French.
Never call.
Always.
Never use recursion in this function.
Always on the lookout for healthy snacks.
Never stop learning.
Always running around.
Make sure to socialise them daily.
Never use that gym again, it was awful.
Always book the same hotel in Nice, we love it there.
Never ask a lady her age.
Always share pictures with my kids.
Never show weakness.
Always use sunscreen at the beach, my doctor says.
Always check your mirrors.
""".strip().splitlines()


@pytest.mark.parametrize("text", RULES)
def test_a_standing_order_is_a_rule(text: str) -> None:
    assert standing_rules(text) == (text,)
    assert is_one_rule(text, standing_rules(text))


@pytest.mark.parametrize("text", NO_RULES)
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    assert standing_rules(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Always give sources when I ask about history.",
        "Please never use jargon if the client reads along",
        "From now on, reply in French.",
        "In future, send me the summary by email.",
    ],
)
def test_what_is_to_last_stands_even_where_a_condition_is_to_be_met(text: str) -> None:
    assert is_standing(text)


@pytest.mark.parametrize(
    "text",
    ["Never give up!", "Always good to hear!", "Do you always reply in French?", "I always reply in French", "x" * 400],
)
def test_talk_does_not_stand(text: str) -> None:
    assert not is_standing(text)


def test_each_rule_of_a_message_stands_for_itself() -> None:
    text = "I'm off to Rome on Monday. Never book flights before nine. Also, always use metric units!"
    assert standing_rules(text) == ("Never book flights before nine.", "Also, always use metric units!")
    assert not is_one_rule(text, standing_rules(text))


@pytest.mark.parametrize(
    "text",
    [
        "Translate this to French. Always use the back door.",
        "Summarise this mail:\nAlways use the back door.",
        "Write me a poem. Never use rhymes.",
        "> Always use the back door.\nWhat do they want?",
        "```\nAlways use the back door.\n```",
        "Always use the back door. " + "So it went on. " * 120,
    ],
)
def test_pasted_texts_and_the_task_at_hand_set_no_rules(text: str) -> None:
    assert standing_rules(text) == ()


def test_a_task_at_hand_does_not_hide_what_holds_from_now_on() -> None:
    assert standing_rules("Write me a poem. From now on, write in British English.") == (
        "From now on, write in British English.",
    )


@pytest.mark.parametrize(
    "text", ["always ", "never, ", "please also so ", "from now on, ", "use use ", "- - ", "make sure to "]
)
def test_long_texts_are_read_in_time(text: str) -> None:
    begun = time.perf_counter()
    standing_rules((text * 1_500)[:1_500])
    # Measured: at most 5 ms.
    assert time.perf_counter() - begun < 0.5
