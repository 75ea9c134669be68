"""What is told of the posts that a run wrote."""

from collections.abc import Sequence
from functools import reduce

from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.storage.papers.posts import PostKey
from chatpaper.write.keeping import WrittenPost

WrittenPosts = dict[PostKey, WrittenPost]


def post_warnings(posts: WrittenPosts) -> tuple[str, ...]:
    """One sentence for each post that somebody had edited."""
    return tuple(post.warning for post in posts.values() if post.warning)


def add_post_warnings(
    papers: Sequence[PaperReport], posts: WrittenPosts
) -> tuple[PaperReport, ...]:
    """The reports of the papers, with what there is to say of the posts that they stand in."""
    return tuple(
        reduce(PaperReport.with_warning, post_warnings(_posts_of(report, posts)), report)
        for report in papers
    )


def _posts_of(report: PaperReport, posts: WrittenPosts) -> WrittenPosts:
    keys = ("", report.paper.arxiv_id)
    return {
        key: post
        for key, post in posts.items()
        if key.topic in report.topics and key.arxiv_id in keys
    }
