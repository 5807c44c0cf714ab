package io.appdbs.rls;

import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A database with a table whose rows belong to users, on a server of its own, for the
 * tests of a class.
 */
final class Notes extends PostgresServer {

	private static final String SCHEMA = """
			CREATE ROLE app LOGIN;
			CREATE ROLE reader;
			CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, body text,
				written timestamp NOT NULL DEFAULT now());
			ALTER TABLE note ENABLE ROW LEVEL SECURITY;
			ALTER TABLE note FORCE ROW LEVEL SECURITY;
			CREATE POLICY own ON note
				USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
			CREATE FUNCTION whoami() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.current_user_id', true) $$;
			INSERT INTO note (owner, body) SELECT 'alice', 'note ' || i FROM generate_series(1, 10) i;
			INSERT INTO note (owner, body) SELECT 'bob', 'note ' || i FROM generate_series(1, 10) i;
			""";

	Notes() {
		super("notes", SCHEMA);
	}

	ApplicationContextRunner runner(String address, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.notes.url=postgresql://" + address + "/notes", "app.dbs.notes.username=app",
					"app.dbs.notes.rls.enabled=true", "app.dbs.notes.pool.max-size=4")
			.withPropertyValues(properties);
	}

	void run(ContextConsumer<AssertableApplicationContext> test, String... properties) {
		runner(address(), properties).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	/**
	 * Work as Alice with a connection of an {@link RlsPool}.
	 */
	void asAlice(String parameters, RlsPool.Work work) throws Exception {
		asAlice(parameters, Map.of(), work);
	}

	void asAlice(String parameters, Map<String, String> rls, RlsPool.Work work) throws Exception {
		RlsContextHolder.callAs(RlsContext.of("alice"), () -> {
			RlsPool.use(this, parameters, rls, work);
			return null;
		});
		assertThat(RlsContextHolder.getContext()).isNull();
	}

	static JdbcTemplate template(ApplicationContext context) {
		return context.getBean("notesJdbcTemplate", JdbcTemplate.class);
	}

	static TransactionTemplate transaction(ApplicationContext context) {
		return context.getBean("notesTransactionTemplate", TransactionTemplate.class);
	}

	/**
	 * Return how many connections are in use.
	 */
	static int active(ApplicationContext context) throws SQLException {
		return dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections();
	}

	static DataSource dataSource(ApplicationContext context) {
		return context.getBean("notesDataSource", DataSource.class);
	}

}
