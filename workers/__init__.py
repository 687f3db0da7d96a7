"""How steps run: the steps themselves, the local process pool, Celery, and the reconciler.

`celery -A workers worker` finds the Celery application here, when it is asked for.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name in {"app", "celery"}:
        from workers.celery_app import app

        return app
    raise AttributeError(name)
