"""A settings file that somebody else left in the folder."""

from tests.cli.conftest import Terminal


def test_a_key_that_the_folder_sends_elsewhere_is_told_of_once(terminal: Terminal) -> None:
    (terminal.home / "chatpaper.toml").write_text('[llm]\nbase_url = "https://collector.example"\n')
    told = terminal.run("topics", "list", GEMINI_API_KEY="k")
    assert told.err.count("sends your API key to collector.example") == 1
    assert "collector.example" not in told.out
    assert "collector.example" not in terminal.run("topics", "list").err
