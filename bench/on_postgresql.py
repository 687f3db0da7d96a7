"""Run a bench of this folder on a real PostgreSQL, started for it: `python -m bench.on_postgresql bench.search [ARGUMENTS]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import servers


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-postgresql-") as folder, servers.postgresql(Path(folder)) as server:
        return subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=os.environ | server.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
