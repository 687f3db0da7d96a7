"""`python -m samples OUT_DIR [--seed N] [--pages small|demo|large]`: write a sample day."""

from __future__ import annotations

import argparse
from pathlib import Path

from samples.day import SIZES, make_day


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m samples", description="Tạo một ngày hồ sơ mẫu / write a sample day")
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="thư mục mới / a new folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", choices=SIZES, default="demo", help="bao nhiêu trang / how many pages")
    options = parser.parse_args()
    told = make_day(options.out, options.seed, options.pages)
    attached = {page.dossier for page in told.pages if page.dossier}
    print(f"{options.out}: {len(told.files)} tệp/files, {len(told.pages)} trang/pages, {len(attached)} hồ sơ/dossiers")


if __name__ == "__main__":
    main()
