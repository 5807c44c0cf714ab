-- about: The same for uuid, with the setting read per row.
-- settings: app.current_user_id
-- user: 00000000-0000-4000-8000-000000000001
-- user: 00000000-0000-4000-8000-000000000002
-- rows: INSERT INTO note VALUES (1, '00000000-0000-4000-8000-000000000001'), (2, '00000000-0000-4000-8000-000000000002')
-- expect: WARN policy-raises table public.note
-- demonstrate: nobody, error 22P02: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- expect: INFO policy-evaluated-per-row table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner uuid NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = current_setting('app.current_user_id', true)::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
