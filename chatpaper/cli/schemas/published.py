"""The JSON Schemas of all JSON that chatpaper writes for other programs.

A copy of each is in `docs/schemas`; a test compares them. Keys may be added in any release, so the
schemas allow keys that they do not describe. A change that could break a reader (a key removed or
renamed, a type or value that was not possible before) needs a new version of the schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from chatpaper.app.agents.asking import AnswerJson
from chatpaper.app.check_report import CheckReportJson, VerifiedCheckReportJson
from chatpaper.cli.schemas.backfill_json import BackfillJson
from chatpaper.cli.schemas.config_json import ConfigJson
from chatpaper.cli.schemas.lint_json import LintReportJson
from chatpaper.cli.schemas.retry_json import RetriedPaperJson
from chatpaper.cli.schemas.search_json import SearchHitJson
from chatpaper.cli.schemas.status_json import StatusJson
from chatpaper.cli.schemas.topics_json import TopicsJson
from chatpaper.domain.project import PROJECT_URL
from chatpaper.extract.serialization import ExtractionJson, FailedExtractionJson
from chatpaper.pipeline.report.report_json import RunReportJson
from chatpaper.write.export.export import ExportedPaperJson
from chatpaper.write.overview.overview_json import OverviewJson
from chatpaper.write.post_models import PostJson

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _ClosedSchema(GenerateJsonSchema):
    """A schema without the titles that pydantic makes of the names in the code."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Give no field a title: its key and its description say more."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe a model without the name of its class."""
        described = super().model_schema(schema)
        described.pop("title", None)
        return described


class _OpenSchema(_ClosedSchema):
    """The same for readers, who have to accept keys that later releases add."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe a model to which keys may be added."""
        described = super().model_schema(schema)
        described.pop("additionalProperties", None)
        return described


@dataclass(frozen=True, slots=True)
class PublishedSchema:
    """A kind of JSON document with the version of its schema.

    `type` is what pydantic describes. In the mode "validation" keys with a default may be missing,
    as in what earlier versions wrote.
    """

    name: str
    version: int
    title: str
    type: Any
    mode: JsonSchemaMode = "serialization"

    @property
    def id(self) -> str:
        """The URI that names this version of the schema."""
        return f"{PROJECT_URL}/schemas/{self.name}/{self.version}"

    def to_json_schema(self, *, closed: bool = False) -> dict[str, Any]:
        """Return the schema; a `closed` one forbids all keys that it does not describe."""
        described = TypeAdapter(self.type).json_schema(
            mode=self.mode, schema_generator=_ClosedSchema if closed else _OpenSchema
        )
        return {"$schema": DIALECT, "$id": self.id, "title": self.title, **described}


SCHEMAS: Mapping[str, PublishedSchema] = {
    schema.name: schema
    for schema in (
        PublishedSchema("backfill", 1, "What `chatpaper backfill --json` prints", BackfillJson),
        PublishedSchema("ask", 1, "What `chatpaper ask --json` prints", AnswerJson),
        PublishedSchema(
            "check",
            1,
            "What `chatpaper check --json` prints",
            CheckReportJson | VerifiedCheckReportJson,
        ),
        PublishedSchema("config", 1, "What `chatpaper config show --json` prints", ConfigJson),
        PublishedSchema(
            "exported-paper",
            1,
            "A line of what `chatpaper export --format jsonl` prints",
            ExportedPaperJson,
            "validation",
        ),
        PublishedSchema(
            "extraction",
            1,
            "The JSON file that `chatpaper extract` writes",
            ExtractionJson | FailedExtractionJson,
        ),
        PublishedSchema("lint", 1, "What `chatpaper lint --json` prints", LintReportJson),
        PublishedSchema(
            "overview",
            1,
            "The JSON file beside an overview, and what `chatpaper overview --json` prints",
            OverviewJson,
        ),
        PublishedSchema("post", 1, "The JSON file beside a post", PostJson),
        PublishedSchema(
            "retry", 1, "What `chatpaper retry --json` prints", tuple[RetriedPaperJson, ...]
        ),
        PublishedSchema(
            "run-report",
            1,
            "The report of a run: a file of the state folder, and what `--json` prints",
            RunReportJson,
        ),
        PublishedSchema(
            "search", 1, "What `chatpaper search --json` prints", tuple[SearchHitJson, ...]
        ),
        PublishedSchema("status", 1, "What `chatpaper status --json` prints", StatusJson),
        PublishedSchema(
            "topics",
            1,
            "What `chatpaper topics list --json` and `chatpaper topics show --json` print",
            TopicsJson,
        ),
    )
}
