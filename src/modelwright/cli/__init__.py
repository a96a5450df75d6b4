"""The command line. A command is: parse, one call, print, exit.

- `main`: the entry point, and how faults become sentences
- `options`: what several commands take
- `output`: results on standard output, progress on standard error
- `question`: the question as options, and the project that it leads to
- `tables`: the argument DATA as a table
- one module for each command
"""
