"""What is told when something is refused, missing or broken: a page for people, JSON for programs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client, override_settings
from django.urls import include, path
from service_world import client_of, make_user, make_workspace, member_client

from dojang.errors import DojangError
from dojang.service.errors import Conflict
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Right, Role

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


class TooLate(DojangError):
    code = "too_late"
    ko = "{day}까지만 할 수 있습니다."
    en = "It was possible until {day}."


def raising(error):
    def view(request, **_):
        raise error

    return view


def renames_then_refuses(request):
    Workspace.objects.update(name="바뀐 이름")
    raise Conflict


def renames(request):
    Workspace.objects.update(name=request.POST["name"])
    return HttpResponse("ok")


def fails_in_postgresql(state):
    def view(request):
        Workspace.objects.update(name="바뀐 이름")
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'secret detail' USING ERRCODE = '{state}'; END $$")

    return view


def manages(request):
    request.member.require(Right.MANAGE)
    return HttpResponse("ok")


def rendered_later(request):
    return TemplateResponse(
        request, "web/error.html", {"title": request.member.workspace.name, "text": "", "code": ""}
    )


urlpatterns = [
    path("", include("dojang.service.urls")),
    path("late/", raising(TooLate(day="2026-11-10"))),
    path("conflict/", raising(Conflict())),
    path("denied/", raising(PermissionDenied())),
    path("broken/", raising(RuntimeError("secret detail"))),
    path("w/<slug:workspace>/try/conflict/", renames_then_refuses),
    path("w/<slug:workspace>/try/rename/", renames),
    path("w/<slug:workspace>/try/manage/", manages),
    path("w/<slug:workspace>/try/gone/", raising(Workspace.DoesNotExist())),
    path("w/<slug:workspace>/try/deadlock/", fails_in_postgresql("40P01")),
    path("w/<slug:workspace>/try/disk-full/", fails_in_postgresql("53100")),
    path("w/<slug:workspace>/try/later/", rendered_later),
]
handler400 = "dojang.service.web.errors.bad_request"
handler403 = "dojang.service.web.errors.permission_denied"
handler404 = "dojang.service.web.errors.page_not_found"
handler500 = "dojang.service.web.errors.server_error"


@pytest.fixture(autouse=True)
def _addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def test_a_refusal_is_a_page_with_its_sentence_and_code(client):
    response = client.get("/late/")
    assert response.status_code == 400
    page = response.content.decode()
    assert "2026-11-10까지만 할 수 있습니다." in page
    assert "too_late" in page


def test_a_refusal_is_json_with_both_languages_for_a_program(client):
    response = client.get("/late/", headers=JSON)
    assert response.status_code == 400
    assert response.json() == {
        "code": "too_late",
        "ko": "2026-11-10까지만 할 수 있습니다.",
        "en": "It was possible until 2026-11-10.",
    }


def test_a_refusal_names_its_own_status(client):
    assert client.get("/conflict/").status_code == 409


def test_in_a_workspace_a_refusal_undoes_what_was_done_before_it():
    workspace = make_workspace(name="한빛상사")
    browser = member_client(workspace)
    response = browser.get(f"/w/{workspace.slug}/try/conflict/", headers=JSON)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    with in_workspace(workspace.pk):
        assert Workspace.objects.get().name == "한빛상사"


def test_a_missing_right_is_named_with_the_roles_that_have_it():
    workspace = make_workspace()
    response = member_client(workspace, Role.WRITER).get(f"/w/{workspace.slug}/try/manage/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "설정 관리" in page
    assert "소유자, 관리자" in page
    assert member_client(workspace, Role.ADMIN).get(f"/w/{workspace.slug}/try/manage/").status_code == 200


def test_a_page_that_is_made_late_still_sees_its_workspace():
    workspace = make_workspace(name="한빛상사")
    response = member_client(workspace).get(f"/w/{workspace.slug}/try/later/")
    assert "한빛상사" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "code"), [("/denied/", 403, "forbidden"), ("/nowhere/", 404, "not_found")]
)
def test_what_is_forbidden_or_missing_says_so(client, address, status, code):
    assert client.get(address).status_code == status
    answer = client.get(address, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_strangers_workspace_is_told_as_a_missing_page():
    workspace = make_workspace()
    stranger = client_of(make_user())
    assert stranger.get(f"/w/{workspace.slug}/").status_code == 404
    assert stranger.get("/w/nobodys/").status_code == 404


def test_a_broken_page_asks_neither_database_nor_session_and_tells_nothing_inside(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client.get("/broken/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "처리 중 문제가 생겼습니다" in page
    assert "secret detail" not in page
    assert client.get("/broken/", headers=JSON).json()["code"] == "server_error"


def test_a_host_that_is_not_ours_is_a_bad_request(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_errors_come_in_the_chosen_language(client):
    client.cookies["dojang_language"] = "en"
    assert "There is no such page" in client.get("/nowhere/").content.decode()


def test_a_row_that_is_gone_meanwhile_is_a_missing_page():
    workspace = make_workspace()
    browser = member_client(workspace)
    assert browser.get(f"/w/{workspace.slug}/try/gone/").status_code == 404


def test_who_was_let_go_of_in_a_deadlock_is_told_to_try_again_and_left_nothing():
    workspace = make_workspace(name="한빛상사")
    browser = member_client(workspace)
    response = browser.get(f"/w/{workspace.slug}/try/deadlock/", headers=JSON)
    assert (response.status_code, response.json()["code"]) == (409, "somebody_else_at_it")
    with in_workspace(workspace.pk):
        assert Workspace.objects.get().name == "한빛상사"


def test_another_fault_of_the_database_is_not_blamed_on_somebody_else():
    workspace = make_workspace()
    browser = member_client(workspace)
    browser.raise_request_exception = False
    response = browser.get(f"/w/{workspace.slug}/try/disk-full/")
    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/?next=%00", "/w/{slug}/invoices/?q=a%00b", "/w/{slug}/invoices/past/?number=%00"]
)
def test_a_nul_character_in_an_address_is_a_bad_request(address):
    workspace = make_workspace()
    browser = member_client(workspace)
    assert browser.get(address.format(slug=workspace.slug), headers=JSON).status_code == 400


def test_a_nul_character_in_what_is_typed_is_a_bad_request():
    workspace = make_workspace()
    browser = member_client(workspace, Role.OWNER)
    assert browser.post(f"/w/{workspace.slug}/try/rename/", {"name": "a\0b"}).status_code == 400
    assert browser.post(f"/w/{workspace.slug}/try/rename/", {"name": "새 이름"}).status_code == 200


def test_what_only_looks_like_a_nul_character_is_searched_for():
    workspace = make_workspace()
    assert member_client(workspace).get(f"/w/{workspace.slug}/invoices/?q=%2500").status_code == 200
