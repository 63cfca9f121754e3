"""What can be refused about mails."""

from dojang.service.errors import Conflict, ServiceError


class NotAnAddress(ServiceError):
    """Nothing can be sent there."""

    code = "not_a_mail_address"
    ko = "메일 주소가 아닙니다. 다시 확인해 주세요."
    en = "This is no mail address. Please check it."


class NothingToMail(Conflict):
    """A draft has no document yet, and a void one would mislead its buyer."""

    code = "nothing_to_mail"
    ko = "‘{state}’ 상태의 문서는 메일로 보내지 않습니다. 발행한 뒤, 취소되거나 전송실패하지 않은 문서만 보낼 수 있습니다."
    en = "A document that is “{state}” is not mailed: it has to be issued, and neither cancelled nor refused."


class MailsOff(Conflict):
    """The workspace mails no buyers."""

    code = "buyer_mails_off"
    ko = "‘세금계산서 발행’ 메일이 꺼져 있어 보낼 수 없습니다. 설정의 알림에서 켠 뒤 다시 해 주세요."
    en = "Mails of issued invoices are switched off. Switch them on under Settings, Notifications, and send again."


class MailedJustNow(ServiceError):
    """The same button twice, or the same address over and over."""

    code = "mailed_just_now"
    ko = "이 주소로 방금 보냈습니다. 1분 뒤에 다시 해 주세요."
    en = "It was sent to this address a moment ago. Try again in a minute."
    status = 429


class MailedTooOften(ServiceError):
    """A limit against mails nobody wants."""

    code = "mailed_too_often"
    ko = "한 문서의 메일은 {most}통까지 보낼 수 있습니다. 문서의 PDF나 XML을 내려받아 직접 전해 주세요."
    en = "A document is mailed {most} times at most. Download its PDF or XML and hand it over yourself."
    status = 429


class MailsOfTheDay(ServiceError):
    """A limit over all documents and workspaces."""

    code = "mails_of_the_day"
    ko = "한 사람이 직접 보내는 메일은 하루 {most}통까지입니다. 내일 다시 보내거나, 문서의 링크나 PDF를 직접 전해 주세요."
    en = "One person sends {most} mails by hand a day at most. Send it tomorrow, or hand over the link or the PDF yourself."
    status = 429


class InboxFull(ServiceError):
    """A limit over all workspaces, against mails that somebody has others get; nothing is told of whose they were."""

    code = "inbox_full"
    ko = "지금은 이 주소로 메일을 더 보낼 수 없습니다. 하루 뒤에 다시 보내거나, 전화 등 다른 방법으로 연락해 주세요."
    en = "No more mails of this kind go to this address at the moment. Try again in a day, or get in touch in another way."
    status = 429


class NoMailServer(ServiceError):
    """Told the operator: no mail goes out."""

    code = "no_mail_server"
    ko = "메일 서버가 메일을 받지 않아 나가지 못한 메일이 기다리고 있습니다({why}). DOJANG_SMTP_URL의 주소·계정과 메일 서버를 확인하세요."
    en = "The mail server takes no mail, so mails wait ({why}). Check address and account in DOJANG_SMTP_URL, and the server."
