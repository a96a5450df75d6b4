import base64
import re
from email import message_from_string, policy

import pytest

from modelwright.errors import BriefError, ServiceError
from modelwright.maintain.messages.mail import Mail


@pytest.fixture
def mail(post, certificate):
    """Return what makes a channel to the server of the test, which is trusted."""

    def make(**keys):
        keys = {"ca": str(certificate / "chain.pem"), **keys}
        return Mail(
            server=f"127.0.0.1:{post.port}",
            sender="models@example.org",
            to=("ann@example.org", "bob@example.org"),
            **keys,
        )

    return make


def test_a_letter_goes_encrypted_to_everybody(mail, post, message, surroundings):
    mail(user="models", password_from="PASSWORD").send(message, surroundings)
    assert post.encrypted == [True]
    assert [each.lower() for each in post.commands if each.upper().startswith("RCPT")] == [
        "rcpt to:<ann@example.org>",
        "rcpt to:<bob@example.org>",
    ]
    (login,) = [each for each in post.commands if each.startswith("AUTH PLAIN")]
    assert base64.b64decode(login.split()[-1]) == b"\0models\0s3cret"
    letter = message_from_string(post.letters[0], policy=policy.default)
    assert letter["Subject"].startswith("modelwright: orders-model: unit change: am<ou>nt")
    assert letter["Message-ID"] == "<m-1@example.org>"
    assert letter["To"] == "ann@example.org, bob@example.org"
    assert letter["Bcc"] is None
    assert "Worse than promised." in letter.get_content()


@pytest.mark.parametrize("post", [True], indirect=True)
def test_a_letter_goes_encrypted_from_the_first_byte(mail, post, message, surroundings):
    mail(tls="implicit").send(message, surroundings)
    assert post.encrypted == [True]


def test_without_tls_only_when_it_is_said(mail, post, message, surroundings):
    mail(tls="none").send(message, surroundings)
    assert post.encrypted == [False]


def test_a_server_without_tls_gets_no_mail_and_no_password(mail, post, message, surroundings):
    post.offers_tls = False
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1 offers no TLS"):
        mail(user="models", password_from="PASSWORD").send(message, surroundings)
    assert (post.letters, [each for each in post.commands if "AUTH" in each]) == ([], [])


def test_a_server_that_nobody_vouches_for_gets_no_mail(mail, post, message, surroundings):
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1 is not trusted: self-signed certificate"):
        mail(ca="").send(message, surroundings)
    assert post.letters == []


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        ("AUTH", "refused the login of 'models'"),
        ("MAIL", "refused the mail with 550"),
        ("RCPT", "refused every address"),
        ("DATA", "refused the mail with 550"),
    ],
)
def test_a_refusal_is_told_without_the_secret(mail, post, message, surroundings, refused, sentence):
    post.refuses = refused
    with pytest.raises(ServiceError, match=sentence) as told:
        mail(user="models", password_from="PASSWORD").send(message, surroundings)
    assert "s3cret" not in str(told.value)


def test_a_password_that_is_not_set(mail, message, surroundings):
    with pytest.raises(ServiceError, match="variable NOWHERE is not set"):
        mail(user="models", password_from="NOWHERE").send(message, surroundings)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"user": "ann"}, "needs `user` and `password_from`"),
        ({"user": "ann", "password_from": "s3cret!"}, "no name of an environment variable"),
        ({"user": "ann", "password_from": "P", "tls": "none"}, "a password without TLS"),
        ({"to": ()}, "names nobody"),
        ({"to": ("ann",)}, "'ann' in [messages] is no address"),
        ({"sender": "a@b.org\nBcc: c@d.org"}, "is no address"),
        ({"server": "host:port"}, "`server` in [messages] is 'host:port'"),
        ({"server": ""}, "`server` in [messages] is ''"),
    ],
)
def test_what_cannot_be_meant_is_told_when_it_is_read(keys, sentence):
    given = {"server": "h", "sender": "a@example.org", "to": ("b@example.org",), **keys}
    with pytest.raises(BriefError, match=re.escape(sentence)):
        Mail(**given)
