"""The database itself refuses to change or remove what the audit holds."""

from django.db import migrations

TABLES = ("records_auditevent", "records_auditseal")


def sqlite(table: str) -> list[str]:
    """One trigger for each deed that is refused."""
    return [f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the audit is insert-only'); END"
            for deed in ("UPDATE", "DELETE")]


def postgresql(table: str) -> list[str]:
    """As above; TRUNCATE is refused too."""
    return [
        "CREATE OR REPLACE FUNCTION twohats_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is insert-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION twohats_insert_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION twohats_insert_only()",
    ]


def put_on(apps, editor) -> None:
    """Puts the triggers on, in the words of the engine."""
    form = {"sqlite": sqlite, "postgresql": postgresql}[editor.connection.vendor]
    for table in TABLES:
        for statement in form(table):
            editor.execute(statement)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = (("records", "0001_the_records"),)
    operations = (migrations.RunPython(put_on, elidable=False),)
