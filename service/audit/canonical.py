"""One byte form for every audit body (RFC 8785), so that a hash means the same everywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from service.audit.errors import NotCanonicalError

LARGEST_EXACT_INT = 2**53 - 1
"""Beyond it a JSON reader with double numbers changes the figure (RFC 7493, section 2.2)."""
MAX_DEPTH = 64
"""Levels; deeper bodies are a mistake, such as an object that holds itself."""

_SCALARS = (str, int, float, type(None))
Path = tuple[str | int, ...]
_HALF_A_PAIR = "holds half of a surrogate pair, which is no text; repair it"
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def canonical(body: Mapping[str, object]) -> bytes:
    """The canonical JSON of `body` in UTF-8: equal bodies give equal bytes.

    Takes strings, ints within 2**53, finite floats, bools, None, mappings, lists and tuples.
    Raises NotCanonicalError, naming the place, for anything else.
    """
    return _json(body, ()).encode()


def _json(value: object, path: Path) -> str:
    if isinstance(value, _SCALARS):
        return _scalar(value, path)
    if len(path) > MAX_DEPTH:
        raise _refused(path, f"lies deeper than {MAX_DEPTH} levels; flatten the body")
    if isinstance(value, Mapping):
        return _object(value, path)
    if isinstance(value, list | tuple):
        return _array(value, path)
    raise _refused(path, f"is a {type(value).__name__}; write it as a string or a number")


def _object(members: Mapping[object, object], path: Path) -> str:
    keys = []
    for key in members:
        if not isinstance(key, str):
            raise _refused(path, f"has the key {key!r}, which is not a string; write it as one")
        keys.append((*_key(key, path), key))
    keys.sort()
    written = (f"{name}:{_json(members[key], (*path, key))}" for _, name, key in keys)
    return "{" + ",".join(written) + "}"


def _array(values: Sequence[object], path: Path) -> str:
    return "[" + ",".join(_json(one, (*path, n)) for n, one in enumerate(values)) + "]"


def _scalar(value: str | float | None, path: Path) -> str:
    if isinstance(value, str):
        return _string(value, path)
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        return _int(value, path)
    return _float(value, path)


def _string(text: str, path: Path) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise _refused(path, _HALF_A_PAIR) from error
    return _quoted(text)


def _int(number: int, path: Path) -> str:
    if abs(number) > LARGEST_EXACT_INT:
        raise _refused(path, f"is {number}, beyond 2**53 - 1; write it as a string")
    return int.__repr__(number)


def _float(number: float, path: Path) -> str:
    """Shortest digits that read back as `number`, laid out as ECMAScript does (RFC 8785)."""
    if not math.isfinite(number):
        raise _refused(path, f"is {number}, which JSON cannot hold; write null or a string")
    text = float.__repr__(number).removesuffix(".0")
    if text == "-0":
        return "0"
    mantissa, mark, exponent_text = text.partition("e")
    return _with_exponent(mantissa, int(exponent_text)) if mark else text


def _with_exponent(mantissa: str, exponent: int) -> str:
    """Python writes an exponent from 1e16 and below 1e-4, ECMAScript from 1e21 and below 1e-6."""
    sign, digits = ("-" if mantissa[0] == "-" else ""), mantissa.lstrip("-").replace(".", "")
    if 0 < exponent <= 20:  # noqa: PLR2004 - ECMAScript, Number::toString
        return sign + digits.ljust(exponent + 1, "0")
    if -6 <= exponent < 0:  # noqa: PLR2004 - ECMAScript, Number::toString
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    return f"{mantissa}e{exponent:+d}"


def _key(key: str, path: Path) -> tuple[bytes, str]:
    """Sort key of RFC 8785, section 3.2.3 (UTF-16 code units, not code points), and the JSON."""
    try:
        return _known_key(key)
    except UnicodeEncodeError as error:
        raise _refused(path, _HALF_A_PAIR) from error


@lru_cache(maxsize=4_096)
def _known_key(key: str) -> tuple[bytes, str]:
    # Bodies share a few hundred field names: remembering them saves half the time.
    return key.encode("utf-16-be"), _quoted(key)


def _refused(path: Path, reason: str) -> NotCanonicalError:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return NotCanonicalError(place="$" + "".join(steps), reason=reason)
