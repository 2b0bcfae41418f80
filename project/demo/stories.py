"""What shall become of each case of the demo city: where it comes to rest, what turns out differently, and when.

A station is a state of the case, or of what it waits for: "audit.opinion", "inspection.hearing". Acts are called by
the names they have in cases.py, audits.py, inspections.py, lists.py and contacts.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

Beats = Mapping[str, Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class Story:
    """`rests`: stations where it stays; without any it goes on as long as time allows.
    `turns`: the act that takes the place of the usual step of a station.
    `beats`: acts beside the steps, so many days after reaching a station or (negative) before the last day.
    `holds`: at a station no step is taken before so many days before the last day.
    `owes`: the arrears an inspection finds, else what the heads left out owe.
    """

    rests: tuple[str, ...] = ()
    turns: Mapping[str, str] = field(default_factory=dict)
    beats: Beats = field(default_factory=dict)
    holds: Mapping[str, int] = field(default_factory=dict)
    owes: Decimal | None = None
    is_audited: bool = False
    is_unpaid: bool = False

    @property
    def is_of_arrears(self) -> bool:
        """Whether it ends with the agency and the tax office, and in no penalty of the department."""
        return self.is_audited and not {"propose_penalty", "obstruct"} & set(self.turns.values())


def _audit(
    rest: str, since: int = 0, turns: Mapping[str, str] | None = None, beats: Beats | None = None
) -> Story:
    rests = (f"audit.{rest}",) if rest else ()
    holds = {"escalated": since} if since else {}
    return Story(rests, turns or {}, beats or {}, holds, is_audited=True)


def _inspection(rest: str, holds: Mapping[str, int], owes: int = 0, beats: Beats | None = None) -> Story:
    arrears = Decimal(owes) if owes else None
    return Story((f"inspection.{rest}",), beats=beats or {}, holds=holds, owes=arrears)


LISTED: Beats = {"published": ((2, "order_sanctions"), (6, "answer_orders"))}


def _listed(*beats: tuple[int, str], fraud: bool = False) -> Story:
    turns = {"penalised": "propose_for_fraud"} if fraud else {}
    return Story(turns=turns, beats={"published": (*LISTED["published"], *beats)})


DUE = "inspection.order_expired"
BIG, BIGGER = (
    40_000,
    90_000,
)  # arrears whose fine is discussed together, and whose fine gives a right to a hearing

STORIES: dict[str, Story] = {
    "on": Story(),
    "stays": Story(),
    "healed": Story(("escalated",), beats={"term": ((6, "mend"), (6, "show_proof"))}),
    "street_approval": Story(("street_approval",)),
    "district_approval": Story(("district_approval",)),
    "asking": Story(beats={"term": ((-2, "promise"), (-1, "show_proof"))}),
    "urging": Story(("urging",), beats={"urging": ((1, "give_to_worker"), (2, "ring"), (3, "text"))}),
    "correction": Story(turns={"street_approval": "send_back"}),
    "withdrawn": Story(turns={"urging": "withdraw"}),
    "escalated": Story(("escalated",)),
    "not_filed": Story(turns={"inspection.filing": "refuse"}),
    # --- inspections, each as far as its name says
    "filing": _inspection("filing", {"escalated": 3}),
    "investigating": _inspection("investigating", {"inspection.filing": 6}),
    "extended": _inspection("investigating", {}, beats={"inspection.investigating": ((20, "extend"),)}),
    "ordered": _inspection("ordered", {"inspection.investigating": 9}),
    "order_expired": _inspection("order_expired", {"inspection.investigating": 19}),
    "noticed": _inspection("noticed", {DUE: 4}, beats={"inspection.noticed": ((-1, "state_case"),)}),
    "hearing_wanted": _inspection(
        "noticed", {DUE: 5}, BIGGER, beats={"inspection.noticed": ((-1, "want_hearing"),)}
    ),
    "hearing": _inspection(
        "hearing", {DUE: 9}, BIGGER, beats={"inspection.noticed": ((3, "ask_hearing"),)}
    ),
    "hearing_called": _inspection(
        "called", {DUE: 15}, BIGGER, beats={"inspection.noticed": ((2, "ask_hearing"),)}
    ),
    "heard": Story(owes=Decimal(BIGGER), beats={"inspection.noticed": ((2, "ask_hearing"),)}),
    "legal_review": _inspection("legal_review", {DUE: 13}),
    "collective": _inspection(
        "discussing", {DUE: 18}, BIG, beats={"inspection.discussing": ((1, "speak"), (2, "speak"))}
    ),
    "deciding": _inspection("deciding", {DUE: 18}),
    "decided": _inspection("decided", {DUE: 20}),
    "performing": Story(("inspection.performing",), holds={DUE: 26}, is_unpaid=True),
    "demanded": Story(("inspection.demanded",), is_unpaid=True),
    "court": Story(("inspection.court",), {"inspection.performing": "demand_after_remedies"}, is_unpaid=True),
    "paid_late": Story(
        ("inspection.performing",), is_unpaid=True,
        beats={"inspection.performing": ((2, "mend"), (46, "pay_late"))},
    ),
    "fined_corrected": Story(turns={"penalised": "pay_and_mend"}),
    "sued": Story(
        ("inspection.performing",), beats={"inspection.performing": ((6, "sue_penalty"),)}, is_unpaid=True
    ),
    "penalty_quashed": Story(
        ("inspection.performing",), is_unpaid=True,
        beats={"inspection.performing": ((6, "sue_penalty"), (40, "quash_penalty"))},
    ),
    "enforced": Story(
        turns={"inspection.performing": "demand_after_remedies"}, is_unpaid=True, beats=LISTED
    ),
    "returned": Story(turns={"inspection.legal_review": "review_back"}, holds={DUE: 16}),
    "not_penalised": Story(turns={DUE: "spare"}),
    "moved": Story(turns={"inspection.investigating": "hand_elsewhere"}),
    "met_in_term": Story(
        holds={"inspection.investigating": 130}, beats={"inspection.ordered": ((1, "mend"),)}
    ),
    "late_healed": Story(turns={DUE: "end_mended"}, beats={"inspection.ordered": ((8, "mend"),)}),
    # --- audits
    "audit_noticed": _audit("noticed", 3),
    "audit_examining": _audit("examined", 10),
    "audit_informed": _audit("informed", 15, beats={"audit.informed": ((-1, "state_case"),)}),
    "audit_drafted": _audit("drafted", 24),
    "audit_opinion": _audit("opinion", 32),
    "audit_overdue": _audit("overdue", 44),
    "audit_tax": _audit("tax"),
    "audit_partly": _audit("tax", beats={"audit.tax": ((3, "tax_received"), (20, "tax_part"))}),
    "audit_collected": _audit("", beats={"audit.tax": ((2, "tax_received"), (12, "tax_whole"))}),
    "audit_agreed": _audit("", beats={"audit.tax": ((2, "tax_received"), (9, "tax_agreed"))}),
    "audit_failed": _audit("", beats={"audit.tax": ((2, "tax_received"), (15, "tax_failed"))}),
    "audit_proposed": _audit("", turns={"audit.overdue": "propose_penalty"}),
    "audit_obstructed": _audit("", turns={"audit.examining": "obstruct"}),
    "audit_clean": _audit("", 8, turns={"audit.examining": "find_nothing"}),
    "audit_corrected": _audit("", beats={"audit.opinion": ((9, "confirm_correction"),)}),
    # --- made public as a serious violation
    "announced": Story(turns={"penalised": "announce"}),
    "announce_decided": Story(turns={"penalised": "announce"}, holds={"penalised": 20}),
    "announce_waiting": Story(turns={"penalised": "announce_only"}, holds={"penalised": 5}),
    # --- listing
    "penalised": Story(("penalised",)),
    "listing_proposed": Story(("listing_proposed",), holds={"penalised": 3}),
    "in_defence": Story(("defence",), holds={"listing_proposed": 7}),
    "defence_waiting": Story(holds={"listing_proposed": 6}, beats={"defence": ((-1, "state_case"),)}),
    "listing_review": Story(("listing_review",), holds={"listing_proposed": 19}),
    "listing_district": Story(("listing_district",), holds={"listing_proposed": 21}),
    "listing_city": Story(("listing_city",), holds={"listing_proposed": 23}),
    "listing_service": Story(("listing_service",), holds={"listing_proposed": 25}),
    "publication": Story(("publication",), holds={"listing_proposed": 27}),
    "not_listed": Story(turns={"listing_district": "drop"}),
    "listed": _listed(),
    "stayed": _listed((14, "stay")),
    "reviewed": _listed((10, "ask_review")),
    "objected": _listed((-4, "object")),
    "objection_waiting": _listed((-1, "hand_in_objection")),
    "corrected": _listed((10, "object"), (15, "correct")),
    "revoked": _listed((12, "object"), (18, "revoke")),
    "repaired": _listed((330, "mend"), (370, "ask_repair"), fraud=True),
    "repair_asked": _listed((330, "mend"), (-3, "ask_repair"), fraud=True),
    "repair_waiting": _listed((330, "mend"), (-1, "hand_in_repair"), fraud=True),
}  # fmt: skip

# What the first cases of a round come to, in this order; the rest is drawn.
PILOT = ("listed", "repaired", "court", "enforced", "repair_asked", "repair_waiting", "listed")
FAR = (
    "listed", "stayed", "fined_corrected", "objected", "corrected", "demanded", "audit_partly", "announced", "revoked",
    "not_filed", "not_listed", "audit_failed", "reviewed", "audit_agreed", "sued", "not_penalised", "met_in_term",
    "paid_late", "heard",
)  # fmt: skip
NEAR = (
    "listed", "objection_waiting", "announced", "demanded", "announce_decided", "in_defence", "defence_waiting",
    "listing_review", "announce_waiting", "listing_district", "listing_city", "listing_service", "publication",
    "penalty_quashed", "audit_collected", "audit_proposed", "listing_proposed", "moved", "late_healed",
)  # fmt: skip
LIVE = (
    "audit_tax", "hearing_called", "collective", "audit_opinion", "performing", "deciding", "legal_review",
    "audit_informed", "noticed", "hearing_wanted", "hearing", "investigating", "ordered", "filing", "decided",
    "audit_overdue", "audit_drafted", "audit_examining", "audit_noticed", "audit_corrected", "audit_clean",
    "order_expired", "extended", "returned", "audit_obstructed", "audit_tax", "late_healed", "penalised",
)  # fmt: skip

# How many of a hundred of the others: of a round whose cases are over, and of one whose cases are young.
OLD = (
    ("healed", 78), ("withdrawn", 6), ("late_healed", 5), ("not_penalised", 2), ("not_filed", 2), ("correction", 2),
    ("escalated", 3), ("street_approval", 2),
)  # fmt: skip
YOUNG = (
    ("healed", 47), ("on", 4), ("asking", 10), ("street_approval", 10), ("district_approval", 8), ("urging", 11),
    ("correction", 5), ("withdrawn", 5),
)  # fmt: skip


# Found so, a penalty for not registering may follow, and after it the list (人社部规〔2019〕2号 第五条第（一）项).
LISTABLE = {"抓参保", "抓漏保"}


def taken_from(waiting: list[str], measures: set[str]) -> str:
    """The first that is still to be told and may be told of a case with these measures."""
    if name := next((name for name in waiting if _suits(name, measures)), ""):
        waiting.remove(name)
    return name


def _suits(name: str, measures: set[str]) -> bool:
    """Whether the story may lawfully be told of a case with these measures."""
    if measures == {"抓续保"} and not STORIES[name].is_of_arrears:
        return False
    return bool(measures & LISTABLE) or not _is_listed(name)


def _is_listed(name: str) -> bool:
    """Whether the case comes to the list because its penalty was in vain, or goes that way as far as time allows."""
    story = STORIES[name]
    rests = [rest for rest in story.rests if rest.startswith(("inspection.", "audit."))]
    return not (rests or story.is_audited or "penalised" in story.turns)


def drawn(random: Random, shares: Sequence[tuple[str, int]]) -> str:
    names = [name for name, _share in shares]
    return random.choices(names, [share for _name, share in shares])[0]
