"""The control API: the sandbox scripted from a test or a shell on the same machine. JSON in, JSON out.

    GET    /control/state                        settings, faults, time
    PATCH  /control/settings                     {"clock": …, "delays": …}: the parts named are replaced
    PUT    /control/businesses/<number>          what the register says about a number; DELETE: as by rule again
    POST   /control/systems                      register a transmitting system
    POST   /control/anchors                      {"folder": "/…"}: trust its authorities; its *.crl are read anew
    POST   /control/paper-originals              {"issue_id": "…"}
    GET, POST, DELETE /control/faults            list, switch one on, switch all off
    DELETE /control/faults/<number>              switch one off
    GET    /control/submissions                  ?limit=&skip=
    GET    /control/documents                    ?submit_id= or ?issue_id=: documents with their verdicts
    POST   /control/reset                        empty the book, begin anew with script.json

Only for requests from the loopback interface, and with a JSON content type where there is a body, so that no page
in a browser can send them. Shapes are those of `dojang.sandbox.settings` and `dojang.sandbox.faults`.
"""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from dojang.errors import DojangError
from dojang.etax.identifiers import IssueId
from dojang.nts.codes import describe
from dojang.sandbox.decoded import decode
from dojang.sandbox.errors import ControlRefused, LoopbackOnly, NoSuchPage
from dojang.sandbox.faults import Fault
from dojang.sandbox.office import Office
from dojang.sandbox.record import Record
from dojang.sandbox.register import Business
from dojang.sandbox.rows import Document, Submission
from dojang.sandbox.settings import IssueIdText, PartyNumber, Settings, System, first_fault
from dojang.sandbox.web import JSON_TYPE, Request, Response, require_method, status_of

PREFIX = "/control/"
_MOST_ROWS = 1000

Model = TypeVar("Model", bound=BaseModel)
Json = Mapping[str, Any]
Action = Callable[[Office, Request, str], Json]


class _Number(Record):
    number: PartyNumber


class _Folder(Record):
    folder: str


class _Paper(Record):
    issue_id: IssueIdText


def handle(office: Office, request: Request) -> Response:
    """Answer a request below /control/."""
    try:
        _require_local(request)
        return _json(_route(office, request))
    except DojangError as error:
        body = {"code": error.code, "ko": error.text("ko"), "en": error.text("en")}
        headers = (("Allow", str(error.facts["allowed"])),) if "allowed" in error.facts else ()
        status = status_of(error)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            status = HTTPStatus.BAD_REQUEST
        return _json(body, status, headers)


def _json(body: Json, status: int = HTTPStatus.OK, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(json.dumps(body, ensure_ascii=False).encode() + b"\n", JSON_TYPE, status, headers)


def _require_local(request: Request) -> None:
    try:
        local = ip_address(request.remote.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise LoopbackOnly
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if request.method not in {"GET", "HEAD"} and kind != "application/json":
        raise ControlRefused(where="Content-Type", why="application/json")


def _route(office: Office, request: Request) -> Json:
    name, _, rest = request.path.removeprefix(PREFIX).partition("/")
    for pattern, actions in _ROUTES.items():
        match = re.fullmatch(pattern, f"{name}/{rest}" if rest else name)
        if match is not None:
            require_method(request, *actions)
            method = "GET" if request.method == "HEAD" else request.method
            return actions[method](office, request, match[1] if match.groups() else "")
    raise NoSuchPage(path=request.path)


def _read(model: type[Model], request: Request) -> Model:
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        where, why = first_fault(error)
        raise ControlRefused(where=where, why=why) from None


# Settings


def _state(office: Office, _request: Request, _rest: str) -> Json:
    return {
        "now": office.now().isoformat(),
        "settings": office.settings.model_dump(mode="json"),
        "registrations": sorted(office.systems),
        "filed": office.store.filed_count(),
        **_faults(office, _request, _rest),
    }


def _settings(office: Office, request: Request, _rest: str) -> Json:
    changes = _read(Settings, request)
    parts = {name: getattr(changes, name) for name in changes.model_fields_set}
    return _changed(office, lambda settings: settings.model_copy(update=parts))


def _changed(office: Office, change: Callable[[Settings], Settings]) -> Json:
    return {"settings": office.change(change).model_dump(mode="json")}


def _set_business(office: Office, request: Request, number: str) -> Json:
    try:
        number = _Number(number=number).number
    except ValidationError:
        raise ControlRefused(where="number", why="10 or 13 digits") from None
    business = _read(Business, request)
    return _changed(
        office, lambda settings: _with_businesses(settings, settings.businesses | {number: business})
    )


def _forget_business(office: Office, _request: Request, number: str) -> Json:
    return _changed(
        office,
        lambda settings: _with_businesses(
            settings, {key: value for key, value in settings.businesses.items() if key != number}
        ),
    )


def _with_businesses(settings: Settings, businesses: dict[str, Business]) -> Settings:
    return settings.model_copy(update={"businesses": businesses})


def _add_system(office: Office, request: Request, _rest: str) -> Json:
    system = _read(System, request)
    if system.registration == office.identities.system.registration:
        raise ControlRefused(where="registration", why="the default system's")

    def change(settings: Settings) -> Settings:
        others = (other for other in settings.systems if other.registration != system.registration)
        return settings.model_copy(update={"systems": (*others, system)})

    return _changed(office, change)


def _add_anchor(office: Office, request: Request, _rest: str) -> Json:
    folder = _read(_Folder, request).folder

    def change(settings: Settings) -> Settings:
        return settings.model_copy(update={"anchors": (*dict.fromkeys((*settings.anchors, folder)),)})

    return _changed(office, change)


def _add_paper(office: Office, request: Request, _rest: str) -> Json:
    issue_id = _read(_Paper, request).issue_id

    def change(settings: Settings) -> Settings:
        papers = (*dict.fromkeys((*settings.paper_originals, issue_id)),)
        return settings.model_copy(update={"paper_originals": papers})

    return _changed(office, change)


# Faults


def _faults(office: Office, _request: Request, _rest: str) -> Json:
    waiting = office.store.faults()
    return {
        "faults": [
            {"number": found.number, "left": found.left, **found.fault.model_dump(mode="json")}
            for found in waiting
        ]
    }


def _add_fault(office: Office, request: Request, _rest: str) -> Json:
    fault = _read(Fault, request)
    with office.store.transaction() as ledger:
        return {"number": ledger.add_fault(fault)}


def _remove_faults(office: Office, _request: Request, number: str) -> Json:
    with office.store.transaction() as ledger:
        return {"removed": ledger.remove_faults(int(number) if number else None)}


# What arrived


def _submissions(office: Office, request: Request, _rest: str) -> Json:
    limit, skip = _count(request, "limit", 100), _count(request, "skip", 0)
    return {"submissions": [_submission(found) for found in office.store.submissions(limit, skip)]}


def _count(request: Request, name: str, default: int) -> int:
    value = request.query.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(_MOST_ROWS)) + 4:
        raise ControlRefused(where=name, why="digits")
    return int(value) if name == "skip" else min(int(value), _MOST_ROWS)


def _submission(submission: Submission) -> Json:
    return {
        "submit_id": submission.submit_id,
        "registration": submission.registration,
        "receipt_id": submission.receipt_id,
        "received_at": submission.received_at.isoformat(),
        "judged_at": submission.judged_at and submission.judged_at.isoformat(),
        "total": submission.total,
        "sha256": submission.sha256,
        "state": submission.state,
        "fail_reason": submission.fail_reason,
        "note": submission.note,
    }


def _documents(office: Office, request: Request, _rest: str) -> Json:
    issue_id, submit_id = request.query.get("issue_id"), request.query.get("submit_id")
    if issue_id is not None:
        parsed = IssueId.parse(issue_id)
        found = office.store.documents_of(str(parsed) if parsed else issue_id)
    elif submit_id is not None:
        found = office.store.documents(submit_id)
    else:
        raise ControlRefused(where="query", why="submit_id or issue_id")
    return {"documents": [_document(office, document) for document in found]}


def _document(office: Office, document: Document) -> Json:
    filed = office.store.filed(document.issue_id)
    decoded = decode(document.xml)
    return {
        "number": document.number,
        "submit_id": document.submit_id,
        "issue_id": document.issue_id,
        "codes": list(document.codes),
        "verdicts": [describe(code).text("ko") for code in document.codes],
        "filed": filed is not None and filed.document == document.number,
        "invoice": decoded.as_json() if decoded else None,
    }


def _reset(office: Office, _request: Request, _rest: str) -> Json:
    office.reset()
    return {"reset": True}


_ROUTES: Mapping[str, Mapping[str, Action]] = {
    "state": {"GET": _state},
    "settings": {"PATCH": _settings},
    r"businesses/([^/]+)": {"PUT": _set_business, "DELETE": _forget_business},
    "systems": {"POST": _add_system},
    "anchors": {"POST": _add_anchor},
    "paper-originals": {"POST": _add_paper},
    "faults": {"GET": _faults, "POST": _add_fault, "DELETE": _remove_faults},
    r"faults/([0-9]{1,15})": {"DELETE": _remove_faults},
    "submissions": {"GET": _submissions},
    "documents": {"GET": _documents},
    "reset": {"POST": _reset},
}
