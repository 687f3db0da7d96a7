"""pdf.js, the reader inside Firefox, asked for the text of PDF files: `python tests/conformance/pdfjs.py` installs it.

The version is pinned by package-lock.json beside this module and goes into .tools. Node 20.16 or newer runs it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".tools" / "pdfjs"
INSTALLED = FOLDER / "node_modules" / "pdfjs-dist"
SCRIPT = Path(__file__).with_name("pdfjs.mjs")
OLDEST = (20, 16)
MISSING = 3


def missing() -> str | None:
    """What has to be installed first, if anything."""
    if shutil.which("node") is None:
        return "Node is missing: pdf.js needs nodejs 20.16 or newer, and npm"
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", found)[:2])) < OLDEST:
        return f"Node {found.strip()} is too old: pdf.js needs nodejs 20.16 or newer"
    if not INSTALLED.is_dir():
        return "pdf.js is missing: python tests/conformance/pdfjs.py"
    return None


def install() -> str | None:
    """Install the pinned version; tells why not where that cannot be done."""
    if INSTALLED.is_dir():
        return None
    if shutil.which("npm") is None:
        return "npm is missing: pdf.js needs nodejs 20.16 or newer, and npm"
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SCRIPT.with_name(name), FOLDER)
    flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(["npm", "ci", *flags], cwd=FOLDER, capture_output=True, text=True)
    return f"npm could not install pdf.js: {done.stderr.strip()}" if done.returncode else None


def texts(files: Sequence[Path]) -> list[list[str]]:
    """The text of every page of every file. CalledProcessError when pdf.js refuses a file."""
    done = subprocess.run(["node", str(SCRIPT), str(INSTALLED), *map(str, files)], capture_output=True, check=True)
    return [list(map(str, pages)) for pages in json.loads(done.stdout)]


if __name__ == "__main__":
    absent = install() or missing()
    if absent is not None:
        print(absent, file=sys.stderr)
        sys.exit(MISSING)
