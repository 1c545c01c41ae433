"""Titles and order of strategies."""

from hypothesis import given
from hypothesis import strategies as st

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.naming import PAPER_STRATEGIES, STRATEGY_ORDER, in_order, result_title, strategy_title


def test_results_are_called_as_readers_call_them() -> None:
    names = ["table2", "table2_final", "figure3_protocols", "label_noise", "claim_errors", "figure10"]
    titles = ["Table 2", "Table 2, final", "Figure 3, protocols", "Label noise", "Claim errors", "Figure 10"]
    assert [result_title(name) for name in names] == titles


def test_titles_are_the_paper_s() -> None:
    titles = [strategy_title(name) for name in PAPER_STRATEGIES]
    assert titles == ["Random", "LC", "Entropy", "BALD", "DAL", "CAL", "CAL+DAL"]


def test_every_registered_strategy_has_a_title_and_a_place() -> None:
    assert set(STRATEGY_ORDER) == set(STRATEGIES)
    titles = [strategy_title(name) for name in STRATEGY_ORDER]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) < 20


def test_titles_of_other_names_are_readable() -> None:
    assert strategy_title("cal-threshold-0.4") == "CAL (t=0.4)"
    assert strategy_title("my_margin-threshold-0.1") == "My margin (t=0.1)"
    assert strategy_title("my__own_margin") == "My own margin"
    assert strategy_title("BADGER") == "BADGER"
    assert strategy_title("_") == "_"
    assert strategy_title("skactiveml-TypiClust") == "TypiClust (skactiveml)"


def test_order_is_known_strategies_then_thresholds_by_number_then_the_alphabet() -> None:
    names = [
        "zeta",
        "cal-threshold-0.8",
        "alpha",
        "cal_dal",
        "cal-threshold-0.0",
        "random",
        "cal-threshold-1.2.3",
        "cal",
    ]
    ordered = [
        "random",
        "cal",
        "cal_dal",
        "cal-threshold-0.0",
        "cal-threshold-0.8",
        "alpha",
        "cal-threshold-1.2.3",
        "zeta",
    ]
    assert in_order([*names, *names]) == ordered
    assert in_order(reversed(STRATEGY_ORDER)) == list(STRATEGY_ORDER)


@given(st.text())
def test_any_name_has_a_title_and_a_place(name: str) -> None:
    assert strategy_title(name) or not name
    assert in_order([name]) == [name]
