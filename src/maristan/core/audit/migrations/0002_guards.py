"""Triggers that refuse changes even to the owner in ordinary operation. Detection does not rest on them: the owner may
drop them, and `maristan audit verify` finds what was done then."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit journal is never changed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_line_kept BEFORE UPDATE OR DELETE ON audit_auditline
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_line_not_emptied BEFORE TRUNCATE ON audit_auditline
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_line_not_backdated BEFORE INSERT ON audit_auditline
  FOR EACH ROW WHEN (NEW.xid IS DISTINCT FROM pg_current_xact_id()) EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_block_kept BEFORE UPDATE OR DELETE ON audit_auditblock
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_block_not_emptied BEFORE TRUNCATE ON audit_auditblock
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER audit_line_kept ON audit_auditline;
DROP TRIGGER audit_line_not_emptied ON audit_auditline;
DROP TRIGGER audit_line_not_backdated ON audit_auditline;
DROP TRIGGER audit_block_kept ON audit_auditblock;
DROP TRIGGER audit_block_not_emptied ON audit_auditblock;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
