"""What the search stands on (docs/adr/0003-person-search.md) and the numbers given at registration."""

from django.db import migrations

FORWARD = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX person_search ON patients_person
    USING gin ((' ' || search_words || ' ') gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX name_word_neighbours ON patients_nameword USING gin (word gin_trgm_ops);
CREATE SEQUENCE patients_number START 1000001;
"""
BACKWARD = """
DROP SEQUENCE patients_number;
DROP INDEX name_word_neighbours;
DROP INDEX person_search;
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
