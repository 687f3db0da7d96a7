"""Bring the catalogue up for a process: Django, the folders, the tables.

A new, empty home is a new, empty archive: whoever comes first makes what is missing.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import connection
from django.db.utils import DatabaseError, OperationalError

from config import load_config
from pipeline.errors import DatabaseDown


def open_catalogue() -> None:
    """Make the catalogue usable in this process; raises DatabaseDown when its database does not answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    config = load_config()
    for folder in (config.home, config.inbox, config.work):
        folder.mkdir(parents=True, exist_ok=True)
    django.setup()
    try:
        if _behind():
            call_command("migrate", verbosity=0, interactive=False)
    except (OperationalError, DatabaseError) as error:
        raise DatabaseDown(type(error).__name__) from error


def _behind() -> bool:
    """Whether a migration of the catalogue has not been applied yet; one query where all is well."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    return bool(set(loader.graph.leaf_nodes("records")) - set(loader.applied_migrations))
