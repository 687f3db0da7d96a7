#!/usr/bin/env bash
# A sample day in three offices, from the scanner's files to the dossier, the search hit and the rate.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" OMP_THREAD_LIMIT=1
unset "${!SOHOA_@}" # the demo has its own archive and never touches another one
export SOHOA_HOME=$PWD/var/demo SOHOA_CONFIG=$PWD/config.yaml SOHOA_LOG__LEVEL=error SOHOA_WATCH__SETTLE_SECONDS=2
day=$SOHOA_HOME/day

title() { printf '\n\033[1m== %s\033[0m\n' "$1"; }

rm -rf "$SOHOA_HOME"
title "1. Vẽ một ngày hồ sơ mẫu (rendering a sample day; invented people)"
python -m samples "$day" --pages demo

title "2. Nạp sổ: đơn vị, thủ tục, hồ sơ (loading the registers)"
sohoa load --offices "$day/registers/offices.csv" --procedures "$day/registers/procedures.json" --dossiers "$day/registers/dossiers.csv"

title "3. Thả bản quét vào thư mục và xử lý (dropping the scans, working them off)"
cp -r "$day/inbox" "$SOHOA_HOME/"
sohoa run --once || [ $? = 2 ] # 2: some input was refused, which is part of the sample

title "4. Tỷ lệ số hóa (rates)"
sohoa rates --from 2025-11-01 --to 2025-11-30 --by office

title "5. Tìm: sohoa search \"giay khai sinh\" (no marks needed)"
sohoa search --limit 1 "giay khai sinh"

title "6. Ở đâu (where things are)"
echo "PDF/A của hồ sơ (the dossiers' PDFs):      $SOHOA_HOME/store/H51.*/"
echo "Bản gốc (originals):                       $SOHOA_HOME/store/originals/"
echo "Ghi chú cho cán bộ (the clerks' notes):    $SOHOA_HOME/inbox/*/_ket-qua/"
echo "Đang chờ người quyết định (what waits for a person): SOHOA_HOME=$SOHOA_HOME .venv/bin/sohoa status"
echo "Vì sao, và gỡ (why, and settling it): sohoa explain ID, sohoa resolve ID --dossier MÃ --component TP1, sohoa undo ID"
