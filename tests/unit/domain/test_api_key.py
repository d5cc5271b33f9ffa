"""Tokens: what is made can be read, and whatever else comes is refused in the same way."""

import string
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recollect.domain.api_key import IssuedKey, StoredKey, Token, digest_of, new_secret, parse_token
from recollect.domain.credential import Access
from recollect.doors.cli.printing import as_json
from recollect.errors import NotAuthenticated

NOW = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = st.text(min_size=1, max_size=255).filter(lambda text: text.strip() and "\x00" not in text)
TENANTS = WORDS.filter(lambda text: text.encode(errors="ignore").decode() == text)
ALPHABET = string.ascii_letters + string.digits + "-_"
REFUSED = "the API key is not valid: it is unknown, expired or revoked; use one that is in force"


def key(**given: Any) -> StoredKey:
    usual: dict[str, Any] = {
        "tenant_id": "acme",
        "id": uuid4(),
        "name": "web",
        "digest": digest_of("right"),
        "access": Access.READ,
        "created_at": NOW,
    }
    return StoredKey(**{**usual, **given})


@given(TENANTS, st.uuids(), st.text(ALPHABET, min_size=43, max_size=43))
def test_a_token_is_read_as_it_was_made(tenant: str, key_id: UUID, secret: str):
    made = Token(tenant_id=tenant, key_id=key_id, secret=secret)
    assert parse_token(made.text) == made


def test_a_new_secret_has_32_random_bytes():
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {43}


LIKE_A_TOKEN = st.builds(
    "{}{}.{}.{}".format,
    st.sampled_from(["rk_", "rk-", "", "RK_", "rk_rk_", " rk_"]),
    st.one_of(st.text(), st.text(ALPHABET), st.binary().map(lambda raw: urlsafe_b64encode(raw).rstrip(b"=").decode())),
    st.one_of(st.text(), st.text("0123456789abcdefABCDEF", min_size=31, max_size=33)),
    st.one_of(st.text(), st.text(ALPHABET, min_size=42, max_size=44)),
)


@given(st.one_of(st.none(), st.integers(), st.binary(), st.text(), LIKE_A_TOKEN, st.lists(st.text())))
def test_whatever_is_no_token_is_refused_and_never_anything_else(hostile: object):
    try:
        said = parse_token(hostile).text
    except NotAuthenticated as error:
        said = str(error)
    assert said in (REFUSED, hostile)


@pytest.mark.parametrize(
    "tenant",
    ["YQ==", "YR", "YQ=", "AA", "_w", "ICA", "a", "", "Y.Q", urlsafe_b64encode(b"x" * 256).decode().rstrip("=")],
    ids=["padded", "other bits", "half padded", "NUL", "no UTF-8", "blank", "one letter", "empty", "dot", "too long"],
)
def test_a_tenant_has_one_spelling(tenant: str):
    with pytest.raises(NotAuthenticated):
        parse_token(f"rk_{tenant}.{'0' * 32}.{'x' * 43}")
    assert parse_token(f"rk_YQ.{'0' * 32}.{'x' * 43}").tenant_id == "a"


@pytest.mark.parametrize("token", ["rk_YQ." + "0" * 32 + "." + "x" * 43 + "\n", "rk_YQ." + "0" * 32 + "." + "é" * 43])
def test_neither_a_line_end_nor_other_letters_get_through(token: str):
    with pytest.raises(NotAuthenticated):
        parse_token(token)


def test_a_long_token_is_refused_before_it_is_looked_at():
    with pytest.raises(NotAuthenticated):
        parse_token("rk_" + "A" * 10_000_000)


def test_a_key_opens_with_its_secret_until_it_expires_or_is_revoked():
    mine = key(expires_at=NOW + timedelta(seconds=1))
    assert mine.opened_by("right", NOW)
    assert not mine.opened_by("wrong", NOW)
    assert not mine.opened_by("", NOW)
    assert not mine.opened_by("right", NOW + timedelta(seconds=1))
    assert not replace(mine, revoked_at=NOW).opened_by("right", NOW)


def test_neither_digest_nor_token_is_in_what_is_printed():
    stored = key()
    issued = IssuedKey(key=stored.shown(), token="rk_the.whole.token")  # noqa: S106 - it opens nothing
    assert stored.digest not in repr(stored) + repr(issued)
    assert "rk_the" not in repr(issued)
    assert stored.digest not in str(as_json(issued))
    assert "digest" not in as_json(issued)["key"]
    assert "x" * 43 not in repr(Token(tenant_id="a", key_id=uuid4(), secret="x" * 43))


def test_a_credential_is_what_the_key_says():
    given_key = key(user_id="ana", project_id="atlas", requests_per_minute=7, access=Access.WRITE)
    credential = given_key.credential()
    assert (credential.tenant_id, credential.user_id, credential.project_id) == ("acme", "ana", "atlas")
    assert (credential.access, credential.key_id, credential.requests_per_minute) == (Access.WRITE, given_key.id, 7)
