"""What is too large is refused before it is read: by strangers above all."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from service_world import make_workspace, member_client

from dojang.service.records import uploading
from dojang.service.web.bodies import MOST_OF_MEMBERS

pytestmark = pytest.mark.django_db
STRANGERS = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def sent(client, path, length):
    return client.generic(
        "POST", path, content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(length)
    )


@pytest.mark.parametrize("path", ["/accounts/login/", "/w/some/records/upload/", "/language/"])
def test_a_stranger_sends_no_files_anywhere(path):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = sent(client, path, STRANGERS + 1)
    assert answer.status_code == 413
    assert "request_too_large" in answer.content.decode()


def test_a_member_sends_what_pages_take_and_no_more():
    workspace = make_workspace()
    path = f"/w/{workspace.slug}/records/upload/"
    assert sent(member_client(workspace), path, MOST_OF_MEMBERS + 1).status_code == 413
    answer = sent(member_client(workspace), path, STRANGERS + 1)
    assert "request_too_large" not in answer.content.decode()


def test_as_many_files_as_are_taken_can_be_sent_and_one_more_is_told():
    workspace = make_workspace()
    client, path = member_client(workspace), f"/w/{workspace.slug}/records/upload/"

    def files(count):
        return {"files": [SimpleUploadedFile(f"{place}.xml", b"<a/>") for place in range(count)]}

    assert client.post(path, files(uploading.MOST_FILES)).status_code == 200
    answer = client.post(path, files(uploading.MOST_FILES + 1))
    assert answer.status_code == 413
    assert "too_many_files" in answer.content.decode()
