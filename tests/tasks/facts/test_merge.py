"""The laws of merging what several people say of one door."""

from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.facts.rules import (
    Decided,
    Facts,
    Version,
    Why,
    contested,
    established,
    held,
    merge,
    overlap_of,
    waiting_in,
)
from tests.doors import at, number

VALUES = st.sampled_from([None, 0, 3, 12, "yes", ["a", "b"], ["b", "a"]])
FIELDS = st.sampled_from(["outcome", "employees", "lapsed"])
SAID = st.dictionaries(FIELDS, VALUES.filter(lambda value: value is not None), max_size=3)


@st.composite
def doors(draw: st.DrawFn) -> tuple[list[Version], list[Decided]]:
    count = draw(st.integers(1, 5))
    versions = [
        Version(
            number(n + 1),
            draw(st.integers(1, 3)),
            at(draw(st.integers(0, 3))),
            draw(SAID),
            draw(st.dictionaries(FIELDS, VALUES, max_size=3)),
            number(draw(st.integers(1, count))) if n and draw(st.booleans()) else None,
        )
        for n in range(count)
    ]
    decisions = [
        Decided(
            draw(FIELDS),
            number(draw(st.integers(1, count))),
            frozenset(number(n) for n in draw(st.sets(st.integers(1, count), min_size=1))),
            nth,
        )
        for nth in range(draw(st.integers(0, 2)))
    ]
    return versions, decisions


def of(*versions: Version, decisions: Any = ()) -> Facts:
    return merge(versions, decisions)


def version(n: int, person: int, value: Any, shown: Any = None, minute: int = 0, **fields: Any) -> Version:
    return Version(
        number(n),
        person,
        at(minute or n),
        {"employees": value},
        {} if shown is None else {"employees": shown},
        **fields,
    )


def whys(facts: Facts) -> list[str]:
    return [str(line.why) for line in facts["employees"].lines]


# --- laws ----------------------------------------------------------------------------------------------


@given(door=doors(), data=st.data())
def test_any_order_gives_the_same(door: Any, data: st.DataObject) -> None:
    versions, decisions = door
    mixed = data.draw(st.permutations(versions))
    assert merge(mixed, data.draw(st.permutations(decisions))) == merge(versions, decisions)


@given(door=doors(), data=st.data())
def test_a_repeat_changes_nothing(door: Any, data: st.DataObject) -> None:
    versions, decisions = door
    again = data.draw(st.lists(st.sampled_from(versions)))
    assert merge([*versions, *again], [*decisions, *decisions]) == merge(versions, decisions)


@given(door=doors(), data=st.data())
def test_batches_may_be_cut_anywhere(door: Any, data: st.DataObject) -> None:
    """A server that kept only what it reads back from the history would come to the same facts."""
    versions, decisions = door
    cut = data.draw(st.integers(0, len(versions)))
    told = {line.key for fact in merge(versions[:cut]).values() for line in fact.lines}
    silent = [spoken for spoken in versions[:cut] if not spoken.said]
    kept = [spoken for spoken in versions if spoken.key in told] + silent
    assert merge([*versions[cut:], *kept], decisions) == merge(versions, decisions)


@given(door=doors())
def test_no_value_is_ever_dropped(door: Any) -> None:
    versions, decisions = door
    facts = merge(versions, decisions)
    told = sorted(
        (str(line.key), name, str(line.value)) for name, fact in facts.items() for line in fact.lines
    )
    assert told == sorted(
        (str(spoken.key), name, str(v)) for spoken in versions for name, v in spoken.said.items()
    )


@given(door=doors())
def test_one_holds_or_several_clash_never_both(door: Any) -> None:
    versions, decisions = door
    for fact in merge(versions, decisions).values():
        holders = [line for line in fact.lines if line.why is Why.HOLDS]
        clashing = [line for line in fact.lines if line.why is Why.CLASH]
        assert len(holders) <= 1 and (not holders or not clashing)
        assert len(clashing) != 1


@given(door=doors(), data=st.data())
def test_deciding_every_clash_leaves_none(door: Any, data: st.DataObject) -> None:
    versions, decisions = door
    facts = merge(versions, decisions)
    made = []
    for nth, name in enumerate(contested(facts), start=len(decisions)):
        lines = facts[name].lines
        chosen = data.draw(st.sampled_from([line for line in lines if line.why is Why.CLASH]))
        made.append(Decided(name, chosen.key, frozenset(line.key for line in lines), nth))
    after = merge(versions, [*decisions, *made])
    assert not contested(after)
    for decision in made:
        holder = after[decision.field].holder
        chosen_line = next(line for line in after[decision.field].lines if line.key == decision.chosen)
        assert holder is not None and chosen_line.why in (Why.HOLDS, Why.SAME)


@given(door=doors())
def test_one_person_alone_never_clashes(door: Any) -> None:
    versions, _decisions = door
    mine = [Version(v.key, 1, v.at, v.said, v.shown, v.replaces) for v in versions]
    assert not contested(merge(mine))


@given(door=doors(), data=st.data())
def test_whoever_comes_last_clashes_only_where_the_door_does(door: Any, data: st.DataObject) -> None:
    versions, _decisions = door
    newcomer = data.draw(st.sampled_from(versions))
    earlier = [spoken for spoken in versions if spoken.key != newcomer.key]
    # What the server asks of: a visit that speaks, and takes at most the place of one that spoke.
    speaking = {spoken.key for spoken in established(versions, ())}
    assume(newcomer.key in speaking)
    assume(newcomer.replaces is None or newcomer.replaces in {o.key for o in established(earlier, ())})
    met = overlap_of(newcomer, earlier, frozenset(), [])
    assert set(met.clashes) <= set(contested(merge(versions)))
    if not met.changes and not met.clashes:
        assert held(merge(versions)) == held(merge(earlier))


def test_what_was_revised_does_not_come_back_when_its_revision_is_replaced() -> None:
    """A said 3, then 12; B corrects A's 12 by name. A's 3 is history, not a second voice."""
    first, second = version(1, 1, 3), version(2, 1, 12)
    correction = version(3, 2, 14, replaces=number(2))
    facts = of(first, second, correction)
    assert whys(facts) == ["revised", "revised", "holds"] and not contested(facts)


# --- what they mean ------------------------------------------------------------------------------------


def test_the_same_value_leaves_nothing_to_decide() -> None:
    facts = of(version(1, 1, 12), version(2, 2, 12.0))
    assert whys(facts) == ["same", "holds"] and not contested(facts)


def test_whoever_alone_changed_what_both_were_shown_is_believed() -> None:
    for first, second in (((12, 12), (10, 12)), ((10, 12), (12, 12))):
        facts = of(version(1, 1, *first), version(2, 2, *second))
        assert facts["employees"].holder and facts["employees"].holder.value == 10
        assert sorted(whys(facts)) == ["corrected", "holds"]


def test_both_changed_it_differently() -> None:
    facts = of(version(1, 1, 10, 12), version(2, 2, 9, 12))
    assert whys(facts) == ["clash", "clash"] and facts["employees"].holder is None
    assert contested(facts) == ["employees"] and held(facts) == {}


def test_without_anything_shown_two_words_clash() -> None:
    assert contested(of(version(1, 1, 10), version(2, 2, 9))) == ["employees"]


def test_each_corrects_the_other() -> None:
    assert whys(of(version(1, 1, 10, 12), version(2, 2, 12, 10))) == ["clash", "clash"]


def test_what_only_one_speaks_of_is_taken() -> None:
    facts = of(Version(number(1), 1, at(1), {"employees": 3}), Version(number(2), 2, at(2), {"lapsed": "no"}))
    assert held(facts) == {"employees": "3", "lapsed": '"no"'}


def test_a_person_s_later_visit_supersedes_the_own_earlier_one() -> None:
    facts = of(version(2, 1, 9, minute=9), version(1, 1, 10, minute=1))
    assert whys(facts) == ["revised", "holds"] and facts["employees"].holder
    assert facts["employees"].holder.value == 9


def test_a_correction_by_name_counts_whatever_the_clock_says() -> None:
    facts = of(
        version(1, 1, 10, minute=9),
        version(2, 1, 9, minute=1, replaces=number(1)),
        version(3, 1, 8, minute=5),
    )
    assert facts["employees"].holder and facts["employees"].holder.value == 9


def test_a_colleague_s_answer_to_a_question_takes_the_place_of_the_visit() -> None:
    facts = of(version(1, 1, 10), version(2, 2, 9, replaces=number(1)))
    assert whys(facts) == ["revised", "holds"]


def test_a_decision_holds_until_somebody_says_otherwise() -> None:
    first, second = version(1, 1, 10), version(2, 2, 9)
    decided = Decided("employees", number(2), frozenset({number(1), number(2)}), 0)
    assert whys(of(first, second, decisions=[decided])) == ["decided", "holds"]
    third = version(3, 3, 10)
    assert whys(of(first, second, third, decisions=[decided])) == ["decided", "clash", "clash"]
    again = Decided("employees", number(1), frozenset({number(1), number(2), number(3)}), 1)
    assert whys(of(first, second, third, decisions=[decided, again])) == ["same", "decided", "holds"]


def test_a_newcomer_is_measured_against_those_that_do_not_wait_themselves() -> None:
    first, second, third = version(1, 1, 10), version(2, 2, 9), version(3, 3, 10)
    waiting = waiting_in(of(first, second), [number(2)])
    assert waiting == {number(2)}
    assert not overlap_of(third, [first, second], waiting, []).clashes
    assert overlap_of(version(4, 4, 9), [first, second], waiting, []).clashes == ("employees",)


def test_time_is_told_apart_to_the_microsecond() -> None:
    early = version(2, 1, 10)
    late = Version(number(1), 1, early.at + timedelta(microseconds=1), {"employees": 9})
    assert whys(of(early, late)) == ["revised", "holds"]
