"""A database of another version is refused: a newer one always, an older one until it is migrated."""

import pytest
from django.db import connections

from dojang.service.run.errors import DifferentSchema, NewerSchema, OlderSchema
from dojang.service.run.schema import known, refuse_different, refuse_newer, refuse_other

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def note(app, name):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name]
        )


def test_a_database_of_this_very_version_is_taken():
    refuse_newer("owner")
    refuse_different("owner")
    refuse_other("owner")


@pytest.mark.parametrize(("app", "name"), [("accounts", "9999_later"), ("an_app_to_come", "0001_initial")])
def test_a_migration_that_this_version_does_not_know_is_refused_by_its_name(app, name):
    note(app, name)
    for refuse in (refuse_newer, refuse_other):
        with pytest.raises(NewerSchema, match=f"{app}.{name}"):
            refuse("owner")


def test_a_database_still_to_be_migrated_is_refused_by_those_who_only_use_it():
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts'")
    refuse_newer("owner")
    with pytest.raises(OlderSchema):
        refuse_other("owner")


def test_what_was_squashed_into_another_is_still_known(monkeypatch):
    replaced = ("accounts", "0000_before_squashing")

    class Squashed:
        replaces = (replaced,)

    class Loader:
        disk_migrations = {("accounts", "0001_squashed"): Squashed}  # noqa: RUF012

    assert known(Loader()) == {replaced, ("accounts", "0001_squashed")}
    assert ("accounts", "0001_initial") in known()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE notices_capturedmail RENAME COLUMN text TO words", "notices_capturedmail.text"),
        ("ALTER TABLE notices_capturedmail ADD COLUMN extra integer", "notices_capturedmail.extra"),
        ("ALTER TABLE notices_capturedmail RENAME TO other", "notices_capturedmail.html"),
    ],
)
def test_tables_of_a_migration_that_was_made_anew_are_told_with_what_to_delete(settings, change, told):
    with connections["owner"].cursor() as cursor:
        cursor.execute(change)
    for refuse in (refuse_different, refuse_other):
        with pytest.raises(DifferentSchema) as refused:
            refuse("owner")
        assert told in refused.value.text("ko")
        assert str(settings.ENVIRONMENT.data) in refused.value.text("en")


def test_of_what_is_still_to_be_migrated_no_table_is_asked():
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE notices_capturedmail RENAME COLUMN text TO words")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notices'")
    refuse_different("owner")


def test_a_migration_without_what_it_depends_on_now_is_told_the_same():
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts'")
    with pytest.raises(DifferentSchema, match=r"accounts\.0001_initial"):
        refuse_different("owner")
