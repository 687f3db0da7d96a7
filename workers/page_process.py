"""The process that reads pages: `python -m workers.page_process FD ORDER`, one engine kept alive, one page at a time.

FD is the scan file, open; ORDER the settings as JSON. It ends when its owner closes its standard input, hence with its owner.
Nothing of the catalogue, the queue or the web is imported here: it starts once per core and document.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from pipeline.model import PageReading, ReadSettings
from workers.page_wire import Answer, Failed, Opened, failure_of, pack

_INHERITED = ("PATH", "TESSDATA_PREFIX")  # where the engine and its models are found


def order(settings: ReadSettings) -> str:
    """The ORDER for a process that reads with `settings`, and with the engine that its owner would find."""
    environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    return json.dumps({"settings": asdict(settings), "environment": environment})


def main(fd: int, ordered: str) -> None:
    """Answer requests until there are no more."""
    given = json.loads(ordered)
    os.environ.update(given["environment"])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints would garble the answers
    serve(Path(f"/proc/self/fd/{fd}"), ReadSettings(**given["settings"]), answers)


def serve(path: Path, settings: ReadSettings, answers: BinaryIO) -> None:
    """Open the engine and the scan, then answer every request on standard input."""
    import cv2  # here, so that `order` costs its callers nothing

    from pipeline.ocr import open_engines
    from pipeline.scan import open_scan
    from workers.page_reading import picture_only, read

    cv2.setNumThreads(1)
    try:
        engine = open_engines(settings)
        scan = open_scan(path)
    except Exception as error:  # noqa: BLE001 - the owner decides
        _say(answers, failure_of(error))
        return
    with scan:
        _say(answers, Opened(engine.version))
        for request in sys.stdin:
            verb, number = request.split()
            try:
                reading: PageReading | Failed
                reading = read(scan, int(number), engine, settings) if verb == "read" else picture_only(scan, int(number), settings)
            except Exception as error:  # noqa: BLE001 - one bad page never stops a document
                reading = failure_of(error)
            _say(answers, reading)


def _say(answers: BinaryIO, answer: Answer) -> None:
    answers.write(pack(answer))
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
