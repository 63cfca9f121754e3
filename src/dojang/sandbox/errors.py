"""What the sandbox itself refuses. What it answers on the wire are result codes, not these."""

from dojang.errors import DojangError


class SandboxError(DojangError):
    """Base of everything that `dojang.sandbox` raises."""

    code = "sandbox_error"


class PortInUse(SandboxError):
    """Another program listens on that port."""

    code = "sandbox_port_in_use"
    ko = "{port}번 포트를 다른 프로그램이 쓰고 있습니다. 그 프로그램을 끝내거나 다른 포트를 지정하세요."
    en = "Port {port} is used by another program. Stop that program or choose another port."


class CannotListen(SandboxError):
    """The address is not one of this machine, or listening on it is not allowed."""

    code = "sandbox_cannot_listen"
    ko = "{host}:{port}에서 접속을 받을 수 없습니다({why}). 주소와 포트를 확인하세요."
    en = "It cannot listen on {host}:{port} ({why}). Check the address and the port."


class DataFolderInUse(SandboxError):
    """Another sandbox has the folder open."""

    code = "sandbox_data_in_use"
    ko = "다른 모의 국세청이 {folder} 폴더를 쓰고 있습니다. 먼저 끝내거나 다른 폴더를 지정하세요."
    en = "Another sandbox is using the folder {folder}. Stop it first or choose another folder."


class DataFolderTooNew(SandboxError):
    """A later version of Dojang wrote the folder."""

    code = "sandbox_data_too_new"
    ko = "{folder} 폴더는 더 새로운 Dojang이 만들었습니다. Dojang을 올리거나 빈 폴더를 지정하세요."
    en = "The folder {folder} was made by a newer Dojang. Upgrade Dojang or choose an empty folder."


class DataFolderUnusable(SandboxError):
    """The folder cannot be read or written, or what lies in it is damaged."""

    code = "sandbox_data_unusable"
    ko = "{folder} 폴더를 쓸 수 없습니다({why}). 권한을 확인하거나 빈 폴더를 지정하세요."
    en = "The folder {folder} cannot be used ({why}). Check its permissions or choose an empty folder."


class ScriptUnreadable(SandboxError):
    """`script.json` is not what the sandbox understands."""

    code = "sandbox_script_unreadable"
    ko = "{file}을(를) 읽을 수 없습니다: {where} {why}. 고치거나 지운 뒤 다시 시작하세요."
    en = "{file} cannot be read: {where} {why}. Mend or delete it and start again."


class ControlRefused(SandboxError):
    """A request to the control API that cannot be understood."""

    code = "sandbox_control_refused"
    ko = "제어 요청을 처리할 수 없습니다: {where} {why}. 요청 내용을 확인하세요."
    en = "The control request is not accepted: {where} {why}. Check what was sent."


class WrongService(SandboxError):
    """A message of another kind than the address is for."""

    code = "sandbox_wrong_service"
    ko = "이 주소는 {expected} 메시지를 받습니다. 보낸 메시지: {got}. 전송 주소 설정을 확인하세요."
    en = "This address takes {expected} messages, not {got}. Check the addresses in the settings."


class NotRegistered(SandboxError):
    """A request for certificates by nobody we know; its answer has no place for SYS001 but a fault."""

    code = "sandbox_not_registered"
    ko = "SYS001 연계사업자 인증 오류: 등록번호 {registration}의 시스템이 아닙니다. 등록번호와 인증서를 확인하세요."
    en = "SYS001: this is not the system of registration {registration}. Check the registration and certificate."


class NoSuchPage(SandboxError):
    """Nothing is at that address."""

    code = "sandbox_no_such_page"
    ko = "{path} 주소에는 아무것도 없습니다. 첫 화면(/)에서 다시 찾아 주세요."
    en = "There is nothing at {path}. Start again from the first page (/)."


class WrongMethod(SandboxError):
    """The address is there, but not for this kind of request."""

    code = "sandbox_wrong_method"
    ko = "{path} 주소는 {method} 요청을 받지 않습니다. {allowed} 요청을 보내세요."
    en = "{path} takes no {method} request. Send {allowed}."


class LoopbackOnly(SandboxError):
    """The control API is for programs of the same machine."""

    code = "sandbox_loopback_only"
    ko = "제어 API는 모의 국세청이 도는 컴퓨터에서만 쓸 수 있습니다. 그 컴퓨터에서 요청하세요."
    en = "The control API is only for the machine the sandbox runs on. Send the request from there."


class TooLarge(SandboxError):
    """A request's body beyond the bound."""

    code = "sandbox_too_large"
    ko = "요청이 너무 큽니다. {limit:,}바이트까지 받습니다. 나누어 보내세요."
    en = "The request is too large: {limit:,} bytes at most. Send it in parts."


class InternalFailure(SandboxError):
    """The sandbox failed where it should not have."""

    code = "sandbox_failure"
    ko = "모의 국세청 안에서 오류가 났습니다. 화면에 나온 기록과 함께 개발팀에 알려 주세요."
    en = "The sandbox itself failed. Please report it with what its log says."
