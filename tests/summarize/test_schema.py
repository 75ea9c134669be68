"""The schema is flat and plain, and reads answers field by field."""

import json
from typing import Any

from chatpaper.domain import Claim, Result
from chatpaper.summarize.dialogue.schema import build_json_schema, read_answers
from chatpaper.summarize.prompting.library import Prompts
from tests.summarize.sample import DAILY_FIELDS

FIELDS = Prompts.load().fields(DAILY_FIELDS)
SOME = Prompts.load().fields(["title", "keywords", "key_takeaways"])
GOOD = {
    "title": "标题",
    "keywords": ["甲", "乙", "丙"],
    "key_takeaways": [{"text": f"第{n}点", "quote": "some words"} for n in range(3)],
}


def depth(schema: object) -> int:
    """Count the objects and arrays that are nested in each other."""
    if not isinstance(schema, dict):
        return 0
    parts = [*schema.get("properties", {}).values(), schema.get("items")]
    return 1 + max(map(depth, parts), default=0)


def test_the_schema_is_flat_enough_for_gemini_and_has_no_references() -> None:
    schema = build_json_schema(FIELDS)
    assert depth(schema) <= 4  # object, array, object, string
    text = json.dumps(schema)
    assert "$" not in text
    assert '"title": "' not in text, "names of fields are there already"
    assert len(text) < 3000


def test_every_key_is_required_in_the_order_of_the_fields() -> None:
    schema: Any = build_json_schema(FIELDS)
    assert schema["required"] == list(schema["properties"]) == list(DAILY_FIELDS)


def test_bounds_of_lists_are_stated() -> None:
    properties: Any = build_json_schema(SOME)["properties"]
    takeaways = properties["key_takeaways"]
    assert (takeaways["minItems"], takeaways["maxItems"]) == (3, 7)
    # Models fill the keys in this order: what is copied first is what the statement is then about.
    assert takeaways["items"]["required"] == ["quote", "text"]


def test_a_good_answer_is_read_into_values_of_ours() -> None:
    answers, complaints = read_answers(GOOD, SOME)
    assert complaints == {}
    assert answers == {
        "title": "标题",
        "keywords": ("甲", "乙", "丙"),
        "key_takeaways": tuple(Claim(f"第{n}点", "some words") for n in range(3)),
    }


def test_one_bad_field_does_not_spoil_the_others() -> None:
    answers, complaints = read_answers(GOOD | {"keywords": "甲", "title": None}, SOME)
    assert list(answers) == ["key_takeaways"]
    assert set(complaints) == {"keywords", "title"}
    assert "list" in complaints["keywords"]


def test_lists_are_read_whatever_number_of_items_they_have() -> None:
    fields = Prompts.load().fields(["keywords", "key_takeaways"])
    takeaways = [*GOOD["key_takeaways"]] * 3
    answers, complaints = read_answers({"keywords": ["甲"], "key_takeaways": takeaways}, fields)
    assert complaints == {}
    assert {name: len(answer) for name, answer in answers.items()} == {
        "keywords": 1,
        "key_takeaways": 9,
    }


def test_items_may_have_keys_that_nobody_asked_for_and_cells_that_are_numbers() -> None:
    fields = Prompts.load().fields(["key_takeaways", "results"])
    cells = dict.fromkeys(("task", "data_set", "baseline_name", "source"), "") | {"metric": "F1"}
    answers, complaints = read_answers(
        {
            "key_takeaways": [{"quote": "some words", "text": "一", "page": 3}],
            "results": [cells | {"ours": 92.5, "baseline": 90}],
        },
        fields,
    )
    assert complaints == {}
    assert answers["key_takeaways"] == (Claim("一", "some words"),)
    assert answers["results"] == (Result("", "", "F1", "92.5", "90", "", ""),)


def test_faults_name_their_place() -> None:
    _, complaints = read_answers(
        GOOD | {"key_takeaways": [{"text": "一"}, *GOOD["key_takeaways"]]}, SOME
    )
    assert complaints["key_takeaways"].startswith("key_takeaways.0.quote: ")


def test_missing_fields_are_named_and_unknown_ones_left_aside() -> None:
    answers, complaints = read_answers({"title": " 标题 ", "mood": "good"}, SOME)
    assert answers == {"title": "标题"}
    assert complaints == {
        "keywords": "keywords: is missing",
        "key_takeaways": "key_takeaways: is missing",
    }
