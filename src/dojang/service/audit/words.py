"""What happened, told in a sentence: one table for each history, in both languages; registered ones bring their own.

In a sentence `{who}` is who did it, with its particle, and `{what}` stands where the thing is named and linked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse

from dojang.etax.codes import DocumentType
from dojang.service.audit.stream import COUNTERPARTIES, DOCUMENTS, RECORDS, WORKSPACE, Entry
from dojang.service.counterparties import history as counterparties
from dojang.service.invoices.states import Action
from dojang.service.records import events as records
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import action_text, machinery_text
from dojang.service.workspaces import words as workspaces
from dojang.service.workspaces.models import WorkspaceEvent

Pair = tuple[str, str]
_Subject = WorkspaceEvent.Subject

DOCUMENT_SENTENCES: Final[Mapping[str, Pair]] = {
    Action.CREATE: ("{who} {what} 작성을 시작했습니다.", "{who} began {what}."),
    Action.EDIT: ("{who} {what} 내용을 고쳐 저장했습니다.", "{who} changed and saved {what}."),
    Action.DELETE: ("{who} 임시저장한 {what} 문서를 지웠습니다.", "{who} deleted the draft of {what}."),
    Action.FINISH: ("{who} {what} 작성을 마쳤습니다.", "{who} finished {what}."),
    Action.REOPEN: (
        "{who} {what} 문서를 다시 고쳐 쓰기로 했습니다.",
        "{who} took {what} back to be changed.",
    ),
    Action.ASK_APPROVAL: (
        "{who} {what} 발행 승인을 요청했습니다.",
        "{who} asked for the approval of {what}.",
    ),
    Action.APPROVE: ("{who} {what} 발행을 승인했습니다.", "{who} approved {what}."),
    Action.SEND_BACK: ("{who} {what} 문서를 반려했습니다.", "{who} sent {what} back."),
    Action.TAKE_BACK: (
        "{who} {what} 발행 승인 요청을 취소했습니다.",
        "{who} took the request to approve {what} back.",
    ),
    Action.ISSUE: ("{who} {what} 문서에 서명하고 발행했습니다.", "{who} signed and issued {what}."),
    Action.CANCEL: ("{who} {what} 발행을 취소했습니다.", "{who} cancelled {what}."),
    Action.SEND_NOW: ("{who} {what} 문서를 지금 전송하도록 했습니다.", "{who} asked to send {what} now."),
    Action.SUBMIT: (
        "{who} {what} 문서의 국세청 전송을 시작했습니다.",
        "{who} began to send {what} to the NTS.",
    ),
    Action.NOT_SENT: (
        "{who} {what} 문서가 든 전송을 통째로 받지 않아, 다시 보냅니다.",
        "{who} turned down the whole message with {what}; it is sent again.",
    ),
    Action.LOSE_ANSWER: (
        "국세청의 응답을 받지 못해 {what} 문서의 결과를 다시 묻고 있습니다.",
        "The NTS's answer was lost; it is being asked about {what}.",
    ),
    Action.ACCEPT: ("{who} {what} 문서를 접수했습니다(전송완료).", "{who} accepted {what}."),
    Action.REJECT: ("{who} {what} 문서를 받지 않았습니다(전송실패).", "{who} rejected {what}."),
    Action.HOMETAX_FILE: (
        "{who} {what} 문서를 홈택스 일괄발급 파일에 담았습니다.",
        "{who} put {what} into a file for Hometax.",
    ),
    Action.HOMETAX_ISSUED: (
        "{who} 홈택스에서 발급한 것을 목록으로 확인하고 임시저장한 {what} 문서를 닫았습니다.",
        "{who} saw in Hometax's list that {what} was issued there, and closed its draft.",
    ),
    Action.OPEN: ("{who} {what} 문서를 처음 열어 보았습니다.", "{who} opened {what} for the first time."),
    Action.BOUNCE: (
        "{what} 메일이 돌아와, 국세청에 전송된 날이 발급일이 되었습니다.",
        "The mail of {what} came back: it counts as issued on the day on which the NTS had it.",
    ),
    Action.MAIL: ("{who} {what} 문서의 메일을 다시 보냈습니다.", "{who} had the mail of {what} sent again."),
    Action.REVEAL: (
        "{who} 주민·외국인등록번호가 든 {what} 문서를 내려받았습니다.",
        "{who} downloaded {what} with a person's number in it.",
    ),
}
WORKSPACE_SENTENCES: Final[Mapping[Pair, Pair]] = {
    (_Subject.WORKSPACE, "create"): (
        "{who} {what} 작업공간을 만들었습니다.",
        "{who} made the workspace {what}.",
    ),
    (_Subject.WORKSPACE, "edit"): (
        "{who} {what} 작업공간의 설정을 바꿨습니다.",
        "{who} changed the settings of {what}.",
    ),
    (_Subject.WORKSPACE, "close"): (
        "{who} {what} 작업공간을 닫았습니다.",
        "{who} closed the workspace {what}.",
    ),
    (_Subject.WORKSPACE, "reopen"): (
        "{who} {what} 작업공간을 다시 열었습니다.",
        "{who} opened the workspace {what} again.",
    ),
    (_Subject.WORKSPACE, "export"): (
        "{who} {what} 작업공간의 자료를 모두 내보내기 시작했습니다.",
        "{who} began a full export of {what}.",
    ),
    (_Subject.BUSINESS, "create"): (
        "{who} {what} 사업장을 등록했습니다.",
        "{who} added the business {what}.",
    ),
    (_Subject.BUSINESS, "edit"): (
        "{who} {what} 사업장의 정보를 바꿨습니다.",
        "{who} changed the business {what}.",
    ),
    (_Subject.BUSINESS, "archive"): (
        "{who} {what} 사업장을 보관했습니다.",
        "{who} archived the business {what}.",
    ),
    (_Subject.BUSINESS, "mark_filed"): (
        "{who} {what} 사업장의 부가세 신고를 신고 완료로 표시했습니다.",
        "{who} marked a VAT return of {what} as filed.",
    ),
    (_Subject.BUSINESS, "unmark_filed"): (
        "{who} {what} 사업장의 신고 완료 표시를 취소했습니다.",
        "{who} took back the mark of a filed VAT return of {what}.",
    ),
    (_Subject.BUSINESS, "restore"): (
        "{who} 보관한 {what} 사업장을 다시 꺼냈습니다.",
        "{who} brought back the business {what}.",
    ),
    (_Subject.BRANCH, "create"): ("{who} {what} 종사업장을 등록했습니다.", "{who} added the branch {what}."),
    (_Subject.BRANCH, "edit"): (
        "{who} {what} 종사업장의 정보를 바꿨습니다.",
        "{who} changed the branch {what}.",
    ),
    (_Subject.BRANCH, "remove"): ("{who} {what} 종사업장을 지웠습니다.", "{who} removed the branch {what}."),
    (_Subject.MEMBER, "edit"): ("{who} {what} 님의 권한을 바꿨습니다.", "{who} changed the role of {what}."),
    (_Subject.MEMBER, "remove"): (
        "{who} {what} 님을 작업공간에서 뺐습니다.",
        "{who} removed {what} from the workspace.",
    ),
    (_Subject.MEMBER, "leave"): ("{what} 님이 작업공간에서 나갔습니다.", "{what} left the workspace."),
    (_Subject.MEMBER, "hand_over"): (
        "{who} 소유권을 넘겨 {what} 님의 권한이 바뀌었습니다.",
        "{who} handed over ownership, which changed the role of {what}.",
    ),
    (_Subject.INVITATION, "invite"): ("{who} {what} 주소로 초대했습니다.", "{who} invited {what}."),
    (_Subject.INVITATION, "resend"): (
        "{who} {what} 주소로 초대 메일을 다시 보냈습니다.",
        "{who} sent the invitation to {what} again.",
    ),
    (_Subject.INVITATION, "revoke"): (
        "{who} {what} 주소로 보낸 초대를 취소했습니다.",
        "{who} revoked the invitation to {what}.",
    ),
    (_Subject.INVITATION, "accept"): (
        "{who} {what} 주소로 온 초대를 수락했습니다.",
        "{who} accepted the invitation to {what}.",
    ),
}
RECORD_SENTENCES: Final[Mapping[str, Pair]] = {
    "delivered": ("{what} 문서가 자동으로 들어왔습니다.", "{what} was delivered."),
    "uploaded": ("{who} {what} 문서의 XML을 올렸습니다.", "{who} uploaded the XML of {what}."),
    "completed": ("{who} 목록에 있던 {what} 문서에 XML을 더했습니다.", "{who} added the XML to {what}."),
    "listed": ("{who} 홈택스 목록에서 {what} 문서를 가져왔습니다.", "{who} took {what} from Hometax's list."),
    "typed": ("{who} 종이로 주고받은 {what} 문서를 등록했습니다.", "{who} typed in {what} from paper."),
    "edited": ("{who} {what} 문서를 고쳤습니다.", "{who} changed {what}."),
    "deleted": ("{who} {what} 문서를 지웠습니다.", "{who} deleted {what}."),
    "checked": ("{who} {what} 문서를 확인했습니다.", "{who} checked {what}."),
    "unchecked": ("{who} {what} 문서의 확인을 취소했습니다.", "{who} took back the check of {what}."),
    "decided": (
        "{who} {what} 문서의 공제 여부나 메모를 저장했습니다.",
        "{who} saved the deduction or the note of {what}.",
    ),
    "correction_asked": (
        "{who} {what} 문서를 고쳐 달라고 공급자에게 요청했습니다.",
        "{who} asked the supplier to correct {what}.",
    ),
    "correction_withdrawn": (
        "{who} {what} 문서의 수정 요청을 취소했습니다.",
        "{who} withdrew the request to correct {what}.",
    ),
    "correction_answered": (
        "{what} 문서를 고친 수정세금계산서가 왔습니다.",
        "The amendment of {what} arrived.",
    ),
    "downloaded": (
        "{who} 주민·외국인등록번호가 든 {what} 문서를 내려받았습니다.",
        "{who} downloaded {what} with a person's number in it.",
    ),
}
COUNTERPARTY_SENTENCES: Final[Mapping[str, Pair]] = {
    "create": ("{who} {what} 거래처를 등록했습니다.", "{who} added the counterparty {what}."),
    "edit": ("{who} {what} 거래처의 정보를 고쳤습니다.", "{who} changed the counterparty {what}."),
    "import": ("{who} 엑셀로 {what} 거래처를 반영했습니다.", "{who} took {what} from a spreadsheet."),
    "archive": ("{who} {what} 거래처를 보관했습니다.", "{who} archived the counterparty {what}."),
    "unarchive": (
        "{who} {what} 거래처를 보관에서 꺼냈습니다.",
        "{who} took the counterparty {what} out of the archive.",
    ),
    "merge": (
        "{who} 다른 거래처를 {what} 거래처에 합쳤습니다.",
        "{who} merged another counterparty into {what}.",
    ),
    "merged": (
        "{who} {what} 거래처를 다른 거래처에 합쳤습니다.",
        "{who} merged {what} into another counterparty.",
    ),
    "reveal": (
        "{who} {what} 거래처의 주민·외국인등록번호를 열람했습니다.",
        "{who} looked at the personal number of {what}.",
    ),
    "tax_status": ("{what} 거래처의 휴폐업 상태가 바뀌었습니다.", "The tax status of {what} changed."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry for people: the sentence around what it speaks of, where that is, and what was changed."""

    entry: Entry
    before: str
    what: str
    after: str
    url: str
    changes: list[tuple[str, str, str]]

    @property
    def sentence(self) -> str:
        """The whole of it."""
        return f"{self.before}{self.what}{self.after}"

    @property
    def changed(self) -> str:
        """What was changed, in one line."""
        return ", ".join(f"{field}: {old or '–'} → {new or '–'}" for field, old, new in self.changes)


def tell(entry: Entry, *, slug: str) -> Told:
    """An entry in the person's language; `slug` names the workspace in addresses."""
    own = entry.source.tell
    sentence, what, url = own(entry.row, slug) if own else _SOURCES[entry.source.name](entry, slug)
    # Taken apart before names are put in: a name is never taken for a place.
    before, _, after = sentence.partition("{what}")
    somebody = _who(entry)
    return Told(
        entry,
        before.replace("{who}", somebody),
        what,
        after.replace("{who}", somebody),
        url,
        _changes(entry),
    )


def who(entry: Entry) -> str:
    """Who did it, by name alone."""
    if entry.person is not None:
        return str(entry.person)
    return machinery_text(getattr(entry.row, "actor_kind", "worker"))


def _who(entry: Entry) -> str:
    if entry.person is not None:
        return say(f"{entry.person} 님이", str(entry.person))
    words = {
        "nts": ("국세청이", "The NTS"),
        "buyer": ("링크를 받은 사람이", "Whoever had the link"),
        "supplier": ("링크로 서명한 공급자가", "The supplier, by its link,"),
    }
    return say(*words.get(getattr(entry.row, "actor_kind", ""), ("자동으로", "The service")))


def _document(entry: Entry, slug: str) -> tuple[str, str, str]:
    event, invoice = entry.row, entry.row.invoice
    parts = [invoice.written_on.isoformat()] if invoice.written_on else []
    parts.append(say(f"{invoice.total_amount:,}원", f"{invoice.total_amount:,} won"))
    noun = _noun(invoice.document_type)
    name = invoice.buyer_name or say("거래처 미정", "no buyer yet")
    url = "" if invoice.deleted_at else reverse("invoice", args=[slug, invoice.pk])
    label = action_text(event.action)
    return (
        _sentence(DOCUMENT_SENTENCES.get(event.action), label),
        f"{name} {noun}({', '.join(parts)})",
        url,
    )


def _record(entry: Entry, slug: str) -> tuple[str, str, str]:
    record, action = entry.row.record, entry.row.action
    name = record.party_name or say("거래처 미정", "no party yet")
    amount = say(f"{record.total_amount:,}원", f"{record.total_amount:,} won")
    what = f"{name} {_noun(record.document_type)}({record.written_on.isoformat()}, {amount})"
    url = "" if record.deleted_at else _address("record", slug, record.pk)
    return _sentence(RECORD_SENTENCES.get(action), records.text_of(action)), what, url


def _counterparty(entry: Entry, slug: str) -> tuple[str, str, str]:
    change = entry.row
    label = say(*counterparties.ACTIONS[change.action])
    url = reverse("counterparty", args=[slug, change.counterparty_id])
    return _sentence(COUNTERPARTY_SENTENCES.get(change.action), label), change.counterparty.name, url


def _workspace(entry: Entry, _slug: str) -> tuple[str, str, str]:
    event = entry.row
    sentence = WORKSPACE_SENTENCES.get((event.subject, event.action))
    return _sentence(sentence, workspaces.event_title(event)), event.subject_name, ""


_SOURCES: Final = {
    DOCUMENTS.name: _document,
    WORKSPACE.name: _workspace,
    RECORDS.name: _record,
    COUNTERPARTIES.name: _counterparty,
}


def _address(name: str, slug: str, row: int) -> str:
    """Where it is shown; nothing where an installation has no such page."""
    try:
        return reverse(name, args=[slug, row])
    except NoReverseMatch:
        return ""


def _sentence(pair: Pair | None, label: str) -> str:
    """The sentence; what has none of its own is told by its label."""
    return say(*pair) if pair else f"{{who}} {{what}}: {label}"


def _noun(document_type: str) -> str:
    found = next((one for one in DocumentType if one.value == document_type), None)
    return say(found.ko, found.en) if found else say("세금계산서", "invoice")


def _changes(entry: Entry) -> list[tuple[str, str, str]]:
    if entry.source is WORKSPACE:
        return workspaces.event_changes(entry.row)
    if entry.source is COUNTERPARTIES:
        given: Mapping[str, Any] = entry.row.changes
        return [
            (say(*counterparties.label(field)), str(before), str(after))
            for field, (before, after) in given.items()
        ]
    return []
