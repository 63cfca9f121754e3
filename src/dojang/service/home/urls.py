from django.urls import path

from dojang.service.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("w/<slug:workspace>/", views.workspace_home, name="workspace_home"),
]
