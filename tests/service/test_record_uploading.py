"""Many files at once: each by itself, none half; and the bytes come out as they went in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from record_world import BUYER, SUPPLIER, authority_of, document, records, signed, upload, workspace_of
from service_world import add_member, make_business, member_client

from dojang.service.records.models import RecordEvent
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business

PERSON = {"kind": "individual", "number": "9001011234567", "name": "홍길동", "representative": "홍길동"}


@pytest.fixture
def buyer(db, monkeypatch):
    authority_of(monkeypatch)
    return workspace_of(BUYER, proved=False)


def post(client, workspace, *contents):
    files = [SimpleUploadedFile(f"{n}.xml", one) for n, one in enumerate(contents, 1)]
    return client.post(f"/w/{workspace.slug}/records/upload/", {"files": files})


def test_each_file_has_its_line(buyer):
    data = signed()
    page = post(member_client(buyer), buyer, data, data, b"<broken", signed(document())).content.decode()
    assert len(records(buyer)) == 2
    assert page.count("<tr>") == 5
    assert page.count("받지 않음</span>") == 1
    assert "3.xml" in page


def test_nothing_chosen_and_too_many_are_refused_whole(buyer):
    owner = member_client(buyer)
    assert post(owner, buyer).status_code == 400
    assert post(owner, buyer, *[b"x"] * 201).status_code in {400, 413}
    assert records(buyer) == []


def test_a_file_that_is_too_large_is_refused_and_the_next_is_taken(buyer):
    page = post(member_client(buyer), buyer, b"<a>" + b" " * (1 << 20), signed()).content.decode()
    assert "파일이 너무 큽니다" in page
    assert len(records(buyer)) == 1


def test_a_file_of_a_business_that_one_may_only_see_is_refused_with_what_to_do(buyer):
    other = make_business(buyer, SUPPLIER)
    with in_workspace(buyer.pk):
        first = Business.objects.exclude(pk=other.pk).get()
    member = add_member(buyer, "writer", business_roles={first: "viewer"})
    from service_world import client_of

    from dojang.service.accounts.models import User

    page = post(client_of(User.objects.get(pk=member.user_id)), buyer, signed()).content.decode()
    assert "작성 권한을 요청하세요" in page
    assert records(buyer) == []


def test_who_may_only_look_gets_no_form(buyer):
    viewer = member_client(buyer, "viewer")
    assert viewer.get(f"/w/{buyer.slug}/records/upload/").status_code == 403
    assert post(viewer, buyer, signed()).status_code == 403


def test_the_names_of_files_are_shown_as_text(buyer):
    file = SimpleUploadedFile("<img src=x onerror=alert(1)>.xml", b"no")
    answer = member_client(buyer).post(f"/w/{buyer.slug}/records/upload/", {"files": [file]})
    assert "<img src=x" not in answer.content.decode()


def test_the_xml_comes_out_byte_for_byte(buyer):
    data = signed()
    record = upload(buyer, data).record
    answer = member_client(buyer, "viewer").get(f"/w/{buyer.slug}/records/{record.pk}/xml/")
    assert answer.content == data
    assert record.issue_id in answer.headers["Content-Disposition"]


def test_the_xml_that_names_a_person_leaves_with_an_event_and_not_to_who_may_only_look(db, monkeypatch):
    authority_of(monkeypatch)
    seller = workspace_of(SUPPLIER, proved=False)
    record = upload(seller, signed(document(buyer=PERSON))).record
    here = f"/w/{seller.slug}/records/{record.pk}/"
    assert member_client(seller, "viewer").get(f"{here}xml/").status_code == 403
    assert b"9001011234567" in member_client(seller).get(f"{here}xml/").content
    with in_workspace(seller.pk):
        assert RecordEvent.objects.filter(action="downloaded").count() == 1
    for page in (here, f"{here}form/"):
        assert "1234567" not in member_client(seller).get(page).content.decode().replace(record.issue_id, "")


def test_the_form_is_our_copy(buyer):
    record = upload(buyer, signed()).record
    page = member_client(buyer).get(f"/w/{buyer.slug}/records/{record.pk}/form/").content.decode()
    assert "공급받는자 보관용" in page
    assert "공급자 보관용" not in page.replace("공급받는자 보관용", "")


def test_a_paper_document_has_no_xml(buyer):
    record = upload(buyer, signed()).record
    with in_workspace(buyer.pk):
        type(record).objects.filter(pk=record.pk).update(document=None)
    assert member_client(buyer).get(f"/w/{buyer.slug}/records/{record.pk}/xml/").status_code == 404


def test_the_pdf_holds_the_signed_xml_unless_it_names_a_person(buyer):
    from dojang.render.pdf import attached_xml

    data = signed()
    record = upload(buyer, data).record
    answer = member_client(buyer).get(f"/w/{buyer.slug}/records/{record.pk}/pdf/")
    assert attached_xml(answer.content) == [data]
    seller = workspace_of(SUPPLIER, proved=False)
    sale = upload(seller, signed(document(buyer=PERSON))).record
    answer = member_client(seller).get(f"/w/{seller.slug}/records/{sale.pk}/pdf/")
    assert answer.content.startswith(b"%PDF")
    assert attached_xml(answer.content) == []
