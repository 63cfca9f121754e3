"""Where documents go: the sandbox or the NTS itself, and under which registration."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.conf import settings

from dojang.service.errors import ServiceError


class NoRegistration(ServiceError):
    """The operator has not said under which registration documents are transmitted."""

    code = "no_registration"
    ko = "전송 설정(DOJANG_NTS_SETTINGS)에 등록번호가 없어 발행할 수 없습니다. 운영자에게 알려 주세요."
    en = "Nothing can be issued: the transmission settings (DOJANG_NTS_SETTINGS) have no registration. Tell the operator."
    status = 503


@dataclass(frozen=True, slots=True)
class WayOut:
    """`sandbox` or `nts`, and the registration number (국세청 등록번호) that begins issue ids."""

    name: Literal["sandbox", "nts"]
    registration: str


@cache
def way_out() -> WayOut:
    """The way out that is on. Only the number is read here: no page needs the system's key.

    Raises:
        NoRegistration.
    """
    file = settings.ENVIRONMENT.nts_settings
    try:
        registration = json.loads(file.read_bytes())["registration"] if file else ""
    except (OSError, ValueError, KeyError, TypeError):
        registration = ""
    if not registration:
        raise NoRegistration
    return WayOut(settings.ENVIRONMENT.nts, registration)
