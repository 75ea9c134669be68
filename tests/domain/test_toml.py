"""What is written as TOML is read back by the standard library."""

import tomllib

from hypothesis import example, given
from hypothesis import strategies as st

from chatpaper.domain.text.toml import quote_toml


@given(st.text())
@example("\x7f")
@example('C:\\papers\n"扩散"')
def test_any_text_comes_back(text: str) -> None:
    assert tomllib.loads(f"text = {quote_toml(text)}") == {"text": text}
