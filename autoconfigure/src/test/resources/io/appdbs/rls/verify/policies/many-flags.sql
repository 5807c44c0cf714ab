-- about: Two of twenty flags make a row public, in addition to five texts.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', false, false, false, true, false, false, false, false, false, false, false, false, false, false, false, false, false, true, false, false, 'a', 'a', 'a', 'a', 'a')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, f0 boolean NOT NULL, f1 boolean NOT NULL, f2 boolean NOT NULL, f3 boolean NOT NULL, f4 boolean NOT NULL, f5 boolean NOT NULL, f6 boolean NOT NULL, f7 boolean NOT NULL, f8 boolean NOT NULL, f9 boolean NOT NULL, f10 boolean NOT NULL, f11 boolean NOT NULL, f12 boolean NOT NULL, f13 boolean NOT NULL, f14 boolean NOT NULL, f15 boolean NOT NULL, f16 boolean NOT NULL, f17 boolean NOT NULL, f18 boolean NOT NULL, f19 boolean NOT NULL, t0 text NOT NULL, t1 text NOT NULL, t2 text NOT NULL, t3 text NOT NULL, t4 text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (f3 AND f17 AND NOT (f0 OR f1 OR f2 OR f4 OR f5 OR f6 OR f7 OR f8 OR f9 OR f10 OR f11 OR f12 OR f13 OR f14 OR f15 OR f16 OR f18 OR f19)) OR (t0 ~ '^p0$' AND f0 AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) OR (t1 ~ '^p1$' AND f1 AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) OR (t2 ~ '^p2$' AND f2 AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) OR (t3 ~ '^p3$' AND f3 AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) OR (t4 ~ '^p4$' AND f4 AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
