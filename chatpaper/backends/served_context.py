"""How much a server takes at once, as it says itself where it is asked about its models.

Sources: the listings of vLLM and SGLang (`max_model_len`), OpenRouter and Together
(`context_length`), Groq (`context_window`), Mistral and LM Studio (`max_context_length`); Ollama's
/api/ps and /api/show; llama.cpp's /props.
"""

import re
from collections.abc import Callable, Mapping

# What a server says of a model that it has loaded; `loaded_context_length` is LM Studio's.
_KEYS = (
    "max_model_len",
    "loaded_context_length",
    "context_length",
    "context_window",
    "max_context_length",
    "n_ctx",
)
_NUM_CTX = re.compile(r"^\s{0,9}num_ctx\s{1,99}(\d{1,9})\s{0,9}$", re.MULTILINE)
_WITHOUT_TAG = ":latest"


def read_context_tokens(
    model: str,
    listing: object,
    ask: Callable[[str, Mapping[str, object] | None], object],
    *,
    is_own: bool,
) -> int | None:
    """Return how many tokens, prompt and answer, a server takes; None where it does not say.

    `listing` is the answer to /models. `ask` asks the paths that servers of one's own (`is_own`)
    have besides, with a body or without: it returns JSON, or None where nothing usable came.
    """
    listed = _of_model(listing, "data", model)
    if listed is not None or not is_own:
        return listed
    loaded = _of_model(ask("/api/ps", None), "models", model)
    if loaded is not None:
        return loaded
    shown = ask("/api/show", {"model": model})
    if isinstance(shown, Mapping):
        chosen = _NUM_CTX.findall(str(shown.get("parameters", "")))
        return int(chosen[-1]) if chosen else None
    props = ask("/props", None)
    return (
        _number_in(props.get("default_generation_settings")) if isinstance(props, Mapping) else None
    )


def _of_model(body: object, key: str, model: str) -> int | None:
    """Return what a list of models says of one.

    For a server with a single model it is what is said of that, under whatever name.
    """
    models = body.get(key) if isinstance(body, Mapping) else None
    known = (
        [each for each in models if isinstance(each, Mapping)] if isinstance(models, list) else []
    )
    named = [each for each in known if model in _names_of(each)]
    chosen = named or (known if len(known) == 1 and key == "data" else [])
    return next(
        (
            number
            for each in chosen
            for number in [_number_in(each), _number_in(each.get("meta"))]
            if number
        ),
        None,
    )


def _names_of(entry: Mapping[object, object]) -> set[str]:
    names = {str(entry.get(key)) for key in ("id", "name", "model")}
    return names | {name.removesuffix(_WITHOUT_TAG) for name in names}


def _number_in(record: object) -> int | None:
    if not isinstance(record, Mapping):
        return None
    numbers = (record.get(key) for key in _KEYS)
    return next((number for number in numbers if type(number) is int and number > 0), None)
