"""Signing amendments beside others of their deal."""

import pytest
from amendment_world import seller

from dojang.service.invoices.errors import NotPossible

pytestmark = pytest.mark.django_db


def test_what_was_issued_of_a_deal_before_holds_up_no_other_amendment_that_is_signed_with_it(monkeypatch):
    company = seller(monkeypatch)
    remarks = {"fields_which": "remarks", "fields_remarks_wanted": "yes", "fields_remarks": "맞는 비고"}
    minus, plus = company.issued(company.sold(), "other_fields", remarks)
    [back] = company.amend(
        plus, "should_not_issue", {"none_what": "transfer", "cross_filed": "not_yet"}
    ).invoices
    done = company.sign([minus, plus, back])
    assert [row.pk for _, row in done.issued] == [back.pk]
    assert {type(one.why) for one in done.refused} == {NotPossible}
