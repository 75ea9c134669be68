"""The script that gives the database its batches."""

BATCH_TABLES = """
    -- Answers that came in a batch cost less.
    ALTER TABLE completions ADD COLUMN batched INTEGER NOT NULL DEFAULT 0;
    -- Whether papers of a night that is done still wait for a batch.
    ALTER TABLE nights ADD COLUMN awaits_batch INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE batches (
        name TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        backend TEXT NOT NULL,
        model TEXT NOT NULL,
        batch_id TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL CHECK (state IN ('prepared', 'waiting', 'collected', 'lost')),
        reason TEXT NOT NULL DEFAULT '',
        requests INTEGER NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0,
        expected_usd REAL,
        created TEXT NOT NULL,
        sent TEXT,
        ended TEXT
    ) WITHOUT ROWID;
    CREATE INDEX batches_open ON batches (created) WHERE state IN ('prepared', 'waiting');
    CREATE INDEX batches_ended ON batches (ended) WHERE state IN ('collected', 'lost');
    -- What is asked in batches, by the key that its answer comes with; see batches.py.
    CREATE TABLE batch_requests (
        key TEXT PRIMARY KEY,
        batch TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'unanswered')),
        body TEXT NOT NULL DEFAULT '',
        answer TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        losses INTEGER NOT NULL DEFAULT 0,
        completion_key TEXT NOT NULL DEFAULT '',
        prompt TEXT NOT NULL DEFAULT '',
        expected_input_tokens INTEGER NOT NULL DEFAULT 0,
        expected_output_tokens INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX batch_requests_by_batch ON batch_requests (batch, state);
    CREATE INDEX batch_requests_by_paper ON batch_requests (arxiv_id, state);
"""
