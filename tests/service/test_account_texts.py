"""Korean of the account pages: ours over allauth's, compiled, and still over sentences that exist."""

import gettext
import re
from importlib import resources
from pathlib import Path

import allauth
import pytest
from django.urls import reverse
from service_world import PASSWORD, client_of, make_user

_OURS = Path(str(resources.files("dojang.service.accounts"))) / "locale/ko/LC_MESSAGES"
_THEIRS = Path(allauth.__file__).parent / "locale/ko/LC_MESSAGES"
_ENTRY = re.compile(
    r'^msgid (?P<id>".*")\n(?:msgid_plural ".*"\nmsgstr\[0\]|msgstr) (?P<text>".*")$', re.MULTILINE
)


def unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def source() -> dict[str, str]:
    text = (_OURS / "django.po").read_text("utf-8")
    found = {unquoted(one["id"]): unquoted(one["text"]) for one in _ENTRY.finditer(text)}
    assert len(found) == text.count("\nmsgid ")
    return {key: value for key, value in found.items() if key}


def compiled(folder: Path) -> dict[str, str]:
    with (folder / "django.mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog
    return {key[0] if isinstance(key, tuple) else key: text for key, text in catalog.items() if key}


def test_the_compiled_catalogue_says_what_its_source_says():
    assert compiled(_OURS) == source()


def test_every_sentence_of_ours_stands_for_one_that_allauth_still_says():
    assert source().keys() <= compiled(_THEIRS).keys()


def test_no_sentence_of_ours_repeats_what_allauth_says_already():
    theirs = compiled(_THEIRS)
    assert [key for key, text in source().items() if theirs[key] == text] == []


def test_what_is_filled_in_is_the_same_in_both_languages():
    places = re.compile(r"%\(\w+\)s|%d")
    for key, text in source().items():
        assert set(places.findall(key)) == set(places.findall(text)), key


PUBLIC = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
]
OWN = [
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
    "account_logout",
]


def words_of(response) -> str:
    """What is on the page to read, without markup and data."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC + OWN)
def test_no_page_mixes_languages(client, name):
    user = make_user("hana@example.com", name="7777", password=PASSWORD)
    browser = client_of(user) if name in OWN else client
    korean = words_of(browser.get(reverse(name)))
    english_words = re.findall(r"[A-Za-z]{3,}", korean.replace("hana@example.com", "").replace("PIN", ""))
    assert [word for word in english_words if word not in {"JavaScript", "Google", "Microsoft"}] == []
    browser.post(reverse("language"), {"language": "en"})
    assert re.findall(r"[가-힣]+", words_of(browser.get(reverse(name)))) == []
