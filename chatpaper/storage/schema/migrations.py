"""The schema of the database, one script per version.

Scripts are added, and what they do is never changed.
"""

from chatpaper.storage.schema.batch_tables import BATCH_TABLES
from chatpaper.storage.schema.first_migrations import FIRST_MIGRATIONS
from chatpaper.storage.schema.history_indices import HISTORY_INDICES

MIGRATIONS: tuple[str, ...] = (
    *FIRST_MIGRATIONS,
    """
    -- The newest version that is known of a posted paper, where a post shows an older one.
    CREATE TABLE revisions (
        arxiv_id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    -- The post date of the last look-up of later versions.
    CREATE TABLE revision_look_ups (day TEXT PRIMARY KEY);
    -- Papers as they stand in posts before the one that has a later version of them.
    CREATE TABLE superseded (
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        post_date TEXT NOT NULL,
        version INTEGER NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (topic, arxiv_id, post_date)
    );
    CREATE INDEX superseded_by_date ON superseded (topic, post_date);
    """,
    """
    -- What people were told: an alert on a day, or the papers of a day's digest.
    CREATE TABLE notices (
        day TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        PRIMARY KEY (day, kind, subject)
    ) WITHOUT ROWID;
    """,
    """
    -- The words of entries, for searching; characters of Chinese and Japanese are words of their
    -- own. See search_index.py.
    CREATE VIRTUAL TABLE search USING fts5(
        topic UNINDEXED, arxiv_id UNINDEXED, title, summary, takeaways,
        tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE TRIGGER entry_forgotten AFTER DELETE ON entries BEGIN
        DELETE FROM search WHERE topic = OLD.topic AND arxiv_id = OLD.arxiv_id;
    END;
    """,
    """
    -- A night on which nothing was announced is open again when a later run for that date has a
    -- paper.
    DROP TRIGGER night_paper_added;
    DROP TRIGGER night_paper_changed;
    CREATE TRIGGER night_paper_added AFTER INSERT ON night_papers BEGIN
        UPDATE nights SET state = CASE
            WHEN state = 'nothing_announced' AND NEW.status <> 'excluded' THEN NULL
            ELSE state END, (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date;
    END;
    CREATE TRIGGER night_paper_changed AFTER UPDATE ON night_papers BEGIN
        UPDATE nights SET state = CASE
            WHEN state = 'nothing_announced' AND NEW.status <> 'excluded' THEN NULL
            ELSE state END, (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date;
    END;
    """,
    """
    -- The keys of papers that arXiv has no id for, by the digest of their PDF; `stem` is the name
    -- of the file. Of one that could not be fetched yet only the address is known, with `url:`
    -- before its digest.
    CREATE TABLE files (
        digest TEXT PRIMARY KEY,
        arxiv_id TEXT NOT NULL UNIQUE,
        stem TEXT NOT NULL
    );
    -- The names of topics and papers in an output folder; `folded` as file systems compare them.
    CREATE TABLE names (
        output_dir TEXT NOT NULL,
        subject TEXT NOT NULL,
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        PRIMARY KEY (output_dir, subject),
        UNIQUE (output_dir, folded)
    );
    -- The digests of what was written to a file last and, meanwhile, of what is being written.
    CREATE TABLE written (
        path TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (path, digest)
    ) WITHOUT ROWID;
    """,
    """
    -- A digest of the service, model and key that were asked when a paper failed; never the key.
    ALTER TABLE outcomes ADD COLUMN asked TEXT NOT NULL DEFAULT '';
    -- What belongs to this database alone: the salt of its digests.
    CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO installation VALUES ('salt', hex(randomblob(16)));
    """,
    """
    -- The paper that an answer is about, so that it can be forgotten. Of answers that were kept
    -- before, the log of calls tells it, where only calls about one paper used the same tokens.
    ALTER TABLE completions ADD COLUMN arxiv_id TEXT NOT NULL DEFAULT '';
    CREATE INDEX calls_by_size
        ON calls (model, input_tokens, output_tokens, cached_input_tokens, arxiv_id);
    UPDATE completions SET arxiv_id = coalesce((
        SELECT CASE WHEN min(c.arxiv_id) = max(c.arxiv_id) THEN min(c.arxiv_id) END
        FROM calls AS c
        WHERE c.model = completions.model AND c.input_tokens = completions.input_tokens
        AND c.output_tokens = completions.output_tokens
        AND c.cached_input_tokens = completions.cached_input_tokens
    ), '');
    DROP INDEX calls_by_size;
    CREATE INDEX completions_by_paper ON completions (arxiv_id);
    -- A night adds up without a paper that was forgotten, too.
    DROP TRIGGER night_paper_removed;
    CREATE TRIGGER night_paper_removed AFTER DELETE ON night_papers BEGIN
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = OLD.topic AND c.post_date = OLD.post_date
        ) WHERE topic = OLD.topic AND post_date = OLD.post_date;
    END;
    """,
    HISTORY_INDICES,
    """
    -- The sums of a night are kept by the row: a night of n papers takes n steps, not n squared.
    CREATE TABLE night_totals (
        topic TEXT NOT NULL,
        post_date TEXT NOT NULL,
        published_papers INTEGER NOT NULL,
        excluded_papers INTEGER NOT NULL,
        failed_papers INTEGER NOT NULL,
        PRIMARY KEY (topic, post_date)
    ) WITHOUT ROWID;
    INSERT INTO night_totals
        SELECT topic, post_date, sum(status = 'published'), sum(status = 'excluded'),
            sum(status = 'failed') FROM night_papers GROUP BY topic, post_date;
    DROP TRIGGER night_paper_added;
    DROP TRIGGER night_paper_changed;
    DROP TRIGGER night_paper_removed;
    DROP TRIGGER night_adds_up;
    DROP TRIGGER night_forgotten;
    DROP VIEW night_counts;
    CREATE VIEW night_counts AS
        SELECT n.topic, n.post_date, n.repeated, ifnull(t.published_papers, 0) AS published,
            ifnull(t.excluded_papers, 0) AS excluded, ifnull(t.failed_papers, 0) AS failed,
            ifnull(t.published_papers + t.excluded_papers + t.failed_papers, 0) AS papers
        FROM nights AS n LEFT JOIN night_totals AS t USING (topic, post_date);
    CREATE TRIGGER night_paper_added AFTER INSERT ON night_papers BEGIN
        INSERT INTO night_totals VALUES (NEW.topic, NEW.post_date, NEW.status = 'published',
            NEW.status = 'excluded', NEW.status = 'failed')
            ON CONFLICT DO UPDATE SET
            published_papers = published_papers + (NEW.status = 'published'),
            excluded_papers = excluded_papers + (NEW.status = 'excluded'),
            failed_papers = failed_papers + (NEW.status = 'failed');
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date
            AND (state IS NOT 'nothing_announced' OR NEW.status = 'excluded');
        -- Was nothing announced, the night is open again.
        UPDATE nights SET state = NULL, (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date
            AND state = 'nothing_announced' AND NEW.status <> 'excluded';
    END;
    CREATE TRIGGER night_paper_changed AFTER UPDATE ON night_papers BEGIN
        UPDATE night_totals SET
            published_papers = published_papers - (OLD.status = 'published'),
            excluded_papers = excluded_papers - (OLD.status = 'excluded'),
            failed_papers = failed_papers - (OLD.status = 'failed')
            WHERE topic = OLD.topic AND post_date = OLD.post_date;
        INSERT INTO night_totals VALUES (NEW.topic, NEW.post_date, NEW.status = 'published',
            NEW.status = 'excluded', NEW.status = 'failed')
            ON CONFLICT DO UPDATE SET
            published_papers = published_papers + (NEW.status = 'published'),
            excluded_papers = excluded_papers + (NEW.status = 'excluded'),
            failed_papers = failed_papers + (NEW.status = 'failed');
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date
            AND (state IS NOT 'nothing_announced' OR NEW.status = 'excluded');
        UPDATE nights SET state = NULL, (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        ) WHERE topic = NEW.topic AND post_date = NEW.post_date
            AND state = 'nothing_announced' AND NEW.status <> 'excluded';
    END;
    CREATE TRIGGER night_paper_removed AFTER DELETE ON night_papers BEGIN
        UPDATE night_totals SET
            published_papers = published_papers - (OLD.status = 'published'),
            excluded_papers = excluded_papers - (OLD.status = 'excluded'),
            failed_papers = failed_papers - (OLD.status = 'failed')
            WHERE topic = OLD.topic AND post_date = OLD.post_date;
        UPDATE nights SET (found, published, excluded, failed) = (
            SELECT repeated + papers, published, repeated + excluded, failed FROM night_counts AS c
            WHERE c.topic = OLD.topic AND c.post_date = OLD.post_date
        ) WHERE topic = OLD.topic AND post_date = OLD.post_date;
    END;
    CREATE TRIGGER night_forgotten AFTER DELETE ON nights BEGIN
        DELETE FROM night_papers WHERE topic = OLD.topic AND post_date = OLD.post_date;
        DELETE FROM night_totals WHERE topic = OLD.topic AND post_date = OLD.post_date;
    END;
    CREATE TRIGGER night_adds_up
    AFTER UPDATE OF found, published, excluded, failed, repeated ON nights
    WHEN EXISTS (
        SELECT 1 FROM night_counts AS c WHERE c.topic = NEW.topic AND c.post_date = NEW.post_date
        AND (NEW.found, NEW.published, NEW.excluded, NEW.failed)
            <> (c.repeated + c.papers, c.published, c.repeated + c.excluded, c.failed)
    ) BEGIN
        SELECT RAISE(ABORT, 'the night does not add up: its counts are not those of its papers');
    END;
    -- The sums are counted once more when the night ends.
    CREATE TRIGGER night_ends AFTER UPDATE OF state ON nights
    WHEN NEW.state IS NOT NULL AND (NEW.published, NEW.excluded - NEW.repeated, NEW.failed) <> (
        SELECT ifnull(sum(status = 'published'), 0), ifnull(sum(status = 'excluded'), 0),
            ifnull(sum(status = 'failed'), 0) FROM night_papers AS p
        WHERE p.topic = NEW.topic AND p.post_date = NEW.post_date
    ) BEGIN
        SELECT RAISE(ABORT, 'the night does not add up: its counts are not those of its papers');
    END;
    """,
    """
    -- The papers that a backfill takes in: what a source offered of them until they are settled.
    -- A shard is what is read together; its papers are all of one month.
    CREATE TABLE backfill_papers (
        topic TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        day TEXT NOT NULL,
        shard INTEGER,
        state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'published', 'excluded', 'set_aside')),
        reason TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0,
        offer TEXT CHECK (offer IS NOT NULL OR state <> 'waiting'),
        PRIMARY KEY (topic, arxiv_id)
    );
    CREATE INDEX backfill_papers_by_day ON backfill_papers (topic, day, state);
    CREATE INDEX backfill_papers_by_shard ON backfill_papers (topic, shard);
    CREATE INDEX backfill_papers_unsharded ON backfill_papers (topic, day, arxiv_id)
        WHERE shard IS NULL;
    CREATE INDEX backfill_papers_by_paper ON backfill_papers (arxiv_id);
    -- How far the records of a source have been listed: `place` is where to go on.
    CREATE TABLE backfill_listings (
        topic TEXT NOT NULL,
        source TEXT NOT NULL,
        part TEXT NOT NULL,
        place TEXT NOT NULL DEFAULT '',
        is_done INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (topic, source, part)
    ) WITHOUT ROWID;
    """,
    """
    -- What readers think of papers: `like`, `hide` and `read`, by the name of their profile.
    CREATE TABLE marks (
        profile TEXT NOT NULL,
        arxiv_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('like', 'hide', 'read')),
        marked TEXT NOT NULL,
        PRIMARY KEY (profile, arxiv_id, kind)
    ) WITHOUT ROWID;
    CREATE INDEX marks_by_paper ON marks (arxiv_id);
    -- The metadata of papers that profiles name and no run has found, as JSON.
    CREATE TABLE library_papers (arxiv_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    -- Since when people are sent new papers by mail or to a group, and what became of each paper
    -- there; a quiet day has its date for a subject.
    CREATE TABLE delivery_channels (channel TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE deliveries (
        channel TEXT NOT NULL,
        subject TEXT NOT NULL,
        version INTEGER,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unknown')),
        PRIMARY KEY (channel, subject)
    ) WITHOUT ROWID;
    """,
    BATCH_TABLES,
    """
    -- What the papers that there was no room for were worth to their reader, as JSON.
    ALTER TABLE outcomes ADD COLUMN ranking TEXT NOT NULL DEFAULT '';
    CREATE INDEX outcomes_cut ON outcomes (topic, night) WHERE stage = 'cut';
    """,
)
