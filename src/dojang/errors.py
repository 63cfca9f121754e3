"""The one base of everything Dojang refuses: a stable code and a sentence in Korean and English."""

from typing import ClassVar, Literal

Language = Literal["ko", "en"]


class DojangError(Exception):
    """A refusal that says what is wrong and what to do, in both languages.

    Subclasses set `code` and the two sentences, which may name `{facts}` given when raised.
    Facts are shown to people and written to logs: never a key, a passphrase, R or a resident number.
    """

    code: ClassVar[str] = "error"
    ko: ClassVar[str] = "처리하지 못했습니다."
    en: ClassVar[str] = "It could not be done."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return (self.ko if language == "ko" else self.en).format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[DojangError], facts: dict[str, object]) -> DojangError:
    return kind(**facts)
