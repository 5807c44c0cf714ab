-- about: Names in mixed case, with blanks and quotes.
-- settings: app.current_user_id
-- rows: INSERT INTO "My Notes" VALUES (1, 'alice', 'x'), (2, 'bob', 'y')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM "My Notes"
-- demonstrate: B, 0 rows: SELECT FROM "My Notes" WHERE "the ""Owner""" = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM "My Notes"

CREATE TABLE "My Notes" ("Id" bigint PRIMARY KEY, "the ""Owner""" text NOT NULL, "select" text);
ALTER TABLE "My Notes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users see their own" ON "My Notes" USING ("the ""Owner""" = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON "My Notes" TO app;
