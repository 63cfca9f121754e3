"""What the command line itself refuses, and the exit status that each outcome has."""

from enum import IntEnum

from dojang.errors import DojangError


class Exit(IntEnum):
    """Exit status, for people and scripts."""

    GOOD = 0
    REFUSED = 1
    WRONG_USE = 2
    UNKNOWN = 3
    INTERRUPTED = 130


class CliError(DojangError):
    """Base of what the command line refuses."""

    exit_status = Exit.REFUSED


class NoPassphrase(CliError):
    code = "no_passphrase"
    ko = "인증서 비밀번호를 받지 못했습니다. --passphrase-file이나 환경 변수 DOJANG_PASSPHRASE로 알려 주세요."
    en = "There is no passphrase. Give it with --passphrase-file or in the environment as DOJANG_PASSPHRASE."
    exit_status = Exit.WRONG_USE


class CannotReadFile(CliError):
    code = "cannot_read_file"
    ko = "파일을 읽을 수 없습니다: {name}. 이름과 권한을 확인하세요."
    en = "The file cannot be read: {name}. Check its name and permissions."
    exit_status = Exit.WRONG_USE


class FileTooLarge(CliError):
    code = "file_too_large"
    ko = "파일이 너무 큽니다: {name}. {limit:,}바이트까지 읽습니다."
    en = "The file is too large: {name}. At most {limit:,} bytes are read."


class CannotWriteFile(CliError):
    code = "cannot_write_file"
    ko = "파일을 쓸 수 없습니다: {name}. 남은 공간과 권한을 확인하세요."
    en = "The file cannot be written: {name}. Check free space and permissions."


class AlreadyThere(CliError):
    code = "already_there"
    ko = "이미 있는 파일은 덮어쓰지 않습니다: {name}. 다른 곳을 고르거나 먼저 옮기세요."
    en = "A file that is there is never overwritten: {name}. Choose another place, or move it first."


class SameIssueId(CliError):
    code = "same_issue_id"
    ko = "같은 승인번호의 문서가 이미 있습니다: {issue_id}. 한 문서에 승인번호 하나씩이어야 합니다."
    en = "Another document has the issue id {issue_id} already. Each document needs its own."


class WrongCertificate(CliError):
    code = "wrong_certificate"
    ko = "이 문서는 다른 인증서로 서명되었습니다: {name}. 서명한 인증서를 --cert로 고르세요."
    en = "That document was signed with another certificate: {name}. Choose the one it was signed with by --cert."


class TooManyInvoices(CliError):
    code = "too_many_invoices"
    ko = "한 번에 {limit}건까지 묶을 수 있습니다. 지금은 {count}건입니다. 나누어 보내세요."
    en = "At most {limit} invoices go into one package; these are {count}. Send them in parts."
    exit_status = Exit.WRONG_USE


class AlreadySubmitted(CliError):
    code = "already_submitted"
    ko = "승인번호 {issue_id}은 이미 제출했습니다(SubmitID {submit_id}). dojang results로 결과를 확인하세요."
    en = "Issue id {issue_id} was submitted already (SubmitID {submit_id}). Ask for its outcome with dojang results."


class NoSuchSubmission(CliError):
    code = "no_such_submission"
    ko = "이 SubmitID로 보관된 제출이 없습니다: {submit_id}. 제출할 때의 --nts와 같은지 확인하세요."
    en = "No submission is kept under this SubmitID: {submit_id}. Check that --nts is the same as when submitting."
    exit_status = Exit.WRONG_USE


class MayNotResend(CliError):
    code = "may_not_resend"
    ko = "아직 다시 보낼 수 없습니다. 10분 넘는 간격으로 두 번 '도착하지 않음'(SYS003)을 확인해야 합니다."
    en = "It may not be sent again yet: 국세청 has to say twice, ten minutes apart, that it never arrived (SYS003)."
    exit_status = Exit.UNKNOWN


class IssuedBeforeWritten(CliError):
    code = "issued_before_written"
    ko = (
        "작성일자({written_on})보다 먼저 발급({issued_on})할 수 없습니다. 공급시기보다 먼저 발급한 것이면 작성일자도 발급일 이전이어야 "
        "합니다. 두 날짜를 확인하세요(부가가치세법 제32조, 제34조)."
    )
    en = (
        "It cannot be issued ({issued_on}) before the date written ({written_on}); an invoice ahead of the supply is "
        "dated no later than its issue. Check both days (부가가치세법 제32조, 제34조)."
    )


class BadSettings(CliError):
    code = "bad_settings"
    ko = "국세청 연결 설정 파일이 올바르지 않습니다: {name}. {why}"
    en = "The settings for 국세청 are not right: {name}. {why}"
    exit_status = Exit.WRONG_USE
