"""The history of a workspace: everything in one stream, told in sentences, filtered, in pages that lose nothing."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import python_calamine
import reverse_world
from django.db import connection, connections, transaction
from service_world import (
    NOW,
    acting,
    add_member,
    client_of,
    first_business,
    make_business,
    make_user,
    make_workspace,
    member_client,
)
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.service.accounts.models import User
from dojang.service.audit import chain, standing, stream, tasks, words
from dojang.service.audit.models import Event, Verification
from dojang.service.audit.stream import Cursor, Wanted
from dojang.service.billing import asking
from dojang.service.billing import words as billing_words
from dojang.service.counterparties.history import ACTIONS
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.invoices.timing import today
from dojang.service.records.events import TEXTS
from dojang.service.reverse import requesting
from dojang.service.reverse import words as reverse_words
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import WorkspaceEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def issued(workspace, monkeypatch, tmp_path):
    """One invoice that somebody has issued."""
    who = keeper(set_up(monkeypatch, tmp_path / "data"), first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    invoice = make_ready(workspace)
    issue(workspace, who, invoice)
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk)


def page(workspace, query="", role="owner"):
    answer = member_client(workspace, role).get(f"/w/{workspace.slug}/history/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def told(workspace, wanted=None):
    with in_workspace(workspace.pk):
        entries, _ = stream.page(wanted or Wanted(), None, 100)
        return [words.tell(one, slug=workspace.slug).sentence for one in entries]


def test_what_happened_is_told_in_sentences_the_newest_first(workspace, issued):
    sentences = told(workspace)
    newest = "김하나 님이 (주)새봄 세금계산서(2026-11-20, 1,100,000원) 문서에 서명하고 발행했습니다."
    assert sentences[0] == newest
    assert "김하나 님이 한빛상사 작업공간을 만들었습니다." in sentences


def test_the_page_links_the_document_and_names_time_and_address(workspace, issued):
    text = page(workspace)
    assert f'href="/w/{workspace.slug}/invoices/{issued.pk}/"' in text
    assert "127.0.0.1" in text
    assert "2026-11-20" in text
    assert "10:00:00" in text  # in Korea


def test_a_setting_that_was_changed_is_told_with_both_values(workspace):
    browser = member_client(workspace)
    fields = {"name": "새 이름", "transmit_policy": "at_once", "transmit_minutes": ""}
    browser.post(f"/w/{workspace.slug}/settings/workspace/", fields)
    text = page(workspace, "?kind=workspace")
    for piece in (
        "작업공간의 설정을 바꿨습니다",
        "<del>한빛상사</del>",
        "<ins>새 이름</ins>",
        "발행하면 바로",
    ):
        assert piece in text


def test_it_is_told_in_english_too(workspace):
    User.objects.update(language="en")
    assert "made the workspace" in page(workspace)


@pytest.mark.parametrize("action", list(Action))
def test_every_step_of_a_document_has_its_sentence(action):
    assert action in words.DOCUMENT_SENTENCES


def test_every_step_of_a_record_and_a_counterparty_has_its_sentence():
    assert set(words.RECORD_SENTENCES) == set(TEXTS)
    assert set(words.COUNTERPARTY_SENTENCES) == set(ACTIONS)


def test_every_step_of_a_document_is_of_one_kind():
    kinds = [action for kind in stream.KINDS.values() for action in kind.where.get("document", ())]
    assert sorted(kinds) == sorted(Action)


def test_every_step_of_a_request_has_its_sentence():
    for known in (reverse_words, billing_words):
        assert set(known.SENTENCES) == set(known.WORDS.actions)


def test_requests_to_suppliers_and_customers_are_told_with_everything_else(workspace):
    now = NOW + timedelta(days=1)
    business = first_business(workspace)
    member = acting(workspace)
    asked = reverse_world.ask(workspace, now=now)
    with in_workspace(workspace.pk):
        wanted = asking.Wanted(business, None, "새봄", "billing@saebom.example", "", today(now), False)
        asking.ask(member=member, wanted=wanted, now=now + timedelta(minutes=1))
        requesting.withdraw(member=member, request_id=asked.pk, now=now + timedelta(minutes=2))
    assert told(workspace, Wanted(kind="request")) == [
        "김하나 님이 (주)큰솔상사 역발행(2026-11-21, 1,100,000원) 요청을 취소했습니다.",
        "김하나 님이 새봄 발행정보 작성을 요청했습니다.",
        "김하나 님이 (주)큰솔상사 역발행(2026-11-21, 1,100,000원) 요청을 공급자에게 보냈습니다.",
        "김하나 님이 (주)큰솔상사 역발행(2026-11-21, 1,100,000원) 요청을 작성했습니다.",
    ]
    assert told(workspace)[:4] == told(workspace, Wanted(kind="request"))
    assert f'href="/w/{workspace.slug}/reverse/{asked.pk}/"' in page(workspace, "?kind=request")
    hidden = Wanted(kind="request", without=frozenset({business.pk}))
    assert told(workspace, hidden) == []


def test_a_name_is_never_taken_for_a_place_in_a_sentence():
    workspace = make_workspace(make_user(name="{what}{who}"))
    assert "{what}{who} 님이 한빛상사 작업공간을 만들었습니다." in told(workspace)


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("issue", "서명하고 발행했습니다", "작성을 시작했습니다"),
        ("write", "작성을 시작했습니다", "서명하고 발행했습니다"),
        ("workspace", "작업공간을 만들었습니다", "서명하고 발행했습니다"),
    ],
)
def test_kinds_are_filtered(workspace, issued, kind, there, not_there):
    text = page(workspace, f"?kind={kind}")
    assert there in text
    assert not_there not in text


def test_people_and_days_and_documents_are_filtered(workspace, issued):
    other = add_member(workspace, "issuer", make_user(name="이두리"))
    make_ready(workspace, member=other, now=NOW + timedelta(days=3))
    assert {"이두리"} == {one.split(" ")[0] for one in told(workspace, Wanted(person=other.user_id))}
    late = told(workspace, Wanted(since=NOW + timedelta(days=1)))
    assert len(late) == 2
    assert not told(workspace, Wanted(until=NOW - timedelta(days=1)))
    by_number = told(workspace, Wanted(document=issued.issue_id))
    assert by_number == told(workspace, Wanted(document=str(issued.pk)))
    assert len(by_number) == 3
    assert told(workspace, Wanted(document="A" * 24)) == []
    assert told(workspace, Wanted(document="9" * 40)) == []


def test_a_day_is_a_day_in_korea(workspace):
    make_ready(workspace, now=datetime(2026, 11, 20, 15, 30, tzinfo=UTC))  # 2026-11-21 00:30 in Korea
    assert "작성을 마쳤습니다" in page(workspace, "?since=2026-11-21&until=2026-11-21")
    assert "작성을 마쳤습니다" not in page(workspace, "?until=2026-11-20")


@pytest.mark.parametrize(
    "query",
    [
        "?person=x&kind=nothing&since=never&until=0000-00-00",
        "?after=99999999999999999.9.1",
        "?after=99999999999999999.0.999999999999999999",
        "?document=" + "1" * 5000,
        "?document=-1",
        "?person=999999999999999999999999",
    ],
)
def test_what_cannot_be_read_is_left_out(workspace, query):
    page(workspace, query)


def test_pages_lose_nothing_and_repeat_nothing(workspace):
    """Many things of one moment, in several tables: the hardest place to cut."""
    for _ in range(7):
        make_ready(workspace)
        make_business(workspace)
    with in_workspace(workspace.pk):
        whole = [one.cursor for one in stream.page(Wanted(), None, 1000)[0]]
        for size in (1, 2, 3, 5):
            cut = [entry.cursor for some in stream.pages(Wanted(), size) for entry in some]
            assert cut == whole
    assert len(whole) == len(set(whole)) > 20
    assert [Cursor.read(str(one)) for one in whole] == whole


def test_only_owners_and_administrators_see_it(workspace):
    for role, status in (("owner", 200), ("admin", 200), ("issuer", 403), ("viewer", 403)):
        assert member_client(workspace, role).get(f"/w/{workspace.slug}/history/").status_code == status


def test_documents_of_a_business_that_an_administrator_may_not_see_are_not_there(workspace, issued):
    hidden = add_member(workspace, "admin", business_roles={first_business(workspace): "none"})
    browser = client_of(User.objects.get(pk=hidden.user_id))
    for query in ("", f"?document={issued.pk}&verify=1"):
        text = browser.get(f"/w/{workspace.slug}/history/{query}").content.decode()
        assert "새봄" not in text


def test_the_spreadsheet_has_all_of_it(workspace, issued):
    for _ in range(60):
        make_business(workspace)
    answer = member_client(workspace).get(f"/w/{workspace.slug}/history/excel/?kind=")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    heading, *rows = book.get_sheet_by_index(0).to_python()
    assert heading[:4] == ["일시", "사람", "주소", "내용"]
    assert [row[3] for row in rows] == told(workspace)[: len(rows)]
    assert len(rows) == 65
    first = next(row for row in rows if "발행했습니다" in row[3])
    assert first[0] == datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 (a spreadsheet has no zones)
    assert first[5] == issued.issue_id


def test_one_document_is_verified(workspace, issued):
    with in_workspace(workspace.pk):
        chain.seal(at=NOW + timedelta(minutes=1))
    text = page(workspace, f"?document={issued.issue_id}&verify=1")
    assert "이 문서의 이력 검증: 이상 없음" in text


def test_the_last_seal_and_what_waits_for_it_are_told(workspace, issued):
    with in_workspace(workspace.pk):
        chain.seal(at=NOW)
    make_ready(workspace)
    text = page(workspace)
    assert "마지막 봉인" in text
    assert "봉인을 기다리는 문서" in text


def test_all_of_it_is_verified_once_a_week_and_what_came_of_it_stays(workspace, issued):
    assert "아직 전체를 확인하지 않았습니다" in page(workspace)
    with in_workspace(workspace.pk):
        standing.verify_here(now=NOW)
    text = page(workspace)
    assert "이상 없음" in text
    with in_workspace(workspace.pk):
        assert (Verification.objects.get().events, Verification.objects.get().breaks) == (3, 0)


def test_asking_twice_verifies_once(workspace):
    browser = member_client(workspace)
    for _ in range(2):
        assert browser.post(f"/w/{workspace.slug}/history/verify/").status_code == 302
    tasks.verify_histories(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'dojang.verify_history'")
        assert cursor.fetchone() == (1,)
    assert member_client(workspace, "viewer").post(f"/w/{workspace.slug}/history/verify/").status_code == 403


def test_the_machinery_is_named_as_what_it_is(workspace, issued):
    with in_workspace(workspace.pk):
        entries, _ = stream.page(Wanted(kind="issue"), None, 1)
        entry = entries[0]
        entry.row.actor = entry.row.actor_id = None
        for kind, action, begins in (
            ("nts", "accept", "국세청이 (주)새봄"),
            ("worker", "submit", "자동으로 (주)새봄"),
            ("buyer", "open", "링크를 받은 사람이 (주)새봄"),
        ):
            entry.row.actor_kind, entry.row.action = kind, action
            assert words.tell(entry, slug=workspace.slug).sentence.startswith(begins)


def test_what_has_no_sentence_is_told_by_its_label(workspace):
    with in_workspace(workspace.pk):
        WorkspaceEvent.objects.create(
            workspace=workspace, at=NOW, by_id=acting(workspace).user_id, action="restore",
            subject="invitation", subject_id=1, subject_name="a@example.com",
        )  # fmt: skip
    assert "김하나 님이 a@example.com: 초대 다시 꺼냄" in told(workspace)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestTampering:
    @pytest.fixture
    def invoice(self, workspace):
        invoice = make_ready(workspace)
        with in_workspace(workspace.pk):
            chain.seal(at=NOW)
        return invoice

    def as_owner(self, statement, *values):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for table in ("audit_event", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("audit_event", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")

    def breaks(self, workspace, invoice):
        with in_workspace(workspace.pk):
            return [one.en for one in standing.verify_document(invoice.pk)]

    def test_a_document_that_holds(self, workspace, invoice):
        assert self.breaks(workspace, invoice) == []

    def test_a_changed_event(self, workspace, invoice):
        self.as_owner(
            "UPDATE audit_event SET address = 'x' WHERE invoice_id = %s AND sequence = 1", invoice.pk
        )
        assert self.breaks(workspace, invoice) == ["was changed."]
        assert "이 문서의 이력이 맞지 않습니다" in page(workspace, f"?document={invoice.pk}&verify=1")

    def test_a_cut_history(self, workspace, invoice):
        self.as_owner("DELETE FROM audit_event WHERE invoice_id = %s AND sequence = 2", invoice.pk)
        assert "was sealed and is no longer there." in self.breaks(workspace, invoice)

    def test_a_history_that_was_taken_out(self, workspace, invoice):
        self.as_owner("DELETE FROM audit_event WHERE invoice_id = %s", invoice.pk)
        assert any("no history" in one for one in self.breaks(workspace, invoice))

    def test_an_event_kept_from_its_seal(self, workspace, invoice):
        with in_workspace(workspace.pk):
            last = Event.objects.filter(invoice=invoice).order_by("-sequence").first()
        self.as_owner("DELETE FROM audit_seal WHERE workspace_id = %s", workspace.pk)
        assert last is not None
        assert self.breaks(workspace, invoice) == ["was kept from being sealed."]

    def test_the_owner_is_told_of_it_after_the_weekly_verification(self, workspace, invoice, caplog):
        self.as_owner(
            "UPDATE audit_event SET address = 'x' WHERE invoice_id = %s AND sequence = 1", invoice.pk
        )
        with in_workspace(workspace.pk):
            standing.verify_here(now=NOW)
        assert "does not hold in 1 places" in caplog.text
        text = page(workspace)
        assert "끊긴 곳" in text
        assert "기록이 바뀌었습니다." in text
