"""The first scripts of the schema: papers, outcomes, runs, usage and nights.

What they do is never changed.
"""

FIRST_MIGRATIONS: tuple[str, ...] = (
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
    -- The answers of models, by a hash of everything that shaped them: none is paid for twice.
    CREATE TABLE completions (
        key TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        model TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cached_input_tokens INTEGER NOT NULL,
        created TEXT NOT NULL
    );
    -- A paper as it stands in the post of a topic; recipe is the hash of what shaped it besides the
    -- paper itself.
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
    -- Requests to a model on a day of its quota, counted before they are sent: a kill hides none.
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
    """
    -- The post date of the run that settled an outcome, and the one from which a failed paper is
    -- tried again.
    ALTER TABLE outcomes ADD COLUMN night TEXT;
    ALTER TABLE outcomes ADD COLUMN next_try TEXT;
    -- How the night of a topic went; it has no state until a run ends it. `repeated` are the papers
    -- that were found once more although earlier nights had settled them: they count as excluded,
    -- and have no rows of their own.
    CREATE TABLE nights (
        topic TEXT NOT NULL,
        post_date TEXT NOT NULL,
        state TEXT CHECK (
            state IN ('done', 'nothing_announced', 'upstream_fault', 'stale_upstream', 'budget')
        ),
        found INTEGER NOT NULL DEFAULT 0,
        published INTEGER NOT NULL DEFAULT 0,
        excluded INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        repeated INTEGER NOT NULL DEFAULT 0,
        source TEXT NOT NULL DEFAULT '',
        covered_until TEXT,
        newest_submitted TEXT,
        newest_id TEXT NOT NULL DEFAULT '',
        explanation TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (topic, post_date),
        CHECK (found = published + excluded + failed),
        CHECK (state <> 'nothing_announced' OR published + failed = 0)
    );
    CREATE TABLE night_papers (
        topic TEXT NOT NULL,
        post_date TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('published', 'excluded', 'failed')),
        reason TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_try TEXT,
        PRIMARY KEY (topic, post_date, arxiv_id)
    ) WITHOUT ROWID;
    CREATE VIEW night_counts AS
        SELECT topic, post_date, repeated,
            (SELECT count(*) FROM night_papers AS p
                WHERE p.topic = n.topic AND p.post_date = n.post_date) AS papers,
            (SELECT count(*) FROM night_papers AS p
                WHERE p.topic = n.topic AND p.post_date = n.post_date
                AND p.status = 'published') AS published,
            (SELECT count(*) FROM night_papers AS p
                WHERE p.topic = n.topic AND p.post_date = n.post_date
                AND p.status = 'excluded') AS excluded,
            (SELECT count(*) FROM night_papers AS p
                WHERE p.topic = n.topic AND p.post_date = n.post_date
                AND p.status = 'failed') AS failed
        FROM nights AS n;
    CREATE TRIGGER night_paper_added AFTER INSERT ON night_papers BEGIN
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date;
    END;
    CREATE TRIGGER night_paper_changed AFTER UPDATE ON night_papers BEGIN
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date;
    END;
    -- What a night says of itself is what its papers say, whoever writes it.
    CREATE TRIGGER night_adds_up
    AFTER UPDATE OF found, published, excluded, failed, repeated ON nights
    WHEN EXISTS (
        SELECT 1 FROM night_counts AS c WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        AND (NEW.found, NEW.published, NEW.excluded, NEW.failed)
            <> (c.repeated + c.papers, c.published, c.repeated + c.excluded, c.failed)
    ) BEGIN
        SELECT RAISE(ABORT, 'the night does not add up: its counts are not those of its papers');
    END;
    CREATE TRIGGER night_begins_empty BEFORE INSERT ON nights
    WHEN NEW.found <> 0 OR EXISTS (
        SELECT 1 FROM night_papers AS p WHERE p.topic = NEW.topic AND p.post_date = NEW.post_date
    ) BEGIN
        SELECT RAISE(ABORT, 'the night does not add up: it begins with papers');
    END;
    CREATE TRIGGER night_paper_removed BEFORE DELETE ON night_papers
    WHEN EXISTS (
        SELECT 1 FROM nights AS n WHERE n.topic = OLD.topic AND n.post_date = OLD.post_date
    ) BEGIN
        SELECT RAISE(
            ABORT, 'the night would not add up without this paper: forget the night as a whole'
        );
    END;
    CREATE TRIGGER night_forgotten AFTER DELETE ON nights BEGIN
        DELETE FROM night_papers WHERE topic = OLD.topic AND post_date = OLD.post_date;
    END;
    -- A paper is in the ledger of its night by the same statement that settles it.
    CREATE TRIGGER outcome_added AFTER INSERT ON outcomes
    WHEN NEW.topic <> '' AND coalesce(NEW.night, NEW.post_date) IS NOT NULL BEGIN
        INSERT INTO nights (topic, post_date) SELECT NEW.topic, coalesce(NEW.night, NEW.post_date)
            WHERE NOT EXISTS (SELECT 1 FROM nights AS n
                WHERE n.topic = NEW.topic AND n.post_date = coalesce(NEW.night, NEW.post_date));
        INSERT INTO night_papers VALUES (
            NEW.topic, coalesce(NEW.night, NEW.post_date), NEW.arxiv_id,
            CASE NEW.status WHEN 'queued' THEN 'failed' ELSE NEW.status END, NEW.reason,
            NEW.attempts, NEW.next_try
        ) ON CONFLICT DO UPDATE SET status = excluded.status, reason = excluded.reason,
            attempts = excluded.attempts, next_try = excluded.next_try;
    END;
    CREATE TRIGGER outcome_changed AFTER UPDATE ON outcomes
    WHEN NEW.topic <> '' AND coalesce(NEW.night, NEW.post_date) IS NOT NULL BEGIN
        INSERT INTO nights (topic, post_date) SELECT NEW.topic, coalesce(NEW.night, NEW.post_date)
            WHERE NOT EXISTS (SELECT 1 FROM nights AS n
                WHERE n.topic = NEW.topic AND n.post_date = coalesce(NEW.night, NEW.post_date));
        INSERT INTO night_papers VALUES (
            NEW.topic, coalesce(NEW.night, NEW.post_date), NEW.arxiv_id,
            CASE NEW.status WHEN 'queued' THEN 'failed' ELSE NEW.status END, NEW.reason,
            NEW.attempts, NEW.next_try
        ) ON CONFLICT DO UPDATE SET status = excluded.status, reason = excluded.reason,
            attempts = excluded.attempts, next_try = excluded.next_try;
    END;
    -- Services that asked to be left alone, and until when.
    CREATE TABLE pauses (
        host TEXT PRIMARY KEY,
        not_before TEXT NOT NULL,
        reason TEXT NOT NULL
    );
    """,
)
