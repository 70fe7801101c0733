"""The demo's gateway: nothing leaves, everything is kept for the page that shows it."""

from maristan.core.messaging.models import Message


class DrawerGateway:
    name = "drawer"
    is_idempotent = True

    def send(self, message: Message) -> str:
        return str(message.pk)
