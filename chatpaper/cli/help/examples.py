"""Examples of how the commands are used, which their `--help` shows."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "backfill": (
        "chatpaper backfill --topic 'Diffusion Models' --since 2021 --dry-run",
        "chatpaper backfill --topic LLM --since 2024-07 --metadata snapshot.json --pdfs pdfs --yes",
    ),
    "ask": (
        "chatpaper ask 2407.18125 'Which data sets is it measured on?'",
        "chatpaper ask paper.pdf '它和扩散模型有什么关系？' --json",
    ),
    "check": ("chatpaper check notes.md 2407.18125", "chatpaper check post.md paper.pdf --verify"),
    "config show": ("chatpaper config show", "chatpaper config show --backend deepseek --json"),
    "demo": ("chatpaper demo", "chatpaper demo --output ~/demo --language en"),
    "doctor": ("chatpaper doctor", "chatpaper doctor --fix"),
    "export": (
        "chatpaper export --format bibtex --since 2026-11-01",
        "chatpaper export --format csv --topic 'Diffusion Models' --output papers.csv",
        "chatpaper export --format obsidian --output ~/vault/Papers",
    ),
    "extract": ("chatpaper extract paper.pdf --output extracted --markdown",),
    "forget": (
        "chatpaper forget 2407.18125 --never",
        "chatpaper forget --post 2026-11-22/Diffusion_Models",
    ),
    "hide": ("chatpaper hide 2407.18125", "chatpaper hide 2407.18125 --undo"),
    "init": ("chatpaper init hexo ~/blog", "chatpaper init obsidian ~/vault"),
    "like": ("chatpaper like 2407.18125 2411.00001", "chatpaper like"),
    "lint": ("chatpaper lint posts",),
    "mcp": ("chatpaper mcp",),
    "overview": (
        "chatpaper overview --topic 'Diffusion Models'",
        "chatpaper overview --topic LLM --since 2026-11-01 --until 2026-11-30 --json",
        "chatpaper overview --notify",
    ),
    "read": ("chatpaper read 2407.18125",),
    "notify": (
        "chatpaper notify --test",
        "chatpaper notify --test --kind mail",
        "chatpaper notify --preview messages",
    ),
    "render": ("chatpaper render --since 2026-11-01 --format brief",),
    "retry": ("chatpaper retry", "chatpaper retry 2407.18125"),
    "run": (
        "chatpaper run --topic 'Diffusion Models'",
        "chatpaper run --topic LLM --topic Agents --format brief --max-papers 20",
        "chatpaper run --topic LLM --since 2026-11-01 --until 2026-11-07 --dry-run",
        "chatpaper run --profile ada",
    ),
    "schema": ("chatpaper schema run-report",),
    "search": ("chatpaper search diffusion distillation", "chatpaper search 蒸馏 --topic LLM"),
    "show": ("chatpaper show 2407.18125", "chatpaper show 2407.18125 --format card"),
    "status": ("chatpaper status", "chatpaper status --json"),
    "summarize": (
        "chatpaper summarize 2407.18125",
        "chatpaper summarize paper.pdf https://arxiv.org/abs/2407.18125 --format report",
    ),
    "topics": (
        "chatpaper topics list --count",
        "chatpaper topics show 'Diffusion Models'",
        "chatpaper topics add 'Protein Design' --phrase 'protein design' --yes",
    ),
    "web": ("chatpaper web", "chatpaper web --host 0.0.0.0 --port 8000"),
}


HEADING = "Examples:"


def write_examples(command: str) -> str:
    """Return what stands below the options of a command, each example in a line of its own."""
    return "\n\n".join([HEADING, *EXAMPLES[command]])
