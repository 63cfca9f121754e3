"""In the demo whoever has a business gets a test certificate for it; anywhere else there is no such thing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from service_world import business_number, first_business, make_workspace, member_client
from signing_world import set_up

from dojang.npki.identity import open_identity
from dojang.npki.vid import vid_matches
from dojang.service.certificates import judging
from dojang.service.demo.accounts import CERTIFICATE_PASSPHRASE
from dojang.service.demo.certificates import archive_of
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def authority(monkeypatch, tmp_path):
    return set_up(monkeypatch, tmp_path / "data", now=timezone.now())


@pytest.fixture
def workspace():
    return make_workspace()


def address(workspace, business_id=None):
    return reverse("demo_certificate", args=[workspace.slug, business_id or first_business(workspace).pk])


def test_the_certificate_is_of_the_business_and_good_for_issuing(workspace, tmp_path):
    answer = member_client(workspace, Role.OWNER).get(address(workspace))
    assert answer.status_code == 200
    file = tmp_path / "downloaded.pfx"
    file.write_bytes(answer.content)
    identity = open_identity(file, CERTIFICATE_PASSPHRASE)
    number = first_business(workspace).number
    assert vid_matches(identity.certificate, identity.key.random_number, number)
    now = timezone.now()
    assert judging.errors(identity.certificate, at=now) == ()
    assert judging.errors(identity.certificate, at=now + timedelta(days=301)) != ()
    assert number in answer.headers["Content-Disposition"]


def test_asked_again_it_is_the_same_one(workspace):
    owner = member_client(workspace, Role.OWNER)
    assert owner.get(address(workspace)).content == owner.get(address(workspace)).content


def test_it_lies_in_the_demos_folder_as_its_owner_would_keep_it(tmp_path):
    archive = archive_of(business_number(700), "(주)도장/상사", now=timezone.now())
    home = archive.parent
    assert home.parent == tmp_path / "data" / "certificates"
    assert {file.name for file in home.glob("NPKI/*/USER/*/*")} == {"signCert.der", "signPri.key"}


def test_who_may_not_register_certificates_gets_none(workspace):
    assert member_client(workspace, Role.ISSUER).get(address(workspace)).status_code == 403


def test_of_somebody_elses_business_there_is_none(workspace):
    other = make_workspace()
    foreign = address(workspace, first_business(other).pk)
    assert member_client(workspace, Role.OWNER).get(foreign).status_code == 404


def test_the_registration_page_of_the_demo_says_where_to_get_one(workspace):
    page = member_client(workspace, Role.OWNER).get(reverse("sign_register_page", args=[workspace.slug]))
    found = page.context["context_json"]["demo"]
    assert found["certificate"].replace("{id}", str(first_business(workspace).pk)) == address(workspace)
    assert found["passphrase"] == CERTIFICATE_PASSPHRASE


def test_outside_the_demo_there_is_no_such_thing(workspace, settings):
    settings.DEMO = False
    owner = member_client(workspace, Role.OWNER)
    assert owner.get(address(workspace)).status_code == 404
    page = owner.get(reverse("sign_register_page", args=[workspace.slug]))
    assert "demo" not in page.context["context_json"]
