"""Posts as notes of Obsidian."""

import re

import pytest

from chatpaper.write.markup.obsidian import to_link_text, write_note


@pytest.mark.parametrize(
    ("post", "note"),
    [
        ("![图 &#91;1&#93;](/a/b%20c.png)", "![[a/b c.png|图 1]]"),
        ("![图](b.png)", "![图](b.png)"),
        ('<img src="/a.png" alt="">', "![[a.png]]"),
        (
            "<details>\n<summary>图 *</summary>\n\n甲\n\n乙\n</details>\n\n丙",
            "> [!abstract]- 图 \\*\n>\n> 甲\n>\n> 乙\n\n丙",
        ),
        ("- 甲<br>乙", "- 甲<br>乙"),
        ('[题](#p)<br>\n\n## <a id="p"></a>题 &#91;目', "[[#题 目|题]]\n\n## 题 &#91;目"),
        ("[题](#q)", "题"),
        (
            "[2026](../2026-11-20/a%20b.md) [b](../c.png)",
            "[[../2026-11-20/a b|2026]] [b](../c.png)",
        ),
        ("a [[b]] ==c== %%d%%", "a &#91;[b]] &#61;=c&#61;= &#37;%d&#37;%"),
        ("$a==b$ `[[x]]` <https://a.org/?b==c>", "$a==b$ `[[x]]` <https://a.org/?b==c>"),
    ],
)
def test_each_part_of_a_post_has_its_form_in_a_note(post: str, note: str) -> None:
    lines = [line.rstrip() for line in write_note(post).strip("\n").split("\n")]
    assert re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) == note


def test_no_link_can_be_ended_or_made_by_its_text() -> None:
    shown = to_link_text("a]] [[b|c#d^e <script> `x` %%y%% \\*z\\* &lt;p>")
    assert not set(shown) & set("[]|#^<>`%*")
