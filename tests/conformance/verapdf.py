"""Validate PDF files with veraPDF, the reference validator of PDF/A: `python tests/conformance/verapdf.py FILE...`

Exit status: 0 all files are PDF/A-2b, 1 some are not (the broken rules are printed), 3 Java or veraPDF is missing.
It fetches nothing itself: see pom.xml beside it for the one command that does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JARS = ROOT / ".tools" / "verapdf"
FETCH = (
    f'mvn -q -B -f {Path(__file__).parent.relative_to(ROOT)}/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/.tools/verapdf"'
)
MISSING = 3


def missing() -> str | None:
    """What has to be installed first, if anything."""
    if shutil.which("java") is None:
        return "Java is missing: apt-get install default-jre-headless maven"
    if not any(JARS.glob("greenfield-apps-*.jar")):
        return f"veraPDF is missing: {FETCH}"
    return None


def told(files: Sequence[str]) -> str:
    """What veraPDF says: a PASS or FAIL line per file, broken rules after it."""
    command = ["java", "-Xmx512m", "-cp", f"{JARS}/*", "org.verapdf.apps.GreenfieldCliWrapper"]
    flags = ["--flavour", "2b", "--format", "text", "--verbose", "--nonpdfext"]
    done = subprocess.run([*command, *flags, *files], capture_output=True, text=True)
    print(done.stderr, end="", file=sys.stderr)
    return done.stdout


def verdicts(files: Sequence[str], said: str) -> list[bool]:
    """Whether each file is PDF/A-2b by what was said of it; a file of which nothing was said is not."""
    passed = set(re.findall(r"^PASS (.+) 2b$", said, re.MULTILINE))
    return [str(Path(file).resolve()) in passed for file in files]


def validate(files: Sequence[str]) -> int:
    """Print what veraPDF says; 0 when all files are PDF/A-2b."""
    said = told(files)
    print(said, end="")
    return 0 if all(verdicts(files, said)) else 1


if __name__ == "__main__":
    absent = missing()
    if absent is not None:
        print(absent, file=sys.stderr)
        sys.exit(MISSING)
    sys.exit(validate(sys.argv[1:]))
