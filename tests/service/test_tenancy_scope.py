"""One transaction, one workspace: entered, left, failed in, streamed from."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory
from service_world import acting, first_business, make_workspace

from dojang.service.accounts.models import User
from dojang.service.tenancy.scope import (
    OtherWorkspace,
    current_workspace,
    in_workspace,
    stream_in_workspace,
)
from dojang.service.workspaces.middleware import OneWorkspace
from dojang.service.workspaces.models import Business

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return make_workspace(name="우리")


@pytest.fixture
def theirs():
    return make_workspace(name="남")


def nothing_is_open():
    with pytest.raises(LookupError):
        current_workspace()
    with pytest.raises(DatabaseError), transaction.atomic():
        Business.objects.count()
    return True


def test_rows_are_there_inside_and_an_error_outside(ours):
    with in_workspace(ours.pk):
        assert current_workspace() == ours.pk
        assert Business.objects.count() == 1
    assert nothing_is_open()


def test_what_fails_inside_leaves_nothing_open(ours):
    with pytest.raises(KeyError), in_workspace(ours.pk):
        raise KeyError
    assert nothing_is_open()


def test_what_fails_in_the_database_leaves_nothing_open(ours):
    with pytest.raises(DatabaseError), in_workspace(ours.pk), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert nothing_is_open()


def test_what_is_rolled_back_on_purpose_leaves_nothing_open(ours):
    with in_workspace(ours.pk):
        Business.objects.update(name="바뀐 이름")
        transaction.set_rollback(True)
    assert nothing_is_open()
    assert first_business(ours).name == "한빛상사"


def test_another_one_is_not_entered_from_within(ours, theirs):
    with in_workspace(ours.pk):
        with pytest.raises(OtherWorkspace, match="has to be left"), in_workspace(theirs.pk):
            pass
        assert current_workspace() == ours.pk
        assert Business.objects.count() == 1


def test_the_same_one_again_is_a_savepoint(ours):
    with in_workspace(ours.pk):
        with pytest.raises(KeyError), in_workspace(ours.pk):  # noqa: PT012
            Business.objects.update(name="바뀐 이름")
            raise KeyError
        assert current_workspace() == ours.pk
        assert Business.objects.get().name == "한빛상사"


def test_one_after_the_other_sees_each_its_own(ours, theirs):
    for workspace in (ours, theirs, ours):
        with in_workspace(workspace.pk):
            assert [business.workspace_id for business in Business.objects.all()] == [workspace.pk]


def test_another_thread_has_nothing_open(ours):
    found = []

    def look():
        try:
            found.append(current_workspace())
        except LookupError:
            found.append(None)

    with in_workspace(ours.pk):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [None]


def names(*, fail_after=None):
    """Pages by key, one at a time, as a stream has to."""
    last = 0
    for page in range(100):
        if page == fail_after:
            raise KeyError
        business = Business.objects.filter(pk__gt=last).order_by("pk").first()
        if business is None:
            return
        last = business.pk
        yield current_workspace(), business.workspace_id


def test_a_stream_makes_each_part_in_its_workspace_and_leaves_it_between(ours, theirs):
    ours_parts, theirs_parts = (stream_in_workspace(each.pk, names()) for each in (ours, theirs))
    # Two streams read in turns, and something else between: nothing of one shows in the other.
    assert next(ours_parts) == (ours.pk, ours.pk)
    assert nothing_is_open()
    assert next(theirs_parts) == (theirs.pk, theirs.pk)
    with in_workspace(theirs.pk):
        assert Business.objects.count() == 1
    assert list(ours_parts) == []
    assert list(theirs_parts) == []
    assert nothing_is_open()


def test_a_stream_that_fails_leaves_nothing_open(ours):
    parts = stream_in_workspace(ours.pk, names(fail_after=1))
    next(parts)
    with pytest.raises(KeyError):
        next(parts)
    assert nothing_is_open()


def test_a_stream_given_up_in_the_middle_leaves_nothing_open(ours):
    parts = stream_in_workspace(ours.pk, names())
    next(parts)
    parts.close()
    assert nothing_is_open()


def test_a_stream_is_not_read_inside_another_workspace(ours, theirs):
    with in_workspace(theirs.pk), pytest.raises(OtherWorkspace):
        next(stream_in_workspace(ours.pk, names()))


def answer(workspace, view):
    """What the middleware answers to the owner of a workspace, not read yet."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=acting(workspace).user_id)
    return OneWorkspace(None).process_view(request, view, (), {"workspace": workspace.slug})


def test_a_streaming_response_is_read_in_the_workspace_that_it_opens_itself(ours):
    def view(request):
        return StreamingHttpResponse(
            f"{business}\n" for _, business in stream_in_workspace(request.member.workspace.pk, names())
        )

    response = answer(ours, view)
    assert nothing_is_open()
    assert b"".join(response) == f"{ours.pk}\n".encode()
    assert nothing_is_open()


def test_a_streaming_response_that_forgot_its_workspace_is_an_error_and_not_empty(ours):
    def view(request):
        return StreamingHttpResponse(f"{business.name}\n" for business in Business.objects.iterator())

    response = answer(ours, view)
    with pytest.raises(DatabaseError), transaction.atomic():
        b"".join(response)


def test_a_page_that_is_made_later_is_made_inside(ours):
    def view(request):
        template = engines["django"].from_string("{% for one in rows %}{{ one.name }}{% endfor %}")
        return SimpleTemplateResponse(template, {"rows": Business.objects.all()})

    assert answer(ours, view).content.decode() == "한빛상사"
