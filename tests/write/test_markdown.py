"""What comes from papers and models shows as itself, whatever it is."""

import re
from html.parser import HTMLParser

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatpaper.write.markup.markdown import (
    SafeMarkdown,
    escape_and_link,
    escape_attribute,
    escape_image_text,
    escape_markdown,
    find_urls,
    format_code,
    format_quote,
    sanitize_line,
    to_link_target,
    to_yaml_scalar,
)

GFM = MarkdownIt("gfm-like", {"linkify": False})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markdown: str) -> _Reader:
    reader = _Reader()
    reader.feed(GFM.render(markdown))
    return reader


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "[x]: http://evil.example",
    "# heading",
    "## A title #",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "``` fence",
    "~~~ fence",
    "~~gone~~",
    "*emphasis* and _emphasis_ and **strong**",
    "snake_case_name and __init__",
    "a | b | c",
    "back\\slash \\* \\alpha",
    "&lt; &amp; &#60;script&#62; & plain",
    "`code`",
    "[^1] footnote",
    "[ ] task",
    "costs $5 and $10",
    "line one\nline two\n\n# heading",
    "---",
    "===",
    "tab\tand\x00control\x08",
    "mailto:someone@example.org",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_shows_as_itself(payload: str) -> None:
    shown = read(escape_markdown(payload))
    assert " ".join(shown.text.split()) == sanitize_line(payload)
    assert [tag for tag, _ in shown.tags] == ["p"]


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_without_maths_shows_as_itself(text: str) -> None:
    text = text.replace("$", "S")
    shown = read(f"x {escape_markdown(text)}")
    assert " ".join(shown.text.split()) == sanitize_line(f"x {sanitize_line(text)}")
    assert {tag for tag, _ in shown.tags} == {"p"}


@pytest.mark.parametrize(
    "tag", ["{{ config.title }}", "{% raw %}", "{# note #}", "{{{{ x }}}}", "}}", "%}"]
)
def test_template_tags_of_hexo_are_no_tags_any_more(tag: str) -> None:
    for made in (escape_markdown(tag), escape_attribute(tag)):
        assert not re.search(r"\{\{|\{%|\{#|\}\}|%\}|#\}", made)
        assert read(made).text.strip() == tag


@pytest.mark.parametrize(
    "text", ["x {onclick=alert(1)}", "$x${: onclick=alert(1)}", "{.class #id}"]
)
def test_braces_outside_formulas_are_no_attributes(text: str) -> None:
    assert "{" not in escape_markdown(text)
    assert read(escape_markdown(text)).text.strip() == text


# Names and files that end like domains; sites make links of them.
NAMES = [
    "x.рф/a",
    "x.xn--p1ai/a",
    "//localhost/x",
    "//1.2.3.4/x",
    "Amazon.com",
    "scikit-learn.org",
    "train.py",
    "README.md",
    "shop.example.com/a",
    "mAP@0.5",
    "node.js",
]


@pytest.mark.parametrize(
    "address", ["http://a.example/x", "https://a.example", "www.a.example", "me@a.example", *NAMES]
)
def test_bare_addresses_in_plain_text_become_no_links(address: str) -> None:
    reader = _Reader()
    reader.feed(MarkdownIt("gfm-like").render(escape_markdown(f"see {address} now")))
    assert [tag for tag, _ in reader.tags] == ["p"]
    assert reader.text.strip() == f"see {address} now"


@pytest.mark.parametrize(
    "address", ["http://a.example.com", "www.a.com", "a.com", "me@a.com", "mailto:me@a.com", "x.рф"]
)
def test_addresses_in_formulas_become_no_links(address: str) -> None:
    assert "<a" not in MarkdownIt("gfm-like").render(escape_markdown(f"see $x {address} y$ now"))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("代码见https://github.com/a/b_c。谢谢", "https://github.com/a/b_c"),
        ("Code (https://a.example/x).", "https://a.example/x"),
        ("https://a.example/?q=1&r=2, 5 pages", "https://a.example/?q=1&r=2"),
    ],
)
def test_an_address_in_metadata_links_to_itself_and_ends_before_punctuation(
    text: str, target: str
) -> None:
    shown = read(escape_and_link(text))
    assert [attributes.get("href") for tag, attributes in shown.tags if tag == "a"] == [target]
    assert shown.text.strip() == text


def test_maths_is_kept_and_no_reader_of_markdown_takes_it_apart() -> None:
    made = escape_markdown(
        r"rate $O(n^2)$ of $\mathbf{x}_i$ and $y_{j}*z$ with $a<b>$ in $\{a\,|\,\|a\|\}$ of $https://a.example$"
    )
    shown = read(made)
    assert [tag for tag, _ in shown.tags] == ["p"]
    assert shown.text.replace(" ", "").strip() == (
        r"rate$O(n^2)$of$\mathbf{x}_i$and$y_{j}*z$with$a\ltb\gt$"
        r"in$\lbracea\thinspace|\thinspace\Verta\Vert\rbrace$of$https:/{}/a.example$"
    )
    assert " $ " not in made, "a space before a dollar keeps it from closing"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_only_web_addresses_and_relative_paths_are_link_targets(url: str) -> None:
    assert to_link_target(url) == ""


def test_a_link_target_cannot_end_its_link() -> None:
    assert to_link_target('https://a.example/x) <b> "') == "https://a.example/x%29%20%3Cb%3E%20%22"
    assert (
        to_link_target("Diffusion_Models/2407.18125/figure-1.png")
        == "Diffusion_Models/2407.18125/figure-1.png"
    )


# Signs of the front matter that stand in for others, and the sign that themes print raw.
STAND_INS = str.maketrans("＜＆＼｀｛｝＃％“”‘’", "<&\\`{}#%\"\"''")


@given(st.text(st.characters(exclude_characters="＜＆＼｀｛｝＃％“”‘’"), max_size=60))
def test_a_value_of_the_front_matter_reads_as_it_was_wherever_a_theme_prints_it(text: str) -> None:
    line = f"title: {to_yaml_scalar(text)}\n"
    assert "\n" not in line[:-1]
    read_back = yaml.safe_load(line)["title"]
    assert read_back.translate(STAND_INS) == sanitize_line(text)
    assert not re.search(r"[<\"'\\`]|&(#|\w+;)|\{\{|\{%|\{#|\}\}|%\}|#\}", read_back)


@pytest.mark.parametrize(
    "text",
    [
        "1e5",
        "1E5",
        "0o17",
        "0b11",
        "0xFF",
        "1_000",
        "12:30:45",
        "017",
        "3.",
        ".5e3",
        "-1e-3",
        ".inf",
    ],
)
def test_what_any_reader_of_yaml_takes_for_a_number_is_quoted(text: str) -> None:
    assert to_yaml_scalar(text) == f"'{text}'"


@pytest.mark.parametrize("text", ["3D Gaussians", "A title", "1e5 steps", "2D-to-3D", "e5", "inf"])
def test_titles_that_only_begin_like_numbers_stay_bare(text: str) -> None:
    assert to_yaml_scalar(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\\';alert(1);//", "＼’;alert(1);//"),
        ('0;url=//evil" http-equiv="refresh', "0;url=//evil” http-equiv=”refresh"),
        (
            'On "Attention" and the models\' (many) "uses"',
            "On “Attention” and the models’ (many) “uses”",
        ),
        ("AT&T, R&D &lt;b&gt;", "AT&T, R&D ＆lt;b＆gt;"),
    ],
)
def test_a_value_of_the_front_matter_ends_no_string_and_no_attribute(text: str, shown: str) -> None:
    assert yaml.safe_load(to_yaml_scalar(text)) == shown


@given(st.text(max_size=60))
def test_an_attribute_is_read_back_as_it_was(text: str) -> None:
    reader = _Reader()
    reader.feed(f'<img alt="{escape_attribute(text)}">')
    assert reader.tags == [("img", {"alt": sanitize_line(text)})]


def test_characters_that_turn_text_around_are_dropped() -> None:
    assert sanitize_line("a\u202egnp.exe\u2066b") == "agnp.exeb"


def test_every_line_of_a_quote_bears_its_mark() -> None:
    assert format_quote("one\ntwo\n\n1. three") == "> one two\n>\n> 1\\. three"
    assert format_quote("see https://a.org.", links=True) == "> see <https://a.org>."
    assert "<https" not in format_quote("see https://a.org.")
    assert format_quote(SafeMarkdown("**no** text")) == "> **no** text"


@given(st.text(min_size=1))
def test_nothing_leaves_a_quote(text: str) -> None:
    assert all(line.startswith(">") for line in format_quote(text).split("\n") if line)


def test_what_would_end_code_is_printed_full_width() -> None:
    assert format_code("a`b{{c}}<i>") == "`a｀b｛｛c｝｝＜i＞`"


@given(st.text())
def test_nothing_leaves_the_text_of_an_image(text: str) -> None:
    assert not set(escape_image_text(text)) & set("[]`<>{}$\\")


def test_addresses_end_before_the_punctuation_behind_them() -> None:
    assert find_urls("见 https://a.org/x。代码：https://github.com/a/b, http://c.org)") == (
        "https://a.org/x",
        "https://github.com/a/b",
        "http://c.org",
    )
