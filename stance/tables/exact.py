"""JSON lines parsed strictly: no key twice, no NaN, no number changed."""

import json
import re
from collections import Counter
from math import isfinite
from typing import Any

import orjson

from stance.tables.batches import RowError
from stance.tables.encodings import fault_in_utf8, is_utf8

INT64_LIMIT = 2**63
"""From here on int64 ends, and orjson may give a float for an integer."""

INT64_CHARS = 20
USUAL_DEPTH = 100
SHORT_LINE_BYTES = 1 << 20
VALUE_BYTES = 80
"""Memory for a parsed value beside its text: a list of empty objects takes 72 bytes a value."""

QUOTE = b'"'
KEY_END = re.compile(rb'"[ \t\r]*:')
STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"[ \t\r\n]*")
MEMBER = re.compile(r'[{,][ \t\r\n]*("(?:[^"\\]++|\\.)*+")[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
"""What stands before the value of a member; the first starts at the brace, the others at the comma."""


class JsonNumber(str):
    """A number, as written, that no number of this machine holds exactly."""

    __slots__ = ()


def parse_row(line: bytes, max_depth: int, max_value_bytes: int) -> dict[str, Any]:
    """The object on a line; RowError where the line is not exactly one well-formed JSON object.

    orjson keeps the last of equal keys. Two quotes for each key and each text are all the quotes of
    a line without escapes, so that equal counts prove there is no other key.
    """
    if len(line) > SHORT_LINE_BYTES and _value_bytes(line) > max_value_bytes:
        raise RowError(f"takes more than {max_value_bytes >> 20} MiB once parsed")
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        row = _parse_slowly(line, max_depth)
    if type(row) is not dict:
        raise RowError(f"is {json_kind(row)}, not an object")
    kinds = list(map(type, row.values()))
    if line.count(QUOTE) != 2 * (len(row) + kinds.count(str)):
        _check_keys(line, row, max_depth)
    if list in kinds or dict in kinds:
        _check_depth(line, max_depth)
    return row


def json_kind(value: Any) -> str:
    """What JSON calls a value, with its article.

    Examples
    --------
    >>> json_kind([1]), json_kind(None)
    ('a list', 'null')
    """
    if value is None:
        return "null"
    if isinstance(value, JsonNumber):
        return "a number"
    names = {bool: "a boolean", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def is_json(line: bytes) -> bool:
    """Whether a line is one JSON value, nested to a usual depth."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            _parse_slowly(line, USUAL_DEPTH)
        except RowError:
            return False
    return True


def is_object(line: bytes) -> bool:
    """Whether a line is one JSON object."""
    return line.startswith(b"{") and is_json(line)


def raw_members(line: bytes) -> dict[str, str]:
    """The members of a valid object, each value as the JSON text it was written as.

    Examples
    --------
    >>> raw_members(b'{"id": 12345678901234567890, "by": ["FRA", 1.0]}')
    {'id': '12345678901234567890', 'by': '["FRA", 1.0]'}
    """
    text, members = line.decode(), {}
    at = text.index("{")
    while member := MEMBER.match(text, at):
        key, start = member[1], member.end()
        _, end = _DECODER.raw_decode(text, start)
        members[json.loads(key) if "\\" in key else key[1:-1]] = text[start:end]
        at = end if text[end] in ",}" else BLANK.match(text, end).end()  # type: ignore[union-attr]
    return members


def _value_bytes(line: bytes) -> int:
    """Bound of the memory that the parsed line takes: characters at their widest, and objects."""
    width = 4 if re.search(rb"[\xf0-\xf4]|\\u", line) else 2 if re.search(rb"[\xc4-\xef]", line) else 1
    return width * len(line) + VALUE_BYTES * sum(map(line.count, (b",", b"[", b"{", b":")))


def _check_keys(line: bytes, row: dict[str, Any], max_depth: int) -> None:
    """Refuse a key given twice. A key ends in a quote and a colon, so equal counts prove there is none."""
    if len(KEY_END.findall(line)) != _count_keys(row):
        _parse_slowly(line, max_depth)


def _count_keys(row: dict[str, Any]) -> int:
    todo: list[Any] = [row]
    count = 0
    while todo:
        value = todo.pop()
        if type(value) is dict:
            count += len(value)
            value = value.values()
        todo.extend(item for item in value if type(item) is dict or type(item) is list)
    return count


def _check_depth(line: bytes, max_depth: int) -> None:
    if line.count(b"[") + line.count(b"{") <= max_depth:
        return
    depth = 0
    for match in STRING_OR_BRACKET.finditer(line):
        if match[0] in b"[{":
            depth += 1
            if depth > max_depth:
                raise RowError(f"lists and objects are nested deeper than {max_depth}")
        elif match[0] in b"]}":
            depth -= 1


def _parse_slowly(line: bytes, max_depth: int) -> Any:
    """Parse with every check; numbers that would change stay as written."""
    if not is_utf8(line):
        raise RowError(fault_in_utf8(line))
    if b"\0" in line:
        raise RowError("holds a NUL byte")
    _check_depth(line, max_depth)
    try:
        value = _DECODER.decode(line.decode())
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise RowError("holds an unpaired surrogate") from error
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" starting at")
        raise RowError(f"is not JSON ({reason} at character {error.pos + 1})") from error
    return value


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(members)
    if len(row) < len(members):
        twice = Counter(key for key, _ in members).most_common(1)[0][0]
        raise RowError(f"the key '{twice[:40]}' is given twice")
    return row


def _refuse_constant(name: str) -> Any:
    raise RowError(f"{name} is not JSON")


def _exact_int(digits: str) -> int | JsonNumber:
    if len(digits) <= INT64_CHARS and -INT64_LIMIT <= int(digits) < INT64_LIMIT:
        return int(digits)
    return JsonNumber(digits)


def _exact_float(digits: str) -> float | JsonNumber:
    number = float(digits)
    return number if isfinite(number) else JsonNumber(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_constant=_refuse_constant,
    parse_int=_exact_int,
    parse_float=_exact_float,
)
