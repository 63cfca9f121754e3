"""The code lists: which codes there are, what they are called, what a document type says of its document."""

import copy
import pickle

import pytest

from dojang.etax import AmendmentReason, BuyerKind, DocumentType, PaymentMeans, Purpose, Taxation
from dojang.etax.codes import BUYER_KIND_CODES, PAYMENT_MEANS_CODES, PURPOSE_CODES, LabelledCode

LISTS = [AmendmentReason, BuyerKind, DocumentType, PaymentMeans, Purpose, Taxation]
EVERY_CODE = [code for codes in LISTS for code in codes]


def test_document_types_are_those_of_the_standard_and_the_later_deferred_import():
    assert [code.value for code in DocumentType] == (
        [
            "0101",
            "0102",
            "0103",
            "0104",
            "0105",
            "0106",
            "0201",
            "0202",
            "0203",
            "0204",
            "0205",
            "0206",
            "0301",
            "0303",
            "0304",
            "0401",
            "0403",
            "0404",
        ]
    )


@pytest.mark.parametrize("code", ["0302", "0305", "0306", "0402", "0405", "0406", "0100", "101", ""])
def test_there_is_no_zero_rated_or_deferred_exempt_document(code):
    with pytest.raises(ValueError, match="not a valid DocumentType"):
        DocumentType(code)


@pytest.mark.parametrize("codes", LISTS)
def test_every_label_is_there_in_both_languages_and_differs_from_every_other(codes: type[LabelledCode]):
    for language in ("ko", "en"):
        labels = [code.label(language) for code in codes]
        assert all(labels)
        assert len(set(labels)) == len(labels)
    assert all(any("가" <= char <= "힣" for char in code.ko) for code in codes)
    assert all(code.en.isascii() for code in codes)


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_code_is_its_own_text_wherever_text_is_compared_or_hashed(code: LabelledCode):
    assert code == code.value
    assert {code.value: 1}[code] == 1
    assert f"{code}" == code.value
    assert type(code)(code.value) is code
    assert pickle.loads(pickle.dumps(code)) is code
    assert copy.deepcopy(code) is code


def test_the_default_language_is_korean():
    assert DocumentType.TAX.label() == "세금계산서"
    assert DocumentType.TAX.label("en") == "tax invoice"


@pytest.mark.parametrize("kind", DocumentType)
def test_the_first_half_says_whether_it_amends_and_whether_it_is_exempt(kind: DocumentType):
    assert kind.is_amendment == kind.value.startswith(("02", "04"))
    assert (kind.taxation is Taxation.EXEMPT) == kind.value.startswith(("03", "04"))


@pytest.mark.parametrize("kind", DocumentType)
def test_the_second_half_says_what_kind_it_is(kind: DocumentType):
    assert kind.kind == kind.value[2:]
    assert kind.is_consigned == (kind.kind in {"03", "05"})
    assert kind.is_import == (kind.kind in {"04", "06"})
    assert (kind.taxation is Taxation.ZERO_RATED) == (kind.kind in {"02", "05"})


def test_each_original_has_one_amended_type_and_back():
    originals = [kind for kind in DocumentType if not kind.is_amendment]
    assert {(kind.value, kind.amended.value) for kind in originals} == {
        ("0101", "0201"),
        ("0102", "0202"),
        ("0103", "0203"),
        ("0104", "0204"),
        ("0105", "0205"),
        ("0106", "0206"),
        ("0301", "0401"),
        ("0303", "0403"),
        ("0304", "0404"),
    }
    for kind in originals:
        assert kind.amended.original is kind
        assert kind.original is kind
        assert kind.amended.amended is kind.amended
        assert kind.amended.taxation is kind.taxation


def test_amendment_reasons_are_01_to_06():
    assert [reason.value for reason in AmendmentReason] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (PURPOSE_CODES, {"receipt": "01", "claim": "02"}),
        (BUYER_KIND_CODES, {"business": "01", "individual": "02", "foreigner": "03"}),
        (PAYMENT_MEANS_CODES, {"cash": "10", "check": "20", "note": "30", "credit": "40"}),
    ],
)
def test_what_the_xml_spells_otherwise(codes, expected):
    assert codes == expected
