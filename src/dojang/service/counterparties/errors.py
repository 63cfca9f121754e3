"""What is refused about counterparties."""

from collections.abc import Collection
from typing import ClassVar

from dojang.service.counterparties.problems import Problem
from dojang.service.errors import Conflict, ServiceError


class DetailsRefused(ServiceError):
    """What was typed cannot be saved; `problems` says why, field by field."""

    code = "counterparty_details"
    ko = "입력한 내용을 확인해 주세요: {ko}"
    en = "Please check what was entered: {en}"

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        ko = " ".join(problem.ko for problem in self.problems)
        en = " ".join(problem.en for problem in self.problems)
        super().__init__(ko=ko, en=en)

    def __reduce__(self) -> tuple[object, ...]:
        return (DetailsRefused, (self.problems,))


class ThereAlready(Conflict):
    """Another counterparty has the number; `counterparty_id` is the one to go to."""

    code = "counterparty_there_already"
    ko = "같은 등록번호의 거래처가 이미 있습니다: {name}. 그 거래처를 열어 고쳐 주세요."
    en = "There is a counterparty with this number already: {name}. Open that one and change it."

    @property
    def counterparty_id(self) -> int:
        found = self.facts["counterparty_id"]
        assert isinstance(found, int)  # noqa: S101 - said by whoever raises it
        return found


class ArchivedAlready(ThereAlready):
    """The number belongs to one in the archive."""

    code = "counterparty_archived_already"
    ko = "같은 등록번호의 거래처가 보관함에 있습니다: {name}. 보관을 해제해서 쓰세요."
    en = "A counterparty with this number is in the archive: {name}. Take it out of there."


class ChangedMeanwhile(Conflict):
    """Someone else saved first; nothing of theirs was overwritten."""

    code = "counterparty_changed"
    ko = "그사이 다른 사람이 이 거래처를 고쳤습니다. 바뀐 내용을 확인한 뒤 다시 저장해 주세요."
    en = "Someone else has changed this counterparty meanwhile. Look at what changed, then save again."


class IsArchived(Conflict):
    """The archive is for looking only."""

    code = "counterparty_archived"
    ko = "보관된 거래처는 고칠 수 없습니다. 먼저 보관을 해제해 주세요."
    en = "An archived counterparty cannot be changed. Take it out of the archive first."


class WasMerged(Conflict):
    """It lives on in another one."""

    code = "counterparty_merged"
    ko = "다른 거래처에 합쳐진 거래처입니다. 합쳐진 거래처를 쓰세요."
    en = "This counterparty was merged into another one. Use that one."


class CannotMerge(ServiceError):
    """Only two different counterparties in use can become one."""

    code = "counterparty_cannot_merge"
    ko = "쓰고 있는 서로 다른 두 거래처만 합칠 수 있습니다. 두 거래처를 다시 골라 주세요."
    en = "Only two different counterparties in use can be merged. Choose the two again."


class NumbersDiffer(ServiceError):
    """Two numbers are as a rule two companies."""

    code = "counterparty_numbers_differ"
    ko = "두 거래처의 등록번호가 다릅니다. 같은 곳이 맞으면 확인란에 표시하고 다시 합쳐 주세요."
    en = "The two have different numbers. If they are the same company, tick the box and merge again."


class TooMuchMemo(ServiceError):
    """Both memos together are longer than one may be."""

    code = "counterparty_memo_too_long"
    ko = "두 거래처의 메모를 합치면 {limit:,}자를 넘습니다. 한쪽 메모를 줄인 뒤 다시 합쳐 주세요."
    en = "The two memos together exceed {limit:,} characters. Shorten one of them, then merge again."


class TooManyContacts(ServiceError):
    """Both lists of contacts together are longer than one may be."""

    code = "counterparty_too_many_contacts"
    ko = "두 거래처의 담당자를 합치면 {limit}명을 넘습니다. 담당자를 줄인 뒤 다시 합쳐 주세요."
    en = "The contacts of the two together are more than {limit}. Remove some, then merge again."


class NoPersonalNumber(ServiceError):
    """There is nothing to reveal."""

    code = "counterparty_no_personal_number"
    ko = "저장된 번호가 없습니다. 거래처를 고쳐 번호를 넣어 주세요."
    en = "No number is saved. Edit the counterparty and enter it."
    status: ClassVar[int] = 404


class SheetRefused(ServiceError):
    """A file that cannot be read as a table."""

    code = "sheet_refused"


class SheetTooLarge(SheetRefused):
    """Beyond the bounds that a list of counterparties has."""

    code = "sheet_too_large"
    ko = "파일이 너무 큽니다. 5MB, 20,000행까지 올릴 수 있습니다. 나누어 올려 주세요."
    en = "The file is too large: 5 MB and 20,000 rows at most. Upload it in parts."
    status: ClassVar[int] = 413


class SheetUnreadable(SheetRefused):
    """Not a spreadsheet, or a damaged or locked one."""

    code = "sheet_unreadable"
    ko = "파일을 읽을 수 없습니다. 암호가 없는 .xlsx, .xls, .csv 파일인지 확인하고 다시 저장해 올려 주세요."
    en = "The file cannot be read. Save it as .xlsx, .xls or .csv without a password and upload it again."


class SheetWithoutName(SheetRefused):
    """No row of headings that we know."""

    code = "sheet_without_heading"
    ko = "상호(거래처명) 열을 찾지 못했습니다. 첫 줄에 ‘상호’, ‘사업자번호’ 같은 제목이 있어야 합니다. 양식을 내려받아 쓰세요."
    en = "No column for the name was found. The first row needs headings such as 상호 and 사업자번호. Use the template."


class SheetEmpty(SheetRefused):
    """Headings and nothing below them."""

    code = "sheet_empty"
    ko = "제목 아래에 거래처가 한 줄도 없습니다. 내용을 채워 다시 올려 주세요."
    en = "There is no counterparty below the headings. Fill in some rows and upload it again."


class SheetGone(Conflict):
    """The preview was taken over already, or is too old."""

    code = "sheet_gone"
    ko = "이미 반영했거나 하루가 지난 파일입니다. 다시 올려 주세요."
    en = "This file was taken over already, or a day ago. Upload it again."


class SheetOvertaken(Conflict):
    """Someone added one of the numbers while the sheet was taken over."""

    code = "sheet_overtaken"
    ko = "그사이 같은 번호의 거래처가 등록되어 아무것도 반영하지 않았습니다. 내용을 다시 확인하고 반영해 주세요."
    en = "Someone added one of the numbers meanwhile, so nothing was changed. Look again, then take it over."


class NotANumber(ServiceError):
    """An address that nobody gets by clicking."""

    code = "not_a_number"
    ko = "주소의 {name} 값은 숫자여야 합니다. 주소를 확인하세요."
    en = "{name} in the address has to be a number. Check the address."
