"""Hostile bytes end in XmlRefused, quickly; slices of the canonical form are what they say."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import XmlRefused
from dojang.etax.canonical import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    MAX_PREFIXES,
    Span,
    canonical,
    in_context,
    local_name,
    only,
    parse,
    root_tag,
)
from etax.etax_samples import SIGNED, UNSIGNED

QUICKLY = 2.0
"""Seconds; the slowest takes a tenth of it on a slow machine."""

ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<!DOCTYPE a [<!ENTITY l0 "lol">{ENTITIES}]>'


def refused(data: bytes, why: str, **limits: int) -> None:
    begun = time.perf_counter()
    with pytest.raises(XmlRefused) as caught:
        canonical(parse(data, **limits))
    assert time.perf_counter() - begun < QUICKLY
    assert why in str(caught.value)
    assert caught.value.text("ko").startswith("XML을 읽을 수 없습니다: ")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("<!DOCTYPE a><a/>", "DTD"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTD"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DTD"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTD"),
        ('<!DOCTYPE a [<!ATTLIST a b CDATA "default">]><a/>', "DTD"),
        (f"{LAUGHS}<a>&l11;</a>", ""),
        (f'{LAUGHS}<a b="&l11;"/>', ""),
        (f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]><a>{"&x;" * 50_000}</a>', ""),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://dojang.invalid/x">%x;]><a/>', ""),
        ("<a>&nbsp;</a>", "line 1"),
    ],
)
def test_no_dtd_and_no_entity(data, why):
    refused(data.encode(), why)


@pytest.mark.parametrize("data", ["<?x y?><a/>", "<a><?x y?></a>", "<a/><?x y?>", "<a><b><?x?></b></a>"])
def test_no_processing_instruction_before_inside_or_after_the_root(data):
    refused(data.encode(), "processing instruction")


@pytest.mark.parametrize(
    "data",
    [
        "<a>한</a>".encode("utf-16"),
        "<a>한</a>".encode("utf-16-le"),
        "<a>한</a>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="UTF-16"?><a>한</a>'.encode("utf-16"),
        "<a>한</a>".encode("utf-32"),
        "<a>한</a>".encode("euc-kr"),
        b"<a>\xff</a>",
        b"<a>\xc0\xbc</a>",  # "<" in two bytes
        b"<a>\xed\xa0\x80</a>",  # half a surrogate pair
        b"<a>\xf4\x90\x80\x80</a>",  # beyond Unicode
    ],
)
def test_other_bytes_than_utf_8_are_refused(data):
    refused(data, "")


@pytest.mark.parametrize(
    "encoding", ["EUC-KR", "UTF-16", "ISO-8859-1", "US-ASCII", "utf-7", "windows-949", "x"]
)
@pytest.mark.parametrize("quote", "'\"")
def test_another_declared_encoding_is_refused_even_where_the_bytes_are_utf_8(encoding, quote):
    # Whoever believes the declaration reads another text from the same bytes.
    refused(f"<?xml version='1.0' encoding={quote}{encoding}{quote}?><a>한</a>".encode(), "UTF-8")


@pytest.mark.parametrize("version", ["1.1", "1.5", "2.0"])
def test_another_version_of_xml_is_refused(version):
    # XML 1.1 ends lines where 1.0 does not.
    refused(f'<?xml version="{version}" encoding="UTF-8"?><a>\x85</a>'.encode(), "XML 1.0")


@pytest.mark.parametrize(
    "declaration",
    [
        "",
        "<?xml version='1.0'?>",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>',
        '<?xml\n version = "1.0"\tencoding = \'Utf-8\' standalone="yes" ?>\r\n',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
        "\ufeff",
    ],
)
def test_every_way_to_declare_utf_8_is_read(declaration):
    assert canonical(parse(f"{declaration}<a>한</a>".encode())) == "<a>한</a>".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"junk",
        b"<a>",
        b"<a></b>",
        b"<a/><a/>",
        b"<a/>x",
        b"<a/>\x00",
        b"<a>\x00</a>",
        b"<a>\x01</a>",
        b"<a>&#0;</a>",
        b"<a>&#xD800;</a>",
        b"<a>&#xFFFE;</a>",
        b"<a>]]></a>",
        b"<b:a/>",
        b'<a b:c="1"/>',
        b'<a b="1" b="2"/>',
        b'<a xmlns:x="u:u" xmlns:y="u:u" x:c="1" y:c="2"/>',
        b'<a xmlns:b=""/>',
        b"<a><![CDATA[x</a>",
        b"<a><!--x</a>",
        b' <?xml version="1.0"?><a/>',
    ],
)
def test_what_is_not_well_formed_is_refused_with_its_line(data):
    refused(data, "not well-formed at line 1")


def test_the_line_is_the_one_that_is_wrong():
    refused(b"<a>\n<b>\n</a>", "line 3")


@pytest.mark.parametrize(
    "attribute", ['xml:lang="ko"', 'xml:space="preserve"', 'xml:id="a"', 'xml:base="u:u"']
)
def test_attributes_of_xml_itself_are_refused_anywhere(attribute):
    refused(f"<a {attribute}/>".encode(), "xml: attribute")
    refused(f"<a><b><c {attribute}/></b></a>".encode(), "xml: attribute")


def test_declaring_the_prefix_xml_is_no_attribute():
    assert canonical(parse(b'<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>')) == b"<a></a>"


def test_a_relative_namespace_has_no_canonical_form():
    refused(b'<a xmlns:b="relative"/>', "namespace")


# Size --------------------------------------------------------------------------------------------------------


def test_more_bytes_than_allowed_are_refused_unread():
    refused(b"<" * (MAX_BYTES + 1), "larger than 1,048,576 bytes")
    refused(b"<a/>", "larger than 3 bytes", max_bytes=3)
    assert parse(b"<a/>", max_bytes=4).tag == "a"


def test_depth_is_bounded():
    assert parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).tag == "a"
    refused(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "too deep")
    refused(b"<a>" * 100_000 + b"</a>" * 100_000, "")


def test_the_number_of_elements_and_attributes_is_bounded():
    assert parse(b"<a>" + b"<b/>" * (MAX_NODES - 1) + b"</a>").tag == "a"
    refused(b"<a>" + b"<b/>" * MAX_NODES + b"</a>", "too many elements")
    refused(b"<a>" + b"<b/>" * 250_000 + b"</a>", "too many elements")
    attributes = " ".join(f'a{n}=""' for n in range(MAX_NODES))
    refused(f"<a {attributes}/>".encode(), "too many elements")
    refused(b"<a>" + b'<b c="" d=""/>' * 60_000 + b"</a>", "too many elements")
    refused(b"<a>" + (b"<b>" * 30 + b"</b>" * 30) * 4_900 + b"</a>", "too many elements")


def declarations(count: int) -> str:
    return " ".join(f'xmlns:n{n}="u:{n}"' for n in range(count))


def test_the_number_of_prefixes_is_bounded_since_c14n_takes_its_square():
    assert parse(f"<a {declarations(MAX_PREFIXES)}/>".encode()).tag == "a"
    refused(f"<a {declarations(MAX_PREFIXES + 1)}/>".encode(), "too many namespaces")
    refused(f"<a {declarations(30_000)}/>".encode(), "too many namespaces")
    refused(f"<a {declarations(5_000)}>{'<b/>' * 9_000}</a>".encode(), "too many namespaces")


def test_one_prefix_declared_a_thousand_times_is_one():
    assert parse(b"<a>" + b'<b xmlns:n="u:n" xmlns="u:n"/>' * 1_000 + b"</a>").tag == "a"


def test_the_worst_that_is_let_through_is_quick():
    tag = f"<a {declarations(MAX_PREFIXES)}>"
    data = f"{tag * (MAX_DEPTH - 2)}{'<b/>' * (MAX_NODES - 100)}{'</a>' * (MAX_DEPTH - 2)}".encode()
    begun = time.perf_counter()
    canonical(parse(data))
    assert time.perf_counter() - begun < 2 * QUICKLY


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00", b"\xff", b"<", b">", b"&", b"<a>", b"<a ", b'<a b="', b"<!--", b"<![CDATA[", b"<?x ", b"<!DOCTYPE a[",
        b"xmlns", b"xmlns:", b"xmlns =", b"<?xml ", b"<?xml version='1.0'   ", b"\xef\xbb\xbf", b"]]>", b"&#1;", b"%x;",
    ],
)  # fmt: skip
def test_a_megabyte_of_junk_is_refused_quickly(junk):
    refused((junk * (MAX_BYTES // len(junk) + 1))[:MAX_BYTES], "")
    refused(b"<a>" + (junk * (MAX_BYTES // len(junk)))[: MAX_BYTES - 3], "")


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_or_read(data):
    with contextlib.suppress(XmlRefused):
        canonical(parse(data))


@given(st.sampled_from(SIGNED + UNSIGNED), st.data())
def test_a_damaged_document_is_refused_or_read(path, data):
    octets = path.read_bytes()
    start = data.draw(st.integers(0, len(octets)))
    end = data.draw(st.integers(start, min(len(octets), start + 40)))
    with contextlib.suppress(XmlRefused):
        canonical(parse(octets[:start] + data.draw(st.binary(max_size=8)) + octets[end:]))


@pytest.mark.parametrize("path", SIGNED, ids=lambda path: path.stem)
def test_a_truncated_document_is_refused(path):
    octets = path.read_bytes().rstrip()
    for length in range(0, len(octets), 997):
        refused(octets[:length], "")
    refused(octets[:-1], "")


# The canonical form and its slices ---------------------------------------------------------------------------


def test_comments_and_cdata_are_gone_and_text_is_one():
    root = parse(b"<!--x--><a>1<!-- & -->2<![CDATA[<3>]]>4</a><!--y-->")
    assert root.text == "12<3>4"
    assert canonical(root) == b"<a>12&lt;3&gt;4</a>"


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), st.sampled_from([b"a", b"b", b"c"])
)
def test_no_text_can_be_taken_for_a_tag(text, name):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\ufffe", "")
    escaped = escaped.replace("\uffff", "").replace("]]>", "]]&gt;")
    data = f'<r><b t="{escaped}&lt;a>&lt;b &lt;c>">{escaped}&lt;a>&lt;/b></b><![CDATA[<c></c><a>]]></r>'
    octets = canonical(parse(data.encode()))
    assert (only(octets, name) is not None) == (name == b"b")
    span = only(octets, b"b")
    assert octets[: span.start] == b"<r>"
    assert octets[span.start : span.end].endswith(b"</b>")
    assert octets[span.end :] == b"&lt;c&gt;&lt;/c&gt;&lt;a&gt;</r>"


def test_only_finds_the_one_element_of_a_name_with_or_without_attributes():
    assert only(b"<a><bb></bb></a>", b"b") is None
    assert only(b"<a><bb></bb><b>1</b></a>", b"b") == Span(12, 20)
    assert only(b'<a><b x="1">1</b></a>', b"b") == Span(3, 17)
    assert only(b"<a></a>", b"a") == Span(0, 7)


@pytest.mark.parametrize("octets", [b"<a><b></b><b></b></a>", b'<a><b><b x=""></b></b></a>'])
def test_only_refuses_a_second_one(octets):
    with pytest.raises(XmlRefused, match="more than one b"):
        only(octets, b"b")


@pytest.mark.parametrize(
    ("octets", "xmlns", "rest"),
    [
        (b"<a>x</a>", b"", b"x</a>"),
        (b'<a b="x > y">x</a>', b"", b"x</a>"),
        (b'<a xmlns="u:a" xmlns:b="u:b" b:c="xmlns=">x</a>', b' xmlns="u:a" xmlns:b="u:b"', b"x</a>"),
        (b'<a xmlnsx="1">x</a>', b"", b"x</a>"),
        (b'<p:a xmlns:p="u:&gt;>"></p:a>', b' xmlns:p="u:&gt;>"', b"</p:a>"),
    ],
)
def test_the_root_tag_gives_its_declarations_and_its_end(octets, xmlns, rest):
    found, end = root_tag(octets)
    assert found == xmlns
    assert octets[end:] == rest


def test_a_part_in_context_has_the_declarations_it_inherits():
    assert in_context(b"<b><c></c></b>", b' xmlns="u:a"') == b'<b xmlns="u:a"><c></c></b>'


@pytest.mark.parametrize("part", [b'<b Id="x"></b>', b'<b xmlns:c="u:c"></b>'])
def test_a_part_with_attributes_or_declarations_of_its_own_is_refused(part):
    with pytest.raises(XmlRefused):
        in_context(part, b' xmlns="u:a"')


def test_the_local_name_is_without_namespace_and_prefix():
    assert local_name(parse(b'<p:a xmlns:p="u:a"/>')) == "a"
    assert local_name(parse(b"<a/>")) == "a"
