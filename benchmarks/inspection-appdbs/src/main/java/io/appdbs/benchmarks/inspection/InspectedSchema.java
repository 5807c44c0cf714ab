package io.appdbs.benchmarks.inspection;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables that are inspected: many small ones, with two or three indexes and some of
 * them with a foreign key, and two larger ones.
 */
final class InspectedSchema {

	static final int ACCOUNTS = 100_000;

	private static final String LARGE_TABLES = """
			CREATE TABLE account (id BIGINT PRIMARY KEY, name TEXT, balance BIGINT NOT NULL) WITH (fillfactor = 80);
			INSERT INTO account SELECT i, 'account ' || i, 0 FROM generate_series(1, %d) i;
			CREATE INDEX account_name ON account (name);
			CREATE TABLE event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id BIGINT REFERENCES account, payload TEXT);
			INSERT INTO event (account_id, payload) SELECT 1 + i %% %1$d, repeat('x', 250) FROM generate_series(1, 600000) i;
			CREATE INDEX event_account ON event (account_id);
			CREATE INDEX event_account_again ON event (account_id);
			DELETE FROM event WHERE id %% 10 <> 0"""
		.formatted(ACCOUNTS);

	/** Commits now and then, as a transaction holds a lock on each table it creates. */
	private static final String SMALL_TABLES = """
			CREATE PROCEDURE create_tables(tables INT) LANGUAGE plpgsql AS $$
			BEGIN
			  FOR i IN 1 .. tables LOOP
			    EXECUTE format('CREATE TABLE t%s (id BIGINT GENERATED ALWAYS AS IDENTITY %s, account_id BIGINT, name TEXT,
			      created_at TIMESTAMPTZ DEFAULT now(), status INT)', i, CASE WHEN i % 500 > 0 THEN 'PRIMARY KEY' END);
			    EXECUTE format('CREATE INDEX t%1$s_created ON t%1$s (created_at, status)', i);
			    IF i % 8 = 0 THEN
			      EXECUTE format('CREATE INDEX t%1$s_name ON t%1$s (lower(name)) WHERE status = 1', i);
			    ELSIF i % 3 = 0 THEN
			      EXECUTE format('CREATE INDEX t%1$s_status ON t%1$s (status)', i);
			    END IF;
			    IF i % 20 = 0 THEN
			      EXECUTE format('ALTER TABLE t%1$s ADD FOREIGN KEY (account_id) REFERENCES account', i);
			    END IF;
			    EXECUTE format('INSERT INTO t%s (account_id, name, status) SELECT j, ''name '' || j, j %% 5 FROM generate_series(1, 20) j', i);
			    IF i % 200 = 0 THEN
			      COMMIT;
			    END IF;
			  END LOOP;
			END $$""";

	private InspectedSchema() {
	}

	static void create(JdbcClient orders, int tables) {
		orders.sql("CREATE EXTENSION pg_stat_statements").update();
		orders.sql(LARGE_TABLES).update();
		orders.sql(SMALL_TABLES).update();
		orders.sql("CALL create_tables(%d)".formatted(tables)).update();
		orders.sql("VACUUM ANALYZE").update();
	}

}
