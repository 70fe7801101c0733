"""The table of rate counters and spent codes (Django's database cache): shared by all processes, no other server."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE accounts_rate_counter (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX accounts_rate_counter_expires ON accounts_rate_counter (expires);
            """,
            "DROP TABLE accounts_rate_counter",
        )
    ]
