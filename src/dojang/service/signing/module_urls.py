"""`/sign/<version>/<file>`: the modules, byte for byte the repository's."""

from django.urls import path

from dojang.service.signing import files

urlpatterns = [path("<slug:version>/<str:name>", files.module, name="sign_module")]
