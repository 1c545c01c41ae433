"""What the README says of the claims is what the committed reference runs found."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from cartography_al.claims.rule import was_judged
from cartography_al.naming import strategy_title
from cartography_al.paper import paper_values, text_value
from cartography_al.significance.intervals import over_seeds

ROOT = Path(__file__).resolve().parents[2]
FIVE_SEEDS = {
    "TREC, as_written": "trec_local",
    "TREC, released": "trec_local",
    "AG News, as_written": "agnews_as_written",
    "AG News, released": "agnews_released",
}
"""Where the paper's five seeds on FastText sums stand."""
SEEDS_20 = {
    "as_written": ["trec_20_seeds", "trec_dal_20_seeds", "trec_hybrid_20_seeds"],
    "released": ["trec_released_20_seeds", "trec_dal_released_20_seeds", "trec_hybrid_released_20_seeds"],
}
"""TREC with the same 20 seeds, run apart."""
OF_20_SEEDS = [run for runs in SEEDS_20.values() for run in runs]
ENCODED_20_SEEDS = [
    *("trec_encoder_20_seeds", "trec_encoder_dal_20_seeds"),
    *("trec_encoder_dropout_20_seeds", "trec_encoder_others_20_seeds"),
]
"""The same on MiniLM's vectors."""
CLAIMS = {
    **{
        f"TREC, {protocol}, 20 seeds": [
            *(f"{run}/tables/claims.csv" for run in runs),
            "trec_20_seeds/tables/claims_of_accuracies.csv",
        ]
        for protocol, runs in SEEDS_20.items()
    },
    "TREC, as_written": ["trec_as_written/tables/claims.csv"],
    "TREC, released": ["trec_local/tables/claims_of_accuracies.csv"],
    "TREC, as_written, MiniLM, 20 seeds": [
        *(f"{run}/tables/claims.csv" for run in ENCODED_20_SEEDS[:2]),  # the others have none of the paper's strategies
        "trec_encoder_20_seeds/tables/claims_of_accuracies.csv",
    ],
    **{f"AG News, {protocol}": [f"agnews_{protocol}/tables/claims.csv"] for protocol in ("as_written", "released")},
}
"""Where the verdicts of each run stand; of the older runs, those of the claims that accuracies decide."""
INTERVAL = "{:+.3f} ({:+.3f} to {:+.3f})"
VERDICTS = {"holds": "holds", "does not hold": "no", "cannot be decided": "open"}


def committed_claims(run: str) -> pd.DataFrame:
    """The claims that were judged on a run, by their names; where several tables judge one, they agree."""
    claims = pd.concat([pd.read_csv(ROOT / "results/reference" / path) for path in CLAIMS[run]])
    own = claims["protocol"] == run.split(", ")[1]
    judged = claims[own & claims["value"].map(was_judged)].drop_duplicates(["claim", "verdict", "paper_verdict"])
    assert judged["claim"].is_unique
    return judged.set_index("claim")


def cells_of(table: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in table.strip().splitlines()]


def test_the_readme_counts_the_verdicts_of_the_reference_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| Claims of the paper .*?\n\n", readme, re.M | re.S)
    header, _, *rows = cells_of(table)
    assert [row[0] for row in rows] == [*VERDICTS, "holds by the paper's own procedure"]
    for column, run in enumerate(header[1:], start=1):
        own = committed_claims(run.replace("as written", "as_written"))
        counts = [(own["verdict"] == verdict).sum() for verdict in VERDICTS]
        assert [int(row[column]) for row in rows] == [*counts, (own["paper_verdict"] == "holds").sum()]


def test_the_document_has_both_verdicts_of_every_claim_that_was_judged() -> None:
    document = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    shown = set()
    for table in re.findall(r"^\| claim \| statement .*?\n\n", document, re.M | re.S):
        header, _, *rows = cells_of(table)
        for claim, statement, *verdicts in rows:
            for run, cell in zip(header[2:], verdicts, strict=True):
                own = committed_claims(run)
                if claim not in own.index:
                    assert cell == "-"
                    continue
                row = own.loc[claim]
                assert statement == row["statement"]
                assert cell.replace("*", "") == f"{VERDICTS[row['verdict']]} ({VERDICTS[row['paper_verdict']]})"
                shown.add((run, claim))
    assert shown == {(run, claim) for run in CLAIMS for claim in committed_claims(run).index}


@cache
def reference(experiment: str) -> pd.DataFrame:
    """All chains of a reference run, index (protocol, strategy, seed), columns iteration; of 20 seeds all together."""
    parts = next((runs for runs in (OF_20_SEEDS, ENCODED_20_SEEDS) if experiment in runs), [experiment])
    runs = pd.concat([pd.read_csv(ROOT / f"results/reference/{part}/runs.csv") for part in parts])
    runs = runs.drop_duplicates(["protocol", "strategy", "seed", "iteration", "test_accuracy"])
    return runs.pivot(index=["protocol", "strategy", "seed"], columns="iteration", values="test_accuracy")


def heights(curves: pd.DataFrame, last: int) -> "pd.Series[float]":
    """The mean height of each learning curve from iteration 0 to the last one."""
    return pd.Series(np.trapezoid(curves.loc[:, :last].to_numpy(), axis=1) / last, curves.index)


def strategies_of(experiment: str) -> dict[str, str]:
    """The strategies of a reference run by their titles."""
    return {strategy_title(strategy): strategy for _, strategy, _ in reference(experiment).index}


def area(experiment: str, protocol: str, name: str, last: int = 30) -> "pd.Series[float]":
    strategies = strategies_of(experiment) | {"threshold 0.2": "cal", "CAL, threshold 0.8": "cal-threshold-0.8"}
    return heights(reference(experiment).loc[(protocol, strategies[name])], last)


def interval_of(experiment: str, protocol: str, difference: str) -> tuple[float, float, float]:
    """Mean and 95% interval of a difference of areas as the document names it: "CAL - LC, iterations 0 to 10"."""
    pair, _, span = difference.partition(", iterations 0 to ")
    first, second = (area(experiment, protocol, name, int(span or 30)) for name in pair.split(" - "))
    return over_seeds(first - second)


def test_the_areas_in_the_document_are_those_of_the_reference_runs() -> None:
    document = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| area under the curve .*?\n\n", document, re.M | re.S)
    header, _, *rows = cells_of(table)
    assert len(rows) >= 8
    for what, *cells in rows:
        for run, cell in zip(header[1:], cells, strict=True):
            protocol = run.split(", ")[1]
            if "threshold" in what and run == "AG News, released":  # where other thresholds were not run
                assert cell == "-"
                continue
            assert cell == INTERVAL.format(*interval_of(FIVE_SEEDS[run], protocol, what)), (what, run)


@pytest.mark.parametrize("run", sorted(path.parent.name for path in (ROOT / "results/reference").glob("*/runs.csv")))
def test_the_configuration_of_a_reference_run_names_no_strategy_that_was_not_run(run: str) -> None:
    folder = ROOT / "results/reference" / run
    named = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))["run"]["strategies"]
    assert set(named) <= set(pd.read_csv(folder / "runs.csv")["strategy"])


@pytest.mark.parametrize(
    ("document", "name", "protocol", "runs"),
    [
        ("reproduction", "as_written", "as_written", ("trec_local", "trec_20_seeds")),
        ("reproduction", "released", "released", ("trec_local", "trec_20_seeds")),
        ("benchmark", "MiniLM", "as_written", ("trec_benchmark", "trec_encoder_20_seeds")),
    ],
)
def test_the_documents_say_how_wide_20_seeds_were_expected_to_be_and_are(
    document: str, name: str, protocol: str, runs: tuple[str, str]
) -> None:
    text = (ROOT / f"docs/{document}.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| (\w+) with 20 seeds ", text, re.M)
    assert tables == {"reproduction": ["as_written", "released"], "benchmark": ["MiniLM"]}[document]
    narrower = stats.t.ppf(0.975, 19) / stats.t.ppf(0.975, 4) * np.sqrt(5 / 20)
    (table,) = re.findall(rf"^\| {name} with 20 seeds .*?\n\n", text, re.M | re.S)
    _, _, *rows = cells_of(table)
    assert len(rows) >= 8
    for what, *cells in rows:
        five, twenty = (interval_of(run, protocol, what) for run in runs)
        half_widths = [(high - low) / 2 for _, low, high in (five, twenty)]
        shown = [INTERVAL.format(*interval) for interval in (five, twenty)]
        assert cells == [shown[0], f"{narrower * half_widths[0]:.3f}", f"{half_widths[1]:.3f}", shown[1]], what


def test_the_last_accuracies_in_the_document_are_those_of_20_seeds() -> None:
    document = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| TREC, 20 seeds .*?\n\n", document, re.M | re.S)
    header, _, *rows = cells_of(table)
    full_data = {
        protocol: pd.read_csv(ROOT / f"results/reference/{runs[0]}/full_data.csv").set_index("seed")["test_accuracy"]
        for protocol, runs in SEEDS_20.items()
    }
    names = {"CAL": "cal", "LC": "least_confidence", "Random": "random"}
    checked = 0
    for what, _, *cells in rows:
        for protocol, cell in zip(header[2:], cells, strict=True):
            full, (name, _, rest) = full_data[protocol], what.partition(" ")
            own = reference(OF_20_SEEDS[0])[30].loc[(protocol, names[name])] if name in names else full
            if rest == "- full data":
                assert cell == INTERVAL.format(*over_seeds(own - full)), what
            elif not what.startswith("CAL's"):
                assert cell == f"{own.mean():.3f} ± {own.std():.3f}", what
            else:
                continue
            checked += 1
    assert checked == 10


def test_what_one_switch_does_to_full_data_of_ag_news_is_in_the_document() -> None:
    document = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| AG News, released, full data .*?\n\n", document, re.M | re.S)
    _, _, *rows, (_, papers) = cells_of(table)
    folder = ROOT / "results/reference/agnews_released"
    shuffled = pd.read_csv(folder / "full_data_shuffled_rows.csv").assign(protocol="shuffled rows")
    full = pd.concat([pd.read_csv(folder / "full_data.csv"), shuffled]).groupby("protocol")["test_accuracy"]
    switches = ["shuffling", "padding", "evaluation_dropout", "hidden_layers"]
    protocols = ["released", "shuffled rows", *(f"released_but_{switch}" for switch in switches)]
    shown = [f"{mean:.3f} ± {std:.3f}" for mean, std in zip(full.mean()[protocols], full.std()[protocols], strict=True)]
    assert [cell for _, cell in rows] == shown
    assert float(papers) == text_value("agnews", "full_data_accuracy")


def known_numbers() -> set[str]:
    """Every number of the committed tables, of the last accuracies of the reference runs, and of the paper; rounded."""
    numbers: list[float] = []
    encoded = {*ENCODED_20_SEEDS, *(run for runs, _ in ENCODED.values() for run in runs)}
    for run in (
        *OF_20_SEEDS,
        "trec_as_written",
        "trec_audit",
        *encoded,
        *FIVE_SEEDS.values(),
    ):
        for path in (ROOT / f"results/reference/{run}/tables").glob("*.csv"):
            numbers += [
                float(number) for number in re.findall(r"\d+\.\d+(?:e-?\d+)?", path.read_text(encoding="utf-8"))
            ]
    for experiment in set(FIVE_SEEDS.values()):
        folder = ROOT / f"results/reference/{experiment}"
        final = reference(experiment)[30].groupby(["protocol", "strategy"])
        full = pd.read_csv(folder / "full_data.csv").groupby("protocol")["test_accuracy"]
        for group in (final, full):
            numbers += [*group.mean(), *group.std()]
        reached = full.mean().reindex([protocol for protocol, _ in final.groups]).to_numpy()
        numbers += list(abs(final.mean().to_numpy() - reached))
    numbers += [float(value) for value in paper_values("text_values")["value"]]
    shown = {f"{scale * abs(number):.{digits}f}" for number in numbers for digits in (1, 2, 3, 4) for scale in (1, 100)}
    return shown | {f"{abs(a - b):.3f}" for a in (0.724, 0.697) for b in (0.634,)}


def test_every_number_of_what_came_out_is_in_a_committed_table_or_run() -> None:
    """A guard against numbers that went stale: it knows the number, not the sentence around it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    document = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    parts = [readme.partition("## What came out")[2].partition("\n## ")[0]]
    parts.append(document.partition("## Three findings")[2].partition("\n## ")[0])
    areas = re.compile(r"^\| (?:area under the curve|TREC, 20 seeds) .*?\n\n", re.M | re.S)  # tests above have these
    known = known_numbers()
    for part in parts:
        text = re.sub(r"\(\.\./[^)]*\)|\([^)]*\.png\)|sub-?\d", "", areas.sub("", part))
        unknown = [number for number in re.findall(r"(?<![\w.])\d+\.\d+", text) if number not in known]
        assert not unknown


BANKING77_SST2 = ["banking77_sst2", "banking77_sst2_others", "banking77_sst2_dearest"]
ENCODED = {
    "TREC": (["trec_benchmark"], "trec"),
    "AG News": (["agnews_benchmark", "agnews_benchmark_others"], "agnews"),
    "Banking77": (BANKING77_SST2, "banking77"),
    "SST-2": (BANKING77_SST2, "sst2"),
}
"""Where the areas on MiniLM's vectors stand, five seeds each; a strategy is in one of the runs, Random in all."""
MOST_SEEDS = ENCODED | {"TREC": (ENCODED_20_SEEDS[:1], "trec")}
"""The same where a run has 20."""


def over_random(title: str, runs: list[str], dataset: str) -> str:
    """A strategy's area less Random's on MiniLM's vectors, with the interval over seeds and test texts."""
    areas = pd.concat([pd.read_csv(ROOT / f"results/reference/{run}/tables/areas.csv") for run in runs])
    own = (areas["dataset"] == dataset) & (areas["comparison"] == "strategy - Random")
    (row,) = areas[own & (areas["strategy"].map(strategy_title) == title)].itertuples()
    return INTERVAL.format(row.difference, row.low_texts, row.high_texts)


def test_the_readme_has_the_areas_on_an_encoder_of_the_reference_runs() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    finding = readme.partition("MiniLM, CAL - Random: ")[2].partition(" [17 strategies")[0]
    found = re.findall(rf"({'|'.join(ENCODED)}) ([+-]\S+ \(\S+ to \S+\))", finding)
    expected = [
        (where, over_random(title, *MOST_SEEDS[where])) for title in ("CAL", "Margin") for where, _ in found[:4]
    ]
    assert len(found) == 8
    assert found == expected


def test_the_benchmark_document_has_the_areas_and_ranks_of_the_reference_runs() -> None:
    document = (ROOT / "docs/benchmark.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| area less Random's .*?\n\n", document, re.M | re.S)
    (_, *titles, _), _, *rows = cells_of(table)
    assert titles == list(ENCODED)
    ranks = pd.read_csv(ROOT / "results/reference/ranks.csv").drop_duplicates("strategy_a")
    ranks = ranks.assign(title=ranks["strategy_a"].map(strategy_title)).set_index("title")
    assert {title for title, *_ in rows} == {*ranks.index, "CAL+DAL"}
    for title, *cells, rank in rows:
        for where, cell in zip(titles, cells, strict=True):
            if title == "Random":
                assert cell == "0"
            elif (title, where) == ("CAL+DAL", "AG News"):  # which was not run
                assert cell == "-"
            else:
                assert cell == over_random(title, *ENCODED[where]), (title, where)
        if title in ranks.index:
            own = ranks.loc[title]
            assert rank == f"{own['mean_rank']:.1f} ({own['low']:.1f} to {own['high']:.1f})"
        else:
            assert rank == "-"
    moves = re.findall(r"areas differ by (\d\.\d+) at most", (ROOT / "results/reference/ranks.md").read_text("utf-8"))
    assert f"moves the areas of Random by {float(max(moves)):.3f} at most" in " ".join(document.split())


REPRESENTATIONS = {
    "TREC, word vectors, 20 seeds": ["trec_20_seeds"],
    "TREC, MiniLM, 20 seeds": ["trec_encoder_20_seeds"],
    "AG News, word vectors": ["agnews_as_written"],
    "AG News, MiniLM": ["agnews_benchmark", "agnews_benchmark_others"],
}
"""Where the paper's strategies stand on either representation; 20 seeds with what was run apart."""


def test_the_benchmark_document_has_the_papers_strategies_on_both_representations() -> None:
    document = (ROOT / "docs/benchmark.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| the paper's strategies .*?\n\n", document, re.M | re.S)
    (_, *titles), _, *rows = cells_of(table)
    assert titles == list(REPRESENTATIONS)
    assert {title for title, *_ in rows} == {"LC", "Entropy", "BALD", "DAL", "CAL", "CAL+DAL"}
    for title, *cells in rows:
        for where, cell in zip(titles, cells, strict=True):
            runs = [run for run in REPRESENTATIONS[where] if title in strategies_of(run)]
            shown = [INTERVAL.format(*interval_of(run, "as_written", f"{title} - Random")) for run in runs]
            assert [cell] == (shown or ["-"]), (title, where)


def test_where_typiclust_leads_and_where_margin_does_is_in_the_document() -> None:
    document = " ".join((ROOT / "docs/benchmark.md").read_text(encoding="utf-8").split())
    found = re.findall(
        r"TypiClust less Margin[^.]*: over 30 iterations (.*?), over the first ten (.*?), at the end (.*?)\. ", document
    )
    first, second = (
        pd.read_csv(ROOT / f"results/reference/{run}/runs.csv")
        .query("dataset == 'banking77'")
        .pivot(index=["strategy", "seed"], columns="iteration", values="test_accuracy")
        for run in ("banking77_sst2_dearest", "banking77_sst2")
    )
    assert first.loc["random"].equals(second.loc["random"]), "of one machine, as it were"
    gap = first.loc["skactiveml-TypiClust"] - second.loc["margin"]
    differences = (heights(gap, 30), heights(gap, 10), gap[30])
    assert found == [tuple(INTERVAL.format(*over_seeds(difference)) for difference in differences)]
