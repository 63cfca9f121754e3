from django.urls import path

from dojang.service.workspaces.views import founding, joining

urlpatterns = [
    path("workspaces/new/", founding.new_workspace, name="workspace_new"),
    path("invitations/", joining.invitation, name="invitation"),
    path("invitations/<str:token>/", joining.open_invitation, name="invitation_open"),
]
