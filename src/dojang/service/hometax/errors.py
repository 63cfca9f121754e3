"""What can be refused around lists and files of 홈택스."""

from dojang.service.errors import Conflict, ServiceError


class ListTooLarge(ServiceError):
    """More than is read at once."""

    code = "hometax_list_too_large"
    ko = "파일이 너무 큽니다. 30MB, 30만 행까지 읽습니다. 홈택스에서 기간을 나누어 내려받아 주세요."
    en = "The file is too large: up to 30 MB and 300,000 rows are read. Download shorter periods."
    status = 413


class TooManyLists(Conflict):
    """Lists of everybody are read one after the other."""

    code = "hometax_too_many_lists"
    ko = "읽거나 가져오는 중인 목록이 {most}개라 더 올릴 수 없습니다. 끝난 뒤에 다시 올려 주세요."
    en = "{most} lists are still being read or taken over. Upload this one when they are done."


class ListUnreadable(ServiceError):
    """No spreadsheet."""

    code = "hometax_list_unreadable"
    ko = "엑셀 파일로 읽을 수 없습니다. 홈택스에서 내려받은 .xls나 .xlsx를 그대로 올려 주세요. 암호가 걸려 있다면 풀어서 저장해 주세요."
    en = "The file can't be read as a spreadsheet. Upload the .xls or .xlsx as Hometax gave it, without a password."


class NoHeadings(ServiceError):
    """A spreadsheet, but none of Hometax's lists."""

    code = "hometax_list_without_headings"
    ko = "홈택스의 매출·매입 목록이 아니거나 필요한 열이 없습니다. 아래 안내를 보고 파일을 다시 내려받아 주세요."
    en = "This is none of Hometax's lists, or it lacks columns. See below, and download it again."


class NoSuchList(ServiceError):
    """It isn't there, or this member may not see it."""

    code = "no_such_hometax_list"
    ko = "그 목록을 찾을 수 없습니다. 홈택스 목록 화면에서 다시 골라 주세요."
    en = "There is no such list. Choose it among the lists again."
    status = 404


class NotNow(Conflict):
    """It is in another state by now."""

    code = "hometax_list_not_now"
    ko = "지금은 할 수 없습니다. 다른 사람이 먼저 처리했거나 아직 읽는 중입니다. 새로 고쳐 확인해 주세요."
    en = "That is not possible now: somebody else was quicker, or the list is still being read. Reload and look."


class RowsGone(Conflict):
    """What was read is not kept for ever."""

    code = "hometax_rows_gone"
    ko = "읽은 내용은 7일만 보관합니다. 파일을 다시 올려 주세요. 이미 가져온 문서는 두 번 들어오지 않습니다."
    en = "What was read is kept for seven days. Upload the file again; documents that are here already come in once."


class NothingChosen(ServiceError):
    """A button for many was pressed with none ticked."""

    code = "nothing_chosen"
    ko = "먼저 문서를 골라 주세요."
    en = "Choose documents first."


class NothingToWrite(ServiceError):
    """None of the chosen documents can be in the file."""

    code = "nothing_for_hometax"
    ko = "홈택스 파일에 담을 수 있는 문서가 없습니다. 문서마다 적힌 까닭을 확인해 주세요."
    en = "None of the documents can be in a file for Hometax. See what is said of each."


class InHometaxFile(Conflict):
    """It may have been issued there: issuing it here would be the second time."""

    code = "in_hometax_file"
    ko = (
        "{day}에 홈택스 일괄발급 파일에 담은 문서입니다. 여기서 발행하면 두 번 발급될 수 있습니다. "
        "홈택스에서 발급했다면 홈택스 매출 목록을 올려 닫고, 발급하지 않았다면 ‘홈택스 일괄발급’ 화면에서 ‘파일에서 빼기’를 눌러 주세요."
    )
    en = (
        "This document was put into a file for Hometax on {day}; issuing it here may be issuing it twice. If it was "
        "issued there, upload Hometax's list to close it; if not, take it out of the file on the page of Hometax files."
    )


class OnlyDrafts(ServiceError):
    """What was issued is not issued again."""

    code = "only_drafts_for_hometax"
    ko = "임시저장이나 발행대기 문서만 담을 수 있습니다. 이 문서는 ‘{state}’ 상태입니다."
    en = "Only drafts and what waits for its signature can be in the file. This one is “{state}”."
