"""Certificates: every field is signed, and what is no certificate is refused by name."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recollect.domain.certificate import Certificate, Erased, LogEnd, parse_certificate, verify
from recollect.errors import ValidationError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed() -> Certificate:
    certificate = Certificate(
        erased=Erased.MEMORY,
        tenant_id="acme",
        user_id="Zoë",
        erased_at=datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC),
        actor="dpo",
        event_id=UUID(int=1),
        memory_ids=(UUID(int=2), UUID(int=3)),
        rows={"memory": 2, "embedding": 3},
        unreadable_events=4,
        keys=2,
        logs=(LogEnd(stream="Zoë", seq=9, hash="ab" * 32),),
        caches=("keys",),
        master_id="0123456789abcdef",
        public_key=PUBLIC.hex(),
    )
    return certificate.signed(KEY.sign(certificate.message()))


def test_a_certificate_survives_a_trip_through_a_file():
    certificate = signed()
    again = parse_certificate(certificate.to_json())
    assert again == certificate
    assert verify(again)
    assert verify(again, PUBLIC)


def test_another_key_does_not_verify_it():
    assert not verify(signed(), bytes(32))


CHANGES: dict[str, Any] = {
    "format": "recollect erasure certificate 2",
    "erased": "user",
    "tenant_id": "acmE",
    "user_id": "Zoe",
    "erased_at": "2026-05-04T09:30:00.123457Z",
    "actor": "user",
    "event_id": str(UUID(int=7)),
    "memory_ids": [str(UUID(int=2))],
    "rows": {"memory": 2},
    "unreadable_events": 5,
    "keys": 3,
    "logs": [],
    "caches": [],
    "master_id": "0123456789abcdee",
    "public_key": (bytes(31) + b"\x01").hex(),
    "signature": "00" * 64,
}


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_every_field_is_signed(field: str):
    values = json.loads(signed().to_json())
    assert set(values) == set(CHANGES)
    assert values[field] != CHANGES[field]
    assert not verify(parse_certificate(json.dumps({**values, field: CHANGES[field]})))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not a certificate"),
        ("[]", "is not a JSON object"),
        ("{}", "is not a certificate of erasure: erased"),
        ('{"erased": "all"}', "is not a certificate of erasure: erased"),
        ("[" * 100_000, "is not a certificate"),
        ('{"erased": "user", "logs": [{"stream": 1}]}', "is not a certificate of erasure: tenant_id"),
    ],
)
def test_what_is_no_certificate_is_refused(text: str, problem: str):
    with pytest.raises(ValidationError, match=problem):
        parse_certificate(text)


def test_a_field_that_would_not_be_signed_is_refused():
    values = json.loads(signed().to_json())
    with pytest.raises(ValidationError, match="has the field 'note'"):
        parse_certificate(json.dumps({**values, "note": "and the backups"}))


@pytest.mark.parametrize("wrong", ["", "zz", "00"])
def test_a_broken_signature_is_no_error(wrong: str):
    values = json.loads(signed().to_json())
    assert not verify(parse_certificate(json.dumps({**values, "signature": wrong})))
    assert not verify(parse_certificate(json.dumps({**values, "public_key": wrong})))
