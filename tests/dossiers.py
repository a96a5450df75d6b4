"""Three projects at their ends: flights (binary), houses (regression), penguins (multiclass)."""

import msgspec
import numpy as np
from msgspec.structs import replace

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.splitting.splits import Split
from modelwright.documents import (
    BrokenRule,
    Candidate,
    Cause,
    ColumnDrift,
    ColumnProfile,
    Curve,
    Evaluation,
    Expected,
    FalseAlarm,
    Feasibility,
    Findings,
    Gameday,
    Gate,
    GateRule,
    Growth,
    Health,
    Importance,
    Leak,
    LiveCosts,
    LossShare,
    LossSplit,
    Movement,
    Movements,
    Outcome,
    Outlook,
    PeriodScore,
    Plan,
    ProvingRow,
    Refusal,
    Release,
    Risk,
    Scheme,
    SliceScore,
    TableFacts,
    Trial,
)
from modelwright.report.dossier import Dossier
from modelwright.tasks.interval import Interval
from modelwright.tasks.rates import Rates
from modelwright.tasks.savings import Counts
from modelwright.tasks.task import Task

_MADE = "2026-11-23T14:05:09.120000+00:00"


def around(value: float, half: float) -> Interval:
    return Interval(value=value, low=value - half, high=value + half, method="bootstrap over days")


def moved(names: tuple[str, ...], largest: float, *, of: object = None, exact: bool = False):
    """Return what columns add to single answers, each half of what the one before it does."""
    random = np.random.default_rng(5)
    columns = []
    for place, name in enumerate(names):
        values = random.random(60)
        parts = largest / (1 + place) * (values - 0.5 + random.normal(0, 0.2, 60))
        ordered = place % 3 < 2
        columns.append(
            Movement(
                column=name,
                mean=float(abs(parts).mean()),
                rises=(-1) ** place * 0.91 if ordered else None,
                parts=tuple(((-1) ** place * parts).tolist()) if place < 10 else (),
                places=tuple(values.tolist() if ordered else [None] * 60) if place < 10 else (),
            )
        )
    return Movements(rows=200, others=50, exact=exact, of=of, columns=tuple(columns))


def flights_dossier() -> Dossier:
    plan = _flights_plan()
    task = plan.task
    findings = Findings(
        made_at=_MADE,
        made_from="2f1c9a7be0d14c55",
        plan=plan,
        schema=plan.schema,
        profile=_flights_profile(),
        leaks=(
            Leak(
                columns=("arr_delay",),
                verdict="certain",
                evidence="one threshold on it tells the target in all 241,213 rows",
            ),
            Leak(
                columns=("dep_time", "arr_time", "air_time"),
                verdict="certain",
                evidence="together they give the delay to the minute in 99.8 % of rows",
            ),
            Leak(
                columns=("dep_delay",),
                verdict="certain",
                evidence="it is recorded after the moment of the prediction in every row",
            ),
            Leak(
                columns=("tailnum",),
                verdict="suspicious",
                evidence="it alone ranks the target with 0.61, and 12 % of its levels are new",
            ),
        ),
        refused=(
            Refusal(column="flight", reason="an id: 3,844 different numbers without order"),
            Refusal(column="engines", reason="99.4 % of its values are the same"),
            Refusal(column="wind_gust", reason="missing in 78 % of rows"),
            *(
                Refusal(column=name, reason="a certain leak")
                for name in ("arr_delay", "dep_time", "arr_time", "air_time", "dep_delay")
            ),
        ),
        problems=(
            Risk(
                name="duplicates",
                sentence="14 rows occur twice",
                severity="note",
            ),
            Risk(
                name="missing together",
                sentence="weather is missing for 1,556 flights, mostly on the last days of months",
                columns=("temp", "dewp", "humid"),
                severity="warning",
            ),
        ),
        training_rows=241_213,
        duplicate_rows=14,
        contract_path="contract.yaml",
        outlook=_flights_outlook(),
    )
    candidate = Candidate(
        made_at=_MADE,
        made_from="8c1f0d22aa90be11",
        question=plan.question,
        target=plan.target,
        task=task,
        metric=plan.metric,
        schema=plan.schema,
        baseline="how often each carrier is late",
        trials=_flights_trials(),
        out_of_fold=around(0.7401, 0.0061),
        calibration="isotonic regression lowered the out-of-fold log-loss by 0.0043",
        threshold=0.2731,
        threshold_reason="it has the best F1 of the positive class; no costs were given",
        evaluation=_flights_evaluation(),
        worth_it=True,
        verdict="The model predicts late: area under the ROC curve is 0.7012 (0.6783 to 0.7227) on "
        "28,889 rows it has never seen, against 0.6104 for the simplest answer.",
        gates=(
            Gate(
                name="better than the baseline",
                passed=True,
                evidence="paired gain 0.0908, 95 % interval 0.0791 to 0.1025",
            ),
            Gate(
                name="the holdout is fresh",
                passed=True,
                evidence="opened once by this workspace",
            ),
            Gate(
                name="the stored program answers the same",
                passed=True,
                evidence="1,000 holdout rows compared bit for bit",
            ),
            Gate(name="the budget is kept", passed=True, evidence="2 min 3 s of 2 min 12 s"),
        ),
        program_path="bundles/draft-late",
        contract_path="contract.yaml",
        environment={"Python": "3.11.9", "cores": "2", "numpy": "2.3.5"},
        training_rows=241_213,
        seconds=123.4,
        budget_s=132.0,
        seed=0,
    )
    release = Release(
        made_at=_MADE,
        made_from="77aa0d22aa90be11",
        target="late",
        task=task,
        metric=plan.metric,
        released=True,
        gates=(
            *candidate.gates,
            Gate(
                name="the served bundle answers the same",
                passed=True,
                evidence="64 recorded rows over HTTP, largest difference 0",
            ),
            Gate(
                name="bad requests are refused",
                passed=True,
                evidence="11 kinds of bad input, each with a clear answer",
            ),
        ),
        bundle_path="bundles/late-1f2e3d4c5b6a",
        bundle_hash="1f2e3d4c5b6a708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809",
        bundle_bytes=8_412_331,
        row_latency_s=0.00162,
        holdout_score=candidate.evaluation.score,
    )
    return Dossier(
        plan=plan,
        findings=findings,
        candidate=candidate,
        release=release,
        health=_flights_health(release),
    )


def _flights_plan() -> Plan:
    return Plan(
        made_at=_MADE,
        made_from="d0d0d0d0d0d0d0d0",
        question="Will this flight arrive more than 15 minutes late, as known at its scheduled "
        "departure?",
        target="late",
        table=TableFacts(
            address="duckdb:///demo/flights.duckdb",
            rows=280_432,
            columns=38,
            fingerprint="9f8e7d6c5b4a39281706f5e4d3c2b1a0",
            facts=("five tables joined by a query", "ordered by scheduled departure"),
        ),
        schema=Schema(
            columns=(
                Column(name="scheduled_departure", kind=Kind.DATETIME, source_type="TIMESTAMP"),
                Column(name="late", kind=Kind.BOOLEAN, role=Role.TARGET),
                *(Column(name=name, kind=Kind.CATEGORICAL) for name in ("carrier", "origin")),
                *(Column(name=name, kind=Kind.NUMERIC) for name in ("distance", "temp", "dewp")),
            )
        ),
        task=Task(kind="binary", classes=(False, True), reason="two values: false and true"),
        metric="roc_auc",
        metric_reason="22.1% of the rows are True: the area under the ROC curve judges the ranking "
        "without a threshold.",
        split=Split(
            kind="time",
            column="scheduled_departure",
            boundary="2013-10-01",
            reason="the brief names 'scheduled_departure' as the time; the latest rows are the "
            "holdout",
        ),
        schemes=(
            Scheme(
                name="readable",
                title="a linear model",
                learners=("linear",),
                reason="its weights can be read one by one",
                expected_s=31.0,
                memory_bytes=0.6e9,
                size_bytes=14_000.0,
                probe="one fit on 8,000 rows: linear model 0.61 s",
                expected_score=0.672,
            ),
            Scheme(
                name="boosted trees",
                title="one gradient boosting",
                learners=("lightgbm",),
                reason="the strongest single model on most tables",
                expected_s=74.0,
                memory_bytes=0.6e9,
                size_bytes=410_000.0,
                probe="one fit on 8,000 rows: LightGBM 0.52 s",
                expected_score=0.691,
            ),
            Scheme(
                name="portfolio",
                title="several models, blended",
                learners=("lightgbm", "linear", "xgboost", "extra_trees"),
                reason="models that err differently answer better together",
                expected_s=149.0,
                memory_bytes=0.7e9,
                size_bytes=900_000.0,
                probe="one fit on 8,000 rows: LightGBM 0.52 s, linear model 0.61 s",
                expected_score=0.691,
                chosen=True,
            ),
        ),
        risks=(
            Risk(
                name="unanswered rows",
                sentence="7,641 of 280,432 rows have no answer and are not learned from",
            ),
        ),
        gates=(
            GateRule(
                name="better than the baseline",
                condition="the holdout's paired gain is above zero with 95 % confidence",
            ),
            GateRule(
                name="the holdout is fresh",
                condition="these rows were not opened more than 20 times",
            ),
            GateRule(name="the budget is kept", condition="everything ends inside the time given"),
        ),
        budget_s=150.0,
        seed=0,
        moment="scheduled_departure",
    )


def _flights_profile() -> tuple[ColumnProfile, ...]:
    return (
        ColumnProfile(name="scheduled_departure", kind="datetime", missing=0.0, distinct=61_204),
        ColumnProfile(
            name="carrier",
            kind="categorical",
            missing=0.0,
            distinct=16,
            levels=(("UA", 0.174), ("B6", 0.162), ("EV", 0.161), ("DL", 0.143)),
            association=0.062,
        ),
        ColumnProfile(
            name="origin",
            kind="categorical",
            missing=0.0,
            distinct=3,
            levels=(("EWR", 0.359), ("JFK", 0.33), ("LGA", 0.311)),
            association=0.021,
        ),
        ColumnProfile(
            name="distance",
            kind="numeric",
            missing=0.0,
            distinct=214,
            low=94.0,
            middle=872.0,
            high=2586.0,
            association=0.013,
        ),
        ColumnProfile(
            name="temp",
            kind="numeric",
            missing=0.0048,
            distinct=171,
            low=21.02,
            middle=59.0,
            high=91.04,
            association=0.048,
        ),
        ColumnProfile(
            name="dewp",
            kind="numeric",
            missing=0.0048,
            distinct=149,
            low=-2.02,
            middle=44.96,
            high=73.04,
            association=0.088,
        ),
    )


def _flights_trials() -> tuple[Trial, ...]:
    return (
        Trial(
            learner="lightgbm",
            title="LightGBM",
            score=0.7372,
            gain=around(0.1251, 0.0044),
            seconds=38.2,
            weight=0.61,
            rounds=412,
            beside_blend=around(-0.0021, 0.0012),
        ),
        Trial(
            learner="xgboost",
            title="XGBoost",
            score=0.7341,
            gain=around(0.122, 0.0043),
            seconds=41.7,
            weight=0.27,
            rounds=290,
            cut_short=True,
            beside_blend=around(-0.0043, 0.0015),
        ),
        Trial(
            learner="linear",
            title="linear model",
            score=0.7015,
            gain=around(0.0894, 0.0041),
            seconds=19.4,
            weight=0.12,
        ),
        Trial(
            learner="extra_trees",
            title="extra trees",
            score=None,
            gain=None,
            seconds=6.0,
            failure="the budget ended before its first fold",
        ),
    )


def _counts(rows: int, positives: int, warned: int, warned_right: int) -> Counts:
    return Counts(rows=rows, positives=positives, warned=warned, warned_right=warned_right)


def _rates(counts: Counts, half: float) -> Rates:
    alarms, negatives = counts.warned - counts.warned_right, counts.rows - counts.positives
    return Rates(
        warned=around(counts.warned / counts.rows, half),
        right=around(counts.warned_right / counts.warned, half),
        found=around(counts.warned_right / counts.positives, half),
        troubled=around(alarms / negatives, half),
    )


def _flights_evaluation() -> Evaluation:
    share = np.linspace(0, 1, 60)
    found = share**0.47
    precision = 0.16 + 0.55 * (1 - share) ** 1.7
    said = np.linspace(0.04, 0.62, 10)
    return Evaluation(
        rows=28_889,
        score=around(0.7012, 0.0222),
        baseline_score=around(0.6104, 0.0195),
        gain=around(0.0908, 0.0117),
        others={
            "average_precision": around(0.3611, 0.031),
            "log_loss": around(0.4012, 0.021),
            "accuracy": around(0.7931, 0.012),
            "f1": around(0.3902, 0.018),
            "brier": around(0.2514, 0.011),
        },
        openings=1,
        slices=(
            SliceScore(column="carrier", level="HA", rows=31, score=around(0.58, 0.11)),
            SliceScore(
                column="origin",
                level="LGA",
                rows=9_642,
                score=around(0.664, 0.021),
                counts=_counts(9642, 1607, 1928, 803),
            ),
            SliceScore(column="carrier", level="UA", rows=5_060, score=around(0.692, 0.025)),
            SliceScore(
                column="origin",
                level="EWR",
                rows=10_104,
                score=around(0.703, 0.019),
                counts=_counts(10104, 1684, 2020, 842),
                rates=_rates(_counts(10104, 1684, 2020, 842), 0.031),
            ),
            SliceScore(
                column="origin",
                level="JFK",
                rows=9_143,
                score=around(0.731, 0.018),
                counts=_counts(9143, 1523, 1828, 761),
            ),
        ),
        importances=tuple(
            Importance(column=name, loss=loss, low=loss * 0.86, high=loss * 1.13)
            for name, loss in (
                ("scheduled_departure", 0.0611),
                ("dest", 0.0287),
                ("carrier", 0.0214),
                ("precip", 0.0192),
                ("visib", 0.0121),
                ("dewp", 0.0098),
                ("pressure", 0.0061),
                ("origin", 0.0044),
                ("plane_year", 0.0021),
                ("distance", 0.0009),
                ("seats", -0.0002),
            )
        ),
        curves=(
            Curve(name="roc", x=tuple(share.tolist()), y=tuple(found.tolist())),
            Curve(name="precision_recall", x=tuple(share.tolist()), y=tuple(precision.tolist())),
            Curve(
                name="calibration",
                x=tuple(said.tolist()),
                y=tuple((said * 0.9 + 0.01).tolist()),
            ),
        ),
        warned=5_110,
        warned_right=1_892,
        positives=4_611,
        rates=_rates(_counts(28_889, 4_611, 5_110, 1_892), 0.042),
        movements=moved(
            ("scheduled_departure", "precip", "carrier", "visib", "dest", "dewp", "origin"),
            0.18,
            of=True,
        ),
    )


def _flights_health(release: Release) -> Health:
    return Health(
        made_at=_MADE,
        made_from="77aa0d22aa90be12",
        bundle_hash=release.bundle_hash,
        target="late",
        metric="roc_auc",
        since="2013-11-01T05:00:00",
        until="2013-11-30T23:59:00",
        rows=27_268,
        labelled=26_971,
        contract_passed=True,
        broken_rules=(),
        drift=(
            ColumnDrift(
                column="temp",
                distance=0.41,
                p_value=0.00002,
                verdict="alarm",
                sentence="colder: the median fell from 59 to 45",
            ),
            ColumnDrift(
                column="dewp",
                distance=0.33,
                p_value=0.0004,
                verdict="alarm",
                sentence="drier: the median fell from 45 to 28",
            ),
            ColumnDrift(
                column="carrier",
                distance=0.03,
                p_value=1.0,
                verdict="steady",
                sentence="as before",
            ),
            ColumnDrift(
                column="prediction",
                distance=0.09,
                p_value=0.04,
                verdict="note",
                sentence="a little higher than in training",
            ),
        ),
        false_alarm_rate=0.01,
        realised=around(0.6921, 0.0263),
        expected=around(0.7012, 0.0222),
        healthy=True,
        action="keep",
        sentence="The score on November's flights lies where the holdout said it would.",
        estimated=around(0.6975, 0.0251),
        estimate="From its probabilities; its error is that of training and of 1 window since.",
        periods=_flights_periods(),
        slices=(
            SliceScore(column="carrier", level="MQ", rows=2_210, score=around(0.6502, 0.0310)),
            SliceScore(column="carrier", level="UA", rows=4_817, score=around(0.7130, 0.0214)),
        ),
        costs=LiveCosts(
            unit="EUR",
            estimated=around(512.0, 41.0),
            realised=around(498.0, 22.0),
            saved_realised=around(61.0, 18.0),
        ),
        split=_flights_split(),
    )


def _flights_split() -> LossSplit:
    """A change of the loss that has one cause, and what is left."""
    shown = ProvingRow(
        place=412,
        at="2013-11-12T07:00:00",
        values={"temp": "31.04"},
        loss=1.92,
        usual=0.51,
    )
    return LossSplit(
        growth=around(0.062, 0.03),
        before=4_000,
        now=4_000,
        sentence="The loss grew by 6.2 %, 71 % of it by covariate drift of temp.",
        shares=(
            LossShare(
                kind="covariate drift",
                columns=("temp",),
                sentence="38 % of rows are at most 39.9 now, 10 % before.",
                since="2013-11-12T07:00:00",
                growth=around(0.044, 0.012),
                share=around(0.71, 0.22),
                rows=1_520,
                proof=(shown,),
                course=(0.0, 0.01, -0.01, 0.05, 0.06),
            ),
            LossShare(
                kind="concept drift",
                sentence="Rows like those before lose otherwise; it may be chance.",
                growth=around(0.018, 0.025),
                share=around(0.29, 0.4),
            ),
        ),
    )


def _flights_periods() -> tuple[PeriodScore, ...]:
    first = PeriodScore(
        since="2013-11-01T05:00:00",
        until="2013-11-15T23:59:00",
        rows=13_634,
        labelled=13_634,
        estimated=around(0.6990, 0.0262),
        realised=around(0.6921, 0.0263),
    )
    second = PeriodScore(
        since="2013-11-16T05:00:00",
        until="2013-11-30T23:59:00",
        rows=13_634,
        labelled=0,
        reason="Cannot be estimated here: 38 % of rows have a 'temp' that the model was not tested "
        "on.",
    )
    return first, second


def flights_gameday() -> Gameday:
    """Return a drill: found at once, found late with another cause, unfound, harmless."""
    lost = Outcome(
        fault="missing values",
        columns=("temp",),
        window=4,
        harm="harmful",
        growth=0.31,
        found=True,
        late=0,
        causes=(Cause(kind="missing values", columns=("temp",), sentence="None is left."),),
        is_right=True,
        sentence="temp is missing.",
        remedy="impute",
        mended=0.74,
    )
    other = (Cause(kind="covariate drift", columns=("wind",), sentence="Other rows."),)
    late = msgspec.structs.replace(
        lost, fault="unit change", late=2, causes=other, is_right=False, remedy="", mended=None
    )
    turned = msgspec.structs.replace(
        late, fault="concept drift", columns=(), found=False, late=None, causes=(), sentence=""
    )
    season = msgspec.structs.replace(turned, fault="harmless season", harm="harmless", growth=0.004)
    return Gameday(
        made_at="2026-03-02T09:00:00+00:00",
        bundle_hash="ab" * 32,
        traffic="november <b>.parquet",
        window_rows=500,
        windows=9,
        outcomes=(season, lost, late, turned),
        false_alarms=(FalseAlarm(window=3, action="call a person", sentence="It fell by 0.2."),),
        seconds=83.0,
    )


def houses_dossier() -> Dossier:
    """A regression that was built and refused at a gate, by a group split."""
    flights = flights_dossier()
    assert flights.plan
    assert flights.candidate
    rng = np.random.default_rng(0)
    truth = np.exp(rng.normal(12.2, 0.5, 300))
    plan = replace(
        flights.plan,
        question="What will this house sell for?",
        target="sale_price",
        table=TableFacts(address="houses.csv", rows=2_930, columns=82, fingerprint="aa11bb22"),
        task=Task(kind="regression", reason="1,032 different numbers"),
        metric="rmse",
        metric_reason="Large errors of a number usually cost more than small ones.",
        split=Split(
            kind="group",
            column="neighborhood",
            reason="rows share 'neighborhood'; a model meets new ones, so none is on both sides",
        ),
        risks=(),
        moment="",
    )
    gates = (
        Gate(
            name="better than the baseline",
            passed=True,
            evidence="paired gain 31,200, 95 % interval 22,300 to 40,100",
        ),
        Gate(name="the budget is kept", passed=False, evidence="2 min 41 s of 2 min 12 s"),
    )
    candidate = replace(
        flights.candidate,
        question=plan.question,
        target="sale_price",
        task=plan.task,
        metric="rmse",
        baseline="the median of the training rows",
        trials=(
            Trial(
                learner="lightgbm",
                title="LightGBM",
                score=28_411.7,
                gain=around(49_120.0, 5_210.0),
                seconds=8.3,
                weight=0.7,
            ),
            Trial(
                learner="linear",
                title="linear model",
                score=33_820.1,
                gain=around(43_712.0, 5_630.0),
                seconds=2.2,
                weight=0.3,
            ),
        ),
        out_of_fold=around(28_100.0, 2_010.0),
        calibration="answers are numbers",
        threshold=None,
        threshold_reason="only a question with two answers has a threshold",
        evaluation=Evaluation(
            rows=586,
            score=around(29_812.4, 3_911.0),
            baseline_score=around(78_120.0, 8_400.0),
            gain=around(48_307.6, 7_020.0),
            others={"mae": around(18_904.0, 1_420.0), "r2": around(0.853, 0.031)},
            openings=3,
            importances=(
                Importance(column="overall_qual", loss=21_000.0, low=19_000.0, high=23_500.0),
                Importance(column="gr_liv_area", loss=14_200.0, low=12_000.0, high=16_100.0),
            ),
            movements=moved(("overall_qual", "gr_liv_area"), 61_000.0, exact=True),
            curves=(
                Curve(
                    name="residuals",
                    x=tuple((truth * np.exp(rng.normal(0, 0.12, 300))).tolist()),
                    y=tuple(truth.tolist()),
                ),
            ),
        ),
        gates=gates,
        training_rows=2_344,
    )
    release = Release(
        made_at=_MADE,
        target="sale_price",
        task=plan.task,
        metric="rmse",
        released=False,
        gates=gates,
    )
    return Dossier(plan=plan, candidate=candidate, release=release)


def penguins_dossier() -> Dossier:
    """Three classes, not worth it."""
    flights = flights_dossier()
    assert flights.plan
    assert flights.candidate
    task = Task(kind="multiclass", classes=("Adelie", "Chinstrap", "Gentoo"), reason="3 levels")
    plan = replace(
        flights.plan,
        question="Which species is this penguin?",
        target="species",
        task=task,
        metric="log_loss",
        split=Split(kind="stratified", reason="no time and no entity orders the rows"),
        moment="",
    )
    candidate = replace(
        flights.candidate,
        question=plan.question,
        target="species",
        task=task,
        metric="log_loss",
        baseline="the commonest species of each island",
        threshold=None,
        evaluation=Evaluation(
            rows=69,
            score=around(0.612, 0.14),
            baseline_score=around(0.634, 0.11),
            gain=around(0.022, 0.09),
            others={"accuracy": around(0.768, 0.101), "macro_f1": around(0.741, 0.12)},
            openings=2,
            curves=(Curve(name="calibration", x=(0.42, 0.61, 0.83), y=(0.4, 0.7, 0.8)),),
        ),
        worth_it=False,
        gates=(
            Gate(
                name="better than the baseline",
                passed=False,
                evidence="paired gain 0.022, 95 % interval -0.068 to 0.112",
            ),
        ),
        training_rows=275,
    )
    return Dossier(plan=plan, candidate=candidate)


def wide_dossier() -> Dossier:
    """Three hundred columns, with long names, other scripts and markup; a broken contract."""
    flights = flights_dossier()
    assert flights.findings
    assert flights.candidate
    assert flights.health
    names = (
        "<script>alert('a')</script>",
        "a_name_" + "that_does_not_end_" * 12,
        "出发机场的平均延误时间分钟",
        "متوسط التأخير",
        "\u202egpj.exe\x1b[31m",
        "x{{ 7 * 7 }}",
        *(f"sensor_{index:03}" for index in range(294)),
    )
    profile = tuple(
        ColumnProfile(
            name=name,
            kind="categorical",
            missing=0.1,
            distinct=9,
            levels=(("<b>bold</b>", 0.5), ("晴れ", 0.3), ("x" * 90, 0.1)),
            association=0.01,
        )
        for name in names
    )
    findings = replace(
        flights.findings,
        profile=profile,
        leaks=(Leak(columns=names[:3], verdict="certain", evidence="<i>one</i> of them tells"),),
        refused=tuple(Refusal(column=name, reason="constant <u>") for name in names[:250]),
        problems=(Risk(name="<hr>", sentence="of <hr>", columns=names, severity="serious"),),
    )
    evaluation = replace(
        flights.candidate.evaluation,
        importances=tuple(
            Importance(column=name, loss=0.05 / (index + 1), low=0.0, high=0.06 / (index + 1))
            for index, name in enumerate(names)
        ),
        movements=moved(names, 0.3, of=True),
        slices=tuple(
            SliceScore(column=name, level="<b>", rows=120, score=around(0.6, 0.05))
            for name in names[:8]
        ),
    )
    health = replace(
        flights.health,
        contract_passed=False,
        broken_rules=tuple(
            BrokenRule(rule="known levels", column=name, sentence="not so in 3 rows: '<img>'")
            for name in names[:60]
        ),
        drift=tuple(
            ColumnDrift(
                column=name, distance=0.4, p_value=1e-9, verdict="alarm", sentence="<p> rose"
            )
            for name in names
        ),
        healthy=False,
        action="fix input",
        sentence="Live rows break the contract <b>.",
    )
    return Dossier(
        plan=replace(flights.plan, question=f"Is <em>this</em> {'very ' * 60}long?"),
        findings=findings,
        candidate=replace(
            flights.candidate,
            question=f"Is <em>this</em> {'very ' * 60}long?",
            baseline="<s>strike</s>",
            evaluation=evaluation,
        ),
        release=flights.release,
        health=health,
    )


def _flights_outlook() -> Outlook:
    return Outlook(
        expected=(
            Expected(name="constant", title="Constant answer", rows=6_700, score=around(0.5, 0.01)),
            Expected(name="build", title="A build", rows=241_213, score=around(0.741, 0.012)),
        ),
        gain=around(0.09, 0.02),
        verdict="worth it",
        sentence="A model is worth it: a quick one is better than the rule by 0.09.",
        measured=((830, 0.66), (1_660, 0.68), (3_320, 0.7), (6_700, 0.72)),
        growth=(
            Growth(rows=482_426, score=around(0.745, 0.015), gain=around(0.004, 0.003)),
            Growth(rows=2_412_130, score=around(0.752, 0.02), gain=around(0.011, 0.008)),
        ),
        feasibility=Feasibility(
            goal="auc ≥ 0.8",
            verdict="not with these columns",
            sentence="A build is expected to reach 0.741, and more rows would not reach the goal.",
        ),
    )
