"""Migrations run as the owner; the service is then granted what it needs and no more."""

from django.apps import apps
from django.core.management import call_command
from django.db import connections

OTHERS = ("procrastinate_",)


def migrate(verbosity: int = 0) -> None:
    """Bring the schema up to date as `maristan_owner` and grant the service its rights."""
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    grant_service()


def grant_service(role: str = "maristan_service") -> None:
    """Rights of the service: rows of every table, but only SELECT and INSERT where a model is `append_only`."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for model in apps.get_models(include_auto_created=True):
            if getattr(model, "append_only", False):
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{model._meta.db_table}" FROM {role}')
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
