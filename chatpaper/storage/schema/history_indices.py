"""The script that lets the database look things up at one price, however long its history is."""

HISTORY_INDICES = """
    -- What a night looks up is found by an index, however long the history is.
    CREATE INDEX outcomes_by_paper ON outcomes (arxiv_id);
    CREATE INDEX outcomes_by_status ON outcomes (topic, status);
    CREATE INDEX outcomes_by_update ON outcomes (updated);
    CREATE INDEX outcomes_by_post_date ON outcomes (post_date) WHERE post_date IS NOT NULL;
    CREATE INDEX outcomes_unfinished ON outcomes (topic, updated, arxiv_id)
        WHERE status IN ('failed', 'queued');
    CREATE INDEX outcomes_exhausted ON outcomes (attempts) WHERE status = 'excluded';
    CREATE INDEX outcomes_to_forget ON outcomes (updated)
        WHERE status = 'excluded' AND stage <> 'forgotten';
    CREATE INDEX entries_by_paper ON entries (arxiv_id);
    CREATE INDEX superseded_by_paper ON superseded (arxiv_id);
    CREATE INDEX superseded_by_post_date ON superseded (post_date);
    CREATE INDEX posts_by_date ON posts (post_date, topic);
    CREATE INDEX posts_pending ON posts (post_date, topic) WHERE pending;
    CREATE INDEX licenses_unresolved ON licenses (license) WHERE license IS NULL;
    CREATE INDEX calls_by_run ON calls (run_id, arxiv_id);
    CREATE INDEX calls_by_paper ON calls (arxiv_id);
    CREATE INDEX completions_by_time ON completions (created);
    CREATE INDEX nights_by_date ON nights (post_date);
    CREATE INDEX night_papers_exhausted ON night_papers (attempts, topic, post_date)
        WHERE status = 'excluded';
    CREATE INDEX night_papers_by_paper ON night_papers (arxiv_id);
    CREATE INDEX names_by_subject ON names (subject);
    CREATE INDEX notices_by_subject ON notices (subject);
    CREATE INDEX runs_by_start ON runs (started);
    -- The number of an entry in the search index, which cannot look up a paper itself.
    CREATE TABLE search_rows (
        number INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        UNIQUE (topic, arxiv_id)
    );
    DELETE FROM search WHERE rowid NOT IN (SELECT max(rowid) FROM search GROUP BY topic, arxiv_id);
    INSERT INTO search_rows SELECT rowid, topic, arxiv_id FROM search;
    DROP TRIGGER entry_forgotten;
    CREATE TRIGGER entry_forgotten AFTER DELETE ON entries BEGIN
        DELETE FROM search WHERE rowid = (
            SELECT number FROM search_rows WHERE topic = OLD.topic AND arxiv_id = OLD.arxiv_id
        );
        DELETE FROM search_rows WHERE topic = OLD.topic AND arxiv_id = OLD.arxiv_id;
    END;
    -- What was used of a model for a day, added up as its calls are recorded; of those that are
    -- stale some calls were deleted, and the others are added up when somebody asks.
    CREATE TABLE usage_totals (
        day TEXT NOT NULL,
        model TEXT NOT NULL,
        llm_calls INTEGER NOT NULL,
        priced_calls INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cost_usd REAL NOT NULL,
        stale INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, model)
    ) WITHOUT ROWID;
    INSERT INTO usage_totals
        SELECT day, model, count(*), count(cost_usd), sum(input_tokens), sum(output_tokens),
            ifnull(sum(cost_usd), 0.0), 0
        FROM calls GROUP BY day, model;
    CREATE INDEX usage_totals_stale ON usage_totals (day, model) WHERE stale;
    CREATE TRIGGER call_added AFTER INSERT ON calls BEGIN
        INSERT INTO usage_totals VALUES (
            NEW.day, NEW.model, 1, NEW.cost_usd IS NOT NULL, NEW.input_tokens, NEW.output_tokens,
            ifnull(NEW.cost_usd, 0.0), 0
        ) ON CONFLICT DO UPDATE SET llm_calls = llm_calls + 1,
            priced_calls = priced_calls + excluded.priced_calls,
            input_tokens = input_tokens + excluded.input_tokens,
            output_tokens = output_tokens + excluded.output_tokens,
            cost_usd = cost_usd + excluded.cost_usd;
    END;
    CREATE TRIGGER call_removed AFTER DELETE ON calls BEGIN
        UPDATE usage_totals SET stale = 1 WHERE day = OLD.day AND model = OLD.model;
    END;
    CREATE TRIGGER call_changed
    AFTER UPDATE OF day, model, input_tokens, output_tokens, cost_usd ON calls BEGIN
        INSERT INTO usage_totals VALUES (OLD.day, OLD.model, 0, 0, 0, 0, 0.0, 1)
            ON CONFLICT DO UPDATE SET stale = 1;
        INSERT INTO usage_totals VALUES (NEW.day, NEW.model, 0, 0, 0, 0, 0.0, 1)
            ON CONFLICT DO UPDATE SET stale = 1;
    END;
    -- A damaged total may be deleted: the calls have it still.
    CREATE TRIGGER total_removed AFTER DELETE ON usage_totals
    WHEN EXISTS (SELECT 1 FROM calls WHERE day = OLD.day AND model = OLD.model) BEGIN
        INSERT INTO usage_totals VALUES (OLD.day, OLD.model, 0, 0, 0, 0, 0.0, 1);
    END;
"""
