"""Bounds on untrusted input. Every reader checks them before it uses a number from a file."""

from __future__ import annotations

MAX_FILE_BYTES = 2 * 1024**3  # one scan file
MAX_PAGES = 5_000  # pages in one file
MAX_SIDE = 30_000  # pixels along one side of a page image
MAX_PIXELS = 150_000_000  # pixels of one page image: A3 at 600 dpi is 70 million
MAX_RENDER_PIXELS = 40_000_000  # a page that must be rasterised (vector PDF) is drawn no larger than this
MAX_CODES = 20  # codes kept of one page
MAX_PAYLOAD = 4_000  # characters kept of one code; a QR holds 4,296 at most
OPEN_SECONDS = 20  # wall time to open a file and count its pages
PAGE_SECONDS = 20  # wall time to decode one page image
CHILD_MEMORY = 1_500_000_000  # bytes of address space of the child that parses untrusted files
CHILD_CPU_SECONDS = 600  # CPU seconds of that child before it is replaced
MIN_DPI, MAX_DPI = 50.0, 1_200.0  # resolutions believed of a file's tag
ASSUMED_DPI = 200.0  # where a file says nothing believable and the paper size cannot be told
MAX_TEXT_CHARS = 20_000  # characters of text that a page of a PDF may bring along; the densest print has 10,000
MAX_TEXT_BYTES = 1_500_000  # of that text with its boxes, on the wire
MAX_WORD_CHARS = 200  # of one word in it; dotted lines are long
