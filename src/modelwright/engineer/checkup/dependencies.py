"""The dependencies: whether the installed packages have known vulnerabilities."""

import http.client
import re
import urllib.request
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import msgspec

from modelwright.engineer.checkup.base import PATIENCE_S, Finding, Scene, ill, unchecked, well

_DATABASE = "https://api.osv.dev/v1/querybatch"
"""Open Source Vulnerabilities, which gathers the advisories of PyPI and others."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_dependencies(scene: Scene) -> Finding:
    """Ask a public database about the packages that modelwright needs, as installed here."""
    packages = installed_packages("modelwright")
    if not scene.online:
        seen = f"{len(packages):,} packages were not asked about"
        return unchecked(seen, "Give --online: their names and versions are sent to api.osv.dev")
    address = scene.environment.get("MODELWRIGHT_OSV", _DATABASE)
    try:
        answers = _ask(address, packages)
    except (OSError, http.client.HTTPException, ValueError, msgspec.DecodeError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        return unchecked(f"the database cannot be reached: {reason}", "Try where it can")
    known = [
        f"{name} {version} ({', '.join(each['id'] for each in found[:3])})"
        for (name, version), found in zip(packages.items(), answers, strict=True)
        if found
    ]
    if known:
        more = f" and {len(known) - 5} more" if len(known) > 5 else ""
        return ill(f"known vulnerabilities: {'; '.join(known[:5])}{more}", "Upgrade these packages")
    return well(f"{len(packages):,} packages, none with a known vulnerability")


def installed_packages(top: str) -> dict[str, str]:
    """Return the versions of a package and of all that it needs, as far as they are installed."""
    found: dict[str, str] = {}
    waiting = [top]
    while waiting:
        name = waiting.pop()
        try:
            known = distribution(name)
        except PackageNotFoundError:
            continue
        if known.metadata["Name"] in found:
            continue
        found[known.metadata["Name"]] = known.version
        needs = [each for each in known.requires or () if "extra ==" not in each]
        waiting += [match[0] for each in needs if (match := _NAME.match(each))]
    return dict(sorted(found.items()))


def _ask(address: str, packages: dict[str, str]) -> list[list[dict[str, Any]]]:
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages.items()
    ]
    request = urllib.request.Request(
        address,
        data=msgspec.json.encode({"queries": queries}),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        results = msgspec.json.decode(answer.read(10_000_000), type=_Answers).results
    if len(results) != len(packages):
        raise ValueError("the database answered another number of packages")
    return [list(each.get("vulns", ())) for each in results]


class _Answers(msgspec.Struct):
    results: list[dict[str, Any]]
