"""Which certificates end soon, and which businesses can sign."""

import pytest
from home_world import NOW, add_certificate
from service_world import first_business, make_business, make_workspace

from dojang.service.certificates.selectors import businesses_with_certificate, expiring_certificates
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


@pytest.mark.parametrize(("days", "told"), [(31, []), (29.5, [29]), (0.5, [0]), (-0.5, [-1])])
def test_a_certificate_is_told_from_thirty_days_before_its_end(business, days, told):
    add_certificate(business, days=days)
    found = expiring_certificates([business.pk], now=NOW)
    assert [one.days_left for one in found] == told
    assert [one.is_over for one in found] == [one < 0 for one in told]


def test_a_renewed_a_removed_and_a_refused_certificate_are_not_told(business):
    add_certificate(business, days=3)
    add_certificate(business, days=400, fingerprint="b" * 64)
    other = make_business_in(business)
    add_certificate(other, days=3, removed_at=NOW)
    add_certificate(other, days=4, fingerprint="c" * 64, verdict="mismatch")
    assert expiring_certificates([business.pk, other.pk], now=NOW) == []


def test_a_business_can_sign_with_a_valid_certificate_of_its_own(business):
    add_certificate(business, days=-1)
    add_certificate(business, days=10, fingerprint="b" * 64, verdict="pending")
    assert businesses_with_certificate([business.pk], now=NOW) == set()
    add_certificate(business, days=10, fingerprint="c" * 64)
    assert businesses_with_certificate([business.pk], now=NOW) == {business.pk}


def make_business_in(business):
    return make_business(business.workspace)
