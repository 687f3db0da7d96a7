"""Whatever was raised, as one of our failures, sorted by consequence."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError

from pipeline.errors import DatabaseDown, NoSpace, SohoaError, Unexpected

GONE = (OperationalError, InterfaceError)
"""What Django raises when the database does not answer."""


def as_ours(error: Exception) -> SohoaError:
    """The failure; names of classes are its detail, never a message that may quote what was read."""
    if isinstance(error, SohoaError):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace()
    if isinstance(error, GONE):
        return DatabaseDown(type(error).__name__)
    return Unexpected(type(error).__name__)
