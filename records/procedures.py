"""Which version of a procedure (thủ tục hành chính) decides what a dossier needs: the one valid on the day of receipt.

Registers often leave the old version open when a new one begins. Among the versions that cover a day, the one that began last holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from records.models import Procedure, ProcedureComponent


def known_at(moment: datetime) -> Q:
    """The facts that the archive knew at a moment."""
    return Q(known_from__lte=moment) & (Q(known_to=None) | Q(known_to__gt=moment))


def procedure_on(code: str, day: date, as_of: datetime) -> Procedure | None:
    """The version valid on a day, as known at a moment; None when there is none."""
    valid = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gt=day))
    versions = Procedure.objects.filter(known_at(as_of), valid, code=code)
    return versions.order_by(F("valid_from").desc(nulls_last=True), "-id").first()


@dataclass(frozen=True, slots=True)
class Version:
    """A version and the inputs it asks for."""

    name: str
    valid_from: date
    valid_to: date
    components: frozenset[str]


class KnownProcedures:
    """All procedures as known at a moment, or now; for questions about many dossiers."""

    def __init__(self, as_of: datetime | None = None) -> None:
        known = known_at(as_of) if as_of else Q(known_to=None)
        components: dict[int, set[str]] = defaultdict(set)
        for version_id, component in ProcedureComponent.objects.filter(procedure__in=Procedure.objects.filter(known)).values_list(
            "procedure_id", "code"
        ):
            components[version_id].add(component)
        self._versions: dict[str, list[Version]] = defaultdict(list)
        newest_first = Procedure.objects.filter(known).order_by(F("valid_from").desc(nulls_last=True), "-id")
        for procedure in newest_first:
            version = Version(
                procedure.name, procedure.valid_from or date.min, procedure.valid_to or date.max, frozenset(components[procedure.pk])
            )
            self._versions[procedure.code].append(version)

    def __contains__(self, code: str) -> bool:
        return code in self._versions

    def name(self, code: str) -> str:
        """The name in the newest version; empty where the code is unknown."""
        return next((version.name for version in self._versions.get(code, ())), "")

    def on(self, code: str, day: date) -> Version | None:
        """The version valid on a day."""
        return next((version for version in self._versions.get(code, ()) if version.valid_from <= day < version.valid_to), None)

    def components(self, code: str, day: date | None) -> frozenset[str]:
        """The inputs of the version valid on the day, none where there is no such version; without a day, those of any version."""
        if day is None:
            return frozenset().union(*(version.components for version in self._versions.get(code, ())))
        version = self.on(code, day)
        return version.components if version else frozenset()
