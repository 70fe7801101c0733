from django.db import migrations


class Migration(migrations.Migration):
    """A verdict names whose access it judges, so that a check can refuse a judge who is the same person."""

    dependencies = [("access", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE access_verdict ADD CONSTRAINT verdict_of_who_opened
            FOREIGN KEY (break_glass_id, opened_by_id) REFERENCES access_breakglass (id, user_id)
            """,
            "ALTER TABLE access_verdict DROP CONSTRAINT verdict_of_who_opened",
        ),
    ]
