"""What the law engine has to say beside its figures: warnings, and reasons why something cannot be done."""

from dataclasses import dataclass

from dojang.errors import Language


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a person should know.

    Attributes:
        code: stable snake_case name.
        ko: the sentence in Korean: what is so, and what to do.
        en: the sentence in English.
        citation: the law or ruling that says so; "" where it is our own advice.
    """

    code: str
    ko: str
    en: str
    citation: str = ""

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return self.ko if language == "ko" else self.en


def distinct(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Each notice once, in the order in which it first came."""
    return tuple(dict.fromkeys(notices))
