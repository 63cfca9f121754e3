from django.urls import path

from dojang.service.workspaces.views import businesses, closing, members, settings

_BUSINESS = "settings/businesses/<int:business_id>/"
_MEMBER = "settings/members/<int:membership_id>/"
_INVITATION = "settings/invitations/<int:invitation_id>/"

urlpatterns = [
    path("settings/workspace/", settings.workspace_settings, name="workspace_settings"),
    path("settings/workspace/close/", closing.close_workspace, name="workspace_close"),
    path("settings/workspace/reopen/", closing.reopen_workspace, name="workspace_reopen"),
    path("settings/businesses/", businesses.business_list, name="business_list"),
    path("settings/businesses/new/", businesses.new_business, name="business_new"),
    path(_BUSINESS, businesses.business, name="business"),
    path(f"{_BUSINESS}defaults/", businesses.save_defaults, name="business_defaults"),
    path(f"{_BUSINESS}facts/", businesses.business_facts, name="business_facts"),
    path(f"{_BUSINESS}archive/", businesses.archive, name="business_archive"),
    path(f"{_BUSINESS}restore/", businesses.restore, name="business_restore"),
    path(f"{_BUSINESS}seal/", businesses.seal, name="business_seal"),
    path(f"{_BUSINESS}seal/upload/", businesses.upload_seal, name="business_seal_upload"),
    path(f"{_BUSINESS}seal/remove/", businesses.remove_seal, name="business_seal_remove"),
    path(f"{_BUSINESS}branches/new/", businesses.branch, name="branch_new"),
    path(f"{_BUSINESS}branches/<int:branch_id>/", businesses.branch, name="branch"),
    path(f"{_BUSINESS}branches/<int:branch_id>/remove/", businesses.remove_branch, name="branch_remove"),
    path("settings/members/", members.member_list, name="member_list"),
    path("settings/members/leave/", members.leave, name="member_leave"),
    path(_MEMBER, members.member, name="member"),
    path(f"{_MEMBER}businesses/", members.business_roles, name="member_business_roles"),
    path(f"{_MEMBER}remove/", members.remove, name="member_remove"),
    path("settings/members/ownership/", members.ownership, name="ownership"),
    path("settings/invitations/new/", members.invite, name="invitation_new"),
    path(f"{_INVITATION}resend/", members.resend, name="invitation_resend"),
    path(f"{_INVITATION}revoke/", members.revoke, name="invitation_revoke"),
]
