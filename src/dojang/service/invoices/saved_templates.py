"""양식: invoices kept to begin others from."""

from datetime import datetime
from typing import Any

from django.db import transaction

from dojang.service.errors import Conflict, ServiceError
from dojang.service.invoices.models import Invoice, Template
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

_MOST_CHARACTERS = 60
#: More than anyone finds anything among.
MOST = 200
# What belongs to one document; a person's number never stands in the content.
_OF_ONE = ("written_on", "original_issue_id", "amendment_reason", "exchange_id", "reference_id")


class TemplateNameMissing(ServiceError):
    """A template is found by its name."""

    code = "template_name_missing"
    ko = "양식 이름을 1~60자로 적어 주세요."
    en = "Give the template a name of 1 to 60 characters."


class TemplateThere(Conflict):
    """Another template has the name."""

    code = "template_there_already"
    ko = "‘{name}’ 양식이 이미 있습니다. 바꾸려면 [덮어쓰기]를 누르거나 다른 이름을 적어 주세요."
    en = "There is a template named “{name}”. Choose to replace it, or give another name."


class TooManyTemplates(ServiceError):
    """Room for templates has an end."""

    code = "too_many_templates"
    ko = "양식은 사업장마다 {most}개까지 둘 수 있습니다. 쓰지 않는 양식을 지워 주세요."
    en = "There may be {most} templates for each business. Delete some that are not used."


def listed(business_id: int) -> list[Template]:
    """The templates of a business, by name."""
    return list(Template.objects.filter(business_id=business_id).order_by("name", "id")[:MOST])


@transaction.atomic
def save(*, member: Member, invoice: Invoice, name: str, replace: bool = False, now: datetime) -> Template:
    """Keep what an invoice says as a template of its business.

    Raises:
        PermissionDenied, TemplateNameMissing, TooManyTemplates.
        TemplateThere: the name is taken and `replace` is false.
    """
    member.require(Right.WRITE, invoice.business_id)
    name = " ".join(name.split())
    if not 0 < len(name) <= _MOST_CHARACTERS:
        raise TemplateNameMissing
    rows = Template.objects.select_for_update().filter(business_id=invoice.business_id)
    template = rows.filter(name=name).first()
    if template is not None and not replace:
        raise TemplateThere(name=name)
    if template is None:
        if rows.count() >= MOST:
            raise TooManyTemplates(most=MOST)
        template = Template(
            workspace_id=current_workspace(),
            business_id=invoice.business_id,
            name=name,
            created_by_id=member.user_id,
            created_at=now,
        )
    template.content = _reusable(invoice.content)
    template.editor = {key: value for key, value in invoice.editor.items() if key in {"vat", "items"}}
    template.counterparty_id = invoice.counterparty_id
    template.save()
    return template


@transaction.atomic
def delete(*, member: Member, template: Template) -> None:
    """Throw a template away.

    Raises:
        PermissionDenied.
    """
    member.require(Right.WRITE, template.business_id)
    template.delete()


def _reusable(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _OF_ONE}
