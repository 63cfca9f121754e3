"""What is wrong with what somebody typed: a value, so that forms, sheets and programs can each show it their way."""

from dataclasses import dataclass

from dojang.errors import Language


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing, at one field. It names no value, since that may be a person's number."""

    field: str
    code: str
    ko: str
    en: str
    blocks: bool = True
    """False for a doubt, with which it can be saved."""

    def text(self, language: Language) -> str:
        return self.ko if language == "ko" else self.en
