"""Canonical JSON against the examples of RFC 8785."""

import json
import struct
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

import pytest

from service.audit.canonical import canonical
from service.audit.errors import NotCanonicalError

# RFC 8785, appendix B: the bits of a double and how it is written.
RFC_8785_NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), RFC_8785_NUMBERS)
def test_floats_are_written_as_in_rfc_8785(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical({"n": number}) == f'{{"n":{text}}}'.encode()


def test_the_example_of_rfc_8785_section_3_2_2():
    body = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(body).decode() == (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_ordered_by_utf_16_units():
    # RFC 8785, section 3.2.3: the emoji (a surrogate pair) comes before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = list(json.loads(canonical(dict.fromkeys(keys, 0))))
    assert ordered == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_equal_bodies_give_equal_bytes_whatever_their_order_and_containers():
    class Event(StrEnum):
        SEEN = "seen"

    one = {"b": [1, 2.0], "a": {"y": "\u00fc", "x": Event.SEEN}}
    other = MappingProxyType({"a": {"x": "seen", "y": "\u00fc"}, "b": (1, 2)})
    assert canonical(one) == canonical(other) == b'{"a":{"x":"seen","y":"\xc3\xbc"},"b":[1,2]}'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "is nan"),
        (float("inf"), "is inf"),
        (float("-inf"), "is -inf"),
        (2**53, r"beyond 2\*\*53 - 1; write it as a string"),
        (-(2**53), "beyond"),
        ("\ud800", "half of a surrogate pair"),
        ({"\udfff": 1}, "half of a surrogate pair"),
        (b"bytes", "is a bytes"),
        ({1, 2}, "is a set"),
        (datetime(2026, 3, 2, tzinfo=UTC), "is a datetime"),
        ({7: "seven"}, "has the key 7, which is not a string"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value, message):
    with pytest.raises(NotCanonicalError, match=message) as refused:
        canonical({"facts": {"rows": ["fine", value]}})
    assert refused.value.place == "$.facts.rows[1]"


def test_largest_exact_integers_pass():
    assert canonical({"n": [2**53 - 1, 1 - 2**53]}) == b'{"n":[9007199254740991,-9007199254740991]}'


def test_a_body_that_holds_itself_is_refused():
    body = {}
    body["again"] = body
    with pytest.raises(NotCanonicalError, match="deeper than 64 levels"):
        canonical(body)
