"""Who answers pieces."""

from functools import cached_property

import polars as pl

from modelwright.data.pieces.base import Key, Piece
from modelwright.data.relations.widen import add_features, read_frames
from modelwright.data.values.series import series_of
from modelwright.engineer.batch.answers import answer_columns
from modelwright.engineer.batch.recipe import Answers, Recipe
from modelwright.engineer.batch.rules import Rules
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.compiled import compiled_bundle


class Worker:
    """Answers pieces by a recipe.

    Parameters
    ----------
    recipe
        What is done.
    threads
        That a compiled program may use; None for as many as there are cores.

    Raises
    ------
    BundleError
        When there is no sound bundle.
    """

    def __init__(self, recipe: Recipe, *, threads: int | None = None) -> None:
        bundle = read_bundle(recipe.bundle)
        self._recipe = recipe
        self._bundle = compiled_bundle(bundle, threads=threads) if recipe.compiled else bundle
        self._rules = Rules.of(bundle, key=recipe.key, policy=recipe.policy)

    def answer(self, number: int, piece: Piece) -> Answers:
        """Check and answer a piece, and keep what came of it where the recipe says so.

        Raises
        ------
        InputError
            When a column is missing.
        """
        rows = piece.read()
        judged = self._rules.judge(rows)
        answered = None if judged.refused else self._answered(judged.sound)
        answers = Answers(
            number=number,
            rows=rows.height,
            answered=answered,
            aside=judged.aside,
            set_aside=0 if judged.aside is None else judged.aside.height,
            unanswered=0 if answered is None else series_of(answered, "prediction").null_count(),
            broken=judged.broken,
            refused=judged.refused,
            key=self._key(rows),
        )
        keeper = self._recipe.keeper
        return answers if keeper is None or judged.refused else keeper.keep(answers)

    @cached_property
    def _frames(self) -> dict[str, pl.DataFrame]:
        """Related tables that features are made of, read when the first piece comes."""
        wanted = self._bundle.features.tables
        return read_frames({name: said for name, said in self._recipe.related if name in wanted})

    def _answered(self, rows: pl.DataFrame) -> pl.DataFrame:
        lacking = not set(self._bundle.features.names) <= set(rows.columns)
        frames = self._frames if lacking else {}
        widened = add_features(rows, self._bundle.features, frames)
        answers = answer_columns(self._bundle, widened, coverage=self._recipe.coverage)
        kept = widened.columns if self._recipe.columns is None else self._recipe.columns
        columns = {name: series_of(widened, name) for name in kept}
        return pl.DataFrame([*(columns | {each.name: each for each in answers}).values()])

    def _key(self, rows: pl.DataFrame) -> Key | None:
        if not self._recipe.key or not rows.height:
            return None
        last = series_of(rows, self._recipe.key).tail(1)
        key: Key | None = (last if last.dtype.is_integer() else last.cast(pl.String)).item()
        return key
