"""The settings of the service: right ones are read, wrong ones told, all at once and without their values."""

import base64
import pickle

import pytest

from dojang.service.environment import EVERY_PROCESS, MAIL, MIGRATE, WEB, WORKER, Environment
from dojang.service.server_addresses import DatabaseAddress, SmtpAddress
from dojang.service.variables import BadEnvironment

DATA_KEY = bytes(range(32))
SECRET = "s3cr3t-" * 8


@pytest.fixture
def whole(tmp_path):
    """Every setting of a real installation."""
    for name in ("transmitter.pem", "transmitter.pub.pem", "nts.toml"):
        (tmp_path / name).write_text("")
    return {
        "DOJANG_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://dojang_app:p%40ss-app@db.example:5433/dojang?sslmode=require",
        "DATABASE_OWNER_URL": "postgresql://dojang_owner:p%40ss-owner@db.example:5433/dojang",
        "DOJANG_SECRET_KEY": SECRET,
        "DOJANG_DATA_KEY": base64.b64encode(DATA_KEY).decode(),
        "DOJANG_TRANSMITTER_KEY_FILE": str(tmp_path / "transmitter.pem"),
        "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE": str(tmp_path / "transmitter.pub.pem"),
        "DOJANG_ORIGIN": "https://tax.example.com",
        "DOJANG_SMTP_URL": "smtp+starttls://mailer:m%40il@smtp.example.com",
        "DOJANG_MAIL_FROM": "도장 <no-reply@example.com>",
    }


def problems(environ, needs=EVERY_PROCESS):
    with pytest.raises(BadEnvironment) as refused:
        Environment.read(environ, needs=needs)
    return refused.value


def names(environ, needs=EVERY_PROCESS):
    return {problem.variable for problem in problems(environ, needs).problems}


def test_a_whole_environment_is_read(whole, tmp_path):
    environment = Environment.read(whole, needs=WEB | WORKER | MIGRATE)
    assert environment.data == tmp_path
    assert environment.data_key == DATA_KEY
    assert environment.hosts == ("tax.example.com",)
    assert (environment.port, environment.nts, environment.revocation, environment.language) == (
        8000,
        "sandbox",
        "soft",
        "ko",
    )
    assert not environment.demo
    assert not environment.debug
    assert environment.secure
    assert environment.database.password == "p@ss-app"
    assert environment.owner_database.user == "dojang_owner"
    assert environment.smtp == SmtpAddress(
        "smtp.example.com", 587, "mailer", "m@il", starttls=True, tls=False
    )


def test_no_secret_is_shown(whole):
    environment = Environment.read(whole)
    shown = repr(environment) + repr(environment.database) + repr(environment.smtp)
    for secret in ("p@ss", "p%40ss", SECRET, "m@il", "m%40il", whole["DOJANG_DATA_KEY"], repr(DATA_KEY)):
        assert secret not in shown


def test_nothing_secret_has_a_default_and_all_that_is_missing_is_told_at_once():
    assert names({}, WEB | WORKER | MIGRATE) == {
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DOJANG_SECRET_KEY",
        "DOJANG_DATA_KEY",
        "DOJANG_TRANSMITTER_KEY_FILE",
        "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE",
        "DOJANG_DATA",
        "DOJANG_ORIGIN",
        "DOJANG_SMTP_URL",
        "DOJANG_MAIL_FROM",
    }


@pytest.mark.parametrize("needs", [EVERY_PROCESS, MIGRATE])
def test_what_sends_no_mail_asks_for_no_settings_of_mail(whole, needs):
    kept = {name: value for name, value in whole.items() if name not in MAIL}
    environment = Environment.read(kept, needs=needs)
    assert (environment.smtp, environment.mail_from) == (None, "")


def test_one_proxy_is_assumed_where_people_come_by_https_and_none_in_the_demo(whole):
    assert Environment.read(whole | {"DOJANG_ORIGIN": "https://tax.example"}).proxies == 1
    assert (
        Environment.read(whole | {"DOJANG_ORIGIN": "https://tax.example", "DOJANG_PROXIES": "2"}).proxies == 2
    )
    kept = {name: whole[name] for name in ("DATABASE_URL", "DOJANG_SECRET_KEY", "DOJANG_DATA_KEY")}
    assert Environment.read({"DOJANG_DEMO": "1", **kept}).proxies == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_missing_secret_is_told_with_a_command_that_makes_one(language):
    text = problems({}).text(language)
    line = next(line for line in text.splitlines() if "DOJANG_SECRET_KEY" in line)
    assert "dojang secrets" in line


def test_the_demo_needs_its_secrets_too_but_nothing_else(whole):
    assert names({"DOJANG_DEMO": "1"}) == {"DATABASE_URL", "DOJANG_SECRET_KEY", "DOJANG_DATA_KEY"}
    kept = {name: whole[name] for name in ("DATABASE_URL", "DOJANG_SECRET_KEY", "DOJANG_DATA_KEY")}
    environment = Environment.read({"DOJANG_DEMO": "1", "DOJANG_PORT": "8123", **kept})
    assert environment.origin == "http://localhost:8123"
    assert environment.hosts == ("localhost", "127.0.0.1")
    assert environment.smtp is None
    assert environment.data.name == "demo"
    assert environment.data.is_absolute()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DOJANG_DEMO", "maybe"),
        ("DOJANG_PROXIES", "-1"),
        ("DOJANG_PROXIES", "10"),
        ("DOJANG_PROXIES", "many"),
        ("DOJANG_PORT", "0"),
        ("DOJANG_PORT", "65536"),
        ("DOJANG_PORT", "９０００"),
        ("DOJANG_PORT", "-1"),
        ("DOJANG_PORT", "9" * 5000),
        ("DATABASE_URL", "mysql://dojang_app:leak@db/dojang"),
        ("DATABASE_URL", "postgresql://dojang_app:leak@db"),
        ("DATABASE_URL", "postgresql://db/dojang?leak"),
        ("DATABASE_URL", "postgresql://dojang_app:leak@db:port/dojang"),
        ("DATABASE_URL", "postgresql://[leak/dojang"),
        ("DOJANG_SECRET_KEY", "leak"),
        ("DOJANG_DATA_KEY", "bGVhaw=="),
        ("DOJANG_DATA_KEY", "leak?"),
        ("DOJANG_DATA_KEY", base64.b64encode(bytes(33)).decode()),
        ("DOJANG_TRANSMITTER_KEY_FILE", "/nowhere/at/all.pem"),
        ("DOJANG_TRANSMITTER_PUBLIC_KEY_FILE", "/"),
        ("DOJANG_HOSTS", "*"),
        ("DOJANG_HOSTS", "tax.example.com,bad host"),
        ("DOJANG_ORIGIN", "http://tax.example.com"),
        ("DOJANG_ORIGIN", "https://tax.example.com/path"),
        ("DOJANG_ORIGIN", "https://leak@tax.example.com"),
        ("DOJANG_ORIGIN", "tax.example.com"),
        ("DOJANG_SMTP_URL", "http://leak@smtp.example.com"),
        ("DOJANG_SMTP_URL", "smtp://"),
        ("DOJANG_MAIL_FROM", "nobody"),
        ("DOJANG_MAIL_FROM", "x\r\nBcc: y <no-reply@example.com>"),
        ("DOJANG_NTS", "hometax"),
        ("DOJANG_SANDBOX_URL", "ftp://sandbox"),
        ("DOJANG_REVOCATION", "maybe"),
        ("DOJANG_LANGUAGE", "fr"),
    ],
)
def test_a_wrong_value_is_told_by_its_name_alone(whole, variable, value):
    refused = problems({**whole, variable: value})
    assert [problem.variable for problem in refused.problems] == [variable]
    assert "leak" not in refused.text("ko") + refused.text("en") + repr(refused)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DOJANG_DEMO", "0"),
        ("DOJANG_PORT", "65535"),
        ("DATABASE_URL", "postgres://app@/dojang?host=%2Frun%2Fpostgresql"),
        ("DOJANG_HOSTS", "tax.example.com, .example.org, 10.0.0.1, [::1]"),
        ("DOJANG_ORIGIN", "https://tax.example.com:8443/"),
        ("DOJANG_ORIGIN", "http://localhost:8000"),
        ("DOJANG_SMTP_URL", "smtps://smtp.example.com"),
        ("DOJANG_MAIL_FROM", "no-reply@example.com"),
        ("DOJANG_SANDBOX_URL", "http://sandbox:8090"),
        ("DOJANG_REVOCATION", "hard"),
        ("DOJANG_LANGUAGE", "en"),
    ],
)
def test_a_right_value_close_by_is_taken(whole, variable, value):
    Environment.read({**whole, variable: value})


def test_one_role_for_application_and_owner_is_refused(whole):
    same = whole["DATABASE_URL"].replace("p%40ss-app", "other")
    assert names({**whole, "DATABASE_OWNER_URL": same}) == {"DATABASE_OWNER_URL"}


def test_the_real_nts_needs_its_settings(whole, tmp_path):
    assert names({**whole, "DOJANG_NTS": "nts"}) == {"DOJANG_NTS_SETTINGS"}
    environ = {**whole, "DOJANG_NTS": "nts", "DOJANG_NTS_SETTINGS": str(tmp_path / "nts.toml")}
    assert Environment.read(environ).nts == "nts"


def test_empty_and_blank_mean_missing(whole):
    assert names({**whole, "DOJANG_SECRET_KEY": "", "DOJANG_DATA": "  "}) == {
        "DOJANG_SECRET_KEY",
        "DOJANG_DATA",
    }


def test_an_address_is_taken_apart_as_libpq_would():
    over_socket = DatabaseAddress.parse("postgresql://app:a%2Fb@/dojang?host=%2Ftmp%2Fs&port=5432")
    assert (over_socket.host, over_socket.port, over_socket.password) == ("/tmp/s", "5432", "a/b")
    over_tcp = DatabaseAddress.parse("postgresql://app@db.example:5433/dojang?sslmode=verify-full")
    assert (over_tcp.host, over_tcp.port, over_tcp.options) == (
        "db.example",
        "5433",
        {"sslmode": "verify-full"},
    )


def test_the_refusal_survives_being_passed_between_processes():
    refused = problems({})
    assert pickle.loads(pickle.dumps(refused)).text("ko") == refused.text("ko")
