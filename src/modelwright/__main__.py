"""`python -m modelwright` is the command line."""

from modelwright.cli.main import main

main()
