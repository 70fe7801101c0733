"""What a column constraint cannot say: nobody manages himself through others, and parts stay within their whole."""

from django.db import migrations

NO_CIRCLE = """
CREATE FUNCTION territory_managed_without_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('territory_establishment.parent'));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT e.parent_id FROM territory_establishment e JOIN above ON e.id = above.id
        )
        SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'an establishment cannot be managed by one that it manages'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'establishment_managed_without_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER establishment_managed_without_circle
    AFTER INSERT OR UPDATE OF parent_id ON territory_establishment
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION territory_managed_without_circle();
"""

WHOLE_AND_PART = """
ALTER TABLE territory_site ADD CONSTRAINT site_of_establishment UNIQUE (id, establishment_id);
ALTER TABLE territory_service ADD CONSTRAINT service_of_establishment UNIQUE (id, establishment_id);
ALTER TABLE territory_unit ADD CONSTRAINT unit_of_service UNIQUE (id, service_id);
ALTER TABLE territory_service ADD CONSTRAINT service_on_a_site_of_its_establishment
    FOREIGN KEY (site_id, establishment_id) REFERENCES territory_site (id, establishment_id);
ALTER TABLE territory_room ADD CONSTRAINT room_in_a_unit_of_its_service
    FOREIGN KEY (unit_id, service_id) REFERENCES territory_unit (id, service_id);
ALTER TABLE territory_openinghours ADD CONSTRAINT hours_of_a_service_of_the_establishment
    FOREIGN KEY (service_id, establishment_id) REFERENCES territory_service (id, establishment_id);
"""

UNDO = """
DROP TRIGGER establishment_managed_without_circle ON territory_establishment;
DROP FUNCTION territory_managed_without_circle();
ALTER TABLE territory_openinghours DROP CONSTRAINT hours_of_a_service_of_the_establishment;
ALTER TABLE territory_room DROP CONSTRAINT room_in_a_unit_of_its_service;
ALTER TABLE territory_service DROP CONSTRAINT service_on_a_site_of_its_establishment;
ALTER TABLE territory_unit DROP CONSTRAINT unit_of_service;
ALTER TABLE territory_service DROP CONSTRAINT service_of_establishment;
ALTER TABLE territory_site DROP CONSTRAINT site_of_establishment;
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [migrations.RunSQL(NO_CIRCLE + WHOLE_AND_PART, UNDO)]
