"""Refusals of this app."""

from dojang.service.errors import ServiceError


class NoName(ServiceError):
    """A condition was to be kept without a name."""

    code = "filter_without_name"
    ko = "저장할 조건의 이름을 적어 주세요."
    en = "Give the filter a name."


class TooManyFilters(ServiceError):
    """More than anybody finds again."""

    code = "too_many_filters"
    ko = "저장한 조건이 너무 많습니다. 쓰지 않는 것을 지운 다음 저장해 주세요."
    en = "There are too many saved filters. Delete some that you do not use."


class NoColumns(ServiceError):
    """Every column was left out."""

    code = "no_columns"
    ko = "보여 줄 열을 하나 이상 골라 주세요."
    en = "Choose at least one column."
