"""Versions never change, not even by their owner's slip; and what the planner must know.

Codes belong to their system and type, and a person's facts are spread very unevenly.

Without it a rare code under a common type is estimated a hundred times too high, and the plan flips to a scan.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fhir", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION fhir_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'versions of the record are never changed' USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER fhir_version_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON fhir_resourceversion
                FOR EACH STATEMENT EXECUTE FUNCTION fhir_refuse_change();
            """,
            """
            DROP TRIGGER fhir_version_never_changes ON fhir_resourceversion;
            DROP FUNCTION fhir_refuse_change();
            """,
        ),
        migrations.RunSQL(
            """
            CREATE STATISTICS fhir_resource_codes (dependencies, ndistinct, mcv) ON type, code_system, code FROM fhir_resource;
            CREATE STATISTICS fhir_resource_people (ndistinct) ON person_id, type, code FROM fhir_resource;
            ALTER TABLE fhir_resource ALTER COLUMN code SET STATISTICS 1000, ALTER COLUMN person_id SET STATISTICS 500;
            ALTER TABLE fhir_resource SET (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
            ALTER TABLE fhir_resourceversion SET (autovacuum_vacuum_insert_scale_factor = 0.05);
            ALTER TABLE fhir_resourceversion ALTER COLUMN body SET COMPRESSION lz4;
            """,
            """
            DROP STATISTICS fhir_resource_codes;
            DROP STATISTICS fhir_resource_people;
            """,
        ),
    ]
