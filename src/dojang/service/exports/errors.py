"""What can be refused around exports."""

from dojang.service.errors import Conflict


class ExportRunning(Conflict):
    """One at a time: it reads everything there is."""

    code = "export_running"
    ko = "{who} 님이 {at}에 시작한 내보내기가 아직 끝나지 않았습니다. 끝나거나 취소한 뒤 다시 해 주세요. 창을 닫았다면 5분 뒤에 다시 할 수 있습니다."
    en = "The export that {who} began at {at} has not ended. Wait for it, or cancel its download; after a closed window it takes five minutes."
