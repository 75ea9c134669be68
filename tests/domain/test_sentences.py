import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.sentences import (
    find_statement_spans,
    find_stop_spans,
    split_sentences,
)

TEXTS = st.text(st.sampled_from("aA1 .!?;。；！[]()”\n-e.g"), max_size=30)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" One. Two! Three? ", ["One.", "Two!", "Three?"]),
        (
"It is 3.5 points. At example.com it is not.", ["It is 3.5 points.", "At example.com it is not."],
),
        (
"Smith et al. Report it, e.g. BERT, vs. GPT.", ["Smith et al. Report it, e.g. BERT, vs. GPT."],
),
        ("See Fig. 2 and Eqs. 3. Then stop.", ["See Fig. 2 and Eqs. 3.", "Then stop."]),
        ("See Table. 8 for it. It is so.", ["See Table. 8 for it.", "It is so."]),
        ("J. Doe wrote it. So did Dr. Roe.", ["J. Doe wrote it.", "So did Dr. Roe."]),
        ("cats, dogs, etc. We sort them.", ["cats, dogs, etc.", "We sort them."]),
        ("w.r.t. Adam it is fast.", ["w.r.t. Adam it is fast."]),
        ("first. second", ["first. second"]),
        ("第一句。第二句！第三句", ["第一句。", "第二句！", "第三句"]),
        ("It is fast. 这是第二句。", ["It is fast.", "这是第二句。"]),
        ("A title\n\nA text\ngoes on.", ["A title", "A text\ngoes on."]),
        ("He said “it holds.” It does. (So do we.) Yes.",
["He said “it holds.”", "It does.", "(So do we.)", "Yes."],
),
        ("他说：“成立。”确实。（我们也说。）是",
["他说：“成立。”", "确实。", "（我们也说。）", "是"],
),
        ("We show D (a.k.a. Delta), which holds. So.",
["We show D (a.k.a. Delta), which holds.", "So."],
),
        ("It is in [0, 1). A (b. C. The rest", ["It is in [0, 1).", "A (b.", "C. The rest"]),
        ("Items:\n- one\n- two\n(3) three", ["Items:", "- one", "- two", "(3) three"]),
    ],
)  # fmt: skip
def test_prose_is_split(text: str, sentences: list[str]) -> None:
    found = list(split_sentences(text))

    assert [sentence.text for sentence in found] == sentences
    assert all(text.startswith(each.text, each.start) for each in found)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", []),
        ("一；二。三", ["一；", "二。", "三"]),
        ("He said “no!” Then. 3.5 is; so", ["He said “no!”", " Then.", " 3.5 is;", " so"]),
        ("See ![image](x.png)\nhere", ["See ![image](x.png)\n", "here"]),
    ],
)
def test_answers_are_split_at_clauses(text: str, clauses: list[str]) -> None:
    assert [text[start:end] for start, end in find_statement_spans(text)] == clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
"Smith et al. report it. Go to a.com/b now", ["Smith et al.", " report it.", " Go to a.com/b now"],
),
        ("3.5 points! 好。也好", ["3.5 points!", " 好。", "也好"]),
        ("one\ntwo\n\nthree", ["one\ntwo", "\nthree"]),
    ],
)  # fmt: skip
def test_every_stop_ends_a_span(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in find_stop_spans(text)] == parts


@given(TEXTS)
def test_clauses_are_the_whole_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in find_statement_spans(text)) == text


@given(TEXTS)
def test_sentences_lose_nothing_but_spaces(text: str) -> None:
    kept = "".join(sentence.text for sentence in split_sentences(text))

    assert "".join(text.split()) == "".join(kept.split())
