"""The compiled kernel: the same bits as the NumPy interpreter, sooner.

It is a shared library without any tie to an ABI of Python, made from `kernel.c` by `hatch_build.py`
where there is a C compiler. Without it NumPy does the work.

- `library`: the library, where there is one
- `trees`: trees laid out for the library
- `scan`: the same for many rows at once
- `coded`: the same for one row at a time
- `forms`: linear forms laid out for the library
- `bends`: what units make of their sums
- `shares`: what leaves mean for the columns that lead to them
- `cells`: cells of comma-separated values
- `door`: one row in JSON
"""
