"""HTML of posts, written as Markdown."""

import pytest

from chatpaper.write.markup.without_html import replace_html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("a<br>b", "a\\\nb"),
        ("a<br>\nb", "a\\\nb"),
        ("1. a<br>b", "1. a\\\n   b"),
        ("> - a<br>b", "> - a\\\n>   b"),
        ("| a<br>b |", "| a · b |"),
        ('<img src="a.png" alt="图 [1]" width="3">', "![图 &#91;1&#93;](a.png)"),
        (
            '<p><a href="https://a.org/b_c">A*B &amp; C</a></p>',
            "\n[A\\*B & C](https://a.org/b_c)\n",
        ),
        ('<p><a href="https://a.org">A] B</a> C] D</p>', "\n[A&#93; B](https://a.org) C] D\n"),
        ("<details>\n<summary>图</summary>\n</details>", "\n\n\n**图**\n\n\n"),
        ('## <a id="p-1"></a>题目', "## 题目 {#p-1}"),
        ("[a](#p-1) &lt;br> <https://a.org>", "[a](#p-1) &lt;br> <https://a.org>"),
        ("---\ntitle: <br>\n---\n\na<br>b", "---\ntitle: <br>\n---\n\na\\\nb"),
        ("    - x\n\n    <p>y</p>\n", "    - x\n\n    \n    y\n\n"),
    ],
)
def test_each_element_has_its_markdown(html: str, markdown: str) -> None:
    written = replace_html(html)
    assert [line.rstrip() for line in written.split("\n")] == [
        line.rstrip() for line in markdown.split("\n")
    ]
