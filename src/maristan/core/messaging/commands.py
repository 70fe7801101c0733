"""`maristan messaging`: prove the gateways, look at the outbox."""

import sys

import click
from django.conf import settings

from maristan.core.messaging import queries, services
from maristan.core.messaging.services.gateways import gateways_at_hand
from maristan.core.ui import clock


@click.group(name="messaging")
def command() -> None:
    """E-mail and SMS: prove that the gateways work, count what waits."""


@command.command()
@click.argument("channel", type=click.Choice(["email", "sms"]))
@click.argument("address")
@click.option("--language", default=settings.LANGUAGE_CODE, show_default=True)
def test(channel: str, address: str, language: str) -> None:
    """Send one test message to ADDRESS now and say what the gateway answered. Exit code 1 when it did not take it."""
    gateways = gateways_at_hand()
    if channel not in gateways:
        raise click.UsageError("No gateway for this channel: set SMTP_URL or SMS_GATEWAY_URL (docs/operate).")
    message = services.queue_message(
        "messaging.test", channel, address, fact=f"test {clock.now().isoformat()}", values={}, language=language
    )
    services.deliver_due({channel: gateways[channel]})
    message.refresh_from_db()
    click.echo(f"{message.get_state_display()} {message.get_held_because_display()} {message.last_error}".strip())
    sys.exit(0 if message.state in ("sent", "delivered") else 1)


@command.command()
def status() -> None:
    """How many messages stand in each state."""
    for state, count in queries.count_by_state().items():
        click.echo(f"{state:10} {count}")
