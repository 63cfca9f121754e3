"""Distinguished names and the strings in them (RFC 5280, 4.1.2.4; KCAC.TS.DN).

NPKI writes a name the way its folders are called: most specific part first, keys in lower case,
`cn=홍길동()0012…,ou=HNB,ou=personal4IB,o=yessign,c=kr`. The values were typed by strangers: control and
direction-changing characters are replaced when read, so that a name can be printed and logged.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from dojang.npki import der
from dojang.npki.errors import MalformedFile

UTF8_STRING: Final = 0x0C
PRINTABLE_STRING: Final = 0x13
IA5_STRING: Final = 0x16
BMP_STRING: Final = 0x1E

# Old Korean certificates put CP949 into T61String, and some into PrintableString: the next codec is tried then.
_CODECS: Final[dict[int, tuple[str, ...]]] = {
    UTF8_STRING: ("utf-8",),
    0x12: ("ascii",),  # NumericString
    PRINTABLE_STRING: ("ascii", "cp949"),
    0x14: ("ascii", "cp949", "latin-1"),  # T61String
    IA5_STRING: ("ascii", "cp949"),
    0x1A: ("ascii",),  # VisibleString
    0x1C: ("utf-32-be",),  # UniversalString
    BMP_STRING: ("utf-16-be",),
}

_KEYS: Final = {
    "2.5.4.3": "cn",
    "2.5.4.5": "serialnumber",
    "2.5.4.6": "c",
    "2.5.4.7": "l",
    "2.5.4.8": "st",
    "2.5.4.9": "street",
    "2.5.4.10": "o",
    "2.5.4.11": "ou",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.25": "dc",
    "1.2.840.113549.1.9.1": "email",
}
_OIDS: Final = {key: oid for oid, key in _KEYS.items()}

_SPECIAL: Final = re.compile(r'[",+;<>\\]')
_WHITE_SPACE: Final = re.compile(r"\s+")
# Cc: control; Cf: format, which holds the bidirectional overrides; Cs: half of a surrogate pair; Zl, Zp: line ends.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

TypeAndValue = tuple[str, str]


def read_text(element: der.Element) -> str:
    """The characters of any ASN.1 string type, unprintable ones replaced by U+FFFD.

    Raises:
        MalformedFile: not a string type, or bytes its codec does not know.
    """
    for codec in _CODECS.get(element.tag, ()):
        try:
            return printable(element.content.decode(codec))
        except UnicodeDecodeError:
            continue
    raise MalformedFile


def printable(text: str) -> str:
    """`text` with control, direction-changing and line-ending characters replaced by U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(c) in _UNPRINTABLE else c for c in text)


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name: relative names in the order of the certificate, each of (OID, text) pairs.

    `encoded` is its DER, for certificates that have to repeat the name.
    """

    parts: tuple[tuple[TypeAndValue, ...], ...]
    encoded: bytes = field(repr=False, compare=False)

    @classmethod
    def read(cls, element: der.Element) -> "Name":
        """Raises `MalformedFile` when the element is not a Name."""
        return cls(tuple(_relative(part) for part in element.items()), element.encoded)

    def __str__(self) -> str:
        return ",".join(
            "+".join(f"{_KEYS.get(oid, oid)}={_escaped(text)}" for oid, text in relative)
            for relative in reversed(self.parts)
        )

    def all(self, key: str) -> tuple[str, ...]:
        """Every value under `key` (`"cn"`, `"ou"`, …), in the order of the certificate."""
        oid = _OIDS[key]
        return tuple(text for relative in self.parts for found, text in relative if found == oid)

    def last(self, key: str) -> str:
        """The most specific value under `key`, or an empty string."""
        return next(reversed(self.all(key)), "")

    def same_as(self, other: "Name") -> bool:
        """RFC 5280, 7.1: equal apart from case, runs of white space and the string type."""
        return self.comparable() == other.comparable()

    def comparable(self) -> tuple[frozenset[TypeAndValue], ...]:
        """What two names have in common when they are the same; can be a key of a dict."""
        return tuple(
            frozenset((oid, _WHITE_SPACE.sub(" ", text.strip()).casefold()) for oid, text in relative)
            for relative in self.parts
        )


def _escaped(text: str) -> str:
    """A value in a name as RFC 4514, 2.4 writes it."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _relative(element: der.Element) -> tuple[TypeAndValue, ...]:
    return tuple(_type_and_value(part) for part in element.items(der.SET))


def _type_and_value(element: der.Element) -> TypeAndValue:
    fields = element.fields()
    found = fields.next().oid(), read_text(fields.next())
    fields.end()
    return found


def write_name(*parts: TypeAndValue) -> bytes:
    """The DER of a name of (key, text) pairs, most general first.

    The country is a PrintableString, everything else a UTF8String, as the Korean authorities write them.
    """
    return der.sequence(*(der.set_of(_write_part(key, text)) for key, text in parts))


def _write_part(key: str, text: str) -> bytes:
    tag = PRINTABLE_STRING if key == "c" else UTF8_STRING
    return der.sequence(der.oid(_OIDS[key]), der.encode(tag, text.encode()))
