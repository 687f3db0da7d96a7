"""The search index: one row a page of a dossier, and the full text of both forms beside it.

SQLite: two contentless FTS5 tables that hold nothing but the index; `words` keeps what was indexed, which removing it needs.
PostgreSQL: two tsvectors under one GIN index, kept out of line so that counting reads narrow rows.
An index entry never outlives its page: triggers see to it.
"""

from django.db import migrations

SQLITE = [
    """CREATE TABLE records_searchpage (
        id integer NOT NULL PRIMARY KEY, page_id bigint NOT NULL, document_id varchar(32) NOT NULL, number integer NOT NULL,
        fields text NOT NULL, words blob NOT NULL)""",
    "CREATE INDEX searchpage_page ON records_searchpage (page_id)",
    "CREATE INDEX searchpage_document ON records_searchpage (document_id)",
    """CREATE VIRTUAL TABLE records_searchpage_exact USING fts5(body, fields, content='', tokenize="ascii tokenchars '_'")""",
    """CREATE VIRTUAL TABLE records_searchpage_folded USING fts5(body, fields, content='', tokenize="ascii tokenchars '_'")""",
    """CREATE TRIGGER searchpage_gone AFTER DELETE ON records_page BEGIN
        DELETE FROM records_searchpage WHERE page_id = OLD.id; END""",
    """CREATE TRIGGER searchpage_empty AFTER DELETE ON records_searchpage
        WHEN NOT EXISTS (SELECT 1 FROM records_searchpage) BEGIN
        INSERT INTO records_searchpage_exact (records_searchpage_exact) VALUES ('delete-all');
        INSERT INTO records_searchpage_folded (records_searchpage_folded) VALUES ('delete-all'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER searchpage_gone",
    "DROP TABLE records_searchpage",
    "DROP TABLE records_searchpage_exact",
    "DROP TABLE records_searchpage_folded",
]

POSTGRESQL = [
    """CREATE TABLE records_searchpage (
        id bigint NOT NULL PRIMARY KEY, page_id bigint NOT NULL, document_id varchar(32) NOT NULL, number integer NOT NULL,
        fields text NOT NULL, exact tsvector NOT NULL, folded tsvector NOT NULL) WITH (toast_tuple_target = 128)""",
    "ALTER TABLE records_searchpage ALTER exact SET STORAGE EXTERNAL, ALTER folded SET STORAGE EXTERNAL",
    "CREATE INDEX searchpage_page ON records_searchpage (page_id)",
    "CREATE INDEX searchpage_document ON records_searchpage (document_id)",
    "CREATE INDEX searchpage_words ON records_searchpage USING gin (exact, folded) WITH (gin_pending_list_limit = 512)",
    """CREATE FUNCTION searchpage_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'TRUNCATE' THEN TRUNCATE records_searchpage;
        ELSE DELETE FROM records_searchpage WHERE page_id = OLD.id; END IF;
        RETURN NULL; END $$""",
    "CREATE TRIGGER searchpage_gone AFTER DELETE ON records_page FOR EACH ROW EXECUTE FUNCTION searchpage_gone()",
    "CREATE TRIGGER searchpage_all_gone AFTER TRUNCATE ON records_page FOR EACH STATEMENT EXECUTE FUNCTION searchpage_gone()",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER searchpage_gone ON records_page",
    "DROP TRIGGER searchpage_all_gone ON records_page",
    "DROP FUNCTION searchpage_gone",
    "DROP TABLE records_searchpage",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
