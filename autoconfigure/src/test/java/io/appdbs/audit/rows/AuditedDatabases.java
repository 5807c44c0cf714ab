package io.appdbs.audit.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.appdbs.jdbc.Definitions;
import io.appdbs.rls.PostgresServer;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Databases on one server that record changes by the statements of the documentation,
 * until a test adds a fault. The login {@code app} writes, {@code migration} owns, and
 * {@code auditor} reads the log.
 */
public final class AuditedDatabases extends PostgresServer {

	private static final String SCHEMA = """
			CREATE ROLE migration LOGIN;
			CREATE ROLE app LOGIN;
			CREATE ROLE auditor LOGIN;
			CREATE ROLE boss;
			GRANT CREATE ON DATABASE audited TO migration;
			GRANT ALL ON SCHEMA public TO migration;
			SET ROLE migration;
			CREATE TABLE person (id bigint PRIMARY KEY, name text, iban text);
			GRANT SELECT, INSERT, UPDATE, DELETE ON person TO app;
			""" + read("row-audit.sql");

	private final AtomicInteger count = new AtomicInteger();

	public AuditedDatabases() {
		super("audited", SCHEMA);
	}

	/**
	 * Returns a file of the documentation.
	 */
	public static String read(String file) {
		Path docs = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
			.map((folder) -> folder.resolve("docs"))
			.filter((folder) -> Files.exists(folder.resolve(file)))
			.findFirst()
			.orElseThrow();
		try {
			return Files.readString(docs.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Creates a further database.
	 * @param sql what is different, executed as superuser
	 * @return the name
	 */
	public String create(String sql) throws SQLException {
		String name = "audited_" + this.count.incrementAndGet();
		execute("postgres", "CREATE DATABASE " + name + " TEMPLATE audited");
		execute("postgres", "GRANT CREATE ON DATABASE " + name + " TO migration");
		execute(name, sql);
		return name;
	}

	/**
	 * Creates a further database whose log is a hash chain.
	 */
	public String createChained() throws SQLException {
		return create("SET ROLE migration; " + read("row-audit-chain.sql"));
	}

	public JdbcClient client(String database, String user) {
		return JdbcClient.create(dataSource(database, user));
	}

	public DriverManagerDataSource dataSource(String database, String user) {
		return new DriverManagerDataSource(
				"jdbc:postgresql://" + address() + "/" + database + "?ApplicationName=shop&reWriteBatchedInserts=true",
				user, "");
	}

	/**
	 * Returns the columns of the log that do not depend on the time, in its order.
	 */
	List<Map<String, Object>> log(String database) {
		return client(database, "auditor")
			.sql("SELECT user_id, login, application, schema_name || '.' || table_name AS tab, operation, "
					+ "old_row::text, new_row::text FROM audit.log ORDER BY id")
			.query()
			.listOfRows();
	}

	List<String> operations(String database) {
		return client(database, "auditor")
			.sql("SELECT concat_ws(' ', operation, table_name, new_row ->> 'id') FROM audit.log ORDER BY id")
			.query(String.class)
			.list();
	}

	DatabaseDefinition define(String database, String... settings) {
		String[] all = Stream
			.concat(Stream.of("username", "app", "audit.rows.tables[0]", "public.person"), Stream.of(settings))
			.toArray(String[]::new);
		return Definitions.of("orders", "postgresql://" + address() + "/" + database, all);
	}

	@Nullable Map<String, Object> verify(String database, String... settings) throws SQLException {
		DatabaseDefinition definition = define(database, settings);
		return new RowAuditVerification().prepare(definition, definition.connectionDetails().get());
	}

	/**
	 * Returns what is found, with the severity and the fix.
	 */
	List<String> findings(String database, String... settings) throws SQLException {
		String[] all = Stream.concat(Stream.of(settings), Stream.of("audit.rows.verify", "warn"))
			.toArray(String[]::new);
		Map<String, Object> details = verify(database, all);
		return ((List<?>) details.get("findings")).stream()
			.map((finding) -> (Map<?, ?>) finding)
			.map((finding) -> "%s [%s] %s %s. %s".formatted(finding.get("severity"), finding.get("id"),
					finding.get("object"), finding.get("reason"), finding.get("fix")))
			.toList();
	}

	Connection connect(String database, String user) throws SQLException {
		return dataSource(database, user).getConnection();
	}

}
