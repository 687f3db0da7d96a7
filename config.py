"""The one configuration: `config.yaml`, overridden by `SOHOA_*` environment variables; typed, closed, read once.

Nested keys are named in the environment with two underscores: `SOHOA_STORE__S3__SECRET_KEY`. `SOHOA_CONFIG` names another file,
`SOHOA_HOME` the folder under which everything is written. An unknown key is an error. Secrets print as stars.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError, YamlConfigSettingsSource
from yaml import YAMLError

from pipeline.model import ReadSettings


class BadConfiguration(Exception):
    """The configuration cannot be used; the message says which key and why."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WatchSection(Section):
    inbox: Path | None = None
    settle_seconds: float = Field(5.0, ge=0.1)
    incomplete_seconds: float = Field(20.0, ge=0.1)
    rescan_seconds: float = Field(5.0, gt=0)
    polling: Literal["auto", "always", "never"] = "auto"


class ReadSection(Section):
    engine: Literal["tesserocr", "pytesseract"] = "tesserocr"
    language: str = "vie"
    second_language: str = "Vietnamese"
    ocr_dpi: int = Field(200, ge=100, le=400)
    access_dpi: int = Field(200, ge=100, le=600)
    jpeg_quality: int = Field(70, ge=20, le=95)
    page_seconds: int = Field(60, ge=5)
    reread: bool = False

    def settings(self) -> ReadSettings:
        return ReadSettings(**self.model_dump())


class S3Section(Section):
    endpoint: str = ""
    bucket: str = "sohoa"
    access_key: str = ""
    secret_key: SecretStr = SecretStr("")
    secure: bool = True
    region: str = "us-east-1"


class StoreSection(Section):
    kind: Literal["folder", "s3"] = "folder"
    folder: Path | None = None
    s3: S3Section = S3Section()


class DatabaseSection(Section):
    kind: Literal["sqlite", "postgresql"] = "sqlite"
    file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 5432
    name: str = "sohoa"
    user: str = "sohoa"
    password: SecretStr = SecretStr("")


class QueueSection(Section):
    kind: Literal["local", "celery"] = "local"
    broker: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    processes: int = Field(0, ge=0)
    pages_in_flight: int = Field(4, ge=1)
    lease_seconds: int = Field(180, ge=10)
    attempts: int = Field(3, ge=1)


class LogSection(Section):
    level: Literal["debug", "info", "warning", "error"] = "warning"


class Config(BaseSettings):
    """Every setting of the product."""

    model_config = SettingsConfigDict(env_prefix="SOHOA_", env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Path("var")
    watch: WatchSection = WatchSection()
    read: ReadSection = ReadSection()
    store: StoreSection = StoreSection()
    database: DatabaseSection = DatabaseSection()
    queue: QueueSection = QueueSection()
    log: LogSection = LogSection()

    @property
    def inbox(self) -> Path:
        return (self.watch.inbox or self.home / "inbox").absolute()

    @property
    def work(self) -> Path:
        """Folder for what is only needed on the way."""
        return (self.home / "work").absolute()

    @property
    def store_folder(self) -> Path:
        return (self.store.folder or self.home / "store").absolute()

    @property
    def sqlite_file(self) -> Path:
        return (self.database.file or self.home / "sohoa.sqlite3").absolute()

    @property
    def processes(self) -> int:
        """Worker processes of the local pool: as configured, else one a core."""
        return self.queue.processes or len(os.sched_getaffinity(0))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = os.environ.get("SOHOA_CONFIG") or "config.yaml"
        return env_settings, YamlConfigSettingsSource(settings_cls, yaml_file=file)


@lru_cache(maxsize=1)
def load_config() -> Config:
    """Read the configuration; raises BadConfiguration with a sentence for each wrong key."""
    named = os.environ.get("SOHOA_CONFIG")
    file = named or "config.yaml"
    if named and not Path(named).is_file():
        raise BadConfiguration(f"Không có tệp cấu hình {named} (no such configuration file)")
    try:
        return Config()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)]
        raise BadConfiguration("Cấu hình sai (bad configuration):\n  " + "\n  ".join(lines)) from None
    except YAMLError as error:
        where = f", dòng (line) {mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) is not None else ""
        raise BadConfiguration(f"{file} không phải là YAML đúng (not valid YAML){where}") from None
    except UnicodeError:
        raise BadConfiguration(f"{file} không phải là văn bản UTF-8 (not UTF-8 text)") from None
    except (AttributeError, TypeError, ValueError) as error:
        what = str(error) if isinstance(error, SettingsError) else "phải gồm các mục «tên: giá trị» (has to consist of sections)"
        raise BadConfiguration(f"Không đọc được cấu hình (cannot read the configuration) {file}: {what}") from None
    except OSError as error:
        raise BadConfiguration(f"Không đọc được cấu hình (cannot read the configuration) {file}: {error.strerror}") from None
