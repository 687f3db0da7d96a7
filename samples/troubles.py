"""What goes wrong at real scanners and counters, each trouble by name and with the sides that it leaves in doubt.

In doubt means that both ends are right, waiting for a person and finding the own dossier; another dossier's is never right.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from samples import catalogue, repertoire
from samples.catalogue import Office, Procedure
from samples.deck import Deck
from samples.dossiers import Dossier
from samples.leaves import Leaf, begun, first, named, papers, turned
from samples.oddities import card_payload
from samples.papers import drawn_components
from samples.stacks import Heap, Side, behind_sheets, contents, doubtful, hopeless, known, sheet, stack, unasked

BROUGHT: tuple[tuple[Procedure, str, Procedure], ...] = (
    (catalogue.MARRIAGE, "TP2", catalogue.STATUS),
    (repertoire.CORRECTION, "TP2", catalogue.BIRTH),
    (repertoire.ALLOWANCE, "TP2", repertoire.DISABILITY),
    (repertoire.FUNERAL, "TP2", catalogue.DEATH),
    (repertoire.TRADE_CHANGE, "TP2", catalogue.BUSINESS),
    (repertoire.BUILDING, "TP2", repertoire.SPLITTING),
)
"""A procedure, a component of it, and the procedure whose result that is."""

SISTERS: tuple[tuple[Procedure, Procedure], ...] = (
    (catalogue.BIRTH, repertoire.REBIRTH),
    (catalogue.MARRIAGE, catalogue.STATUS),
    (repertoire.TRADE_PAUSE, catalogue.CLOSING),
    (repertoire.TRADE_CHANGE, repertoire.TRADE_PAUSE),
    (repertoire.CORRECTION, repertoire.EXTRACT),
    (repertoire.PARENTAGE, repertoire.GUARDIAN),
    (repertoire.FUNERAL, catalogue.DEATH),
    (repertoire.REBIRTH, catalogue.BIRTH),
)
"""A procedure and a sister whose form, with a title much alike, was filled in by mistake as well."""

_STRAYS = (catalogue.STATUS, repertoire.GUARDIAN, repertoire.POVERTY)
_THICK = tuple(procedure for procedure in repertoire.MANY if len(drawn_components(procedure)) > 1)
_WITH_FOLIOS = (repertoire.TRANSFER, repertoire.STAY)


def damaged_receipt(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A receipt with a spill over its code amid others."""
    one, two, three = (deck.deal(office) for _ in range(3))
    trouble = "receipt damaged"
    blotted = doubtful(stack(deck, two, replace(first(two), damaged=True)), trouble)
    return (Heap(trouble, (*known(stack(deck, one)), *blotted, *known(stack(deck, three)))),)


def lost_receipt(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Two sheets fed as one: the second, a receipt, is not on the scan."""
    one, two, three = (deck.deal(office) for _ in range(3))
    return (_without_receipt(deck, one, two, three, "receipt lost"),)


def lost_receipt_alike(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The same between two dossiers of one procedure."""
    one = deck.deal(office)
    two, three = deck.deal(office, one.procedure), deck.deal(office)
    return (_without_receipt(deck, one, two, three, "receipt lost, same procedure"),)


def _without_receipt(deck: Deck, one: Dossier, two: Dossier, three: Dossier, trouble: str) -> Heap:
    return Heap(trouble, (*known(stack(deck, one)), *doubtful(contents(deck, two), trouble), *known(stack(deck, three))))


def interleaved(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Two stacks pushed into each other when a jam was cleared: from the second receipt on, sheets take turns."""
    trouble = "stacks interleaved"
    one, two = (deck.deal(office, _THICK[int(n)]) for n in deck.random.permutation(len(_THICK))[:2])
    three = deck.deal(office)
    head, *rest = stack(deck, one)[1:]
    pairs = zip_longest(rest, contents(deck, two))
    mixed = tuple(leaf for two_, one_ in ((other, own) for own, other in pairs) for leaf in (two_, one_) if leaf)
    sides = (*known((first(one), head, first(two))), *doubtful(mixed, trouble), *known(stack(deck, three)))
    return (Heap(trouble, sides),)


def begun_in_the_middle(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The first sheets of a stack stayed behind."""
    trouble = "begins in the middle"
    return (Heap(trouble, (*doubtful(contents(deck, deck.deal(office)), trouble), *known(stack(deck, deck.deal(office))))),)


def unregistered(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A dossier amid others that is in no register."""
    trouble = "receipt unregistered"
    stranger = hopeless(stack(deck, deck.stranger(office)), trouble)
    return (Heap(trouble, (*known(stack(deck, deck.deal(office))), *stranger, *known(stack(deck, deck.deal(office))))),)


def other_office(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A dossier of another office that came with the mail."""
    trouble = "receipt of another office"
    others = [counter for counter in repertoire.COUNTERS if counter is not office]
    foreign = deck.deal(others[int(deck.random.integers(len(others)))])
    sides = (*known(stack(deck, deck.deal(office))), *hopeless(stack(deck, foreign), trouble), *known(stack(deck, deck.deal(office))))
    return (Heap(trouble, sides),)


def brought_along(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Papers asked for that are the results of older dossiers and bear their codes: two in one stack."""
    chosen = [BROUGHT[int(n)] for n in deck.random.permutation(len(BROUGHT))[:2]]
    return (Heap("paper of an older dossier brought along", tuple(side for one in chosen for side in _brought(deck, office, *one))),)


def _brought(deck: Deck, office: Office, procedure: Procedure, part: str, made_by: Procedure) -> tuple[Side, ...]:
    dossier = deck.deal(office, procedure)
    old = deck.older(office, made_by, dossier)
    brought = Leaf("paper", old, "KQ", owner=dossier, component=part, starts=True)
    before = [leaf for leaf in contents(deck, dossier) if leaf.part != part]
    at = sum(leaf.part == "TP1" for leaf in before)
    marked = known((brought,), "paper of an older dossier brought along")
    return (*known((first(dossier), *before[:at])), *marked, *known(tuple(before[at:])))


def stray(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A certificate of somebody else's older dossier that slipped into a stack where nothing asks for it."""
    trouble = "certificate strayed"
    old = deck.older(office, _STRAYS[int(deck.random.integers(len(_STRAYS)))])
    one = deck.deal(office, repertoire.BIRTH_AND_PARENTAGE)
    own = contents(deck, one)
    strayed = doubtful(named(old, "KQ"), trouble)
    behind = doubtful(own[1:], "behind a stray certificate")
    return (Heap(trouble, (*known((first(one), own[0])), *strayed, *behind, *known(stack(deck, deck.deal(office))))),)


def copied_under_sheet(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The photocopy of an older receipt among the papers behind a component's sheet."""
    trouble = "receipt photocopied, under a sheet"
    one, two = deck.deal(office), deck.deal(office)
    part, *others = drawn_components(one.procedure)
    copy = _copied(deck, one)
    rest = tuple(leaf for other in others for leaf in (sheet(one, other), *named(one, other)))
    sides = (*known((sheet(one, part), *named(one, part))), replace(copy, trouble=trouble, also=(part,)), *known(rest))
    return (Heap(trouble, (*sides, *known(behind_sheets(two)))),)


def copied_under_name(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The same in a file named after the dossier that is meant; the whole file may wait."""
    trouble = "receipt photocopied, under a name"
    one = deck.deal(office)
    own = doubtful(contents(deck, one), trouble)
    return (Heap(trouble, (*own, replace(_copied(deck, one), trouble=trouble)), f"{one.number}.pdf"),)


def _copied(deck: Deck, dossier: Dossier) -> Side:
    old = deck.older(dossier.receiving, dossier.procedure, dossier)
    (side,) = doubtful((Leaf("receipt", old, owner=dossier, starts=True, copied=True),), "")
    return side


def more_codes(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Codes that are no dossier's: of a payment, of a web page, of a citizen card."""
    one, two, three = (deck.with_result(office) for _ in range(3))
    paid = replace(named(one, "KQ")[0], extra=_payment(one.number if deck.chance(0.5) else "LE PHI HO TICH"))
    looked_up = replace(named(two, "KQ")[0], extra="https://dichvucong.example.vn/huong-dan?thu-tuc=1.004873&lan=2")
    form, *rest = named(three, drawn_components(three.procedure)[0])
    carded = replace(form, extra=card_payload(three))
    fee = replace(begun(papers(three, "X2"))[0], extra=_payment("LE PHI"))
    card = Leaf("card", three, owner=three, starts=True)
    sides = (
        *known(stack_without_result(deck, one)),
        *known((paid,), "payment code"),
        *known(stack_without_result(deck, two)),
        *known((looked_up,), "web address"),
        *known((first(three),)),
        *known((carded,), "citizen card code"),
        *known(tuple(rest)),
        *known((fee,), "payment code"),
        *known((card,), "citizen card code"),
    )
    return (Heap("codes of other things", sides),)


def results_with_more_codes(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Such codes where nothing but the certificates' own says whose they are."""
    extras = (_payment("LE PHI CHUNG THUC"), "https://binhgiang.example.vn/tra-cuu", "", _payment("PHI"))
    leaves = tuple(replace(named(deck.with_result(office), "KQ")[0], extra=extra) for extra in extras)
    return (Heap("results with codes of other things", known(leaves, "payment or web code on a result")),)


def _payment(purpose: str) -> str:
    """A transfer order as VietQR words it (EMVCo merchant-presented), of an account that is none."""
    account = "0010A000000727012700069704360113000000000000000208QRIBFTTA"
    note = f"08{len(purpose):02}{purpose}"
    return f"00020101021238{len(account):02}{account}53037045802VN62{len(note):02}{note}6304A13C"


def stack_without_result(deck: Deck, dossier: Dossier) -> tuple[Leaf, ...]:
    """A receipt and the papers that came in with it."""
    return tuple(leaf for leaf in stack(deck, dossier) if leaf.part != "KQ")


def two_receipts(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Two small receipts side by side on the glass."""
    trouble = "two receipts on a page"
    one, two, three, four = (deck.deal(office) for _ in range(4))
    both = Leaf("receipt", two, owner=two, starts=True, beside=three, turn=90 if deck.chance(0.5) else 0)
    behind = (*contents(deck, two), *contents(deck, three))
    sides = (*known(stack(deck, one)), *hopeless((both,), trouble), *doubtful(behind, trouble), *known(stack(deck, four)))
    return (Heap(trouble, sides),)


def doubled(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A sheet that went through twice."""
    trouble = "page twice"
    found: list[Side] = []
    for dossier in (deck.deal(office), deck.deal(office)):
        leaves = stack(deck, dossier)
        at = int(deck.random.integers(1, len(leaves)))
        found += [*known(leaves[: at + 1]), *doubtful((leaves[at],), trouble), *known(leaves[at + 1 :])]
    return (Heap(trouble, tuple(found)),)


def missing(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A page of a numbered paper is not there: the second of three, or the last."""
    trouble = "page missing"
    one = deck.deal(office, _WITH_FOLIOS[int(deck.random.integers(2))])
    gone = int(deck.random.integers(1, 3))
    sides: list[Side] = []
    for leaf in stack(deck, one):
        if leaf.part != "TP2":
            sides += known((leaf,))
        elif leaf.page != gone:
            sides += doubtful((leaf,), trouble)
    return (Heap(trouble, (*sides, *known(stack(deck, deck.deal(office))))),)


def upside_down(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Separator sheets and receipts fed head down, the papers mostly not."""
    trouble = "sheet upside down"
    one, two, three = (deck.deal(office) for _ in range(3))
    sheets = turned(behind_sheets(one), (180,))
    under_receipts = (*turned((first(two),), (180,)), *contents(deck, two), *turned(stack(deck, three), (180,)))
    return (
        Heap(trouble, known(sheets, trouble)),
        Heap(trouble, known(under_receipts, trouble)),
    )


def sisters(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The form of a sister procedure beside the right one: nothing of the checklist, whatever its title looks like."""
    found: list[Side] = []
    for procedure, sister in (SISTERS[int(n)] for n in deck.random.permutation(len(SISTERS))[:2]):
        dossier = deck.deal(office, procedure)
        form = Leaf("paper", replace(dossier, procedure=sister), "TP1", owner=dossier, starts=True)
        at, leaves = 2, stack(deck, dossier)
        found += [*known(leaves[:at]), *known((form,), "form of a sister procedure"), *known(leaves[at:])]
    return (Heap("forms of sister procedures", tuple(found)),)


def misnamed(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A file named after one dossier that holds another, as its receipt says."""
    trouble = "name and receipt disagree"
    held, meant = deck.deal(office), deck.older(office, catalogue.BIRTH)
    return (Heap(trouble, doubtful(stack(deck, held), trouble), f"{meant.number}.pdf"),)


def nothing_asked(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Papers that nobody asked for, several in a row."""
    one, two = deck.deal(office), deck.deal(office)
    leaves = (first(one), *unasked(deck, one), *contents(deck, one), *unasked(deck, one), *stack(deck, two))
    return (Heap("papers not asked for", known(leaves)),)


ALL = (
    lost_receipt,
    damaged_receipt,
    brought_along,
    unregistered,
    more_codes,
    interleaved,
    missing,
    copied_under_sheet,
    begun_in_the_middle,
    lost_receipt_alike,
    other_office,
    sisters,
    stray,
    two_receipts,
    doubled,
    upside_down,
    copied_under_name,
    results_with_more_codes,
    misnamed,
    nothing_asked,
)
"""All of them."""
