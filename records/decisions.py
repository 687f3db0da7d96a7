"""How a batch was split: decided, written down with all it was decided on, decided again, and told page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from pipeline.evidence import Claim
from pipeline.papers import Checklist, title_of
from pipeline.split import RULES, PageRef, Split, split
from pipeline.text import mask_identity
from records.evidence import Gathered, Register, gather, informed
from records.models import Batch, Decision

_SPLIT = TypeAdapter(Split)
_CHECKLISTS = TypeAdapter(dict[str, Checklist])


def decide(batch: Batch, now: datetime) -> tuple[Gathered, Split]:
    """Split a batch whose pages are read or given up. Nothing is written."""
    gathered = gather(batch, now)
    return gathered, split(gathered.folder, gathered.files, gathered.register.checklists)


def write_down(batch: Batch, gathered: Gathered, outcome: Split, now: datetime) -> Decision:
    """Keep the decision, and what the register said when it was made."""
    return Decision.objects.create(
        batch=batch, at=now, rules=RULES, evidence=_register_json(gathered.register), outcome=_SPLIT.dump_python(outcome, mode="json")
    )


def outcome_of(decision: Decision) -> Split:
    """What was decided then."""
    return _SPLIT.validate_python(decision.outcome)


def replay(decision: Decision, now: datetime) -> Split:
    """Decide again on the pages as they were read and on what the register said then. With the same rules the outcome is the same."""
    gathered = gather(decision.batch, now)
    register = _register_of(decision.evidence)
    return split(gathered.folder, informed(gathered.files, register.speaks_of), register.checklists)


def _register_json(register: Register) -> dict[str, Any]:
    return {
        "checklists": {number: asdict(found) for number, found in register.checklists.items()},
        "speaks_of": [[ref.file, ref.page, sorted(numbers)] for ref, numbers in register.speaks_of.items()],
    }


def _register_of(evidence: Mapping[str, Any]) -> Register:
    speaks_of = {PageRef(file, page): frozenset(numbers) for file, page, numbers in evidence["speaks_of"]}
    return Register(_CHECKLISTS.validate_python(evidence["checklists"]), speaks_of)


# --- told to people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageStory:
    """What was seen on a page, and what was decided about it. Masked as lists show it."""

    path: str
    page: int
    codes: tuple[str, ...]
    title: str  # the line that looks most like one
    folio: str
    speaks_of: tuple[str, ...]
    decided: str  # blank, separator, a dossier number, or the reason why it waits
    claims: tuple[Claim, ...]
    begins: bool  # a part begins with it


def explain(decision: Decision) -> Iterator[PageStory]:
    """A batch page by page in its order."""
    gathered = gather(decision.batch, decision.at)
    outcome, register = outcome_of(decision), _register_of(decision.evidence)
    parts = {ref: part for part in outcome.parts for ref in part.pages}
    for place, file in enumerate(gathered.files):
        for page in file.pages:
            ref = PageRef(place, page.number)
            part = parts.get(ref)
            kind = "blank" if ref in outcome.blanks else "separator" if ref in outcome.separators else ""
            folio = "" if page.folio is None else f"{page.folio.number}/{page.folio.total}" if page.folio.total else f"{page.folio.number}"
            yield PageStory(
                path=gathered.pages[ref].scan.path,
                page=page.number,
                codes=tuple(mask_identity(code.payload) or code.symbology for code in page.codes),
                title=mask_identity(title_of(page)),
                folio=folio,
                speaks_of=tuple(sorted(register.speaks_of.get(ref, ()))),
                decided=kind or (part.doubt.value if part and part.doubt else part.number or "" if part else ""),
                claims=part.claims if part else (),
                begins=part is not None and part.pages[0] == ref,
            )
