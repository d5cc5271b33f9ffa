"""The channel that tests of group chats talk in, and what is said there."""

HERE = "channel-7"
BUDGET = "The budget of the party is 400 euros"
