-- Optional hash chain for the log of row-audit.sql: each entry has the hash of its content and of the entry before.
-- Transactions that write audited tables wait for each other until they end. Copy it into a migration after the first one.

ALTER TABLE audit.log ADD COLUMN previous bytea, ADD COLUMN hash bytea;

-- Each number is drawn while the chain is locked. Drawn before, it could be linked after a higher one.
ALTER TABLE audit.log ALTER COLUMN id DROP DEFAULT;

-- The row that a transaction locks before it adds its first entry.
CREATE TABLE audit.chain_lock (transaction_id xid8 NOT NULL);
INSERT INTO audit.chain_lock VALUES ('0');

CREATE FUNCTION audit.chain() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- With REPEATABLE READ or SERIALIZABLE, this fails with a serialization failure if another transaction has added
	-- entries since the snapshot. Such a transaction would not see the end of the chain.
	UPDATE audit.chain_lock SET transaction_id = pg_current_xact_id() WHERE transaction_id <> pg_current_xact_id();
	NEW.id := nextval('audit.log_id');
	NEW.previous := (SELECT hash FROM audit.log ORDER BY id DESC LIMIT 1);
	NEW.hash := sha256(coalesce(NEW.previous, '') || convert_to(jsonb_build_array(NEW.id,
		to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), NEW.transaction_id::text, NEW.user_id, NEW.login,
		NEW.role, NEW.application, NEW.client::text, NEW.schema_name, NEW.table_name, NEW.operation, NEW.old_row,
		NEW.new_row)::text, 'UTF8'));
	RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit.chain() FROM PUBLIC;

CREATE TRIGGER chain BEFORE INSERT ON audit.log FOR EACH ROW EXECUTE FUNCTION audit.chain();
