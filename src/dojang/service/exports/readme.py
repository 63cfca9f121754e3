"""README.txt of an export: what is what, and how to verify it."""

from datetime import datetime

from django.utils import timezone

from dojang import __version__
from dojang.service.exports.models import Export
from dojang.service.workspaces.models import Workspace

_TEXT = """{name}: 전체 내보내기
만든 때: {at} (한국 시간), 도장 {version}

이 파일에 든 것
- 세금계산서.xlsx  매출 문서 전부. 지운 임시저장은 JSON에만 있습니다.
- 매입.xlsx  받은 문서와, 다른 곳에서 발행한 우리 매출 문서.
- XML/연-월/승인번호.xml  우리가 서명해 발행한 문서의 원본. 한 글자도 바뀌지 않은 것이며 법적 원본입니다.
- 매입/XML/연-월/승인번호.xml  받은 문서의 서명된 원본.
- PDF/연-월/승인번호.pdf  내보낼 때 고른 해의 서식(고른 경우만).
- JSON/*.jsonl  모든 자료를 한 줄에 하나씩. 임시저장, XML이 없는 문서, 거래처, 사업장, 구성원, 설정, 이력과 봉인.
  JSON/shape.json이 파일과 항목의 뜻을 설명합니다. 글자는 UTF-8, 시각은 시간대가 붙은 ISO 8601, 금액은 원입니다.

개인정보
- 소유자만 받을 수 있는 파일입니다. 개인에게 발행한 문서의 주민등록번호는 서명된 XML(과 PDF)에만 그대로 있고,
  엑셀에는 없으며 JSON에는 가려져 있습니다. 받은 뒤의 보관은 받은 사람의 책임입니다(개인정보 보호법 제29조).

검증하는 법
- 서명: `dojang verify XML/2026-11/….xml` 또는 서비스의 [검증] 화면.
- 이력: JSON/events.jsonl의 각 줄에서 다음 항목만으로 JSON을 만들고(키 순서대로, 빈칸 없이, UTF-8) SHA-256을 구하면 hash와
  같아야 하고, previous_hash는 같은 문서의 앞 기록의 hash여야 합니다(첫 기록은 0이 64개).
    workspace(=workspace_id), invoice(=invoice_id), sequence, at(=UTC 초, 소수 여섯 자리 글자), actor_kind,
    actor(=actor_id), address, action, from(=from_state), to(=to_state), data, previous(=previous_hash)
- 봉인: JSON/seals.jsonl의 heads는 [문서, 기록 순번, 그 기록의 hash]이고, 같은 방법으로 workspace, sequence, at, last_event,
  heads, previous의 SHA-256이 hash입니다. 봉인에 있는 기록이 없으면 무엇인가 빠진 것입니다.
- 서명한 문서: JSON/signed_documents.jsonl의 sha256은 XML 파일의 SHA-256이며, 발행(issue) 기록의 data에도 있습니다.

이 파일이 열리지 않거나 목록이 없다고 하면 받다가 끊긴 것입니다. 다시 받아 주세요.

--------------------------------------------------------------------------------
{name}: full export, made {at} (KST) by Dojang {version}

- 세금계산서.xlsx: every sales document. 매입.xlsx: what was received, and sales issued elsewhere.
- XML/: the signed originals, byte for byte. 매입/XML/: those of received documents. PDF/: the forms of the year asked for.
- JSON/: everything, one object a line; shape.json says what each field is.
- Numbers of people stand in full in the signed XML (and PDF) alone; they are masked in JSON and not in the spreadsheets.
- Verifying: `dojang verify FILE` for signatures. An event's hash is the SHA-256 of its canonical JSON (keys as listed above,
  sorted, no spaces, UTF-8; at as UTC seconds with six decimals), and it carries the hash of the event before it. Seals name
  the newest event of each document that changed, chained in the same way.
- A file that cannot be opened was broken off while it was downloaded: take it again.
"""


def text(export: Export, workspace: Workspace, *, at: datetime) -> bytes:
    """With a byte order mark and the line ends of Windows, so that every editor shows it."""
    filled = _TEXT.format(
        name=workspace.name, at=f"{timezone.localtime(at):%Y-%m-%d %H:%M}", version=__version__
    )
    return filled.replace("\n", "\r\n").encode("utf-8-sig")
