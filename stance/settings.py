"""Settings objects: built from plain values, checked against their types, with one line for what is wrong."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le

from stance.errors import ConfigError, nearest

T = TypeVar("T")

Seed = Annotated[int, Ge(0), Le(2**32 - 1)]
"""What NumPy and scikit-learn take alike."""


ASKED = {"asked": True}
"""Marks a field whose default is for Python alone: a configuration says it, or a misspelt name would make a new thing."""


def build_settings(cls: type[T], values: Mapping[str, Any], where: str) -> T:
    """A settings dataclass from plain values.

    Parameters
    ----------
    cls : type
        A dataclass whose annotations state types and ranges.
    values : mapping
        One value a field; nested settings as nested mappings.
    where : str
        The configuration key the values stand under, for messages.

    Raises
    ------
    ConfigError
        For an unknown key (with the nearest name), a missing one, a wrong type or range.
    """
    if not isinstance(values, Mapping):
        raise ConfigError(
            f"{where} is {_shown(values)}; settings of its own are needed, as {where}.NAME=VALUE."
        )
    fields = [f for f in dataclasses.fields(cls) if f.init]  # type: ignore[arg-type]
    check_keys(values, [f.name for f in fields], where)
    for f in fields:
        has_default = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        if f.name not in values and (not has_default or f.metadata == ASKED):
            raise ConfigError(f"{where}.{f.name}: a value is needed. Give it as {where}.{f.name}=VALUE.")
    hints = get_type_hints(cls, include_extras=True)
    return cls(**{name: _build(hints[name], value, f"{where}.{name}") for name, value in values.items()})


def check_keys(values: Mapping[str, Any], allowed: list[str], where: str) -> None:
    """Refuse a key that is not allowed, with the nearest one that is."""
    for key in values:
        if key not in allowed:
            name = f"{where}.{key}" if where else str(key)
            raise ConfigError(
                f"{name}: there is no such setting.{nearest(str(key), allowed)} "
                f"{where or 'This command'} has: {', '.join(sorted(allowed)) or 'no settings'}."
            )


MAX_INT = 2**63 - 1
"""What files of all formats hold."""


def check_value(annotation: Any, value: Any, where: str) -> Any:
    """A value of the annotated type, converted where that loses nothing."""
    from pydantic import TypeAdapter, ValidationError

    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{where} is {value}; a finite number is needed.")
    if isinstance(value, int) and abs(value) > MAX_INT:
        raise ConfigError(f"{where} is {_shown(value)}; a number of at most {MAX_INT} is needed.")
    if _has_bool(value) and not _allows(annotation, bool):
        raise ConfigError(
            f"{where} is {_shown(value).replace('True', 'true').replace('False', 'false')}; a number, a name or a "
            "list is needed, not a yes or no. If it is a name, put it in quotes."
        )
    try:
        return TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        wanted = " or ".join(dict.fromkeys(_wanted(e) for e in errors))
        names = [str(a) for a in _literals(annotation)]
        hint = nearest(value, names) if isinstance(value, str) else ""
        if wanted == "a list" and isinstance(value, str):
            hint = f" Write {where}=[{value}]." if len(value) <= 80 else ""
        raise ConfigError(f"{where} is {_shown(errors[0]['input'])}; {wanted} is needed.{hint}") from None


def replace_setting(settings: Any, path: str, value: Any, where: str) -> Any:
    """A copy of a settings object with one value changed, given by a dotted path inside it."""
    name, _, rest = path.partition(".")
    key = f"{where}.{name}"
    if isinstance(settings, Mapping):
        check_keys({name: None}, list(settings), where)
        changed = replace_setting(settings[name], rest, value, key) if rest else value
        return {**settings, name: changed}
    check_keys({name: None}, [f.name for f in dataclasses.fields(settings) if f.init], where)
    if rest:
        value = replace_setting(getattr(settings, name), rest, value, key)
    else:
        value = _build(get_type_hints(type(settings), include_extras=True)[name], value, key)
    return dataclasses.replace(settings, **{name: value})


def _build(annotation: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(annotation) and not isinstance(value, annotation):  # type: ignore[arg-type]
        return build_settings(annotation, value, where)  # type: ignore[arg-type]
    inner = get_args(annotation)[1] if get_origin(annotation) is Mapping else None
    if dataclasses.is_dataclass(inner) and isinstance(value, Mapping):
        return {str(k): _build(inner, v, f"{where}.{k}") for k, v in value.items()}
    return check_value(annotation, value, where)


def _has_bool(value: Any) -> bool:
    """Whether a value, or an item of a list of them, is true or false."""
    return isinstance(value, bool) or (isinstance(value, list | tuple) and any(map(_has_bool, value)))


def _allows(annotation: Any, kind: type) -> bool:
    return annotation in (kind, Any) or any(_allows(a, kind) for a in get_args(annotation))


def _literals(annotation: Any) -> list[Any]:
    arguments = get_args(annotation)
    return [a for a in arguments if isinstance(a, str)] + [x for a in arguments for x in _literals(a)]


_PLAIN_WORDS = {
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text (put it in quotes)",
    "none_required": "null",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "missing": "a longer list",
    "too_long": "a shorter list",
}


def _wanted(error: Any) -> str:
    if error["type"] in _PLAIN_WORDS:
        return _PLAIN_WORDS[error["type"]]
    message: str = error["msg"]
    message = message.removeprefix("Input should be ").removeprefix("Value error, ")
    for phrase, plain in {
        "greater than or equal to": "a number of at least",
        "greater than": "a number above",
        "less than or equal to": "a number of at most",
        "less than": "a number below",
    }.items():
        message = message.replace(phrase, plain)
    return message


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
