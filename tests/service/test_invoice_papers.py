"""Invoices as PDF: what was signed with its XML inside, the same bytes every time, and nothing for whom it is not."""

from io import BytesIO

import pypdf
import pytest
from django.core.cache import caches
from service_world import acting, add_member, first_business, make_business, make_workspace, member_client
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.etax.signature import verify
from dojang.render import Copy
from dojang.render.pdf import attached_xml
from dojang.service.invoices import papers, transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

PERSON = {"kind": "individual", "number": "9001011234567", "name": "김개인", "representative": "김개인"}


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    caches["papers"].clear()
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    made.keeper = keeper(authority, first_business(made).number)
    register(made, first_business(made), made.keeper)
    return made


@pytest.fixture
def set_pages(monkeypatch):
    """How many files were set, that is, not kept from before."""
    made = []
    monkeypatch.setattr(
        papers, "pdf", lambda *forms, real=papers.pdf, **rest: made.append(1) or real(*forms, **rest)
    )
    return made


def issued(workspace, **values):
    invoice = make_ready(workspace, **values)
    issue(workspace, workspace.keeper, invoice)
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk)


def paper(workspace, invoice, **values):
    with in_workspace(workspace.pk):
        return papers.pdf_of(invoice, **values)


def text_of(data):
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(data)).pages)


def address(workspace, *parts):
    return "/".join(["", "w", workspace.slug, "invoices", *map(str, parts), ""])


def test_the_signed_xml_is_inside_byte_for_byte(workspace):
    invoice = issued(workspace)
    data = paper(workspace, invoice)
    [xml] = attached_xml(data)
    assert verify(xml).invoice.issue_id == invoice.issue_id
    assert xml == member_client(workspace).get(address(workspace, invoice.pk, "xml")).content
    text = text_of(data)
    assert "공급자보관용" in text
    assert "공급받는자보관용" in text
    assert "모의" in text


def test_the_same_invoice_gives_the_same_bytes_and_is_set_once(workspace, set_pages):
    invoice = issued(workspace)
    first = paper(workspace, invoice)
    assert paper(workspace, invoice) == first
    assert len(set_pages) == 1
    caches["papers"].clear()
    assert paper(workspace, invoice) == first


def test_copies_and_languages_are_kept_apart(workspace, set_pages):
    invoice = issued(workspace)
    kinds = {
        paper(workspace, invoice),
        paper(workspace, invoice, language="en"),
        paper(workspace, invoice, copies=[Copy.BUYER]),
        paper(workspace, invoice, copies=[Copy.SUPPLIER]),
    }
    assert len(kinds) == len(set_pages) == 4


def test_a_draft_says_that_it_is_none_yet_and_has_nothing_inside(workspace, set_pages):
    invoice = make_ready(workspace)
    data = paper(workspace, invoice)
    assert "발행전미리보기" in text_of(data)
    assert attached_xml(data) == []
    assert paper(workspace, invoice) == data
    assert len(set_pages) == 2


def test_a_persons_number_is_masked_its_xml_left_out_and_the_paper_not_kept(workspace, set_pages):
    invoice = issued(workspace, buyer=PERSON)
    data = paper(workspace, invoice)
    assert "900101-1******" in text_of(data)
    assert "234567" not in text_of(data)
    assert attached_xml(data) == []
    paper(workspace, invoice)
    assert len(set_pages) == 2


def test_a_persons_number_in_a_remark_keeps_the_xml_out_too(workspace):
    invoice = issued(workspace, remarks=["외국인등록번호 900101-5234567"])
    data = paper(workspace, invoice)
    assert "900101-5******" in text_of(data)
    assert attached_xml(data) == []


def test_a_cancelled_invoice_says_so_even_if_its_paper_was_kept_before(workspace):
    invoice = issued(workspace)
    assert "취소" not in text_of(paper(workspace, invoice))
    with in_workspace(workspace.pk):
        transmitting.cancel(
            member=acting(workspace), invoice_id=invoice.pk, version=invoice.version, now=invoice.issued_at
        )
        invoice.refresh_from_db()
    assert text_of(paper(workspace, invoice)).count("취소") >= 18
    page = member_client(workspace).get(address(workspace, invoice.pk)).content.decode()
    assert "발행을 취소한 문서입니다" in page


# Pages


def test_the_page_gives_a_file_named_by_its_issue_id(workspace):
    invoice = issued(workspace)
    client = member_client(workspace, Role.VIEWER)
    answer = client.get(address(workspace, invoice.pk, "pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{invoice.issue_id.lower()}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    shown = client.get(address(workspace, invoice.pk, "pdf") + "?copy=buyer&print=1")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "공급자보관용" not in text_of(shown.content)
    page = client.get(address(workspace, invoice.pk)).content.decode()
    assert f'href="{address(workspace, invoice.pk, "pdf")}"' in page


def test_many_become_one_file_in_the_order_of_their_days(workspace):
    later = issued(workspace, written_on="2026-11-19")
    first = issued(workspace, written_on="2026-11-10")
    draft = make_ready(workspace, written_on="2026-11-15")
    answer = member_client(workspace).post(
        address(workspace, "pdf"), {"invoice": [later.pk, draft.pk, first.pk], "print": "1"}
    )
    assert answer.headers["Content-Disposition"] == 'inline; filename="invoices.pdf"'
    read = pypdf.PdfReader(BytesIO(answer.content))
    assert [mark.title[:10] for mark in read.outline] == ["2026-11-10", "2026-11-15", "2026-11-19"]
    assert len(read.pages) == 3
    assert len(attached_xml(answer.content)) == 2
    got = member_client(workspace).get(address(workspace, "pdf") + f"?invoice={first.pk}")
    assert len(pypdf.PdfReader(BytesIO(got.content)).pages) == 1


def test_others_see_nothing_of_it(workspace):
    invoice = issued(workspace)
    other = make_workspace()
    assert member_client(other).get(address(other, invoice.pk, "pdf")).status_code == 404
    assert "만들 세금계산서가 없습니다" in refused(member_client(other), other, invoice.pk)
    assert member_client(other).get(address(workspace, invoice.pk, "pdf")).status_code == 404


def test_a_member_of_one_business_gets_no_paper_of_another(workspace):
    make_business(workspace)
    invoice = issued(workspace)
    member = add_member(workspace, Role.VIEWER, business_roles={first_business(workspace): "none"})
    with in_workspace(workspace.pk), pytest.raises(papers.NothingOnPaper):
        papers.pdf_of_many(member=member, invoice_ids=[invoice.pk])


def refused(client, workspace, *ids):
    answer = client.post(address(workspace, "pdf"), {"invoice": list(ids)})
    assert answer.status_code == 400
    return answer.content.decode()


@pytest.mark.parametrize("ids", [[], ["x"], ["9" * 30], ["-1"]])
def test_nothing_ticked_says_what_to_do(workspace, ids):
    assert "목록에서" in refused(member_client(workspace), workspace, *ids)


def test_more_than_a_file_takes_are_refused_in_one_sentence(workspace):
    assert "501건" in refused(member_client(workspace), workspace, *range(1, 502))


def test_sandbox_and_real_do_not_share_a_file(workspace, monkeypatch):
    first, second = issued(workspace), issued(workspace)
    monkeypatch.setattr(papers, "is_sandbox", lambda row: row.pk != first.pk)
    assert "한 파일에 담을 수 없습니다" in refused(member_client(workspace), workspace, first.pk, second.pk)
    assert "모의" not in text_of(paper(workspace, first))
