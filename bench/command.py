"""What the commands of the bench share: lists of names, faults as sentences, what was typed."""

from collections.abc import Callable, Sequence

from modelwright.errors import ModelwrightError

_FOLDERS = {"--data": "DIR", "--work": "", "--envs": "", "--page": ""}
"""Options that name a folder of one machine, with what stands for it on a page."""


def names_in(text: str) -> list[str]:
    """Return the names of a list that was typed with commas between them.

    Examples
    --------
    >>> names_in("adult, elec2,")
    ['adult', 'elec2']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def shareable(program: str, arguments: Sequence[str]) -> str:
    """Return a command as anybody can type it, without this machine's folders.

    Examples
    --------
    >>> shareable("bench", ["--data=/a/b", "--quick", "--work", "/c", "--again"])
    'python -m bench --data DIR --quick'
    """
    kept = []
    words = iter(word for argument in arguments for word in argument.split("=", 1))
    for word in words:
        if word in _FOLDERS:
            next(words, "")
            kept += [word, _FOLDERS[word]] if _FOLDERS[word] else []
        elif word != "--again":
            kept.append(word)
    return " ".join(["python", "-m", program, *kept])


def end_in_words(command: Callable[[], None]) -> None:
    """Run a command; a fault is a sentence, not a traceback."""
    try:
        command()
    except ModelwrightError as error:
        raise SystemExit(f"bench: {error}") from error
