import json

import pytest

from modelwright.compute.process import free_port
from modelwright.errors import BriefError, ServiceError
from modelwright.maintain.messages.base import Surroundings
from modelwright.maintain.messages.webhook import Webhook


def there(surroundings, url):
    return Surroundings(surroundings.folder, {"URL": url})


def test_slack_gets_a_text_in_which_no_name_calls_people(web, message, surroundings):
    Webhook(url_from="URL").send(message, there(surroundings, web.url))
    ((headers, body),) = web.requests
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "m-1"
    (text,) = json.loads(body).values()
    first, *_ = text.splitlines()
    assert first.startswith("*modelwright: orders-model: unit change: am&lt;ou&gt;nt")
    assert first.endswith("and 1 more*")
    assert "concept drift\nWorse than promised." in text


def test_json_holds_the_alarms(web, message, surroundings):
    Webhook(url_from="URL", form="json").send(message, there(surroundings, web.url))
    told = json.loads(web.requests[0][1])
    assert [alarm["kind"] for alarm in told["alarms"]] == ["unit change", "concept drift"]
    assert (told["id"], told["workspace"], told["target"]) == ("m-1", "orders-model", "returned")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_another_answer_is_told_without_the_secret(web, message, surroundings, status):
    web.answers = [status]
    with pytest.raises(ServiceError, match=f"127.0.0.1 answered {status}") as told:
        Webhook(url_from="URL").send(message, there(surroundings, web.url))
    assert "s3cret" not in str(told.value)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "The environment variable URL is not set"),
        ("file:///etc/passwd", "URL holds no URL of a webhook"),
        ("https://[bad/s3cret", "URL holds no URL of a webhook"),
        ("https://example.org/a b/s3cret", "URL holds no URL of a webhook"),
        (f"http://127.0.0.1:{free_port()}/s3cret", "127.0.0.1 cannot be reached: Connection"),
        (f"https://127.0.0.1:{free_port()}/s3cret", "127.0.0.1 cannot be reached: Connection"),
    ],
    ids=["none", "file", "bracket", "space", "nobody", "nobody with TLS"],
)
def test_what_cannot_be_reached_is_told_without_the_secret(message, surroundings, url, sentence):
    with pytest.raises(ServiceError, match=sentence) as told:
        Webhook(url_from="URL").send(message, there(surroundings, url))
    assert "s3cret" not in str(told.value)


def test_a_url_in_the_brief_is_refused_and_not_shown():
    with pytest.raises(BriefError, match="no name of an environment variable") as told:
        Webhook(url_from="https://hooks.example.org/s3cret")
    assert "s3cret" not in str(told.value)
