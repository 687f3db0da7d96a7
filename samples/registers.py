"""The registers as a one-stop system exports them (formats.md section 1): offices and dossiers as CSV, procedures as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from samples.catalogue import OFFICES, PROCEDURES, Office, Procedure
from samples.dossiers import Dossier

OFFICE_COLUMNS = ("MaDonVi", "Ten", "Cap", "MaCha", "HieuLucTu", "HieuLucDen", "KeThua")
DOSSIER_COLUMNS = (
    "MaHoSo",
    "MaTTHC",
    "DonViTiepNhan",
    "DonViXuLy",
    "KenhThucHien",
    "NgayTiepNhan",
    "NgayHenTra",
    "NgayKetThucXuLy",
    "TrangThai",
    "ChuHoSo",
    "SoDinhDanh",
    "TaiSuDung",
    "TrichYeu",
)


def write(
    folder: Path,
    dossiers: Iterable[Dossier],
    procedures: Iterable[Procedure] = PROCEDURES,
    offices: Iterable[Office] = OFFICES,
) -> None:
    """Write offices.csv, procedures.json and dossiers.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(o.code, o.name, o.level, o.parent, _when(o.since), _when(o.until), ";".join(o.successors)) for o in offices]
    _csv(folder / "offices.csv", OFFICE_COLUMNS, rows)
    _csv(folder / "dossiers.csv", DOSSIER_COLUMNS, [_dossier(dossier) for dossier in dossiers])
    told = [_procedure(procedure) for procedure in procedures]
    (folder / "procedures.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _when(moment: date | datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _dossier(dossier: Dossier) -> tuple[str, ...]:
    return (
        dossier.number,
        dossier.procedure.code,
        dossier.receiving.code,
        dossier.executing.code,
        str(dossier.channel),
        _when(dossier.received),
        _when(dossier.due),
        _when(dossier.finished),
        dossier.status,
        dossier.applicant,
        dossier.identity,
        ";".join(dossier.reused),
        dossier.subject,
    )


def _procedure(procedure: Procedure) -> dict[str, object]:
    return {
        "MaTTHC": procedure.code,
        "TenTTHC": procedure.name,
        "CoKetQua": "1" if procedure.result else "0",
        "ThoiHan": procedure.days,
        "HieuLucTu": "2020-01-01",
        "HieuLucDen": "",
        "ThanhPhan": [
            {"Ma": part.code, "Ten": part.name, "BatBuoc": "1" if part.required else "0", "SoHoa": part.duty}
            for part in procedure.components
        ],
    }
