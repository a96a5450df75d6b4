"""Where the data is: in the brief, a relative path begins at the workspace."""

import os.path
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelwright.errors import BriefError
from modelwright.tasks.function_name import FunctionName

_PASSWORD = re.compile(
    r"[\w+-]{2,}:/{0,2}([^:@/?#]*:.+@|.*[?&](?:ssl)?password=)", re.IGNORECASE | re.DOTALL
)


def address_in_brief(address: str, workspace: Path) -> str:
    """Return an address as the brief of a workspace keeps it.

    A path that is relative to the present folder becomes relative to the workspace, so that both
    can be moved together and a later command may be given anywhere.

    Examples
    --------
    >>> address_in_brief("flights.csv", Path("flights-model"))
    '../flights.csv'
    >>> address_in_brief("postgresql://me@host/shop", Path("flights-model"))
    'postgresql://me@host/shop'
    """
    return os.path.relpath(address, workspace) if _is_relative(address) else address


def address_from_brief(address: str, workspace: Path) -> str:
    """Return an address of a brief as it is reached from the present folder.

    Examples
    --------
    >>> address_from_brief("../flights.csv", Path("flights-model"))
    'flights.csv'
    """
    return os.path.normpath(workspace / address) if _is_relative(address) else address


def metric_in_brief(metric: str, workspace: Path) -> str:
    """Return a metric as the brief of a workspace keeps it: the file of a function moves too.

    Examples
    --------
    >>> metric_in_brief("minimize costs.py:per_order", Path("orders-model"))
    'minimize ../costs.py:per_order'
    >>> metric_in_brief("rmse", Path("orders-model"))
    'rmse'
    """
    function = FunctionName.parse(metric)
    if function is None:
        return metric
    return str(function.moved(lambda path: address_in_brief(path, workspace)))


def related_in_brief(
    related: Mapping[str, Mapping[str, Any]], workspace: Path
) -> dict[str, dict[str, Any]]:
    """Return related tables as the brief of a workspace keeps them.

    Examples
    --------
    >>> related_in_brief({"planes": {"data": "planes.csv"}}, Path("flights-model"))
    {'planes': {'data': '../planes.csv'}}
    """
    return {
        name: {**said, "data": address_in_brief(str(said.get("data", "")), workspace)}
        for name, said in related.items()
    }


def refuse_password(address: str) -> None:
    """Raise when an address holds a password: the brief is a file that others read.

    Raises
    ------
    BriefError
        Without the address.

    Examples
    --------
    >>> refuse_password("postgresql://me@host/shop")
    >>> refuse_password("postgresql://me:secret@host/shop")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: The address of the data holds a password, which modelwright.toml
    would keep. Leave it out of the address and set the environment variable PGPASSWORD.
    """
    if _PASSWORD.match(address):
        variable = "MYSQL_PWD" if address.lower().startswith(("mysql", "mariadb")) else "PGPASSWORD"
        raise BriefError(
            "The address of the data holds a password, which modelwright.toml would keep.",
            f"Leave it out of the address and set the environment variable {variable}.",
        )


def refuse_secret(address: str) -> None:
    """Raise when the address of a tracking server holds a password.

    Raises
    ------
    BriefError
        Without the address.

    Examples
    --------
    >>> refuse_secret("http://127.0.0.1:5000")
    >>> refuse_secret("https://ann:secret@tracking.example")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: The address of the tracking server holds a password. Leave it out
    and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.
    """
    if _PASSWORD.match(address):
        raise BriefError(
            "The address of the tracking server holds a password.",
            "Leave it out and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
            "MLFLOW_TRACKING_TOKEN.",
        )


def _is_relative(address: str) -> bool:
    return bool(address) and "://" not in address and not address.startswith(("/", "~"))
