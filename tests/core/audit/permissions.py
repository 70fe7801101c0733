"""Who may open the access register."""

from datetime import UTC, datetime

from tests.core.audit.factories import AuditLineFactory
from tests.permission_table import Row, World

ROWS = [
    Row("audit:journal", roles={"dpo": 200}),
    Row(
        "audit:line",
        roles={"dpo": 200},
        kwargs=lambda world: {"line_id": world.line_here.pk},
        elsewhere=404,
        elsewhere_kwargs=lambda world: {"line_id": world.line_elsewhere.pk},
    ),
    Row("audit:export", roles={"dpo": 200}, kwargs=lambda world: {"form": "csv"}),
]


def build(world: World) -> None:
    """A line of an establishment of the officer's territory, and one of another territory's."""
    now = datetime.now(UTC)
    world.line_here = AuditLineFactory(at=now, establishment_id=world.establishment.pk)
    world.line_elsewhere = AuditLineFactory(at=now, establishment_id=world.stranger.pk)
