# Every target does the set-up it needs; the second time that takes no noticeable time.
.PHONY: demo test serve setup check bench bench-reading bench-upright bench-catalogue bench-identity conformance lock clean
export OMP_THREAD_LIMIT := 1
PY := .venv/bin/python

demo: ## a sample day, end to end
	@scripts/setup.sh run
	@scripts/demo.sh

test: check ## everything, real servers included
	@$(PY) -m pytest $(ARGS)

check: ## lint, format, types, import rules
	@scripts/setup.sh test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .

serve: ## watch the inbox and work, until stopped
	@scripts/setup.sh run
	@.venv/bin/sohoa run

setup: ## prepare .venv/bin/sohoa and nothing else
	@scripts/setup.sh run

bench: bench-reading bench-catalogue bench-identity ## measurements beside the peers, for bench/RESULTS.md

bench-reading: ## reading against OCRmyPDF and Tesseract, slant, turn and blanks, what of the aims is reached; ARGS='--pages 4'
	@scripts/setup.sh bench
	@$(PY) -m bench.reading $(ARGS)
	@$(PY) -m bench.way

bench-upright: ## slant, quarter turn and blank pages by themselves; ARGS='--seeds 1'
	@scripts/setup.sh bench
	@$(PY) -m bench.upright $(ARGS)

bench-identity: ## whose is each of 2,800 pages, codes beside zxing-cpp, 10,000 scans that wait for a register; ARGS='--seed 2'
	@scripts/setup.sh bench
	@$(PY) -m bench.identity $(ARGS)
	@$(PY) -m bench.codes
	@$(PY) -m bench.rematch

bench-catalogue: ## search over 200,000 pages, rates over 100,000 dossiers, on both databases
	@scripts/setup.sh bench
	@$(PY) -m bench.search
	@$(PY) -m bench.rates
	@$(PY) -m bench.on_postgresql bench.search
	@$(PY) -m bench.on_postgresql bench.rates

conformance: ## PDFs of the tests, then of all kinds of scans, through veraPDF, Poppler, PDFium and pdf.js
	@scripts/setup.sh test
	@$(PY) tests/conformance/pdfjs.py || true
	@$(PY) -m pytest -rs -k "verapdf or conformance" $(ARGS)
	@$(PY) -m tests.conformance.whole

lock: ## pin all packages anew from requirements.in and requirements-dev.in
	@$(PY) -m pip install -q uv
	@$(PY) -m uv pip compile -q --upgrade --python-version 3.11 requirements.in -o requirements.txt
	@$(PY) -m uv pip compile -q --upgrade --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean: ## what can be made again; never an archive
	@rm -rf var/demo build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
