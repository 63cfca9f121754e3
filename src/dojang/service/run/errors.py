"""What the commands of the service refuse."""

from dojang.errors import DojangError


class ServiceError(DojangError):
    """Base of what the commands of the service refuse."""

    code = "service_error"


class NotInstalled(ServiceError):
    code = "service_not_installed"
    ko = "이 명령에는 서비스가 필요합니다. 설치: pip install 'dojang[service]'"
    en = "This command needs the service. Install it: pip install 'dojang[service]'"


class AlreadyRunning(ServiceError):
    code = "already_running"
    ko = "이 데이터 폴더로 이미 실행 중입니다: {data}. 먼저 그것을 멈추세요(Ctrl-C)."
    en = "It is running already with this data folder: {data}. Stop that one first (Ctrl-C)."


class DidNotStart(ServiceError):
    code = "process_did_not_start"
    ko = "{name} 프로세스가 시작되지 않아 모두 멈춥니다(종료 코드 {status}). 바로 위의 기록을 보세요."
    en = "The process {name} did not start (status {status}), so everything stops. See what it said above."


class OnlyLoopback(ServiceError):
    code = "demo_only_loopback"
    ko = "데모는 이 컴퓨터 안에서만 열립니다(127.0.0.1). 다른 컴퓨터에서 쓰려면 --demo 없이 실행하세요."
    en = "The demo opens on this machine alone (127.0.0.1). To reach it from others, run without --demo."


class NoFreePort(ServiceError):
    code = "no_free_port"
    ko = "{first}부터 {last}까지 빈 포트가 없습니다. DOJANG_PORT로 다른 포트를 지정하세요."
    en = "No port is free from {first} to {last}. Name another with DOJANG_PORT."


class NewerSchema(ServiceError):
    code = "newer_schema"
    ko = (
        "데이터베이스가 이 버전의 도장보다 새롭습니다({migrations}). 데이터를 지키려고 시작하지 않습니다. 도장을 그 버전 "
        "이상으로 올리세요."
    )
    en = (
        "The database is newer than this version of Dojang ({migrations}). To keep the data safe it doesn't start. "
        "Upgrade Dojang to that version or later."
    )


class OlderSchema(ServiceError):
    code = "older_schema"
    ko = "데이터베이스가 이 버전보다 오래되었습니다. 먼저 dojang migrate를 실행하세요."
    en = "The database is older than this version. Run dojang migrate first."


class DifferentSchema(ServiceError):
    code = "different_schema"
    ko = (
        "데이터베이스의 표가 이 버전의 것과 달라({what}) 시작하지 않습니다. 데모라면 데모 폴더를 지우고 다시 시작하세요: {data}. "
        "실제 자료라면 그것을 만든 버전의 도장으로 실행하세요."
    )
    en = (
        "The tables of the database are not those of this version ({what}), so it doesn't start. A demo's folder can be "
        "removed, and it starts anew: {data}. With real data, run the version of Dojang that made them."
    )


class PartMissing(ServiceError):
    code = "part_missing"
    ko = "설치된 도장에 {name}이(가) 없습니다. pip install --upgrade 'dojang[service]'로 다시 설치하세요."
    en = "This installation of Dojang lacks {name}. Install it again: pip install --upgrade 'dojang[service]'"


class SecretsThere(ServiceError):
    code = "secrets_there"
    ko = "비밀 값이 이미 있어 덮어쓰지 않습니다: {file}. 잃으면 암호화된 데이터를 읽을 수 없습니다."
    en = "Secrets are there already and are never overwritten: {file}. Without them encrypted data can't be read."


class SecretsDamaged(ServiceError):
    code = "secrets_damaged"
    ko = "비밀 값 파일이 온전하지 않습니다: {file}. 백업에서 되돌리세요. 데모라면 데모 폴더를 지우고 다시 시작하세요."
    en = "The file of secrets is not whole: {file}. Bring it back from a backup; a demo's folder can be removed."


class SecretsOpen(ServiceError):
    code = "secrets_open"
    ko = "다른 사용자가 읽을 수 있는 비밀 값 파일은 쓰지 않습니다: {file}. 고치기: chmod 600 {file}"
    en = "A file of secrets that others can read is not used: {file}. To mend it: chmod 600 {file}"


class BackupThere(ServiceError):
    code = "backup_there"
    ko = "이미 있는 파일은 덮어쓰지 않습니다: {file}. 다른 이름을 쓰세요."
    en = "A file that is there is never overwritten: {file}. Choose another name."


class BackupInside(ServiceError):
    code = "backup_inside_data"
    ko = "백업 파일을 백업되는 폴더 안에 둘 수 없습니다: {file}. {data} 밖에 두세요."
    en = "The backup cannot be inside what it backs up: {file}. Put it outside {data}."


class BackupNotWritten(ServiceError):
    code = "backup_not_written"
    ko = "백업을 끝내지 못했고 아무 파일도 남기지 않았습니다({why}). 남은 공간과 권한을 확인하세요."
    en = "The backup could not be finished, and no file was left ({why}). Check free space and permissions."


class BackupDamaged(ServiceError):
    code = "backup_damaged"
    ko = "백업 파일이 온전하지 않아 아무것도 바꾸지 않았습니다: {file} ({what}). 다른 백업을 쓰세요."
    en = "The backup is not whole, so nothing was changed: {file} ({what}). Use another one."


class BackupNewer(ServiceError):
    code = "backup_newer"
    ko = "더 새로운 도장({version})의 백업이라 아무것도 바꾸지 않았습니다. 도장을 그 버전 이상으로 올리세요."
    en = "The backup is of a newer Dojang ({version}), so nothing was changed. Upgrade to that version or later."


class TargetNotEmpty(ServiceError):
    code = "restore_target_not_empty"
    ko = "빈 곳에만 되살립니다. {what}에 이미 자료가 있어 아무것도 바꾸지 않았습니다. 빈 데이터베이스와 빈 DOJANG_DATA를 지정하세요."
    en = (
        "It is restored only where nothing is. There are data in {what}, so nothing was changed. Name an empty database "
        "and an empty DOJANG_DATA."
    )


class ToolMissing(ServiceError):
    code = "database_tool_missing"
    ko = "{program} 프로그램이 없습니다. pip install 'dojang[service]'나 배포판의 PostgreSQL 클라이언트를 설치하세요."
    en = "There is no {program}. Run pip install 'dojang[service]', or install your system's PostgreSQL client."


class ToolFailed(ServiceError):
    code = "database_tool_failed"
    ko = "{program}이(가) 실패했습니다. 데이터베이스는 바뀌지 않았습니다.\n{said}"
    en = "{program} failed. The database was not changed.\n{said}"
