"""Django's settings, all of them taken from the one configuration."""

from __future__ import annotations

from typing import Any

from config import Config, load_config


def database(config: Config) -> dict[str, Any]:
    """Django's DATABASES entry. SQLite: WAL, every commit on disk, writers wait for each other instead of failing."""
    section = config.database
    if section.kind == "sqlite":
        config.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(config.sqlite_file),
            "OPTIONS": {
                "timeout": 60,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": section.host,
        "PORT": section.port,
        "NAME": section.name,
        "USER": section.user,
        "PASSWORD": section.password.get_secret_value(),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"connect_timeout": 10},
    }


DATABASES = {"default": database(load_config())}
INSTALLED_APPS = ["records.apps.RecordsConfig"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
SECRET_KEY = "unused-until-the-web-page-signs-something"  # noqa: S105 - nothing is signed by the command line
LOGGING_CONFIG = None
