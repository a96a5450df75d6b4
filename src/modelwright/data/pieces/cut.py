"""Pieces of an even size, from frames of any size."""

from collections.abc import Iterable, Iterator

import polars as pl


def cut(frames: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Yield frames of so many rows each, the last one of what is left; one where all are empty.

    Examples
    --------
    >>> parts = cut([pl.DataFrame({"a": range(5)}), pl.DataFrame({"a": range(2)})], 3)
    >>> [part.height for part in parts]
    [3, 3, 1]
    """
    kept: list[pl.DataFrame] = []
    height, is_first = 0, True
    for frame in frames:
        kept.append(frame)
        height += frame.height
        if height < rows:
            continue
        whole = pl.concat(kept)
        while whole.height >= rows:
            yield whole.head(rows)
            is_first = False
            whole = whole.slice(rows)
        kept, height = [whole], whole.height
    rest = pl.concat(kept) if kept else pl.DataFrame()
    if rest.height or (kept and is_first):
        yield rest
