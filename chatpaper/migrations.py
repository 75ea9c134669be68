"""The schema of the database, one script a version: scripts are added, and never changed."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE papers (
        arxiv_id TEXT PRIMARY KEY,
        version INTEGER,
        record TEXT NOT NULL
    );
    -- What became of a paper in a topic. A paper that was summarized alone has the topic ''.
    CREATE TABLE outcomes (
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        version INTEGER,
        status TEXT NOT NULL CHECK (status IN ('published', 'excluded', 'failed', 'queued')),
        stage TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0,
        post_date TEXT CHECK ((status = 'published') = (post_date IS NOT NULL)),
        updated TEXT NOT NULL,
        PRIMARY KEY (topic, arxiv_id)
    );
    CREATE INDEX outcomes_by_date ON outcomes (topic, post_date);
    -- The answers of models, kept under a hash of everything that shaped them: none is paid for twice.
    CREATE TABLE completions (
        key TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        model TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cached_input_tokens INTEGER NOT NULL,
        created TEXT NOT NULL
    );
    -- A paper as it stands in the post of a topic; recipe is the hash of what shaped it besides the paper itself.
    CREATE TABLE entries (
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        recipe TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (topic, arxiv_id)
    );
    -- A post is pending from the moment that its papers are published until its files are on disk.
    CREATE TABLE posts (
        output_dir TEXT NOT NULL,
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL DEFAULT '',
        post_date TEXT NOT NULL,
        format TEXT NOT NULL,
        pending INTEGER NOT NULL,
        PRIMARY KEY (output_dir, topic, arxiv_id, post_date, format)
    );
    CREATE TABLE runs (
        run_id TEXT PRIMARY KEY,
        started TEXT NOT NULL,
        post_date TEXT NOT NULL,
        exit_code INTEGER,
        llm_calls INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        cost_usd REAL NOT NULL DEFAULT 0
    );
    """,
    """
    -- Requests to a model on a day of its quota; counted before they are sent, so that a kill hides none.
    CREATE TABLE requests (
        model TEXT NOT NULL,
        day TEXT NOT NULL,
        requests INTEGER NOT NULL,
        PRIMARY KEY (model, day)
    );
    -- Every answer of a model that may have cost something, and what it had been expected to take.
    CREATE TABLE calls (
        number INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL,
        day TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        asked TEXT NOT NULL,
        prompt TEXT NOT NULL,
        model TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cached_input_tokens INTEGER NOT NULL,
        cost_usd REAL,
        expected_input_tokens INTEGER NOT NULL,
        expected_output_tokens INTEGER NOT NULL
    );
    CREATE INDEX calls_by_day ON calls (day, model);
    CREATE INDEX calls_by_prompt ON calls (asked, prompt, number);
    """,
    """
    -- The licence of a version: its URI, '' where none can be known, NULL until arXiv has told.
    CREATE TABLE licenses (
        arxiv_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        license TEXT,
        PRIMARY KEY (arxiv_id, version)
    );
    """,
)
