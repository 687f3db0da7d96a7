"""The text of a page on its way from the reader in the child process to `scan`: bounded JSON, checked word by word.

Lines of words, each word its text and its box: `[[["Độc", 10, 20, 60, 44], ...], ...]`. The parent trusts none of it.
"""

from __future__ import annotations

import json
import unicodedata

from pipeline.boxes import line_of
from pipeline.errors import Broken
from pipeline.limits import MAX_TEXT_BYTES, MAX_TEXT_CHARS, MAX_WORD_CHARS
from pipeline.model import Box, Word, Words


def encode_text(words: Words | None) -> bytes:
    """The text as bytes; none at all where there is none, or more than may be sent."""
    if words is None:
        return b""
    lines = [[(word.text, word.box.left, word.box.top, word.box.right, word.box.bottom) for word in line.words] for line in words.lines]
    encoded = json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()
    return encoded if len(encoded) <= MAX_TEXT_BYTES else b""


def text(untrusted: bytes, width: int, height: int) -> Words | None:
    """The text of a page whose image is `width`×`height` pixels. Raises Broken for what is no such text."""
    if not untrusted:
        return None
    try:
        lines = json.loads(untrusted)
    except (ValueError, RecursionError):
        raise Broken("the text of a page cannot be read") from None
    if not isinstance(lines, list):
        raise Broken("the text of a page makes no sense")
    made = tuple(line_of([_word(word, width, height) for word in line]) for line in lines if isinstance(line, list) and line)
    if not made or len(made) < len(lines) or sum(len(word.text) for line in made for word in line.words) > MAX_TEXT_CHARS:
        raise Broken("the text of a page makes no sense")
    return Words(width, height, made)


def _word(untrusted: object, width: int, height: int) -> Word:
    if not isinstance(untrusted, list) or len(untrusted) != 5:
        raise Broken("a word of a page makes no sense")
    written, left, top, right, bottom = untrusted
    if not isinstance(written, str) or not 0 < len(written) <= MAX_WORD_CHARS or unicodedata.normalize("NFC", written) != written:
        raise Broken("a word of a page cannot be written")
    if any(letter.isspace() or unicodedata.category(letter).startswith("C") for letter in written):
        raise Broken("a word of a page holds what is no letter")
    if any(not isinstance(side, int) or isinstance(side, bool) for side in (left, top, right, bottom)):
        raise Broken("a word of a page has no place")
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise Broken("a word of a page lies outside it")
    return Word(written, Box(left, top, right, bottom), 1.0)
