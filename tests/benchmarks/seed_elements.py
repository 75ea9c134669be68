"""What the formats take over from the documents that they follow.

Each element is looked for in our own posts, in its order.
`python -m tests.benchmarks.seed_elements` publishes the papers of those documents with a fake arXiv
and a fake Gemini, and prints for each format the table of its elements. Ends with 0 where all are
there.

The papers' records are arXiv's (CC0); ids that the documents do not give are made up, and so are
the PDFs: all papers have that of one example, with their titles and abstracts among its pages.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pymupdf

from tests.cli.conftest import Outcome, Terminal
from tests.cli.forked import Forker
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.gemini import VALID_KEY, FakeGemini

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
RECORDS = Path(__file__).parent / "seed_papers.json"
PDF = "step-budgets.pdf"
POST_DATE = "2025-07-04"
WINDOW = ("--since", "2024-06-01", "--until", "2025-07-04")
# The topic under which the papers of each document are found.
TOPICS = {
    "daily": "Diffusion Models",
    "bilingual": "I2I Translation",
    "card": "One Paper",
    "report": "Papers of a Day",
}
SETTINGS = """
[topics."One Paper"]
phrases = ["Comparison Visual Instruction Tuning"]
[topics."Papers of a Day"]
phrases = ["MMIU", "LLaVA-OneVision", "MedTrinity-25M", "CoverBench"]
"""
PUBLISHED = {
    "daily": datetime(2024, 7, 25, 9, 30, tzinfo=UTC),
    "bilingual": datetime(2025, 7, 2, 9, 30, tzinfo=UTC),
    "card": datetime(2024, 6, 13, 9, 30, tzinfo=UTC),
    "report": datetime(2024, 8, 6, 9, 30, tzinfo=UTC),
}


@dataclass(frozen=True)
class Element:
    """A part of a document: how the document has it, and a pattern of how ours does.

    In the pattern, `^` is the start of a line.
    """

    seed: str
    ours: str


def _lines(*pairs: tuple[str, str]) -> tuple[Element, ...]:
    return tuple(Element(seed, ours) for seed, ours in pairs)


_FRONT_MATTER = _lines(
    ("front matter from the first byte: title", r"\A---\ntitle: \S"),
    *[
        (key, rf"^{key}:")
        for key in (
            *("date", "author", "cover", "categories", "tags", "description", "keywords"),
            *(
                "toc",
                "toc_number",
                "toc_style_simple",
                "copyright",
                "copyright_author",
                "copyright_author_href",
            ),
            *(
                "copyright_url",
                "copyright_info",
                "mathjax",
                "katex",
                "aplayer",
                "highlight_shrink",
                "aside",
            ),
        )
    ],
    ("end of the front matter", r"^---$"),
)
_NOTICE = _lines(
    (">⚠️ 以下所有内容总结都来自于 …", r"^>⚠️ .*gemini-\S+"),
    (
        ">🔴 请注意：千万不要用于严肃的学术场景 …",
        r"^>🔴 请注意：千万不要用于严肃的学术场景，只能用于论文阅读前的初筛！$",
    ),
    (
        ">💗 如果您觉得我们的项目对您有帮助 …",
        r"^>💗 如果您觉得我们的项目对您有帮助 \[ChatPaper\]\(https://\S+\)",
    ),
)
_HEAD = _lines(
    ("# 2024-07-26 更新", rf"^# {POST_DATE} 更新$"),
    ("## title", r"^## \S.*$"),
    ("Authors", r"^\*\*Authors:\*\* \S.*$"),
    ("abstract", r"^[A-Z].{80,}$"),
)
_DETAILS = _lines(
    ("<details>", r"^<details>$"),
    ("点此查看论文截图", r"^<summary>点此查看论文截图</summary>$"),
    (
        "figures, each with its caption",
        (
            r'^<img src="[^"]+\.png" alt="(?:Figure|Table) (\d+): ([^"]+)" align="middle"[^>]*>$'
            r"\n<p>[图表] \1：\2</p>$"
        ),
    ),
    ("</details>", r"^</details>$"),
)

ELEMENTS: dict[str, tuple[Element, ...]] = {
    "daily": (
        *_FRONT_MATTER,
        *_NOTICE,
        *_HEAD,
        *_lines(
            ("[PDF](…) comment", r"^\[PDF\]\(http://arxiv\.org/abs/\d{4}\.\d{5}v\d+\)"),
            ("**Summary**", r"^\*\*Summary\*\*$"),
            ("summary", r"^[\u4e00-\u9fff].+。$"),
            ("**Key Takeaways**", r"^\*\*Key Takeaways\*\*$"),
            ("- takeaways", r"^- \S.*[(（]\[第 \d+ 页\]\(https?://\S+#page=\d+\)[)）]$"),
            ("**[ChatPaperFree](…)**", r"^\*\*\[ChatPaper\]\(https://\S+\)\*\*$"),
            ("1. 标题", r"^1\. 标题：\S"),
            ("2. 作者", r"^2\. 作者：\S"),
            ("3. 机构", r"^3\. 机构：\S"),
            ("4. 关键词", r"^4\. 关键词：\S"),
            ("5. 链接", r"^5\. 链接：论文：<http://arxiv\.org/abs/\S+>；"),
            ("6. 总结", r"^6\. 总结：$"),
            ("(1) 研究背景", r"^    - \(1\) 研究背景：\S"),
            ("(2) 过去的方法和存在的问题", r"^    - \(2\) 过去的方法和存在的问题：\S"),
            ("(3) 研究方法", r"^    - \(3\) 研究方法：\S"),
            ("(4) 任务与性能", r"^    - \(4\) 任务与性能：\S"),
            ("7. 方法", r"^7\. 方法：$"),
            ("numbered steps", r"^    - \(1\) \S.*\n\n    - \(2\) \S"),
            ("8. 结论", r"^8\. 结论：$"),
            ("(1) 工作意义", r"^    - \(1\) 工作意义：\S"),
            ("(2) 创新点", r"^    - \(2\) 创新点：\S"),
            ("性能", r"^        性能：\S"),
            ("工作量", r"^        工作量：\S"),
        ),
        *_DETAILS,
    ),
    "bilingual": (
        *_FRONT_MATTER,
        *_NOTICE,
        *_HEAD,
        *_lines(
            ("translated abstract", r"^> [\u4e00-\u9fff].+$"),
            ("论文及项目相关链接", r"^\*\*论文及项目相关链接\*\*$"),
            ("PDF comment", r"^\[PDF\]\(http://arxiv\.org/abs/\d{4}\.\d{5}v\d+\)"),
            ("links found in the paper", r"^代码及项目：<https?://\S+>"),
            ("Summary", r"^\*\*Summary\*\*\n\n\S"),
            ("Key Takeaways, numbered", r"^\*\*Key Takeaways\*\*\n\n1\. \S.*\n2\. \S"),
            (
                "Cool Papers",
                r"^\*\*\[Cool Papers\]\(https://papers\.cool/arxiv/\d{4}\.\d{5}\)\*\*$",
            ),
        ),
        *_DETAILS,
    ),
    "card": _lines(
        ("# Chinese title", r"^# [\u4e00-\u9fff].+$"),
        ("发布时间：2024年06月13日", r"^发布时间：2024年06月13日$"),
        ("class, as a tag", r"^`[^`\n]+`$"),
        ("理由", r"^理由：\S.*[^`]$"),
        ("tags", r"^`[^`\n]+`(?: `[^`\n]+`)*$"),
        ("> English title", r"^> Comparison Visual Instruction Tuning$"),
        ("# 摘要", r"^## 摘要$"),
        ("> Chinese abstract", r"^> [\u4e00-\u9fff].+$"),
        (
            "> English abstract",
            r"^> Comparing two images in terms of Commonalities and Differences .+$",
        ),
        ("every figure", r"^!\[Figure 1: [^\]]+\]\(2406\.09240/figure-1\.png\)$"),
        ("", r"^!\[Figure 2: [^\]]+\]\(2406\.09240/figure-2\.png\)$"),
        ("", r"^!\[Table 1: [^\]]+\]\(2406\.09240/table-1\.png\)$"),
        ("[Arxiv](…)", r"^\[Arxiv\]\(https://arxiv\.org/abs/2406\.09240\)$"),
    ),
    "report": _lines(
        ("# title", r"^## \S.*$"),
        ("[arxiv_pdf_url](…)", r"^\[arxiv_pdf_url\]\(https?://\S+/pdf/\d{4}\.\d{5}v\d+\)$"),
        ("### **论文标题**", r"^### \*\*论文标题\*\*\n\n- [\u4e00-\u9fff]"),
        ("### **作者信息**", r"^### \*\*作者信息\*\*$"),
        ("作者", r"^- \*\*作者\*\*：\S"),
        ("机构", r"^- \*\*机构\*\*：\S"),
        ("项目页面", r"^- \*\*项目页面\*\*：\S"),
        ("### **论文标签**", r"^### \*\*论文标签\*\*\n\n- \S"),
        ("### **研究核心目标与问题**", r"^### \*\*研究核心目标与问题\*\*\n\n- \S"),
        ("### **采用方法与技术**", r"^### \*\*采用方法与技术\*\*\n\n- \S"),
        ("### **实验设计与主要发现**", r"^### \*\*实验设计与主要发现\*\*\n\n- \S"),
        ("### **结论及对未来研究的意义**", r"^### \*\*结论及对未来研究的意义\*\*\n\n- \S"),
        ("### **关键图表与数据**", r"^### \*\*关键图表与数据\*\*\n\n- \S"),
        ("**图1**：…", r"^- \*\*[图表] \d+\*\*：\S.*"),
    ),
}


@dataclass(frozen=True)
class Posts:
    """What a run over the papers of the documents left behind."""

    folder: Path
    outcome: Outcome
    llm_calls: int

    def files(self, post_format: str) -> tuple[Path, ...]:
        """Return the posts of a format under the topic of its document."""
        topic = TOPICS[post_format].replace(" ", "_")
        if post_format == "card":
            return tuple(sorted((self.folder / topic).glob("*.card.md")))
        return (
            self.folder
            / (f"{topic}.md" if post_format == "daily" else f"{topic}.{post_format}.md"),
        )

    def text(self, post_format: str) -> str:
        """Return the first post of a format."""
        return self.files(post_format)[0].read_text("utf-8")


def seed_papers() -> list[FakePaper]:
    """Return the papers of the four documents, as arXiv has them."""
    records = json.loads(RECORDS.read_text("utf-8"))
    pdf = with_pages_of(
        LIBRARY / PDF, [" ".join(r["title"] for r in records), *(r["abstract"] for r in records)]
    )
    return [
        FakePaper(
            record["arxiv_id"],
            record["title"],
            record["abstract"],
            tuple(record["authors"]),
            record["version"],
            PUBLISHED[record["format"]],
            comment=record["comment"] or None,
            pdf=pdf,
        )
        for record in records
    ]


def with_pages_of(pdf: Path, texts: Sequence[str]) -> bytes:
    """Insert a page for each text after the first page of the PDF.

    The PDF of another paper would not be read.
    """
    with pymupdf.open(pdf) as document:
        for number, text in enumerate(texts, start=1):
            document.new_page(pno=number).insert_textbox(
                pymupdf.Rect(72, 72, 523, 770), text, fontsize=10
            )
        return bytes(document.tobytes(no_new_id=True))


def publish(home: Path, forker: Forker | None = None) -> Posts:
    """Publish all of them in all formats, in one run of the command line."""
    (home / "chatpaper.toml").write_text(SETTINGS, "utf-8")
    with ExitStack() as stack:
        arxiv = stack.enter_context(FakeArxiv(seed_papers()))
        gemini = stack.enter_context(FakeGemini())
        terminal = Terminal(
            home,
            {
                "HOME": str(home),
                "CHATPAPER_STATE_DIR": str(home / "state"),
                "CHATPAPER_CACHE_DIR": str(home / "cache"),
                "CHATPAPER_EXTRACT__WORKERS": "1",
                "CHATPAPER_ARXIV__API_URL": arxiv.api_url,
                "CHATPAPER_ARXIV__SITE_URL": arxiv.url,
                "CHATPAPER_ARXIV__OAI_URL": arxiv.oai_url,
                "CHATPAPER_ARXIV__RSS_URL": arxiv.url,
                "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
                "CHATPAPER_LLM__BASE_URL": gemini.url,
                "CHATPAPER_LLM__VERIFY": "never",
                "GEMINI_API_KEY": VALID_KEY,
            },
            forker,
        )
        topics = [argument for topic in TOPICS.values() for argument in ("--topic", topic)]
        formats = [argument for name in ELEMENTS for argument in ("--format", name)]
        outcome = terminal.run("run", *topics, *formats, "--date", POST_DATE, *WINDOW, "--json")
        return Posts(home / "posts" / POST_DATE, outcome, len(gemini.calls))


def found_in_order(text: str, elements: Sequence[Element]) -> Iterator[tuple[Element, str]]:
    """Yield each element with the text that it matches.

    The text is empty where the element is missing or comes too early.
    """
    position = 0
    for element in elements:
        match = re.compile(element.ours, re.MULTILINE).search(text, position)
        yield element, match[0] if match else ""
        position = match.end() if match else position


def main() -> int:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        posts = publish(Path(folder))
        if posts.outcome.exit_code:
            print(posts.outcome.err, file=sys.stderr)
            return 1
        complete = True
        for name, elements in ELEMENTS.items():
            print(f"\n## {name}\n\n| document | ours | present, in order |\n|---|---|---|")
            for element, found in found_in_order(posts.text(name), elements):
                complete = complete and bool(found)
                shown = " ".join(found.split())[:60].replace("|", r"\|")
                print(
                    f"| {element.seed} | `{shown.replace('`', '')}` | {'yes' if found else 'NO'} |"
                )
        return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
