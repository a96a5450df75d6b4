from importlib.metadata import version

from modelwright.build.source.needs import requirements


def test_only_what_is_needed_is_named_at_the_version_that_is_here():
    assert requirements({"lightgbm", "scikit-learn"}) == (
        f"numpy=={version('numpy')}",
        f"polars=={version('polars')}",
        f"lightgbm=={version('lightgbm')}",
        f"scikit-learn=={version('scikit-learn')}",
    )
