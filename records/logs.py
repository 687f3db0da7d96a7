"""Logs: one line a step on stderr, key and value; ids only, never names, texts or codes of papers."""

from __future__ import annotations

import logging
import sys

import structlog

from config import Config


def set_up_log(config: Config) -> None:
    """Send the process's log to stderr at the configured level."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.log.level.upper())
    for noisy in ("watchdog", "pypdf", "PIL", "urllib3", "celery", "kombu"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
