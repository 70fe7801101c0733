"""Who may open the pages of messaging."""

import uuid

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.messaging.models import ContactRule, Message
from maristan.core.ui import clock
from tests.permission_table import Row

WATCHERS = {"admin": 200, "directorate": 200}
PROTECTORS = ("nurse", "midwife", "physician", "reception", "callagent", "dpo")
PATIENT = uuid.UUID("6f1f5a0a-1111-4222-8333-944445555666")


def build(world) -> None:
    world.message = Message.objects.create(
        kind="messaging.test",
        fact="permissions",
        channel="sms",
        address="+213550000001",
        language="fr",
        body="b",
        state="failed",
    )
    world.notice = Message.objects.create(
        kind="k",
        fact="permissions",
        channel="in_app",
        recipient=world.users["nurse"],
        language="fr",
        body="b",
        state="delivered",
        sent_at=clock.now(),
    )
    world.rule = ContactRule.objects.create(patient_id=PATIENT, reason="violence", made_by=world.users["physician"])


ROWS = [
    Row("messaging:notices", roles=dict.fromkeys(DEFAULT_ROLES, 200)),
    Row("messaging:read_notices", roles=dict.fromkeys(DEFAULT_ROLES, 302), method="post"),
    Row(
        "messaging:open_notice",
        roles={"nurse": 302},
        others=404,
        method="post",
        kwargs=lambda world: {"pk": world.notice.pk},
    ),
    Row("messaging:journal", roles=WATCHERS),
    Row("messaging:kinds", roles=WATCHERS),
    Row("messaging:drawer", roles=dict.fromkeys(WATCHERS, 404)),
    Row("messaging:send_again", roles={"admin": 302}, method="post", kwargs=lambda world: {"pk": world.message.pk}),
    Row(
        "messaging:contacts",
        roles=dict.fromkeys(PROTECTORS, 200),
        kwargs=lambda world: {"patient_id": PATIENT},
        absent=200,
    ),
    Row(
        "messaging:allow",
        roles=dict.fromkeys(PROTECTORS, 302) | {"dpo": 302},
        method="post",
        kwargs=lambda world: {"pk": world.rule.pk},
    ),
    Row("messaging:inbound", others=403, anonymous=403, method="post"),
]
