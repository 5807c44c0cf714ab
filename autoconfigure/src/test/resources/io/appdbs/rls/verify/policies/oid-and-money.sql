-- about: Columns of rare types are read.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 1), (2, 'bob', 1)
-- expect: none
-- tolerate: policy-unproved table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, price money NOT NULL, place point, mac macaddr, bits bit(3), doc xml);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND (price > 0::money OR place IS NULL OR mac IS NULL OR bits IS NULL OR doc IS NULL));
GRANT SELECT ON note TO app;
