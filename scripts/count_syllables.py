"""Make `pipeline/context.npz`: `python -m scripts.count_syllables [FOLDER] [--out FILE] [--leave-out N]`.

FOLDER holds `lm/*.xz`: Vietnamese text by genre, one paragraph a line, and lists of name parts and places (see `SOURCES`). Of them
only figures are kept: how often syllables follow each other. What is rare is cut off, so that what one
text alone says about somebody is not in the file; numbers and words that are no Vietnamese syllables are counted as one thing each.
The same texts give the same bytes. It takes a few minutes and 2.5 GB.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.context_table import BITS, MOST_PAIRS, MOST_SYLLABLES, Ids, Table, save_table, steps_of
from pipeline.context_tokens import BREAK, FIRST_SYLLABLE, OTHER, spelling, token_of
from pipeline.text import is_syllable, new_tone_style

ROOT = Path(__file__).resolve().parents[1]
Counts = npt.NDArray[np.float64]
Packed = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Source:
    """A text, how much a word of it counts, and where it comes from."""

    file: str
    weight: float
    origin: str
    columns: tuple[int, ...] = ()  # of a table, one paragraph a row; a list of names and places, of which nothing is cut off


SOURCES = (
    Source("admin.txt.xz", 3.0, "administrative procedures and official letters in public repositories; outside copyright in Viet Nam"),
    Source("legal.txt.xz", 0.4, "laws, decrees, circulars: toantc1024/vietlaw, diepxuan/diepxuan.github.io, tocit/vietnam-law"),
    Source("legal_qa.txt.xz", 1.0, "public collections of questions and answers on law"),
    Source("news.txt.xz", 1.0, "public news corpora, for counting only"),
    Source("general.txt.xz", 1.0, "undertheseanlp/corpus.viwiki, UniversalDependencies/UD_Vietnamese-VTB and others, CC-BY-SA"),
    Source("names.tsv.xz", 2.0, "name parts: duyet/vietnamese-namedb and others", (1,)),
    Source(
        "places.tsv.xz", 2.0, "daohoangson/dvhcvn, thanglequoc/vietnamese-provinces-database, vanducng/don-vi-hanh-chinh-2025", (4, 5, 6)
    ),
)


@dataclass(frozen=True, slots=True)
class Floor:
    """What is kept of the texts: seen so often, in so many runs of a hundred paragraphs."""

    times: int
    runs: int


SINGLE_FLOOR, PAIR_FLOOR, TRIPLE_FLOOR = Floor(20, 4), Floor(4, 3), Floor(6, 4)
RUN = 100  # paragraphs
DISCOUNT = 0.75
_UNSEEN = 0.05  # times, for what was never seen
_WHOLE_LIST = 1e6  # times and runs a name or a place of the lists counts for, when rare things are cut off
_RUN_BITS = 20
_MASK = np.uint64((1 << BITS) - 1)


@dataclass(frozen=True, slots=True)
class Text:
    """A source in numbers of syllables."""

    source: Source
    numbers: Numbers  # each paragraph closed by a break
    ends: Ids  # of paragraphs


@dataclass(frozen=True, slots=True)
class Grams:
    """Sequences of one length, packed into one number each, sorted; the arrays run side by side."""

    keys: Packed
    weight: Counts  # times seen, weighted by source
    times: Counts
    runs: Counts  # in which seen

    def often(self, floor: Floor) -> npt.NDArray[np.bool_]:
        return np.asarray((self.times >= floor.times) & (self.runs >= floor.runs))


class Encoder:
    """Turns texts into numbers of syllables, which it gives out as it meets them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def encode(self, source: Source, paragraphs: Iterable[str]) -> Text:
        numbers, ends = array("H"), array("L")
        seen: dict[str, tuple[int, ...]] = {}
        for paragraph in paragraphs:
            for word in paragraph.split():
                known = seen.get(word)
                if known is None:
                    known = seen[word] = self._numbers_of(word)
                numbers.extend(known)
            numbers.append(BREAK)
            ends.append(len(numbers))
        return Text(source, np.frombuffer(numbers, np.uint16), np.array(ends, np.int64))

    def _numbers_of(self, word: str) -> tuple[int, ...]:
        token = token_of(word)
        end = (BREAK,) if token.ends_sentence else ()
        if not token.core:
            return end
        kind = token.kind
        syllable = new_tone_style(spelling(token.core))
        if kind is None and is_syllable(syllable):
            kind = self.numbers.setdefault(syllable, len(self.numbers) + FIRST_SYLLABLE)
        return (OTHER if kind is None else kind, *end)


def paragraphs_of(path: Path, source: Source, leave_out: int = 0) -> Iterator[str]:
    """The paragraphs of a text or of a table's columns; each `leave_out`th is left out, the first with them."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for n, line in enumerate(lines):
            if leave_out and n % leave_out == 0:
                continue
            cells = line.rstrip("\n").split("\t")
            yield ", ".join(cells[column] for column in source.columns if column < len(cells)) if source.columns else line


def count(folder: Path, leave_out: int = 0) -> Table:
    """Count what there is of `SOURCES` in `folder`."""
    encoder = Encoder()
    texts: list[Text] = []
    for source in SOURCES:
        path = folder / source.file
        if path.is_file():
            texts.append(encoder.encode(source, paragraphs_of(path, source, leave_out)))
            sys.stdout.write(f"{source.file}: {len(texts[-1].numbers):,} words; {source.origin}\n")
    if not texts:
        raise SystemExit(f"{folder}: none of {', '.join(source.file for source in SOURCES)}")
    syllables = _syllables(encoder.numbers, grams(texts, 1))
    texts = _renumbered(texts, encoder.numbers, syllables)
    return table_of(syllables, grams(texts, 1), grams(texts, 2), grams(texts, 3))


def _syllables(numbers: dict[str, int], singles: Grams) -> tuple[str, ...]:
    """The syllables that are kept, in the order of their letters."""
    often = set(singles.keys[singles.often(SINGLE_FLOOR)].tolist())
    kept = tuple(sorted(syllable for syllable, number in numbers.items() if number in often))
    assert len(kept) <= MOST_SYLLABLES
    return kept


def _renumbered(texts: list[Text], numbers: dict[str, int], syllables: tuple[str, ...]) -> list[Text]:
    """The texts in the numbers that the table has; a syllable that is not kept is one of the other things."""
    new = np.full(FIRST_SYLLABLE + len(numbers), OTHER, np.uint16)
    new[:FIRST_SYLLABLE] = range(FIRST_SYLLABLE)
    for number, syllable in enumerate(syllables, FIRST_SYLLABLE):
        new[numbers[syllable]] = number
    return [replace(text, numbers=new[text.numbers]) for text in texts]


def grams(texts: list[Text], length: int) -> Grams:
    """All sequences of `length` numbers in the texts."""
    parts = [_grams_of(text, length) for text in texts]
    keys, place = np.unique(np.concatenate([part.keys for part in parts]), return_inverse=True)

    def total(values: list[Counts]) -> Counts:
        return _sums(place, np.concatenate(values), len(keys))

    return Grams(
        keys,
        total([part.weight for part in parts]),
        total([part.times for part in parts]),
        total([part.runs for part in parts]),
    )


def _grams_of(text: Text, length: int) -> Grams:
    """Those of one text. Nothing is known from before a break; a break after a break is none."""
    here = text.numbers.astype(np.uint64)
    packed, cut = here.copy(), np.zeros(len(here), np.bool_)
    for back in range(1, length):
        earlier = np.concatenate([np.zeros(back, np.uint64), here[:-back]])
        packed |= np.where(cut, np.uint64(BREAK), earlier) << np.uint64(BITS * back)
        cut |= earlier == BREAK
    before = np.concatenate([np.zeros(1, np.uint64), here[:-1]])
    there = np.flatnonzero((here != BREAK) | (before != BREAK))
    run = (np.searchsorted(text.ends, there, side="right") // RUN).astype(np.uint64)
    in_run, times_in_run = np.unique((packed[there] << np.uint64(_RUN_BITS)) | run, return_counts=True)
    keys, first, runs = np.unique(in_run >> np.uint64(_RUN_BITS), return_index=True, return_counts=True)
    times: Counts = np.add.reduceat(times_in_run, first).astype(np.float64)
    sure = _WHOLE_LIST if text.source.columns else 1.0
    return Grams(keys, times * text.source.weight, times * sure, runs.astype(np.float64) * sure)


def table_of(syllables: tuple[str, ...], singles: Grams, pairs: Grams, triples: Grams) -> Table:
    """Probabilities by absolute discounting: what is taken from each sequence that is kept goes to the shorter ones."""
    size = FIRST_SYLLABLE + len(syllables)
    weight = np.full(size, _UNSEEN)
    weight[singles.keys.astype(np.int64)] += singles.weight
    single = weight / weight.sum()

    often = pairs.often(PAIR_FLOOR)
    pair_keys, first = pairs.keys[often], (pairs.keys >> np.uint64(BITS)).astype(np.int64)
    share = _discounted(pairs.weight) / _sums(first, pairs.weight, size)[first]
    first, second, share = first[often], (pair_keys & _MASK).astype(np.int64), share[often]
    single_back = _left(_sums(first, share, size))
    pair = share + single_back[first] * single[second]
    assert len(pair_keys) <= MOST_PAIRS

    contexts, context = np.unique(triples.keys >> np.uint64(BITS), return_inverse=True)
    share = _discounted(triples.weight) / _sums(context, triples.weight, len(contexts))[context]
    place = np.minimum(np.searchsorted(pair_keys, contexts), len(pair_keys) - 1)
    often = triples.often(TRIPLE_FLOOR) & (pair_keys[place] == contexts)[context]
    place, share, shorter = place[context[often]], share[often], triples.keys[often] & ((_MASK << np.uint64(BITS)) | _MASK)
    pair_back = _left(_sums(place, share, len(pair_keys)))
    within = np.minimum(np.searchsorted(pair_keys, shorter), len(pair_keys) - 1)
    second, third = (shorter >> np.uint64(BITS)).astype(np.int64), (shorter & _MASK).astype(np.int64)
    backed = np.where(pair_keys[within] == shorter, pair[within], single_back[second] * single[third])
    return Table(
        syllables=syllables,
        single=steps_of(np.log(single)),
        single_back=steps_of(np.log(single_back)),
        pair_keys=pair_keys.astype(np.uint32),
        pair=steps_of(np.log(pair)),
        pair_back=steps_of(np.log(pair_back)),
        triple_keys=((place << BITS) | third).astype(np.uint32),
        triple=steps_of(np.log(share + pair_back[place] * backed)),
    )


def _sums(place: Ids, values: Counts, size: int) -> Counts:
    """The sum of the values for each place."""
    return np.bincount(place, values, size).astype(np.float64)


def _discounted(weight: Counts) -> Counts:
    return np.asarray(np.maximum(weight - DISCOUNT, 0.0))


def _left(given: Counts) -> Counts:
    """What is left of certainty."""
    return np.asarray(np.clip(1.0 - given, 1e-4, 1.0))


def main() -> None:
    parser = argparse.ArgumentParser(description="Counts of Vietnamese syllables and their neighbours, for choosing marks by context.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared" / "corpus" / "text")
    parser.add_argument("--out", type=Path, default=ROOT / "pipeline" / "context.npz")
    parser.add_argument("--leave-out", type=int, default=0, metavar="N", help="leave out each Nth paragraph, to measure on")
    options = parser.parse_args()
    table = count(options.folder / "lm", options.leave_out)
    save_table(options.out, table)
    sizes = f"{len(table.syllables):,} syllables, {len(table.pair_keys):,} pairs, {len(table.triple_keys):,} triples"
    sys.stdout.write(f"{options.out}: {sizes}, {options.out.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
