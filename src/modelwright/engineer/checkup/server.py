"""The server: whether it is ready, how fast it answers, and how often it fails."""

import http.client
import re
import ssl
import urllib.error
import urllib.request
from collections import defaultdict
from typing import Any

from modelwright.compute.limits import format_latency
from modelwright.engineer.checkup.base import PATIENCE_S, Finding, Scene, ill, unchecked, well

_MOST_FAULTS = 0.01
_BUCKET = re.compile(
    r'^modelwright_request_seconds_bucket\{endpoint="predict",le="([^"]+)"\} (\d+)', re.M
)
_COUNT = re.compile(r'^modelwright_requests_total\{[^}]*status="(\d)\d\d"[^}]*\} (\d+)', re.M)


def check_server(scene: Scene) -> Finding:
    """Check that the server is ready, and that fewer than one answer in a hundred is its fault."""
    if not scene.address:
        return unchecked("no server was named", "Name it: --address http://127.0.0.1:8000")
    try:
        _get(scene, "/v2/health/ready")
        metrics = _get(scene, "/metrics")
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 403):
            return unchecked(f"it answers {error.code}", "Set MODELWRIGHT_TOKEN to its token")
        return ill(f"it answers {error.code} to {error.url}", "See its log")
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return unchecked("its certificate is not trusted here", "See the certificate")
        said = getattr(reason, "strerror", None) or reason
        return ill(f"it cannot be reached: {said}", "Start it, or mend its address")
    return _judge(metrics)


def _judge(metrics: str) -> Finding:
    counts: dict[str, int] = defaultdict(int)
    for kind, count in _COUNT.findall(metrics):
        counts[kind] += int(count)
    asked, faults = sum(counts.values()), counts["5"]
    half = _median(metrics)
    speed = "" if half is None else f", half of them within {format_latency(half)}"
    told = f"ready; {asked:,} requests{speed}, {faults:,} failed by its fault"
    if asked and faults / asked > _MOST_FAULTS:
        return ill(told, "See its log for what failed")
    return well(told)


def _median(metrics: str) -> float | None:
    """Return the bound below which half of the predictions were answered, in seconds."""
    buckets = [(float(bound), int(count)) for bound, count in _BUCKET.findall(metrics)]
    total = max((count for _, count in buckets), default=0)
    bounds = (bound for bound, count in buckets if 2 * count >= total > 0)
    found = next(bounds, None)
    return None if found is None or found == float("inf") else found


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token is told to the one server that was named."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects())


def _get(scene: Scene, path: str) -> str:
    token = scene.environment.get("MODELWRIGHT_TOKEN", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if not scene.address.startswith(("http://", "https://")):
        raise ValueError("the address should begin with http:// or https://")
    request = urllib.request.Request(scene.address + path, headers=headers)
    with _OPENER.open(request, timeout=PATIENCE_S) as answer:
        text: bytes = answer.read(10_000_000)
    return text.decode(errors="replace")
