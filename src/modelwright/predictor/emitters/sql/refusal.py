"""What SQL cannot say."""


class UnwritableError(Exception):
    """A program that the SQL of a database cannot express; the message is a sentence."""
