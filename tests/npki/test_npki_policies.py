"""The table of certificate policies: whole, dated, and silent about what it does not know."""

import re
from datetime import date

import pytest

from dojang.npki import policies
from dojang.npki.policies import Policy, lookup


def test_every_entry_is_well_formed_and_says_where_it_comes_from():
    entries = [entry for found in policies.table().values() for entry in found]
    assert len(entries) > 45
    for entry in entries:
        assert re.fullmatch(r"1\.2\.410\.2000(04\.5\.\d|05|12)(\.\d+)+", entry.oid)
        assert all((entry.ca, entry.ko, entry.en, entry.source))
        assert entry.accepted in {True, False, None}


@pytest.mark.parametrize(
    ("oid", "ca", "use", "accepted"),
    [
        ("1.2.410.200005.1.1.6.8", "yessign", "tax_invoice", True),
        ("1.2.410.200005.1.1.5", "yessign", "general_business", True),
        ("1.2.410.200004.5.1.1.12.908", "SignKorea", "tax_invoice", True),
        ("1.2.410.200005.1.1.12.902", "SignKorea", "tax_invoice", True),
        ("1.2.410.200004.5.2.1.6.257", "KICA", "tax_invoice", True),
        ("1.2.410.200004.5.3.1.1", "NCASign", "general_business", True),
        ("1.2.410.200004.5.4.2.80", "CrossCert", "tax_invoice", True),
        ("1.2.410.200004.5.5.1.4.2", "INIPASS", "tax_invoice", True),
        ("1.2.410.200012.5.19.1.1", "TradeSign", "tax_invoice", True),
        ("1.2.410.200005.1.1.4", "yessign", "bank", False),
        ("1.2.410.200005.1.1.3", "yessign", "server", False),
        ("1.2.410.200012.1.1.1", "TradeSign", "general_personal", False),
        ("1.2.410.200005.1.1.6.3", "yessign", "procurement", None),
    ],
)
def test_known_kinds(oid, ca, use, accepted):
    found = lookup(oid)
    assert (found.ca, found.use, found.accepted) == (ca, use, accepted)


def test_an_unknown_oid_is_not_invented():
    assert lookup("1.2.410.200005.1.1.999") is None


def test_an_entry_holds_only_on_its_days():
    entry = Policy(
        "1.2", "ca", "bank", "ko", "en", None, "test", since=date(2020, 1, 1), until=date(2020, 12, 31)
    )
    assert [entry.holds_on(date(year, 6, 1)) for year in (2019, 2020, 2021)] == [False, True, False]
    assert lookup("1.2.410.200005.1.1.5", on=date(2026, 11, 22)) is not None


def test_the_table_does_not_change():
    with pytest.raises(TypeError):
        policies.table()["1.2"] = ()
