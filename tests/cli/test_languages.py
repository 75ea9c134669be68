"""People are spoken to in their language; programs, logs and exit codes know none."""

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
CHINESE = "zh_CN.UTF-8"


@pytest.fixture
def chinese(terminal: Terminal) -> Terminal:
    terminal.environment["LANG"] = CHINESE
    return terminal


def test_a_night_is_told_of_in_chinese(online: Terminal) -> None:
    online.environment["LANG"] = CHINESE
    done = online.run(*RUN)
    first = done.out.splitlines()[0]
    assert first == "Diffusion Models：找到 3 篇，发布 3 篇，排除 0 篇，失败或等待 0 篇；完成"
    shown = online.run("status")
    assert shown.exit_code == 0
    assert "Diffusion Models：已发布 3，等待 0，失败 0，排除 0" in shown.out
    assert "日期 2026-11-22, 主题 Diffusion Models, 结果 完成" in shown.out
    assert "运行 1 次，调用模型 " in shown.out
    checked = online.run("doctor")
    assert "正常 密钥：密钥已设置" in checked.out
    assert "正常 output_dir：" in checked.out


def test_what_fails_is_told_of_with_what_to_do(online: Terminal, arxiv: FakeArxiv) -> None:
    online.environment["LANG"] = CHINESE
    arxiv.always(status(503))
    done = online.run(*RUN, CHATPAPER_ARXIV__MAX_ATTEMPTS="1")
    assert done.exit_code == 4
    assert "返回 HTTP 503（服务出了故障：请稍后再运行）" in done.err


def test_a_refused_key_is_told_of_with_where_to_get_another(online: Terminal) -> None:
    online.environment["LANG"] = CHINESE
    done = online.run(*RUN, GEMINI_API_KEY="a-wrong-key")
    assert done.exit_code == 2
    assert "服务拒绝了 API 密钥" in done.err
    assert "请到 https://aistudio.google.com/apikey 新建一个" in done.err
    # What is stored is English, and said in Chinese again where it is shown.
    assert "服务拒绝了 API 密钥" in online.run("status").out
    assert "the service refuses the API key" in online.run("status", "--json").out


def test_json_logs_and_exit_codes_are_the_same_in_every_language(online: Terminal) -> None:
    assert online.run(*RUN, "-q").exit_code == 0
    english = online.run("status", "--json")
    schema = online.run("schema", "nonsense", "-vv", "--log-format", "json")
    online.environment["LANG"] = CHINESE
    chinese = online.run("status", "--json")
    assert (chinese.exit_code, chinese.out) == (english.exit_code, english.out)
    again = online.run("schema", "nonsense", "-vv", "--log-format", "json")
    assert again.exit_code == schema.exit_code == 2
    assert "没有 Schema 'nonsense'" in again.err
    assert "Unknown schema 'nonsense'" in schema.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "没有指定主题"),
        (("run", "--topic", "甲骨文缀合"), "在英文标题和摘要里也搜不到它"),
        (("run", "--topic", "LLM", "--format", "brif"), "没有格式 'brif'，可选的有"),
        (("run", "--date", "22.11."), "'--date' 的值无效：'22.11.' 不是 2026-11-22 这样的日期"),
        (("summarize",), "缺少参数"),
        (("summarise",), "没有命令 'summarise'"),
        (("status", "--jsn"), "没有选项"),
        (("summarize", "nothing.pdf"), "没有文件"),
        (("show", "2611.00001"), "没有 2611.00001 的总结"),
        (("init", "hxo", "."), "是否指 'hexo'？"),
        (("config", "show", "--backend", "gemni"), "没有后端 'gemni'，是否指 'gemini'？"),
        (("run", "--topic", "LLM", "--language", "fr"), "不能用 'fr' 写文章，可选的有 en, ja, zh"),
        (("demo", "--language", "fr"), "演示内容没有 'fr' 版，可选的有：zh, en"),
    ],
)
def test_mistakes_are_explained_in_chinese(
    chinese: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    done = chinese.run(*arguments)
    assert done.exit_code == 2
    assert said in "".join(done.err.replace("│", "").split("\n")) or said in done.err


def test_all_that_a_topic_is_searched_for_by_has_chinese_labels(online: Terminal) -> None:
    online.environment["LANG"] = CHINESE
    first, *details, count = online.run("topics", "show", "Diffusion Models").out.splitlines()
    assert first == "Diffusion Models (内置)"
    assert details[0].startswith("检索式: ")
    assert all("一" <= line[0] <= "鿿" for line in details)
    assert "提交的论文有" in count


def test_help_is_chinese_throughout(chinese: Terminal) -> None:
    done = chinese.run("run", "--help")
    assert "查找各主题的新论文并总结" in done.out
    assert "要跟踪的主题" in done.out
    assert "显示这份帮助。" in done.out
    assert "示例：" in done.out
    assert "chatpaper run --topic 'Diffusion Models'" in done.out
    assert "以 Markdown 输出一篇已发布论文的总结。" in chinese.run("--help").out


@pytest.mark.parametrize(
    ("environment", "setting", "flags", "is_chinese"),
    [
        ({}, "", (), False),
        ({"LANG": "en_US.UTF-8"}, "", (), False),
        ({"LANG": "C.UTF-8"}, "", (), False),
        ({"LANG": "zh_TW.UTF-8"}, "", (), True),
        ({"LANG": CHINESE, "LC_MESSAGES": "en_GB.UTF-8"}, "", (), False),
        ({"LC_MESSAGES": CHINESE, "LC_ALL": "C"}, "", (), False),
        ({"LC_ALL": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "", (), True),
        ({"LANG": CHINESE, "LANGUAGE": "en:zh"}, "", (), False),
        # The setting counts before the environment, and an option before both.
        ({"LANG": CHINESE}, 'language = "en"', (), False),
        ({"LANG": "en_US.UTF-8"}, 'language = "zh"', (), True),
        ({"LANG": CHINESE, "CHATPAPER_LANGUAGE": "ja"}, "", (), False),
        ({"CHATPAPER_LANGUAGE": "zh"}, 'language = "en"', (), True),
        ({"LANG": "en_US.UTF-8"}, "", ("--language", "zh"), True),
        ({"LANG": CHINESE}, 'language = "zh"', ("--language", "en"), False),
    ],
)
def test_the_setting_counts_before_the_environment(
    terminal: Terminal,
    environment: dict[str, str],
    setting: str,
    flags: tuple[str, ...],
    is_chinese: bool,
) -> None:
    terminal.environment |= environment
    (terminal.home / "chatpaper.toml").write_text(setting, encoding="utf-8")
    done = terminal.run("run", *flags)
    assert done.exit_code == 2
    assert ("没有指定主题" in done.err) == is_chinese
    assert ("No topic is given" in done.err) != is_chinese


@pytest.mark.parametrize("option", [("--config", "mine.toml"), ("--config=mine.toml",)])
def test_a_settings_file_that_is_named_has_the_language(
    terminal: Terminal, option: tuple[str, ...]
) -> None:
    (terminal.home / "mine.toml").write_text('language = "zh"', encoding="utf-8")
    assert "没有指定主题" in terminal.run("run", *option).err


def test_a_settings_file_that_cannot_be_read_is_told_of_in_the_language_of_the_environment(
    chinese: Terminal,
) -> None:
    (chinese.home / "chatpaper.toml").write_text("language = ", encoding="utf-8")
    done = chinese.run("status")
    assert done.exit_code == 2
    assert "不是合法的 TOML" in done.err


def test_a_terminal_that_cannot_show_chinese_is_spoken_to_in_english(terminal: Terminal) -> None:
    done = terminal.run("run", LANG=CHINESE, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "No topic is given" in done.err


def test_libraries_of_the_command_line_speak_the_same_language(terminal: Terminal) -> None:
    (terminal.home / "chatpaper.toml").write_text('language = "zh"', encoding="utf-8")
    shown = terminal.on_a_terminal("run", "--help", LANG="en_US.UTF-8", COLUMNS="100")
    assert "选项" in shown
    assert "[默认值：arxiv]" in shown
