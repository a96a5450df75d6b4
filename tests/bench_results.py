"""Results as a bench leaves them."""

from bench.results import Conditions, Figures, Result


def figures(score: float) -> Figures:
    return Figures(
        score=score,
        fit_s=61.0,
        build_s=63.0,
        learn_bytes=300_000_000,
        serve_bytes=200_000_000,
        load_s=0.01,
        cold_s=0.5,
        latency_ms={"frame": {"p50": 1.5, "p95": 2.0}, "program": {"p50": 0.2, "p95": 0.3}},
        rows_refused=7 if score == 0.7 else 0,
        rows_per_s=50_000.0,
        artifact_bytes=1_000_000,
        environment_bytes=400_000_000,
    )


def result(
    contestant: str,
    contest: str,
    score: float | None,
    *,
    metric: str = "roc_auc",
    budget_s: float = 60,
) -> Result:
    conditions = Conditions(
        contestant=contestant,
        contest=contest,
        budget_s=budget_s,
        seed=0,
        rows=None,
        data="d",
        environment="e",
        machine="m",
    )
    return Result(
        conditions=conditions,
        task="regression" if metric == "rmse" else "binary",
        metric=metric,
        made_at="2026-01-01T00:00:00+00:00",
        figures=None if score is None else figures(score),
        failure="It could not learn: | `boom`" if score is None else "",
    )
