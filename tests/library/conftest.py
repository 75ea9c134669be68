"""The reader of LaTeX with which the truth of the example library is derived."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

LIBRARY = Path(__file__).parents[2] / "examples" / "library"


@pytest.fixture(scope="session")
def latex_text() -> ModuleType:
    spec = importlib.util.spec_from_file_location("library_latex_text", LIBRARY / "latex_text.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
