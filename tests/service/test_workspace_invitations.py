"""Invitations: one address, one use, seven days, and a token that is kept nowhere."""

import re
from datetime import timedelta

import mail_world
import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from service_world import (
    NOW,
    PASSWORD,
    acting,
    add_member,
    client_of,
    first_business,
    make_user,
    make_workspace,
    member_client,
)

from dojang.service.accounts.models import User
from dojang.service.audit.actor import Actor
from dojang.service.notices import choices, sending, tasks
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.errors import (
    InvitationForAnother,
    InvitationNotOpen,
    InvitationsOff,
    InvitedAlready,
    MemberAlready,
    NoEmail,
    NoSuchBusiness,
    NoSuchInvitation,
    NotAllowed,
    RoleNotGiven,
    TooManyInvitations,
)
from dojang.service.workspaces.invitation_tokens import hash_of, renew
from dojang.service.workspaces.models import BusinessRole, Invitation, Membership, WorkspaceEvent
from dojang.service.workspaces.services import invitations as services

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace):
    return acting(workspace)


@pytest.fixture(autouse=True)
def _mail_here(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def invite(workspace, email="new@example.com", role="issuer", *, by=None, now=NOW, **more):
    with in_workspace(workspace.pk):
        return services.invite(member=by or acting(workspace), email=email, role=role, now=now, **more)


def deliver(workspace, invitation, now=NOW):
    """What the worker does; the token that stands in the mail."""
    before = len(mail.outbox)
    mail_world.send(workspace, now=now)
    assert len(mail.outbox) == before + 1
    assert mail.outbox[-1].to == [invitation.email]
    return re.search(r"/invitations/([\w-]+)/", mail.outbox[-1].body)[1]


def person_of(email):
    return make_user(email)


def accept(user, token, now=NOW):
    actor = Actor("user", user.pk, "127.0.0.1")
    return services.accept(token_hash=hash_of(token), actor=actor, now=now)


def test_the_mail_is_asked_for_in_the_transaction_of_the_invitation(workspace):
    invitation = invite(workspace)
    [job] = ProcrastinateJob.objects.filter(task_name="dojang.send_mails")
    assert job.args == {"workspace_id": workspace.pk}
    with in_workspace(workspace.pk):
        assert OutgoingMail.objects.get().facts == {"invitation": invitation.pk, "mails": 1}


def test_nobody_is_invited_where_the_mails_of_invitations_are_switched_off(workspace):
    with in_workspace(workspace.pk):
        choices.switch([Kind.INVITATION], [], workspace_id=workspace.pk, person_id=None)
    with pytest.raises(InvitationsOff):
        invite(workspace)
    with in_workspace(workspace.pk):
        assert not Invitation.objects.exists()


def test_the_worker_sends_a_link_and_only_its_hash_is_kept(workspace, owner):
    invitation = invite(workspace)
    assert invitation.token_hash is None
    tasks.send_mails(workspace_id=workspace.pk)
    [sent] = mail.outbox
    token = re.search(r"/invitations/([\w-]+)/", sent.body)[1]
    assert len(token) >= 43
    assert token in sent.alternatives[0].content
    assert sent.to == ["new@example.com"]
    with in_workspace(workspace.pk):
        assert Invitation.objects.get().token_hash == hash_of(token)
    assert token not in everything_kept(workspace)


def everything_kept(workspace):
    """Every text of the tables in which a token could have been left."""
    with in_workspace(workspace.pk), connection.cursor() as cursor:
        texts = []
        for table in (
            "workspaces_invitation",
            "notices_outgoingmail",
            "notices_mailattempt",
            "workspaces_workspaceevent",
            "procrastinate_jobs",
            "django_session",
        ):
            cursor.execute(f"SELECT t::text FROM {table} t")
            texts += [text for (text,) in cursor.fetchall()]
    return "\n".join(texts)


@pytest.mark.parametrize(("language", "word"), [("ko", "초대했습니다"), ("en", "invites you")])
def test_the_mail_is_in_the_language_of_whom_it_is_for(workspace, language, word):
    make_user("new@example.com", language=language)
    deliver(workspace, invite(workspace))
    assert word in mail.outbox[0].body
    assert word in mail.outbox[0].alternatives[0].content


def test_names_in_a_mail_are_text_and_no_markup(owner):
    workspace = make_workspace(name="<b>굵게</b>\r\nBcc: all@example.com")
    deliver(workspace, invite(workspace))
    assert "<b>굵게" not in mail.outbox[0].alternatives[0].content
    assert mail.outbox[0].recipients() == ["new@example.com"]
    assert "\n" not in mail.outbox[0].subject


def test_who_accepts_is_a_member_with_the_role(workspace):
    token = deliver(workspace, invite(workspace))
    user = person_of("new@example.com")
    assert accept(user, token) == workspace
    [found] = crossing.memberships(user.pk)
    assert (found.workspace_id, found.role) == (workspace.pk, "issuer")
    with in_workspace(workspace.pk):
        assert WorkspaceEvent.objects.filter(action="accept", by=user).count() == 1


def test_an_invitation_to_one_business_opens_that_one_alone(workspace):
    business = first_business(workspace)
    token = deliver(workspace, invite(workspace, business_id=business.pk))
    user = person_of("new@example.com")
    accept(user, token)
    with in_workspace(workspace.pk):
        assert Membership.objects.get(user=user).role == "none"
        assert BusinessRole.objects.get().role == "issuer"


def test_an_invitation_works_once(workspace):
    token = deliver(workspace, invite(workspace))
    accept(person_of("new@example.com"), token)
    with pytest.raises(InvitationNotOpen):
        accept(person_of("other@example.com"), token)


@pytest.mark.parametrize("late", [timedelta(days=7), timedelta(days=400)])
def test_an_invitation_ends_after_seven_days(workspace, late):
    token = deliver(workspace, invite(workspace))
    user = person_of("new@example.com")
    with pytest.raises(InvitationNotOpen):
        accept(user, token, NOW + late)
    assert accept(user, token, NOW + timedelta(days=7) - timedelta(seconds=1)) == workspace


@pytest.mark.parametrize("token", ["", "nothing", "x" * 100_000, "\x00"])
def test_what_is_no_token_opens_nothing(workspace, token):
    invite(workspace)  # its mail was not sent: there is no token yet
    with pytest.raises(InvitationNotOpen):
        accept(person_of("new@example.com"), token)


def test_the_hash_itself_is_no_token(workspace):
    deliver(workspace, invite(workspace))
    with in_workspace(workspace.pk):
        kept = Invitation.objects.get().token_hash
    with pytest.raises(InvitationNotOpen):
        accept(person_of("new@example.com"), kept)


def test_only_the_address_it_was_sent_to_accepts(workspace):
    token = deliver(workspace, invite(workspace))
    with pytest.raises(InvitationForAnother, match=r"new@example\.com"):
        accept(person_of("other@example.com"), token)


def test_an_address_that_is_not_confirmed_does_not_count(workspace):
    token = deliver(workspace, invite(workspace))
    user = person_of("new@example.com")
    EmailAddress.objects.update(verified=False)
    with pytest.raises(InvitationForAnother):
        accept(user, token)


def test_the_address_is_compared_without_case(workspace):
    invitation = invite(workspace, email=" New@Example.COM ")
    assert invitation.email == "new@example.com"
    user = person_of("new@example.com")
    EmailAddress.objects.filter(user=user).update(email="NEW@example.com")
    assert accept(user, deliver(workspace, invitation)) == workspace


def test_a_revoked_invitation_is_dead_and_its_mail_is_not_sent(workspace, owner):
    invitation = invite(workspace)
    token = deliver(workspace, invitation)
    with in_workspace(workspace.pk):
        services.revoke(member=owner, invitation_id=invitation.pk, now=NOW)
        assert renew(invitation.pk, mails=1, now=NOW) is None
        with pytest.raises(NoSuchInvitation):
            services.revoke(member=owner, invitation_id=invitation.pk, now=NOW)
    with pytest.raises(InvitationNotOpen):
        accept(person_of("new@example.com"), token)


def test_sending_again_makes_a_new_link_and_the_one_before_is_dead(workspace, owner):
    invitation = invite(workspace)
    first = deliver(workspace, invitation)
    with in_workspace(workspace.pk):
        services.resend(member=owner, invitation_id=invitation.pk, now=LATER)
    user = person_of("new@example.com")
    with pytest.raises(InvitationNotOpen):
        accept(user, first, LATER)
    assert accept(user, deliver(workspace, invitation, LATER), LATER + timedelta(days=6)) == workspace


def test_a_mail_whose_worker_was_killed_is_sent_anew_and_its_last_link_works(workspace):
    invitation = invite(workspace)
    killed = sending.claim(workspace.pk, now=NOW)
    first = re.search(r"/invitations/([\w-]+)/", killed.message.body)[1]
    later = NOW + sending.LEASE
    second = deliver(workspace, invitation, later)
    user = person_of("new@example.com")
    with pytest.raises(InvitationNotOpen):
        accept(user, first, later)
    assert accept(user, second, later) == workspace


def test_a_mail_that_was_asked_for_again_makes_the_waiting_one_needless(workspace, owner):
    invitation = invite(workspace)
    with in_workspace(workspace.pk):
        services.resend(member=owner, invitation_id=invitation.pk, now=LATER)
    deliver(workspace, invitation, LATER)
    assert [one.state for one in mail_world.mails(workspace)] == ["dropped", "sent"]


def test_an_invitation_is_not_resent_at_once_nor_without_end(workspace, owner):
    invitation = invite(workspace)
    with in_workspace(workspace.pk):
        with pytest.raises(TooManyInvitations):
            services.resend(member=owner, invitation_id=invitation.pk, now=NOW + timedelta(seconds=59))
        for minute in range(1, services.MAILS_EACH):
            services.resend(member=owner, invitation_id=invitation.pk, now=NOW + timedelta(minutes=minute))
        with pytest.raises(TooManyInvitations):
            services.resend(member=owner, invitation_id=invitation.pk, now=NOW + timedelta(hours=1))


def test_a_person_asks_for_so_many_mails_a_day_over_all_workspaces(workspace, owner, monkeypatch):
    monkeypatch.setattr(services, "MAILS_A_DAY", 2)
    user = User.objects.get(pk=owner.user_id)
    other = make_workspace(user)
    invite(workspace)
    invite(other)
    for here in (workspace, other):
        with pytest.raises(TooManyInvitations):
            invite(here, "third@example.com")
    invite(workspace, "third@example.com", now=NOW + timedelta(days=1, seconds=1))


def test_one_open_invitation_for_an_address(workspace):
    invite(workspace)
    with pytest.raises(InvitedAlready):
        invite(workspace, email="NEW@example.com")
    again = invite(workspace, now=NOW + timedelta(days=8))
    with in_workspace(workspace.pk):
        assert [each.pk for each in Invitation.objects.filter(revoked_at__isnull=True)] == [again.pk]


def test_a_member_is_not_invited(workspace):
    user = make_user()
    add_member(workspace, "viewer", user)
    with pytest.raises(MemberAlready):
        invite(workspace, email=user.email.upper())


def test_who_became_a_member_meanwhile_keeps_their_role(workspace):
    token = deliver(workspace, invite(workspace, role="admin"))
    user = person_of("new@example.com")
    add_member(workspace, "viewer", user)
    with pytest.raises(MemberAlready):
        accept(user, token)
    assert [found.role for found in crossing.memberships(user.pk)] == ["viewer"]


@pytest.mark.parametrize("role", ["owner", "none", "", "root"])
def test_nobody_is_invited_as_owner_or_as_nothing(workspace, role):
    with pytest.raises(RoleNotGiven):
        invite(workspace, role=role)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a@example.com\nBcc: b@example.com", "a" * 300 + "@example.com"]
)
def test_what_is_no_address_is_not_invited(workspace, email):
    with pytest.raises(NoEmail):
        invite(workspace, email=email)


def test_nobody_is_invited_to_a_business_of_another_workspace(workspace):
    with pytest.raises(NoSuchBusiness):
        invite(workspace, business_id=first_business(make_workspace()).pk)


@pytest.mark.parametrize("role", ["issuer", "writer", "viewer", "none"])
def test_who_does_not_manage_invites_nobody(workspace, role):
    member = add_member(workspace, role)
    with pytest.raises(NotAllowed):
        invite(workspace, by=member)


# In the browser -------------------------------------------------------------------------------------------------


@pytest.fixture
def link(workspace, settings, monkeypatch):
    from django.utils import timezone

    invitation = invite(workspace, now=timezone.now())
    return f"/invitations/{deliver(workspace, invitation, timezone.now())}/"


def test_the_link_hides_its_token_at_once(client, link):
    response = client.get(link)
    assert (response.status_code, response.headers["Location"]) == (302, "/invitations/")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    token = link.split("/")[2]
    assert token not in str([session.get_decoded() for session in Session.objects.all()])


def test_who_is_not_logged_in_is_led_to_sign_up_and_back(client, link):
    client.get(link)
    page = client.get("/invitations/").content.decode()
    assert "한빛상사" in page
    assert "new@example.com" in page
    assert "/account/signup/?next=/invitations/" in page
    assert client.post("/invitations/").status_code == 200


def test_who_has_no_account_signs_up_confirms_and_comes_back(client, workspace, link):
    client.get(link)
    fields = {"name": "신입", "email": "new@example.com", "password1": PASSWORD, "next": "/invitations/"}
    confirming = client.post("/account/signup/", fields)
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    back = client.post(confirming.headers["Location"], {"code": code})
    assert back.headers["Location"] == "/invitations/"
    assert "초대 수락" in client.get("/invitations/").content.decode()
    assert client.post("/invitations/").headers["Location"] == f"/w/{workspace.slug}/"


def test_accepting_in_the_browser_leads_into_the_workspace(workspace, link):
    browser = client_of(person_of("new@example.com"))
    assert browser.get(link, follow=True).status_code == 200
    response = browser.post("/invitations/")
    assert response.headers["Location"] == f"/w/{workspace.slug}/"
    assert browser.get("/invitations/").status_code == 410


def test_somebody_else_is_told_whose_it_is(link):
    browser = client_of(person_of("other@example.com"))
    page = browser.get(link, follow=True).content.decode()
    assert "로그아웃" in page
    assert browser.post("/invitations/").status_code == 403


def test_a_link_that_is_none_is_gone(client):
    assert client.get("/invitations/nothing/", follow=True).status_code == 410


def test_the_list_shows_invites_resends_and_revokes(workspace):
    browser, slug = member_client(workspace), workspace.slug
    response = browser.post(
        f"/w/{slug}/settings/invitations/new/",
        {"email": "new@example.com", "role": "viewer", "business": ""},
        follow=True,
    )
    assert "new@example.com" in response.content.decode()
    with in_workspace(workspace.pk):
        invitation = Invitation.objects.get()
    soon = browser.post(f"/w/{slug}/settings/invitations/{invitation.pk}/resend/", follow=True)
    assert "1분 뒤에" in soon.content.decode()
    browser.post(f"/w/{slug}/settings/invitations/{invitation.pk}/revoke/")
    with in_workspace(workspace.pk):
        assert Invitation.objects.get().revoked_at is not None


def test_a_refused_invitation_says_why_beside_its_field(workspace):
    invite(workspace)
    response = member_client(workspace).post(
        f"/w/{workspace.slug}/settings/invitations/new/", {"email": "new@example.com", "role": "viewer"}
    )
    assert "아직 유효합니다" in response.content.decode()


def test_a_viewer_sees_members_but_no_invitations(workspace):
    invite(workspace)
    page = member_client(workspace, "viewer").get(f"/w/{workspace.slug}/settings/members/").content.decode()
    assert "김하나" in page
    assert "new@example.com" not in page
