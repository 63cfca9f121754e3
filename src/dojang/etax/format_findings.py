"""Sentences for input that cannot become an invoice at all: a wrong type, a missing or an unknown field."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dojang.etax.findings import Finding, Severity

# By pydantic's error type; the longest prefix that fits is taken. (code, Korean, English)
_SENTENCES: Mapping[str, tuple[str, str, str]] = {
    "missing": ("missing", "빠졌습니다. 값을 넣으세요.", "is missing. Give it a value."),
    "extra_forbidden": (
        "unknown_field",
        "모르는 항목입니다. 이름을 확인하거나 지우세요.",
        "is not a known field. Check its name or delete it.",
    ),
    "json_invalid": (
        "not_json",
        "JSON 문법에 어긋납니다({error}). 파일을 확인하세요.",
        "is not valid JSON ({error}). Check the file.",
    ),
    "int": (
        "not_won",
        "원 단위 정수여야 합니다. 소수점이나 따옴표 없이 적으세요.",
        "must be a whole number of won. Write it without a decimal point or quotes.",
    ),
    "decimal_float": (
        "float_refused",
        '소수는 오차 없이 따옴표로 적으세요(예: "1.50").',
        'must be text, so that no digit is lost (for example "1.50").',
    ),
    "decimal_places": (
        "too_many_places",
        "소수점 아래 두 자리까지만 쓸 수 있습니다. 줄여 적으세요.",
        "may have two decimal places at most. Shorten it.",
    ),
    "decimal": ("not_a_number", "숫자가 아닙니다. 숫자로 적으세요.", "is not a number. Write a number."),
    "string": ("not_text", "글자(따옴표로 묶은 값)여야 합니다.", "must be text in quotes."),
    "enum": (
        "unknown_code",
        "쓸 수 없는 값입니다. 가능한 값: {expected}.",
        "has no such value. Possible: {expected}.",
    ),
    "literal": (
        "unknown_code",
        "쓸 수 없는 값입니다. 가능한 값: {expected}.",
        "has no such value. Possible: {expected}.",
    ),
    "bool": ("not_true_or_false", "true나 false여야 합니다.", "must be true or false."),
    "date": (
        "not_a_date",
        "날짜가 아닙니다. 2026-11-20처럼 적으세요.",
        "is not a date. Write it like 2026-11-20.",
    ),
    "datetime": (
        "not_an_instant",
        "시각이 아닙니다. 2026-11-20T09:00:00+09:00처럼 적으세요.",
        "is not a time. Write it like 2026-11-20T09:00:00+09:00.",
    ),
    "timezone": (
        "no_time_zone",
        "시간대가 없습니다. 2026-11-20T09:00:00+09:00처럼 적으세요.",
        "has no time zone. Write it like 2026-11-20T09:00:00+09:00.",
    ),
    "too_long": (
        "too_many",
        "최대 {max_length}개까지 적을 수 있습니다. 줄이세요.",
        "may have {max_length} entries at most. Take some out.",
    ),
    "too_short": (
        "too_few",
        "{min_length}개 이상 적으세요.",
        "needs {min_length} entries or more.",
    ),
    "return_period": (
        "not_a_period",
        "신고기간이 아닙니다. 2026-1-preliminary, 2026-1-final, 2026-04처럼 적으세요.",
        "is no period of a return. Write it like 2026-1-preliminary, 2026-1-final or 2026-04.",
    ),
    "month_and_day": (
        "not_month_and_day",
        "월과 일이 아닙니다. 12-31처럼 적으세요.",
        "is no month and day. Write it like 12-31.",
    ),
    "tuple": ("not_a_list", "목록([ ])이어야 합니다.", "must be a list ([ ])."),
    "model": ("not_an_object", "항목의 묶음({{ }})이어야 합니다.", "must be an object ({{ }})."),
    "": ("not_accepted", "쓸 수 없는 값입니다. 형식을 확인하세요.", "is not accepted. Check its form."),
}


def findings_of(error: ValidationError) -> tuple[Finding, ...]:
    """One finding for each field that was refused. No input value is repeated: it may be personal."""
    details = error.errors(include_input=False, include_url=False)
    return tuple(_findings(details))


def _findings(details: list[ErrorDetails]) -> Iterator[Finding]:
    for detail in details:
        if detail["type"] == "default_factory_not_called":
            continue  # only follows from another error
        code, ko, en = _SENTENCES[_longest_prefix(detail["type"])]
        facts: dict[str, Any] = detail.get("ctx", {})
        if "expected" in facts:
            facts["expected"] = facts["expected"].replace(
                " or ", ", "
            )  # pydantic's English in both languages
        yield Finding(code, Severity.ERROR, path_of(detail["loc"]), ko.format(**facts), en.format(**facts))


def _longest_prefix(kind: str) -> str:
    return max((prefix for prefix in _SENTENCES if kind.startswith(prefix)), key=len)


def path_of(location: tuple[int | str, ...]) -> str:
    """`("items", 0, "name")` as people write it: `items[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
