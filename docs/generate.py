"""Writes the reference pages that are made from the code: `python docs/generate.py` (a test says when they are stale)."""

from collections.abc import Iterator
from pathlib import Path

from dojang.etax import schema
from dojang.etax.amendments import decision_table
from dojang.etax.checks import RULES
from dojang.etax.codes import AmendmentReason
from dojang.etax.returns import NOT_DEDUCTIBLE, Family, Side, form_of
from dojang.etax.returns.vat import CITATION, LINES
from dojang.etax.schema import Group, Leaf, Need
from dojang.nts.codes import FailReason, ResultCode, describe

FOLDER = Path(__file__).parent / "reference"


def checks() -> Iterator[str]:
    yield "# 발행 전 검사 항목\n\n"
    yield "`dojang check`와 `dojang.etax.check`가 찾는 것입니다. 오류가 있으면 서명하지 않습니다.\n\n"
    yield "| 코드 | 정도 | 내용 | English | 근거 |\n|---|---|---|---|---|\n"
    for rule in RULES:
        severity = {"error": "오류", "warning": "주의"}[rule.severity.value]
        yield f"| `{rule.code}` | {severity} | {_cell(rule.ko)} | {_cell(rule.en)} | {_cell(rule.citation)} |\n"


def xml() -> Iterator[str]:
    yield "# 표준 XML 구성\n\n"
    yield "KEC 표준전자세금계산서 v3.0의 TaxInvoice입니다. 순서대로이며, 길이는 글자 수입니다. "
    yield "JSON은 같은 값이 `dojang`의 JSON에서 어디에 있는지입니다.\n\n"
    yield "| 요소 | 횟수 | 형식 | 길이 | JSON |\n|---|---|---|---|---|\n"
    yield f"| {schema.ROOT} | 1 | | | |\n"
    signature = "| &emsp;ds:Signature | 1 | 전자서명 | | |\n"
    for group in (schema.EXCHANGED_DOCUMENT, schema.DOCUMENT, schema.SETTLEMENT, schema.LINE_ITEM):
        yield from _rows(group, 1, "")
        if group is schema.EXCHANGED_DOCUMENT:
            yield signature


def _rows(element: Leaf | Group, depth: int, path: str) -> Iterator[str]:
    least = 1 if element.need is Need.REQUIRED else 0
    count = str(least) if least == element.most else f"{least}–{element.most}"
    name = "&emsp;" * depth + element.name
    if isinstance(element, Leaf):
        limit = "" if element.limit is None else str(element.limit)
        yield f"| {name} | {count} | {element.kind.ko} | {limit} | `{path}{element.field}` |\n"
        if element.attribute is not None:
            attribute, field = element.attribute
            yield f"| {'&emsp;' * (depth + 1)}@{attribute} | 0–1 | 글자 | | `{path}{field}` |\n"
        return
    yield f"| {name} | {count} | | | |\n"
    place = "[]" if element.most > 1 else "" if element.place is None else f"[{element.place}]"
    inner = f"{path}{element.field}{place}." if element.field else path
    for child in element.children:
        yield from _rows(child, depth + 1, inner)


def codes() -> Iterator[str]:
    yield "# 국세청 처리결과 코드\n\n"
    yield "| 코드 | 뜻 | 원인 | 할 일 | English |\n|---|---|---|---|---|\n"
    for code in (*ResultCode, *FailReason):
        info = describe(code)
        english = f"{info.en}. {info.cause_en}. {info.action_en}."
        yield f"| `{info.code}` | {info.ko} | {info.cause_ko} | {info.action_ko} | {_cell(english)} |\n"


def amendments() -> Iterator[str]:
    yield "# 수정세금계산서 결정표\n\n"
    yield "견본 세금계산서 한 장을 모든 방법으로 수정해 보고 엔진이 만든 것을 그대로 적은 표입니다. "
    yield "한 가지를 자세히 보려면 `dojang why 03`처럼 물어보세요.\n\n"
    yield "| 사유 | 경우 | 문서 | 작성일자 | 비고 | 발급기한 | 부가세 신고 | 이어서 | 근거 |\n"
    yield "|---|---|---|---|---|---|---|---|---|\n"
    for row in decision_table.rows():
        cells = (
            f"{row.reason.value} {row.reason.ko}",
            row.case.ko,
            row.documents.ko,
            row.written_on.ko,
            f"{row.remark}(…)" if row.remark else "",
            row.deadline.ko,
            row.returns.ko,
            row.follow_up.ko,
            row.citation,
        )
        yield f"| {' | '.join(map(_cell, cells))} |\n"
    yield "\n## 발행할 수 없는 경우\n\n"
    yield "칸에 적힌 코드로 거절합니다. 빈 칸은 막지 않는다는 뜻입니다.\n\n"
    yield f"| 경우 | {' | '.join(reason.value for reason in AmendmentReason)} |\n"
    yield f"|---|{'---|' * len(AmendmentReason)}\n"
    for bar in decision_table.bars():
        codes_of = (f"`{bar.refused[reason]}`" if reason in bar.refused else "" for reason in AmendmentReason)
        yield f"| {bar.situation.ko} | {' | '.join(codes_of)} |\n"


_ORIGINS = {
    "documents": "문서 합계", "sum": "다른 줄의 합", "penalty": "예상 가산세", "credit": "예상 공제", "outside": "직접 입력",
}  # fmt: skip


def figures() -> Iterator[str]:
    yield "# 신고 금액\n\n"
    yield "`dojang.etax.returns`와 보고서가 문서에서 계산하는 금액입니다. 국세청이 접수한 전자문서와 등록한 종이 문서만 셉니다. "
    yield "전송하지 않은 문서와 전송실패한 문서는 넣지 않고 따로 알립니다.\n\n"
    yield "위수탁으로 발행한 문서는 위탁자의 매출이므로 수탁자의 금액에 넣지 않고, 있으면 화면에 알립니다. 위탁자에게는 받은 문서나 홈택스 목록이 "
    yield "매출로 들어가며, 그 지연발급·지연전송도 위탁자의 것으로 셉니다(부가가치세법 시행령 제69조 제1항).\n\n"
    yield "문서는 작성일자의 신고기간에 듭니다. 신고한 날 뒤에 발급된 것은 예정신고라면 확정신고의 예정신고 누락분이 되고, "
    yield "확정신고라면 '신고 후 변동'(수정신고·경정청구)이 됩니다. 신고한 날은 [이 기간 신고 완료로 표시]한 날이고, 표시가 없으면 "
    yield "신고기한으로 봅니다.\n\n"
    yield "## 합계표\n\n| 서식 | English | 근거 |\n|---|---|---|\n"
    for family in Family:
        for side in Side:
            form = form_of(side, family)
            yield f"| {form.ko} | {form.en} | {_cell(form.citation)} |\n"
    yield "\n과세기간(예정신고기간) 마지막 날의 다음 달 11일까지 전송된 전자문서는 총합계에만, 나머지(종이, 그 뒤에 전송된 것)는 "
    yield "거래처별 명세에도 적습니다. 11일이 휴일이면 다음 영업일로 봅니다(실무). 수정분은 1건씩 셉니다. "
    yield "두 구분에 모두 있는 거래처는 합계의 거래처수에 두 번 듭니다. 주민등록번호분에는 외국인도 듭니다.\n\n"
    yield f"## 부가가치세 신고서\n\n{CITATION}. 번호는 이름표일 뿐입니다.\n\n"
    yield "| 번호 | 항목 | English | 금액의 출처 |\n|---|---|---|---|\n"
    for line in LINES:
        yield f"| {line.number} | {_cell(line.ko)} | {_cell(line.en)} | {_ORIGINS[line.origin]} |\n"
    yield "\n가산세는 예정신고서에 적지 않고 확정신고 때 과세기간 전체를 적습니다(부가가치세법 시행령 제90조 제1항). "
    yield "당초 작성일자를 쓰는 수정분(01, 05, 06)은 발급기한이 따로 없어 늦은 문서가 아닙니다. 다만 작성일자를 고친 01은 당초 발급일이 고친 날짜의 "
    yield "발급기한 뒤이면 지연발급·미발급(매입은 지연수취)으로 셉니다. 다른 곳에서 발행한 매출은 전송일을 알 때만 지연전송을 셉니다.\n\n"
    yield "## 불공제 사유\n\n| 번호 | 사유 | English | 근거 |\n|---|---|---|---|\n"
    for reason in NOT_DEDUCTIBLE:
        yield f"| {reason.code} | {_cell(reason.ko)} | {_cell(reason.en)} | {_cell(reason.citation)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PAGES = {
    "checks.md": checks,
    "xml.md": xml,
    "result-codes.md": codes,
    "amendments.md": amendments,
    "figures.md": figures,
}


def main() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text("".join(page()), encoding="utf-8")


if __name__ == "__main__":
    main()
