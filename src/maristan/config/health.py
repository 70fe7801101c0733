"""Whether the service can do its work: used by the start, by monitoring, and by `maristan check`."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from maristan.core.ui.rules import public

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@public
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers. Shows nothing about any person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def unsafe_settings() -> list[str]:
    """Settings of the database under which an acknowledged entry could be lost; empty when it is safe."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)])
        return sorted(f"{name} = {setting}" for name, setting in cursor.fetchall() if setting == "off")


def excessive_rights() -> list[str]:
    """What the service role owns or may do that it should not; empty when the roles are as promised."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r','p')")
        owned = [f"owns {name}" for (name,) in cursor.fetchall()]
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return owned + (["is a superuser"] if cursor.fetchone()[0] else [])
