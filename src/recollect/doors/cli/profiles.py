"""``recollect profile``: what is known of a user as a whole."""

from typing import Annotated

import typer

from recollect.domain.user_profile import UserProfile
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Metadata, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import print_json

app = typer.Typer(help="What is known of a user as a whole, set by hand.", no_args_is_help=True)

MERGED = "its keys are set, those that are null are removed."


@app.command()
@shared_options
def show(call: Call) -> None:
    """Show the user's profile."""
    with call.memory() as memory:
        found = memory.profiles.get(user_id=call.user_id)
    _answer(call, found)


@app.command(epilog=examples('recollect profile update --preferences \'{"units": "metric"}\''))
@shared_options
def update(
    call: Call,
    *,
    preferences: Annotated[str | None, typer.Option(metavar="JSON", help=f"An object: {MERGED}")] = None,
    expertise: Annotated[str | None, typer.Option(metavar="JSON", help=f"By area: {MERGED}")] = None,
    style: Annotated[str | None, typer.Option(metavar="JSON", help=f"Of communication, by trait: {MERGED}")] = None,
    metadata: Metadata = None,
    expected_version: Annotated[int | None, typer.Option(help="Refuse if it is at another version.")] = None,
) -> None:
    """Change the user's profile."""
    with call.memory() as memory:
        changed = memory.profiles.update(
            user_id=call.user_id,
            preferences=json_object(preferences, "--preferences"),
            expertise=json_object(expertise, "--expertise"),
            communication_style=json_object(style, "--style"),
            metadata=json_object(metadata, "--metadata"),
            expected_version=expected_version,
        )
    _answer(call, changed)


def _answer(call: Call, profile: UserProfile) -> None:
    if call.as_json:
        print_json(profile)
        return
    print_rows(
        [
            ("user", profile.user_id),
            ("version", profile.version),
            ("preferences", profile.preferences),
            ("expertise", profile.expertise),
            ("style", profile.communication_style),
            ("metadata", profile.extra),
            ("changed", profile.updated_at if profile.version else None),
        ]
    )
