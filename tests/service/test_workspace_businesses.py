"""Businesses: added, changed, archived; branches, seal, defaults and tax facts."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from service_world import (
    NOW,
    acting,
    add_member,
    business_number,
    client_of,
    details,
    first_business,
    make_business,
    make_workspace,
    member_client,
)
from tenant_rows import make_row
from test_workspace_seal_image import chunk, png

from dojang.etax.errors import EtaxError
from dojang.etax.facts import Facts, InvalidFacts
from dojang.service.accounts.models import User
from dojang.service.certificates.models import Certificate
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import facts
from dojang.service.workspaces.details import DETAIL_FIELDS
from dojang.service.workspaces.errors import (
    BranchThereAlready,
    BusinessArchived,
    BusinessInUse,
    BusinessThereAlready,
    ChoiceUnknown,
    DetailMissing,
    DetailTooLong,
    LastBusiness,
    NoBranchNumber,
    NoBusinessNumber,
    NoEmail,
    NoSuchBranch,
    NoSuchBusiness,
    NotAnImage,
    NumberIsFixed,
)
from dojang.service.workspaces.models import Branch, Business, WorkspaceEvent
from dojang.service.workspaces.services import businesses as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace):
    return acting(workspace)


@pytest.fixture
def business(workspace):
    return first_business(workspace)


@pytest.fixture(autouse=True)
def _inside(workspace, request):
    """Services run in the workspace that the request's middleware opened; pages open it themselves."""
    if "page" in request.node.name:
        yield
    else:
        with in_workspace(workspace.pk):
            yield


def edit(member, business, **values):
    return services.edit_business(
        member=member, business_id=business.pk, details=details(business.number, **values), now=NOW
    )


def last_event():
    return WorkspaceEvent.objects.order_by("-id")[0]


def test_a_business_is_added_once(owner):
    number = business_number(500)
    services.add_business(member=owner, details=details(number), now=NOW)
    with pytest.raises(BusinessThereAlready, match=number):
        services.add_business(member=owner, details=details(number), now=NOW)
    assert Business.objects.filter(number=number).count() == 1


def test_what_is_changed_is_in_the_history_from_what_to_what(owner, business):
    edit(owner, business, address="부산광역시 가상구 다른로 2")
    event = last_event()
    assert (event.action, event.subject_id) == ("edit", business.pk)
    assert event.changes == {"address": ["서울특별시 가상구 없는로 1", "부산광역시 가상구 다른로 2"]}


def test_saving_what_is_there_already_leaves_no_trace(owner, business):
    before = WorkspaceEvent.objects.count()
    edit(owner, business)
    assert WorkspaceEvent.objects.count() == before


def test_blanks_and_line_breaks_are_tidied(owner, business):
    assert edit(owner, business, name="  한빛 \t 상사\r\n").name == "한빛 상사"


@pytest.mark.parametrize("field", [name for name in DETAIL_FIELDS if name not in {"number", "contact_email"}])
def test_what_is_too_long_for_the_form_is_refused_by_name(owner, business, field):
    with pytest.raises(DetailTooLong):
        edit(owner, business, **{field: "가" * 151})


@pytest.mark.parametrize("email", ["nobody", "a b@example.com", "x" * 60 + "@example.com"])
def test_a_contact_has_an_address_or_none(owner, business, email):
    with pytest.raises((NoEmail, DetailTooLong)):
        edit(owner, business, contact_email=email)
    assert edit(owner, business, contact_email="").contact_email == ""


def test_a_wrong_number_changes_nothing(owner, business):
    with pytest.raises(NoBusinessNumber):
        services.edit_business(member=owner, business_id=business.pk, details=details("9998600011"), now=NOW)


def test_a_mistyped_number_can_be_mended_before_anything_was_written(owner, business):
    number = business_number(501)
    assert services.edit_business(
        member=owner, business_id=business.pk, details=details(number), now=NOW
    ).number == number  # fmt: skip


def test_the_number_of_another_business_is_not_taken(owner, workspace, business):
    other = make_business(workspace)
    with pytest.raises(BusinessThereAlready):
        services.edit_business(member=owner, business_id=business.pk, details=details(other.number), now=NOW)


@pytest.mark.parametrize("model", [Invoice, Certificate])
def test_a_number_under_which_something_exists_is_fixed(owner, business, model):
    make_row(model, business=business)
    with pytest.raises(NumberIsFixed):
        services.edit_business(
            member=owner, business_id=business.pk, details=details(business_number(502)), now=NOW
        )
    assert edit(owner, business, name="새 이름").name == "새 이름"


@pytest.mark.parametrize("role", ["issuer", "writer", "viewer", "none"])
def test_who_does_not_manage_changes_no_business(workspace, business, role):
    member = add_member(workspace, role)
    with pytest.raises(PermissionDenied):
        edit(member, business, name="바뀐 이름")
    with pytest.raises(PermissionDenied):
        services.add_business(member=member, details=details(), now=NOW)
    with pytest.raises(PermissionDenied):
        services.archive_business(member=member, business_id=business.pk, now=NOW)


def test_an_admin_of_one_business_changes_that_one_but_adds_none(workspace, business):
    other = make_business(workspace)
    member = add_member(workspace, "viewer", business_roles={business: "admin"})
    assert edit(member, business, name="새 이름").name == "새 이름"
    with pytest.raises(PermissionDenied):
        edit(member, other, name="새 이름")
    with pytest.raises(PermissionDenied):
        services.add_business(member=member, details=details(), now=NOW)


def test_a_business_of_another_workspace_is_none(owner):
    with pytest.raises(NoSuchBusiness):
        services.restore_business(member=owner, business_id=987_654, now=NOW)


# Archiving ------------------------------------------------------------------------------------------------------


def test_a_business_is_archived_and_brought_back(owner, workspace, business):
    make_business(workspace)
    assert services.archive_business(member=owner, business_id=business.pk, now=NOW).archived_at == NOW
    with pytest.raises(BusinessArchived):
        edit(owner, business, name="새 이름")
    with pytest.raises(BusinessArchived):
        services.archive_business(member=owner, business_id=business.pk, now=NOW)
    assert services.restore_business(member=owner, business_id=business.pk, now=NOW).archived_at is None
    assert services.restore_business(member=owner, business_id=business.pk, now=NOW).archived_at is None
    assert [event.action for event in WorkspaceEvent.objects.filter(subject_id=business.pk)][:2] == [
        "restore",
        "archive",
    ]


def test_the_last_one_is_not_archived(owner, business):
    with pytest.raises(LastBusiness):
        services.archive_business(member=owner, business_id=business.pk, now=NOW)


@pytest.mark.parametrize(
    "state", [State.DRAFT, State.AWAITING_APPROVAL, State.READY, State.ISSUED, State.SUBMITTED, State.UNKNOWN]
)
def test_one_with_unfinished_documents_is_not_archived(owner, workspace, business, state):
    make_business(workspace)
    make_row(Invoice, business=business, state=state)
    with pytest.raises(BusinessInUse, match="1 document"):
        services.archive_business(member=owner, business_id=business.pk, now=NOW)


@pytest.mark.parametrize(
    "values",
    [{"state": state} for state in (State.ACCEPTED, State.REJECTED, State.CANCELLED)] + [{"deleted_at": NOW}],
)
def test_finished_documents_are_no_hindrance(owner, workspace, business, values):
    make_business(workspace)
    make_row(Invoice, business=business, **values)
    assert services.archive_business(member=owner, business_id=business.pk, now=NOW).archived_at == NOW


# Branches -------------------------------------------------------------------------------------------------------


def save_branch(member, business, number="0001", name="가상 지점", **more):
    return services.save_branch(
        member=member, business_id=business.pk, number=number, name=name, now=NOW, **more
    )


def test_a_branch_is_added_changed_and_removed(owner, business):
    branch = save_branch(owner, business)
    save_branch(owner, business, name="다른 지점", branch_id=branch.pk)
    services.remove_branch(member=owner, business_id=business.pk, branch_id=branch.pk, now=NOW)
    events = list(WorkspaceEvent.objects.filter(subject="branch").order_by("id"))
    assert [event.action for event in events] == ["create", "edit", "remove"]
    assert events[1].changes == {"name": ["가상 지점", "다른 지점"]}
    assert events[2].subject_name == "한빛상사 0001 다른 지점"
    assert not Branch.objects.exists()


@pytest.mark.parametrize("number", ["", "1", "00001", "abcd", "０００１"])
def test_a_branch_number_has_four_digits(owner, business, number):
    with pytest.raises(NoBranchNumber):
        save_branch(owner, business, number)


def test_a_branch_is_there_once_and_has_a_name(owner, business):
    save_branch(owner, business)
    with pytest.raises(BranchThereAlready):
        save_branch(owner, business, name="둘째")
    with pytest.raises(DetailMissing):
        save_branch(owner, business, "0002", " ")
    with pytest.raises(DetailTooLong):
        save_branch(owner, business, "0002", "가" * 71)


def test_a_branch_of_another_business_is_none_of_this_one(owner, workspace, business):
    branch = save_branch(owner, make_business(workspace))
    with pytest.raises(NoSuchBranch):
        save_branch(owner, business, branch_id=branch.pk)
    with pytest.raises(NoSuchBranch):
        services.remove_branch(member=owner, business_id=business.pk, branch_id=branch.pk, now=NOW)


# Seal, defaults, facts ------------------------------------------------------------------------------------------


def test_a_seal_is_kept_clean_and_its_bytes_are_not_in_the_history(owner, business):
    services.set_seal(member=owner, business_id=business.pk, image=png(chunk(b"tEXt", b"a\0b")), now=NOW)
    business.refresh_from_db()
    assert (bytes(business.seal_image), business.seal_image_type) == (png(), "image/png")
    assert last_event().changes == {"seal_image": [None, None]}
    services.remove_seal(member=owner, business_id=business.pk, now=NOW)
    business.refresh_from_db()
    assert (business.seal_image, business.seal_image_type) == (None, "")


def test_what_is_no_picture_leaves_the_seal_as_it_was(owner, business):
    with pytest.raises(NotAnImage):
        services.set_seal(member=owner, business_id=business.pk, image=b"<svg/>", now=NOW)
    business.refresh_from_db()
    assert business.seal_image is None


def test_defaults_are_those_there_are(owner, business):
    saved = services.set_defaults(
        member=owner, business_id=business.pk, purpose="receipt", rounding="half_up", now=NOW
    )
    assert (saved.default_purpose, saved.rounding) == ("receipt", "half_up")
    for purpose, rounding in (("nothing", "down"), ("claim", "sideways"), ("", "")):
        with pytest.raises(ChoiceUnknown):
            services.set_defaults(
                member=owner, business_id=business.pk, purpose=purpose, rounding=rounding, now=NOW
            )


@pytest.mark.parametrize(
    ("middle", "kind", "obliged"),
    [
        ("81", "corporation", True),
        ("86", "corporation", True),
        ("01", "individual", None),
        ("90", "individual", None),
    ],
)
def test_facts_begin_as_the_number_suggests(middle, kind, obliged):
    guessed = Facts.model_validate_json(
        __import__("json").dumps(facts.guess(business_number(1, kind=middle)))
    )
    assert guessed.supplier_kind == kind
    assert guessed.is_obliged is obliged
    # Sole proprietors are billed for April and October (부가가치세법 제48조 제3항).
    assert guessed.files_preliminary is (kind == "corporation")


def told(**changes):
    page = {
        "supplier_kind": "individual", "e_obligated": "no", "tax_type": "simplified", "tax_type_since": None,
        "files_preliminary": "unknown", "fiscal_year_end": "12-31", "sme": True,
    }  # fmt: skip
    return facts.told(page | changes)


def test_facts_are_kept_as_the_engine_reads_them(owner, business):
    services.set_facts(member=owner, business_id=business.pk, facts=told(), now=NOW)
    business.refresh_from_db()
    read = Facts.from_json(json.dumps(business.facts))
    assert (read.supplier_kind, read.e_obligated, read.files_preliminary) == ("individual", False, None)
    assert [entry.tax_type for entry in read.supplier_tax_types] == ["simplified"]
    assert "buyer_tax_type" not in business.facts


def test_what_was_told_is_shown_again(owner, business):
    for changes in (
        {},
        {"tax_type": "general"},
        {"tax_type_since": date(2024, 7, 1)},
        {"e_obligated": "unknown"},
    ):
        shown = facts.shown(told(**changes))
        assert {name: shown[name] for name in changes} == changes
        assert facts.told(shown) == told(**changes)


def test_a_corporation_is_always_obliged():
    assert told(supplier_kind="corporation", e_obligated="no")["e_obligated"] is True


@pytest.mark.parametrize("wrong", [{"fiscal_year_end": "13-01"}, {"supplier_kind": "club"}, {"surprise": 1}])
def test_facts_that_cannot_be_read_are_refused(owner, business, wrong):
    with pytest.raises(InvalidFacts) as refused:
        services.set_facts(member=owner, business_id=business.pk, facts=told() | wrong, now=NOW)
    assert isinstance(refused.value, EtaxError)


# Pages ----------------------------------------------------------------------------------------------------------


def address(workspace, business=None, rest=""):
    return f"/w/{workspace.slug}/settings/businesses/" + (f"{business.pk}/{rest}" if business else rest)


def test_the_page_shows_all_of_a_business_to_its_manager(workspace, business):
    page = member_client(workspace).get(address(workspace, business)).content.decode()
    assert all(text in page for text in ("한빛상사", "과세유형", "종사업장", "도장 이미지", "보관"))


def test_the_page_of_a_viewer_has_nothing_to_press(workspace, business):
    page = member_client(workspace, "viewer").get(address(workspace, business)).content.decode()
    assert "한빛상사" in page
    assert "/archive/" not in page
    assert 'name="representative"' not in page


def test_pages_of_a_business_one_may_not_see_are_not_found(workspace, business):
    member = add_member(workspace, "issuer", business_roles={business: "none"})
    browser = client_of(User.objects.get(pk=member.user_id))
    for rest in ("", "facts/", "seal/"):
        assert browser.get(address(workspace, business, rest)).status_code == 404
    assert "등록번호</th>" not in browser.get(address(workspace)).content.decode()


def test_the_page_adds_and_edits(workspace, business):
    browser = member_client(workspace)
    fields = {name: getattr(details(), name) for name in DETAIL_FIELDS} | {"name": "새 회사"}
    response = browser.post(address(workspace, rest="new/"), fields, follow=True)
    assert "새 회사" in response.content.decode()
    fields |= {"number": business.number, "name": "고친 이름"}
    assert "고친 이름" in browser.post(address(workspace, business), fields, follow=True).content.decode()


def test_the_page_says_beside_the_field_what_is_wrong(workspace, business):
    fields = {"number": "111-11-11111", "name": "", "representative": "김하나"}
    page = member_client(workspace).post(address(workspace, business), fields).content.decode()
    assert "10자리 번호를 확인해 주세요" in page
    assert "111-11-11111" in page


def test_the_page_takes_a_seal_and_shows_it_as_a_picture_only(workspace, business):
    browser = member_client(workspace)
    upload = SimpleUploadedFile("seal.html", png(), content_type="text/html")
    browser.post(address(workspace, business, "seal/upload/"), {"image": upload})
    seen = browser.get(address(workspace, business, "seal/"))
    assert (seen.content, seen.headers["Content-Type"]) == (png(), "image/png")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.post(address(workspace, business, "seal/remove/"), follow=True).status_code == 200
    assert browser.get(address(workspace, business, "seal/")).status_code == 404


def test_the_page_refuses_a_file_that_is_no_seal(workspace, business):
    upload = SimpleUploadedFile("seal.png", b"MZ" * 200_000)
    page = member_client(workspace).post(address(workspace, business, "seal/upload/"), {"image": upload})
    assert "200 KB를 넘습니다" in page.content.decode()


def test_the_page_of_facts_saves_and_shows_what_it_saved(workspace, business):
    browser = member_client(workspace)
    fields = {
        "supplier_kind": "individual", "tax_type": "simplified", "tax_type_since": "2025-07-01", "e_obligated": "no",
        "files_preliminary": "no", "fiscal_year_end": "",
    }  # fmt: skip
    browser.post(address(workspace, business, "facts/"), fields)
    page = browser.get(address(workspace, business, "facts/")).content.decode()
    assert "2025-07-01" in page
    assert "간이과세자" in browser.get(address(workspace, business)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"supplier_kind": "corporation", "tax_type": "simplified"},
        {"fiscal_year_end": "02-31"},
        {"tax_type": ""},
    ],
)
def test_the_page_of_facts_refuses_what_cannot_be(workspace, business, wrong):
    fields = {
        "supplier_kind": "corporation", "tax_type": "general", "e_obligated": "yes", "files_preliminary": "yes",
        "fiscal_year_end": "12-31",
    } | wrong  # fmt: skip
    response = member_client(workspace).post(address(workspace, business, "facts/"), fields)
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()


def test_the_page_of_branches_adds_changes_and_removes(workspace, business):
    browser = member_client(workspace)
    fields = {"number": "0007", "name": "가상 지점", "address": ""}
    assert (
        "가상 지점"
        in browser.post(address(workspace, business, "branches/new/"), fields, follow=True).content.decode()
    )
    with in_workspace(workspace.pk):
        branch = Branch.objects.get()
    one = address(workspace, business, f"branches/{branch.pk}/")
    assert "가상 지점" in browser.get(one).content.decode()
    browser.post(one, fields | {"name": "새 지점"})
    browser.post(f"{one}remove/")
    with in_workspace(workspace.pk):
        assert not Branch.objects.exists()


def test_the_page_says_why_a_business_stays(workspace, business):
    response = member_client(workspace).post(address(workspace, business, "archive/"), follow=True)
    assert "하나 남은 사업장은 보관할 수 없습니다" in response.content.decode()


def test_the_page_of_defaults_saves(workspace, business):
    browser = member_client(workspace)
    browser.post(address(workspace, business, "defaults/"), {"purpose": "receipt", "rounding": "up"})
    assert first_business(workspace).default_purpose == "receipt"
    page = browser.post(address(workspace, business, "defaults/"), {"purpose": "x", "rounding": "up"})
    assert 'class="error"' in page.content.decode()
