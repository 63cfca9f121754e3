"""The signing page and what it asks of the server.

The page is not trusted to say what was signed: the server makes the bytes, gets them back signed, and verifies.
The server is not trusted to say what is signed: the page reads the bytes themselves and shows what they say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from dojang.errors import DojangError
from dojang.service.certificates import services as certificates
from dojang.service.certificates import transmitter
from dojang.service.certificates.errors import NotRegisteredHere
from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.demo.accounts import CERTIFICATE_PASSPHRASE
from dojang.service.invoices import guards, issuing, orders
from dojang.service.invoices.errors import NoRandomNumber
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.signing import release
from dojang.service.signing.requests import IssueBody, OrdersBody, RegisterBody, read
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

#: One signing may take so many invoices; the page asks for their orders in portions.
MOST = 1000


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that signs: `?invoices=1,2,3`."""
    member = member_of(request)
    invoices = _chosen(request)
    for business_id in {invoice.business_id for invoice in invoices}:
        member.require(Right.ISSUE, business_id)
    slug = member.workspace.slug
    return signing_page(request, member, invoices, _urls(slug) | _then(request, slug))


@require_safe
def register_page(request: HttpRequest) -> HttpResponse:
    """The page that registers a certificate for a business."""
    member = member_of(request)
    member.require(Right.MANAGE)
    context = {
        **_context(request, member, _urls(member.workspace.slug)),
        "challenge": certificates.new_challenge(member.user_id),
        "invoices": [],
        **_demo(member),
    }
    return _render(request, "register.js", say("인증서 등록", "Register a certificate"), context)


@require_POST
def place_orders(request: HttpRequest) -> HttpResponse:
    """The exact bytes to be signed, for up to 100 invoices."""
    return orders_for(request, member_of(request))


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Take signed documents in; the same ones again are answered the same."""
    return issued_for(request, member_of(request))


@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Register a certificate; whose it is, the transmitter says a moment later."""
    return registered_for(request, member_of(request))


@require_GET
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The verdict on a certificate, for the page that waits for it."""
    return verdict_for(member_of(request), certificate_id)


@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Whether somebody is still logged in, with the CSRF token of that log-in; the page asks after a pause."""
    return JsonResponse({"csrf": get_token(request)})


# --- the same for who signs without an account (reverse.link_views) -----------------------------------------------


def signing_page(
    request: HttpRequest, member: Member, invoices: Sequence[Invoice], urls: Mapping[str, str]
) -> HttpResponse:
    """The page that signs these invoices, and where it asks."""
    context = {
        **_context(request, member, urls),
        **_challenge(member),
        "invoices": [
            {
                "id": invoice.pk,
                "version": invoice.version,
                "business": invoice.business_id,
                "group": group,
            }
            for invoice, group in _grouped(invoices)
        ],
    }
    return _render(request, "page.js", say("세금계산서 발행하기", "Issue tax invoices"), context)


def orders_for(request: HttpRequest, member: Member) -> JsonResponse:
    """POST orders, in the open workspace."""
    body = read(request, OrdersBody)
    wanted = [orders.Wanted(one.id, one.version) for one in body.invoices]
    result = orders.place(member=member, wanted=wanted, now=timezone.now())
    return JsonResponse(
        {
            "orders": [
                {
                    "order": str(one.order.pk),
                    "invoice": one.order.invoice_id,
                    "xml": one.xml.decode(),
                    "expires_at": one.order.expires_at.isoformat(),
                }
                for one in result.placed
            ],
            "refused": [{"invoice": one.invoice_id, **_sentences(one.why)} for one in result.refused],
        }
    )


def issued_for(request: HttpRequest, member: Member) -> JsonResponse:
    """POST issue, in the open workspace."""
    body = read(request, IssueBody)
    if body.random is None:
        raise NoRandomNumber
    result = issuing.issue(
        member=member,
        signer=issuing.Signer(body.certificate, body.random.key_id, body.random.sealed),
        signed=[issuing.Signed(one.order, one.xml.encode()) for one in body.signed],
        now=timezone.now(),
    )
    return JsonResponse(
        {
            "issued": [
                {
                    "order": str(order_id),
                    "invoice": invoice.pk,
                    "state": invoice.state,
                    "transmit_at": invoice.transmit_at.isoformat() if invoice.transmit_at else None,
                }
                for order_id, invoice in result.issued
            ],
            "refused": [
                {"order": str(one.order_id), "invoice": one.invoice_id, **_sentences(one.why)}
                for one in result.refused
            ],
        }
    )


def registered_for(request: HttpRequest, member: Member) -> JsonResponse:
    """POST register, in the open workspace."""
    body = read(request, RegisterBody)
    row = certificates.register(
        member=member,
        business=get_object_or_404(Business, pk=body.business),
        given=certificates.Registration(
            certificate=body.certificate,
            chain=body.chain,
            challenge=body.challenge,
            signature=body.signature,
            key_id=body.random.key_id,
            sealed_random=body.random.sealed,
        ),
        now=timezone.now(),
    )
    return JsonResponse({"id": row.pk, "state": row.verdict, **_challenge(member)}, status=201)


def verdict_for(member: Member, certificate_id: int) -> JsonResponse:
    """GET certificate, in the open workspace."""
    row = get_object_or_404(Certificate, pk=certificate_id)
    member.require(Right.VIEW, row.business_id)
    return JsonResponse({"id": row.pk, "state": row.verdict, **_verdict(row)})


def _challenge(member: Member) -> dict[str, str]:
    """A challenge for who may register certificates: then the signing page can do so on the way."""
    return {"challenge": certificates.new_challenge(member.known_as)} if member.may(Right.MANAGE) else {}


def _demo(member: Member) -> dict[str, Any]:
    """Where the demo makes a test certificate for a business that has none, and what opens it."""
    if not settings.DEMO:
        return {}
    address = reverse("demo_certificate", args=[member.workspace.slug, 0]).replace("/0.", "/{id}.")
    return {"demo": {"certificate": address, "passphrase": CERTIFICATE_PASSPHRASE}}


def _chosen(request: HttpRequest) -> list[Invoice]:
    """The ready invoices of the address, in its order, each followed by what is issued with it or not at all."""
    given = map(row_id, request.GET.get("invoices", "").split(","))
    wanted = list(dict.fromkeys(one for one in given if one))[:MOST]
    companions = guards.companions(wanted)
    ids = list(dict.fromkeys(pk for one in wanted for pk in (one, *sorted(companions[one]))))
    rows = {row.pk: row for row in Invoice.objects.filter(pk__in=ids, deleted_at=None, state=State.READY)}
    found = [rows[pk] for pk in ids if pk in rows]
    if not found:
        raise Http404
    return found


def _urls(slug: str) -> dict[str, str]:
    """Where the page asks and leads in a workspace."""
    return {
        "orders": reverse("sign_orders", args=[slug]),
        "issue": reverse("sign_issue", args=[slug]),
        "register": reverse("sign_register", args=[slug]),
        "certificate": reverse("sign_certificate", args=[slug, 0]).replace("/0/", "/{id}/"),
        "session": reverse("sign_session", args=[slug]),
        "register_page": reverse("sign_register_page", args=[slug]),
        "done": reverse("invoice_list", args=[slug]),
        "invoice": reverse("invoice", args=[slug, 0]).replace("/0/", "/{id}/"),
        "new_invoice": reverse("invoice_new", args=[slug]),
        "certificates": reverse("certificate_list", args=[slug]),
        "renew": reverse("account_login"),
    }


def _grouped(invoices: Sequence[Invoice]) -> list[tuple[Invoice, int]]:
    """Each with the name of its group: the first of those that go together or not at all."""
    companions = guards.companions([invoice.pk for invoice in invoices])
    return [(invoice, min({invoice.pk, *companions[invoice.pk]})) for invoice in invoices]


def _context(request: HttpRequest, member: Member, urls: Mapping[str, str]) -> dict[str, Any]:
    """What the page's script is given; nothing in it is secret but the CSRF token."""
    key = transmitter.public_key()
    usable = Certificate.objects.filter(removed_at=None).values("business_id", "fingerprint", "verdict")
    return {
        "language": language_of(request),
        "csrf": get_token(request),
        "mode": settings.ENVIRONMENT.nts,
        "transmitter": {"key_id": key.key_id, "public_key": key.base64},
        "businesses": [
            {"id": one.pk, "number": one.number, "name": one.name}
            for one in Business.objects.filter(archived_at=None)
            if member.may(Right.VIEW, one.pk)
        ],
        "known_certificates": [
            {"business": one["business_id"], "fingerprint": one["fingerprint"], "verdict": one["verdict"]}
            for one in usable
        ],
        "urls": dict(urls),
        "now": timezone.localtime().isoformat(timespec="seconds"),
    }


def _then(request: HttpRequest, slug: str) -> dict[str, str]:
    """Where to go afterwards, if whoever sent people here says so: a page of this workspace and nothing else."""
    then = request.GET.get("then", "")
    is_here = then.startswith(f"/w/{slug}/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    return {"then": then} if is_here else {}


def _render(request: HttpRequest, entry: str, title: str, context: dict[str, Any]) -> HttpResponse:
    modules = release.current()
    response = render(
        request,
        "signing/page.html",
        {
            "title": title,
            "context_json": context,
            "import_map": modules.import_map,
            "entry": modules.asset(entry),
            "style": modules.asset("sign.css"),
            "release": modules,
            "language": context["language"],
        },
    )
    for name, value in modules.headers.items():
        response.headers[name] = value
    return response


def _sentences(error: DojangError) -> dict[str, str]:
    return {"code": error.code, "ko": error.text("ko"), "en": error.text("en")}


def _verdict(row: Certificate) -> dict[str, str]:
    if row.verdict in {Verdict.PENDING, Verdict.MATCHES}:
        return {"ko": Verdict(row.verdict).label, "en": row.verdict}
    return {
        name: text
        for name, text in _sentences(NotRegisteredHere(number=row.business.number)).items()
        if name != "code"
    }
