"""What is wrong with what was typed from paper, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from dojang.service.errors import ServiceError
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field and what to do, in both languages."""

    ko: str
    en: str

    @property
    def text(self) -> str:
        """In the person's language."""
        return say(self.ko, self.en)


class PaperRefused(ServiceError):
    """`problems` by field; `items` is about the lines."""

    code = "paper_refused"
    ko = "입력한 내용을 확인해 주세요: {first_ko}"
    en = "Please look at what was entered: {first_en}"
    status = 422

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self.problems = dict(problems)
        first = next(iter(self.problems.values()))
        super().__init__(first_ko=first.ko, first_en=first.en)

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.problems,))
