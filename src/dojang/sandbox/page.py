"""The page for people: what arrived, what it says, the verdict in words and what to do. Plain HTML, no script.

Everything shown is escaped; resident numbers are masked; R is not there to be shown.
"""

from collections.abc import Iterable
from datetime import datetime
from importlib import resources
from urllib.parse import quote

from dojang.etax.invoice import KST
from dojang.nts.codes import ResultCode, describe
from dojang.render.markup import NOTHING, Html, h
from dojang.sandbox.decoded import Decoded, Side, decode, masked_xml, shown_number
from dojang.sandbox.errors import NoSuchPage
from dojang.sandbox.faults import Action, FaultKind
from dojang.sandbox.office import Office
from dojang.sandbox.register import Business, State, TaxpayerKind
from dojang.sandbox.rows import Callback, CallbackState, Document, Submission, SubmissionState, WaitingFault
from dojang.sandbox.web import HTML_TYPE, Request, Response, require_method

CSS_PATH = "/page.css"
_PER_PAGE = 20
_FEW = 5
"""How many invoices of a submission the first page shows."""


def handle(office: Office, request: Request) -> Response:
    """Answer a request for a page.

    Raises:
        NoSuchPage, WrongMethod.
    """
    kind, _, rest = request.path.removeprefix("/").partition("/")
    if request.path == "/":
        page = _first_page(office, _page_number(request))
    elif request.path == CSS_PATH:
        require_method(request, "GET")
        css = resources.files("dojang.sandbox").joinpath("page.css").read_bytes()
        return Response(css, "text/css; charset=utf-8")
    elif kind == "submissions":
        page = _submission_page(office, rest)
    elif kind == "documents":
        page = _document_page(office, rest)
    else:
        page = None
    if page is None:
        raise NoSuchPage(path=request.path)
    require_method(request, "GET")
    return Response(page.text.encode(), HTML_TYPE)


def _page_number(request: Request) -> int:
    text = request.query.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 1


def _whole(title: str, *content: Html) -> Html:
    return h(
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{} · 모의 국세청 SANDBOX</title>"
        '<link rel="stylesheet" href="{}"></head><body>'
        '<div class="sandbox" role="note">모의 국세청 · SANDBOX<br>'
        "여기 보낸 것은 국세청에 신고되지 않습니다 · nothing here is filed</div>"
        "<main>{}</main></body></html>",
        title,
        CSS_PATH,
        list(content),
    )


# The first page


def _first_page(office: Office, number: int) -> Html:
    shown = office.store.submissions(_PER_PAGE, (number - 1) * _PER_PAGE)
    count = office.store.submission_count()
    return _whole(
        "받은 전송",
        h("<h1>모의 국세청</h1>"),
        h(
            '<p class="soft">모의 시각 {} (KST) · 전송 {}건 · 신고된 문서 {}건</p>',
            _time(office.now()),
            f"{count:,}",
            f"{office.store.filed_count():,}",
        ),
        _switched(office),
        h("<h2>받은 전송</h2>"),
        *(_submission_card(office, submission, most=_FEW) for submission in shown),
        NOTHING
        if shown
        else h('<p class="card soft">아직 받은 전송이 없습니다. 보내면 여기에 나타납니다.</p>'),
        _pages(number, count),
    )


def _pages(number: int, count: int) -> Html:
    links = [
        h('<a href="/?page={}">← 더 새로운 전송</a>', number - 1) if number > 1 else NOTHING,
        h('<a href="/?page={}">더 오래된 전송 →</a>', number + 1) if number * _PER_PAGE < count else NOTHING,
    ]
    return h("<nav>{}</nav>", links)


_FAULTS_KO = {
    FaultKind.LOST_BEFORE: "요청이 처리되기 전에 연결이 끊깁니다",
    FaultKind.LOST_AFTER: "처리한 뒤 응답이 사라집니다",
    FaultKind.SLOW: "응답이 {seconds:g}초 늦습니다",
    FaultKind.HTTP_500: "처리하지 않고 HTTP 500으로 답합니다",
    FaultKind.HTTP_429: "처리하지 않고 HTTP 429(요청이 너무 많음)로 답합니다",
    FaultKind.HTTP_500_AFTER: "처리한 뒤 HTTP 500으로 답합니다",
    FaultKind.GARBAGE: "처리한 뒤 알아볼 수 없는 응답을 보냅니다",
    FaultKind.WRONGLY_SIGNED: "처리한 뒤 다른 인증서로 서명해 답합니다",
    FaultKind.DUPLICATE_CALLBACK: "처리결과를 한 번 더 보냅니다",
    FaultKind.CODE: "처리결과를 {codes}(으)로 정합니다",
}
_ACTIONS_KO = {
    Action.SUBMIT: "제출",
    Action.RESULTS: "결과 조회",
    Action.CERTIFICATES: "인증서 요청",
    Action.TAX_STATUS: "사업자 상태조회",
}
_STATES_KO = {
    State.ACTIVE: "계속사업자",
    State.CLOSED: "폐업",
    State.UNKNOWN: "미등록",
}
_KINDS_KO = {
    TaxpayerKind.GENERAL: "",
    TaxpayerKind.SIMPLIFIED: "간이과세자(세금계산서 발급 불가)",
    TaxpayerKind.EXEMPT: "면세사업자",
}


def _switched(office: Office) -> Html:
    """Everything that makes this sandbox behave otherwise than by rule."""
    settings = office.settings
    lines = [
        *map(_fault, office.store.faults()),
        *(_business(number, business) for number, business in settings.businesses.items()),
    ]
    if settings.clock.frozen_at or settings.clock.offset_seconds:
        lines.append(
            h("<li>시계: {} (KST){}</li>", _time(office.now()), " 멈춤" if settings.clock.frozen_at else "")
        )
    if settings.delays.judging_seconds or settings.delays.reply_seconds:
        lines.append(
            h(
                "<li>지연: 심사 {}초, 응답 {}초</li>",
                f"{settings.delays.judging_seconds:g}",
                f"{settings.delays.reply_seconds:g}",
            )
        )
    if not lines:
        return NOTHING
    return h('<h2>켜 둔 설정과 오류</h2><div class="card"><ul class="codes">{}</ul></div>', lines)


def _fault(waiting: WaitingFault) -> Html:
    fault = waiting.fault
    text = _FAULTS_KO[fault.kind].format(seconds=fault.seconds, codes=", ".join(fault.codes))
    about = (fault.action and _ACTIONS_KO[fault.action], fault.submit_id, fault.issue_id)
    fits = " · ".join(part for part in about if part)
    return h(
        '<li><span class="bad">오류:</span> {} <span class="soft">{}{}</span></li>',
        text,
        "계속" if waiting.left is None else f"{waiting.left}번 남음",
        f" · {fits}" if fits else "",
    )


def _business(number: str, business: Business) -> Html:
    closed = h(' <span class="day">({})</span>', business.closed_on) if business.closed_on else NOTHING
    return h(
        "<li>사업자 {}: {}{} {}</li>",
        shown_number(number),
        _STATES_KO[business.state],
        closed,
        _KINDS_KO[business.kind],
    )


# Submissions


def _submission_page(office: Office, submit_id: str) -> Html | None:
    submission = office.store.submission(submit_id)
    if submission is None:
        return None
    return _whole("전송", _back(), h("<h1>전송</h1>"), _submission_card(office, submission, most=None))


def _submission_card(office: Office, submission: Submission, *, most: int | None) -> Html:
    documents = office.store.documents(submission.submit_id)
    # What went wrong comes first: that is what people look for.
    shown = sorted(documents, key=_is_good)[:most] if most else documents
    more = len(documents) - len(shown)
    link = f"/submissions/{quote(submission.submit_id)}"
    return h(
        '<section class="card"><div class="row"><h3>{} <span class="soft day">등록번호 {}</span></h3>{}</div>'
        '<p class="soft"><a class="id" href="{}">{}</a><br>접수번호 <span class="id">{}</span></p>{}{}{}{}</section>',
        _time(submission.received_at),
        submission.registration,
        _state(submission, documents),
        link,
        submission.submit_id,
        submission.receipt_id,
        h('<p class="bad">{} {}</p>', _code_text(submission.fail_reason), submission.note or "")
        if submission.fail_reason
        else NOTHING,
        _callback(office.store.callback(submission.submit_id)),
        [_invoice(document) for document in shown],
        h('<p class="invoice"><a href="{}">나머지 {}건 보기</a></p>', link, more) if more else NOTHING,
    )


def _is_good(document: Document) -> bool:
    return ResultCode.SUC001 in document.codes


def _state(submission: Submission, documents: list[Document]) -> Html:
    if submission.state is SubmissionState.RECEIVED:
        return h('<span class="verdict wait">처리 중 · {}건</span>', submission.total)
    if submission.state is SubmissionState.IMPOSSIBLE:
        return h('<span class="verdict bad">처리 불가</span>')
    good = sum(map(_is_good, documents))
    bad = len(documents) - good
    if not bad:
        return h('<span class="verdict good">성공 {}건</span>', good)
    accepted = h(' <span class="soft">성공 {}건</span>', good) if good else NOTHING
    return h('<span><span class="verdict bad">실패 {}건</span>{}</span>', bad, accepted)


_CALLBACK_KO = {
    CallbackState.PENDING: "결과를 보내는 중",
    CallbackState.ACKNOWLEDGED: "결과를 보내고 확인받음",
    CallbackState.GIVEN_UP: "결과를 보냈으나 확인받지 못함",
}


def _callback(callback: Callback | None) -> Html:
    if callback is None:
        return NOTHING
    return h(
        '<p class="soft">{}: <span class="id">{}</span> ({}번 시도{})</p>',
        _CALLBACK_KO[callback.state],
        callback.reply_to,
        callback.attempts,
        f", {callback.problem}" if callback.problem else "",
    )


# Invoices


def _invoice(document: Document) -> Html:
    decoded = decode(document.xml)
    return h(
        '<div class="invoice"><div class="row"><span>{}</span><span class="won">{}</span></div>'
        '<p class="soft"><a class="id" href="/documents/{}">{}</a>{}</p>{}</div>',
        f"{decoded.supplier.name} → {decoded.buyer.name}" if decoded else "읽을 수 없는 문서",
        f"{decoded.total_amount:,}원" if decoded else "",
        document.number,
        _hyphenated(document.issue_id),
        f" · {decoded.type_name} · 작성일자 {decoded.written_on}" if decoded else "",
        _verdicts(document.codes),
    )


def _hyphenated(issue_id: str) -> str:
    return f"{issue_id[:8]}-{issue_id[8:16]}-{issue_id[16:]}" if len(issue_id) == len("0" * 24) else issue_id


def _verdicts(codes: tuple[str, ...]) -> Html:
    if not codes:
        return h('<p class="wait">처리 중</p>')
    return h('<ul class="codes">{}</ul>', [_verdict(code) for code in codes])


def _verdict(code: str) -> Html:
    info = describe(code)
    good = code == ResultCode.SUC001
    return h(
        '<li><span class="{}">{}</span> <span class="soft">{}{}</span></li>',
        "good verdict" if good else "bad verdict",
        info.ko,
        info.code,
        "" if good else f" · {info.cause_ko}. {info.action_ko}.",
    )


def _code_text(code: str | None) -> str:
    return f"{code} {describe(code).ko}." if code else ""


def _document_page(office: Office, rest: str) -> Html | None:
    digits = rest.isascii() and rest.isdigit() and len(rest) < len("1000000000000000")
    document = office.store.document(int(rest)) if digits else None
    if document is None:
        return None
    decoded = decode(document.xml)
    return _whole(
        "문서",
        _back(),
        h("<h1>{}</h1>", decoded.type_name if decoded else "읽을 수 없는 문서"),
        h(
            '<div class="card"><p class="id">{}</p>{}</div>',
            _hyphenated(document.issue_id),
            _verdicts(document.codes),
        ),
        *(_fields(decoded) if decoded else ()),
        h(
            '<details class="card"><summary>XML 보기</summary><pre>{}</pre></details>'
            '<p class="soft">전송 <a class="id" href="/submissions/{}">{}</a></p>',
            masked_xml(document.xml),
            quote(document.submit_id),
            document.submit_id,
        ),
    )


def _back() -> Html:
    return h('<nav><a href="/">← 받은 전송</a></nav>')


def _fields(decoded: Decoded) -> Iterable[Html]:
    yield h(
        '<div class="card"><dl>{}</dl></div>',
        _pairs(
            ("공급가액", f"{decoded.supply_amount:,}원"),
            ("세액", f"{decoded.tax_amount:,}원"),
            ("합계금액", f"{decoded.total_amount:,}원"),
            ("작성일자", decoded.written_on),
            ("발급일시", decoded.issued_at),
            ("영수·청구", decoded.purpose),
            ("수정사유", decoded.amendment_reason),
            ("당초승인번호", _hyphenated(decoded.original_issue_id)),
            *(("비고", remark) for remark in decoded.remarks),
        ),
    )
    for title, side in (
        ("공급자", decoded.supplier),
        ("공급받는자", decoded.buyer),
        ("수탁자", decoded.broker),
    ):
        if side is not None:
            yield _party(title, side)
    yield _items(decoded)


def _pairs(*pairs: tuple[str, str]) -> list[Html]:
    return [h("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in pairs if value]


def _party(title: str, side: Side) -> Html:
    return h(
        '<div class="card"><h3>{}</h3><dl>{}</dl></div>',
        title,
        _pairs(
            ("등록번호", side.number),
            ("상호", side.name),
            ("대표자명", side.representative),
            ("업태", side.business_type),
            ("종목", side.business_item),
            ("주소", side.address),
        ),
    )


def _items(decoded: Decoded) -> Html:
    rows = [
        h(
            '<tr><td class="day">{}</td><td>{}</td><td>{}</td><td class="won">{}</td><td class="won">{}</td>'
            '<td class="won">{}</td><td class="won">{}</td></tr>',
            item.supplied_on[5:].replace("-", "/"),
            " ".join(part for part in (item.name, item.remark and f"({item.remark})") if part),
            item.specification,
            item.quantity,
            item.unit_price,
            "" if item.supply_amount is None else f"{item.supply_amount:,}",
            "" if item.tax_amount is None else f"{item.tax_amount:,}",
        )
        for item in decoded.items
    ]
    return h(
        '<div class="card scroll"><table><thead><tr><th class="day">월/일</th><th>품목</th><th>규격</th>'
        '<th class="won">수량</th><th class="won">단가</th><th class="won">공급가액</th><th class="won">세액</th>'
        "</tr></thead><tbody>{}</tbody></table></div>",
        rows,
    )


def _time(instant: datetime) -> str:
    return f"{instant.astimezone(KST):%Y-%m-%d %H:%M:%S}"
