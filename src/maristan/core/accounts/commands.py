"""`maristan accounts`: the first people of an installation, opened by whoever runs its machine."""

import click
from django.core.exceptions import ValidationError

from maristan.core.accounts import services
from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division, Establishment, Service


@click.group(name="accounts")
def command() -> None:
    """Accounts opened from this machine: the first administrator, then anyone."""


@command.command(name="create-admin")
@click.argument("username")
@click.option("--wilaya", required=True, help="Code of the wilaya (or region) that this person administers: 25.")
@click.option("--family-name", required=True)
@click.option("--given-name", default="")
def create_admin(username: str, wilaya: str, family_name: str, given_name: str) -> None:
    """Open the account of an administrator, who then opens all others from the pages."""
    place = Division.objects.filter(level="wilaya", code=wilaya, valid_until=None).first()
    if place is None:
        raise click.UsageError(f"No wilaya has the code {wilaya}: load the territory first (maristan territory load).")
    facts = {"username": username, "last_name": family_name, "first_name": given_name}
    _open(Role.objects.get(code="admin"), place, reason="Installation", facts=facts)


@command.command()
@click.argument("username")
@click.option("--role", required=True, help="Code of a role: nurse, physician, director…")
@click.option("--place", required=True, help="Wilaya code, establishment code, or establishment:service code.")
@click.option("--family-name", required=True)
@click.option("--given-name", default="")
@click.option("--reason", required=True, help="Why this post is given; read by the person and by audits.")
def create(username: str, role: str, place: str, family_name: str, given_name: str, reason: str) -> None:
    """Open an account with its first post."""
    found = Role.objects.filter(code=role).first()
    if found is None:
        codes = ", ".join(Role.objects.values_list("code", flat=True))
        raise click.UsageError(f"No role has the code {role}. There are: {codes}.")
    kind = AccountKind.CITIZEN if role == "citizen" else AccountKind.STAFF
    facts = {"username": username, "last_name": family_name, "first_name": given_name, "kind": kind}
    _open(found, _find_place(place), reason=reason, facts=facts)


@command.command(name="list")
def list_() -> None:
    """Who holds a post now: user name, role, place."""
    for post in Post.objects.running().with_places().order_by("user__username", "pk"):
        click.echo(f"{post.user.username}\t{post.role.code}\t{post.place_words}")


@command.command(name="new-password")
@click.argument("username")
def new_password(username: str) -> None:
    """Give a new first password to someone who cannot ask an administrator."""
    user = User.objects.filter(username=username.lower()).first()
    if user is None:
        raise click.UsageError(f"No account is called {username}.")
    click.echo(f"First password of {user.username}: {services.give_new_password(user, by=None)}")


def _open(role: Role, place: Division | Establishment | Service, *, reason: str, facts: dict) -> None:
    try:
        user, password = services.create_account(by=None, role=role, place=place, reason=reason, **facts)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"{user.username} is {role.code} in {place}.")
    click.echo(f"First password, to be changed at the first sign-in: {password}")


def _find_place(text: str) -> Division | Establishment | Service:
    house, _, service = text.partition(":")
    if service:
        found = Service.objects.filter(establishment__code=house, code=service).first()
    else:
        found = Establishment.objects.filter(code=house).first()
        found = found or Division.objects.filter(level="wilaya", code=house, valid_until=None).first()
    if found is None:
        raise click.UsageError(f"No place has the code {text}.")
    return found
