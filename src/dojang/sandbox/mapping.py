"""Which result code each finding of `dojang.etax` makes: one table, and the findings that are not 국세청's business.

`etax` checks before signing what the standard, the law and good sense ask; 국세청 answers with a dozen codes. A
rule without a row here would be a hole, so a test asks for every one.

Source: KEC 표준전자세금계산서 v3.0, ResultStatusCode; 국세청 고시 전자세금계산서.
"""

from collections.abc import Iterator, Mapping

from dojang.etax.findings import Finding
from dojang.nts.codes import ResultCode

_SYN003, _SYN004 = ResultCode.SYN003, ResultCode.SYN004
_ERR001, _ERR002, _ERR003 = ResultCode.ERR001, ResultCode.ERR002, ResultCode.ERR003
_ERR005, _ERR006, _ERR007 = ResultCode.ERR005, ResultCode.ERR006, ResultCode.ERR007
_ERR008, _ERR011 = ResultCode.ERR008, ResultCode.ERR011

RESULT_OF_RULE: Mapping[str, ResultCode | Mapping[str, ResultCode]] = {
    "import_document": _ERR008,
    "purpose_missing": _ERR008,
    "amendment_reason_missing": _ERR008,
    "amendment_reason_unexpected": _ERR008,
    "broker_missing": _ERR008,
    "broker_unexpected": _ERR008,
    "original_issue_id_missing": _ERR011,
    "original_issue_id_unexpected": _ERR011,
    "original_is_itself": _ERR011,
    "issue_id": {"issue_id": _SYN003, "original_issue_id": _ERR011},
    "issue_id_date": _ERR006,
    "written_in_future": _ERR006,
    "issued_before_written": _ERR006,
    "issued_in_future": _ERR005,
    "business_number": {"supplier": _ERR001, "buyer": _ERR002, "broker": _ERR003},
    "resident_number": _ERR002,
    "foreigner_number": _ERR002,
    "foreigner_remark": _ERR002,
    "total_mismatch": _ERR007,
    "supply_sum_mismatch": _ERR007,
    "tax_sum_mismatch": _ERR007,
    "payment_sum_mismatch": _ERR007,
    "signs_differ": _ERR007,
    "amendment_positive": _ERR007,
    "zero_rated_tax": _ERR007,
    "exempt_tax": _ERR007,
    "tax_wrong": _ERR007,
    "branch_number": _SYN004,
    "required_text": _SYN004,
    "too_many_items": _SYN004,
    "too_long": _SYN004,
    "out_of_range": _SYN004,
    "forbidden_character": _SYN004,
    "emoji": _SYN004,
}
"""By the code of the rule; where it depends on whose field it is, by the first name of the path."""

NOT_JUDGED: Mapping[str, str] = {
    "same_number": "a rule of law; no code is known for it",
    "broker_is_party": "a doubt for people",
    "issuer_class": "digits prove nothing; the register decides",
    "resident_number_doubtful": "numbers given since 2020 have no check digit",
    "resident_number_elsewhere": "a matter of privacy: the standard takes any text",
    "resident_number_likely": "the same",
    "resident_number_carried": "the same",
    "items_missing": "the schema takes 0 to 99 lines",
    "item_name_missing": "items are 임의적 기재사항",
    "amendment_zero": "no code is known for it",
    "not_positive": "a doubt for people",
    "duplicate_positive": "a doubt for people",
    "tax_off": "within 1,000 won of a tenth",
    "line_product": "quantity and unit price are 임의적 기재사항",
    "unit_without_quantity": "not sent at all",
    "supplied_other_month": "a doubt for people",
    "buyer_email_missing": "Hometax is the mailbox then",
    "email_form": "임의적 기재사항",
}
"""Rules of `etax` that 국세청 does not judge by, each with the reason."""

_ROOT = "TaxInvoice"
RESULT_OF_ELEMENT: Mapping[str, ResultCode] = {
    f"{_ROOT}/ExchangedDocument/IssueDateTime": _ERR005,
    f"{_ROOT}/TaxInvoiceDocument/IssueDateTime": _ERR006,
    f"{_ROOT}/TaxInvoiceDocument/TypeCode": _ERR008,
    f"{_ROOT}/TaxInvoiceDocument/AmendmentStatusCode": _ERR008,
    f"{_ROOT}/TaxInvoiceDocument/PurposeCode": _ERR008,
    f"{_ROOT}/TaxInvoiceTradeSettlement/InvoiceeParty/SpecifiedOrganization/BusinessTypeCode": _ERR008,
}
"""Elements whose wrong value has a code of its own; anything else wrong with the XML is a fault of schema."""


def results_of_rules(findings: tuple[Finding, ...]) -> Iterator[tuple[Finding, ResultCode]]:
    """The findings of `check` that 국세청 judges by, each with its code."""
    for finding in findings:
        result = RESULT_OF_RULE.get(finding.code)
        if isinstance(result, Mapping):
            result = result[finding.path.partition(".")[0]]
        if result is not None:
            yield finding, result


def result_of_element(finding: Finding) -> ResultCode:
    """The code of a finding of the XML reader."""
    if finding.code == "element_value":
        return RESULT_OF_ELEMENT.get(finding.path, _SYN004)
    return _SYN004


_ORDER = {code.value: place for place, code in enumerate(ResultCode)}


def in_order(codes: set[str]) -> tuple[str, ...]:
    """Result codes in the order of the standard's list; codes not in it come last."""
    return tuple(sorted(codes, key=lambda code: (_ORDER.get(code, len(_ORDER)), code)))
