"""SQLite makes a table anew to alter it, and with the old one go its triggers: the one that keeps the search index true comes back."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS searchpage_gone")
        schema_editor.execute(
            "CREATE TRIGGER searchpage_gone AFTER DELETE ON records_page BEGIN "
            "DELETE FROM records_searchpage WHERE page_id = OLD.id; END"
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0003_splitting")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
