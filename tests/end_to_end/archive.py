"""An archive as an operator has one: its own home, driven through the `sohoa` command alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOHOA = Path(sys.executable).with_name("sohoa")


@dataclass(frozen=True)
class Archive:
    """A home and what its configuration says in the environment."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SOHOA_") and key != "DJANGO_SETTINGS_MODULE"}
        quick = {"SOHOA_WATCH__SETTLE_SECONDS": "0.5", "SOHOA_WATCH__INCOMPLETE_SECONDS": "3", "SOHOA_LOG__LEVEL": "warning"}
        return {**clean, **quick, "SOHOA_HOME": str(self.home), **self.settings}

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def run(self, *arguments: str, seconds: float = 170) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(SOHOA), *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def load(self, day: Path) -> None:
        registers = {"--offices": "offices.csv", "--procedures": "procedures.json", "--dossiers": "dossiers.csv"}
        done = self.run("load", *(part for option, name in registers.items() for part in (option, str(day / "registers" / name))))
        assert done.returncode == 0, done.stdout + done.stderr

    def drop(self, day: Path) -> None:
        shutil.copytree(day / "inbox", self.inbox, dirs_exist_ok=True)

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json("status", "--pages", "--json")
        return found

    def dossiers(self, status: dict[str, Any]) -> list[dict[str, Any]]:
        """Every dossier that has a page."""
        numbers = sorted({page["dossier"] for scan in status["scans"] for page in scan["pages"] if page["dossier"]})
        return [self.json("dossier", number, "--json") for number in numbers]
