"""What can be refused around documents of others."""

from dojang.service.errors import Conflict, ServiceError


class NoSuchRecord(ServiceError):
    """It isn't in this workspace, or this member may not see its business."""

    code = "no_such_record"
    ko = "그 문서를 찾을 수 없습니다. 목록에서 다시 선택해 주세요."
    en = "There is no such document. Choose it in the list again."
    status = 404


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker; nothing was overwritten."""

    code = "record_changed_meanwhile"
    ko = "그사이 다른 사람이 이 문서를 처리했습니다. 새로 고쳐 확인한 뒤 다시 해 주세요. 바뀐 것은 없습니다."
    en = "Somebody else has just worked on this document. Reload, look, and do it again; nothing was changed."


class NothingChosen(ServiceError):
    """A button for many was pressed with none ticked."""

    code = "nothing_chosen"
    ko = "목록에서 먼저 문서를 선택해 주세요."
    en = "Choose documents in the list first."


class AskedTooOften(ServiceError):
    """A limit against mails nobody wants."""

    code = "asked_too_often"
    ko = "한 문서의 수정 요청은 메일로 {most}번까지 보낼 수 있습니다. 메일 주소를 비우고 전화로 요청한 뒤 표시만 해 두세요."
    en = "A correction of one document is asked for by mail {most} times at most. Leave the address empty and ask by phone."
    status = 429


class NoneOfOurs(ServiceError):
    """Neither party is a business of this workspace."""

    code = "none_of_our_businesses"
    ko = "공급자도 공급받는자도 이 작업공간의 사업장이 아닙니다. 문서의 등록번호와 사업장을 확인해 주세요."
    en = "Neither the supplier nor the buyer is a business of this workspace. Check the numbers on the document."


class SignatureBad(ServiceError):
    """The document does not prove what it says."""

    code = "document_not_proven"
    ko = "이 문서는 받지 않았습니다. {why_ko}"
    en = "This document was not taken. {why_en}"


class NoIssueId(ServiceError):
    """Without it, it is no electronic tax invoice."""

    code = "document_without_issue_id"
    ko = "승인번호가 없는 문서입니다. 발행이 끝난 전자세금계산서의 XML을 올려 주세요."
    en = "The document has no issue id. Upload the XML of an issued electronic tax invoice."


class OtherDocument(Conflict):
    """Another document stands here under the same issue id."""

    code = "other_document_with_this_issue_id"
    ko = "같은 승인번호({issue_id})로 내용이 다른 문서가 이미 있습니다. 어느 쪽이 맞는지 공급자와 홈택스에서 확인해 주세요."
    en = "There already is another document with this issue id ({issue_id}). Ask the supplier or Hometax which is right."


class TooManyFiles(ServiceError):
    """More than is read at once."""

    code = "too_many_files"
    ko = "한 번에 {most}개까지 올릴 수 있습니다. 나누어 올려 주세요."
    en = "Up to {most} files can be uploaded at once. Upload them in parts."
    status = 413


class FileTooLarge(ServiceError):
    """No tax invoice is as large."""

    code = "document_too_large"
    ko = "파일이 너무 큽니다. 세금계산서 XML은 1MB를 넘지 않습니다."
    en = "The file is too large: the XML of an invoice is never over 1 MB."
    status = 413


class NothingToDeduct(ServiceError):
    """A document without tax, or a sale."""

    code = "nothing_to_deduct"
    ko = "공제할 매입세액이 없는 문서입니다. 불공제로 표시할 수 없습니다."
    en = "The document carries no input tax, so there is nothing to mark as not deductible."


class UnknownChoice(ServiceError):
    """A page sent what it does not offer."""

    code = "unknown_choice"
    ko = "고를 수 없는 값입니다. 화면을 새로 고쳐 다시 선택해 주세요."
    en = "That is not one of the choices. Reload the page and choose again."


class OnlyPaper(ServiceError):
    """What somebody signed is not changed here."""

    code = "only_paper_is_changed"
    ko = "종이로 등록한 문서만 고치거나 지울 수 있습니다. 전자문서는 공급자가 수정발급해야 바뀝니다."
    en = "Only documents typed in from paper can be changed or deleted. An electronic one changes by an amendment."


class AskedTwice(Conflict):
    """A paper document with the same party, day and amount stands here already."""

    code = "same_paper_document"
    ko = "같은 거래처·작성일자·합계금액의 문서가 이미 있습니다. 다른 문서가 맞으면 아래 칸에 표시하고 다시 저장해 주세요."
    en = "A document of the same party, day and total is there already. If this is another one, tick the box and save."


class NoPurchase(ServiceError):
    """Only purchases are checked, and only of them a supplier is asked for a correction."""

    code = "no_purchase"
    ko = "매입 문서에서만 할 수 있습니다."
    en = "That is possible with purchases only."


class NoOpenCorrection(Conflict):
    """Nothing was asked of the supplier, or it is over."""

    code = "no_open_correction"
    ko = "보낸 수정 요청이 없거나 이미 끝났습니다. 새로 고쳐 확인해 주세요."
    en = "There is no open request, or it is over. Reload and look."
