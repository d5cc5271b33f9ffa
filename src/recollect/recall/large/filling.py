"""Filling: brings the search rows of users who become large up to date before they are needed, while nobody waits.

What is done of a filling stays: each page is kept by itself, and whoever begins again goes on from there.
"""

from recollect.recall.user_tasks import UserTasks


class Filler(UserTasks):
    """The one who fills."""

    def __init__(self) -> None:
        super().__init__("the search rows of a user who becomes large were not filled")
