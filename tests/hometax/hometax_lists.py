"""Lists as 홈택스 gives them, with invented people and companies in them."""

from typing import Any

OURS = "9998600010"
OTHER = "9988100012"
THIRD = "9998100015"
HEADINGS = (
    "작성일자", "승인번호", "발급일자", "전송일자", "공급자사업자등록번호", "종사업장번호", "상호", "대표자명", "주소",
    "공급받는자사업자등록번호", "종사업장번호", "상호", "대표자명", "주소", "합계금액", "공급가액", "세액", "전자세금계산서분류",
    "전자세금계산서종류", "발급유형", "비고", "영수/청구 구분", "공급자 이메일", "공급받는자 이메일1", "공급받는자 이메일2",
    "품목일자", "품목명", "품목규격", "품목수량", "품목단가", "품목공급가액", "품목세액", "품목비고",
)  # fmt: skip
EXEMPT_HEADINGS = tuple(
    heading.replace("전자세금계산서", "전자계산서")
    for heading in HEADINGS
    if heading not in {"세액", "품목세액"}
)
_FIRST = {
    "작성일자": "2026-11-10", "발급일자": "2026-11-10", "전송일자": "2026-11-11", "공급자사업자등록번호": "999-86-00010",
    "공급받는자사업자등록번호": "998-81-00012", "합계금액": "1,100,000", "공급가액": "1,000,000", "세액": "100,000",
    "전자세금계산서분류": "세금계산서", "전자세금계산서종류": "일반", "발급유형": "인터넷발급", "영수/청구 구분": "청구",
    "공급자 이메일": "tax@hanbit.example", "공급받는자 이메일1": "buy@keunsol.example", "품목일자": "2026-11-10",
    "품목명": "복사용지", "품목규격": "A4", "품목수량": "10", "품목단가": "100,000", "품목공급가액": "1,000,000",
    "품목세액": "100,000", "전자계산서분류": "계산서", "전자계산서종류": "일반",
}  # fmt: skip
_PARTIES = (
    ("한빛상사", "김하나", "서울특별시 가상구 없는로 1"),
    ("(주)큰솔상사", "박큰솔", "부산광역시 가상구 없는길 2"),
)


def issue_id(serial: int = 1) -> str:
    """As a list writes it."""
    return f"20261110-41000012-{serial:08x}"


def row(serial: int = 1, headings: tuple[str, ...] = HEADINGS, **values: Any) -> list[Any]:
    """One document; a party's cells by `supplier` and `buyer`: (상호, 대표자명, 주소)."""
    parties = [values.pop("supplier", _PARTIES[0]), values.pop("buyer", _PARTIES[1])]
    given = _FIRST | {"승인번호": issue_id(serial)} | values
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        if heading in {"상호", "대표자명", "주소"}:
            at = seen.get(heading, 0)
            seen[heading] = at + 1
            found.append(parties[at][["상호", "대표자명", "주소"].index(heading)])
        else:
            found.append(given.get(heading, ""))
    return found


def a_list(
    *rows: list[Any], title: str = "매출 전자세금계산서 목록조회", headings=HEADINGS
) -> list[list[Any]]:
    """A whole sheet: titles, headings, rows."""
    return [[title], [], ["조회기간 : 2026-11-01 ~ 2026-11-30"], [], [], list(headings), *rows]
