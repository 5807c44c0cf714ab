-- about: A table that is partitioned twice, with names of partitions in another schema.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', '2024-02-01'), (2, 'bob', '2024-03-01')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE SCHEMA parts;
CREATE TABLE note (id bigint NOT NULL, owner text NOT NULL, created date NOT NULL) PARTITION BY RANGE (created);
CREATE TABLE parts.note_2024 PARTITION OF note FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY HASH (owner);
CREATE TABLE parts.note_2024_0 PARTITION OF parts.note_2024 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
