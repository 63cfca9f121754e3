"""The demo's mails are read at a page; anywhere else there is no such page."""

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from service_world import make_user  # noqa: F401 (its import sets Django up)

from dojang.service.notices.models import CapturedMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _captured(settings):
    settings.EMAIL_BACKEND = "dojang.service.notices.capture.CaptureBackend"


def test_mails_are_listed_latest_first_and_read(client):
    for number in (1, 2):
        send_mail(f"제목 {number}", f"내용 {number}", None, ["hana@example.com"])
    page = client.get("/demo/mail/").content.decode()
    assert page.index("제목 2") < page.index("제목 1")
    latest = CapturedMail.objects.first()
    assert "내용 2" in client.get(f"/demo/mail/{latest.pk}/").content.decode()


def test_what_a_mail_brings_is_shown_as_text(client):
    mail = EmailMultiAlternatives("<b>제목</b>", "<script>a</script>", to=["hana@example.com"])
    mail.attach_alternative("<img src=x onerror=y>", "text/html")
    mail.send()
    here = f"/demo/mail/{CapturedMail.objects.get().pk}/"
    page = client.get(here).content.decode()
    assert "<script>a" not in page
    assert "<img src=x" not in page
    assert f'sandbox src="{here}html/"' in page


def test_the_html_of_a_mail_runs_nothing_and_stands_only_in_our_frame(client):
    mail = EmailMultiAlternatives("제목", "https://example.com/v/1", to=["hana@example.com"])
    mail.attach_alternative("<p style='color:red'>내용</p>", "text/html")
    mail.send()
    here = f"/demo/mail/{CapturedMail.objects.get().pk}/"
    assert 'href="https://example.com/v/1"' in client.get(here).content.decode()
    answer = client.get(f"{here}html/")
    assert "내용" in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(policy)
    assert not [one for one in policy if one.startswith("script-src")]


def test_many_mails_come_in_pages(client):
    CapturedMail.objects.bulk_create([CapturedMail(to="a", subject=f"제목 {n}", text="") for n in range(120)])
    assert client.get("/demo/mail/").content.decode().count("/demo/mail/") - 1 >= 50
    assert "제목 0<" in client.get("/demo/mail/?page=3").content.decode()
    assert client.get("/demo/mail/?page=abc").status_code == 200


def test_a_mail_that_is_not_there_is_a_missing_page(client):
    assert client.get("/demo/mail/999999/").status_code == 404


@pytest.mark.parametrize("address", ["/demo/mail/", "/demo/mail/1/", "/demo/mail/1/html/"])
def test_outside_the_demo_there_is_no_such_page(client, settings, address):
    settings.DEMO = False
    CapturedMail.objects.create(pk=1, to="a", subject="b", text="c")
    assert client.get(address).status_code == 404
