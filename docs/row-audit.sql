-- Row audit for PostgreSQL 13 or later: records each changed row of a table. Copy it into a migration and change the
-- lines with CHANGE. Execute it with the login of the migrations, which owns the tables and is not that of the application.

CREATE SCHEMA audit;
REVOKE ALL ON SCHEMA audit FROM PUBLIC;

CREATE SEQUENCE audit.log_id;

CREATE TABLE audit.log (
	id bigint NOT NULL DEFAULT nextval('audit.log_id'),
	at timestamptz NOT NULL DEFAULT statement_timestamp(),
	transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
	user_id text,
	login text NOT NULL DEFAULT session_user,
	role text DEFAULT nullif(current_setting('role', true), 'none'),
	application text DEFAULT nullif(current_setting('application_name', true), ''),
	client inet DEFAULT inet_client_addr(),
	schema_name text NOT NULL,
	table_name text NOT NULL,
	operation text NOT NULL,
	old_row jsonb,
	new_row jsonb,
	PRIMARY KEY (id)
);

-- The arguments of the trigger are the columns whose values are not recorded.
CREATE FUNCTION audit.record() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO audit.log (user_id, schema_name, table_name, operation, old_row, new_row)
	VALUES (
		nullif(current_setting('app.current_user_id', true), ''), -- CHANGE: the first of rls.settings
		TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP,
		to_jsonb(OLD) - coalesce(TG_ARGV, '{}'), to_jsonb(NEW) - coalesce(TG_ARGV, '{}'));
	RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.record() FROM PUBLIC;

-- CHANGE: two triggers for each table that is audited.
CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person
	FOR EACH ROW EXECUTE FUNCTION audit.record('iban');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.person
	FOR EACH STATEMENT EXECUTE FUNCTION audit.record();

-- CHANGE: who reads the log, such as the login of inspection.username.
GRANT USAGE ON SCHEMA audit TO auditor;
GRANT SELECT ON audit.log TO auditor;
