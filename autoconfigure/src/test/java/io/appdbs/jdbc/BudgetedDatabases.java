package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.appdbs.DatabaseOutage;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.DatabaseBudget;
import io.appdbs.jdbc.budget.Limit;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Databases on a real server that share a {@link ConnectionBudget}, each with its own
 * pool. The application name of their connections is the name of the database.
 */
final class BudgetedDatabases implements AutoCloseable {

	private final RunningServers servers;

	private final ConnectionBudget budget;

	private final List<Member> members = new ArrayList<>();

	private final List<DatabasePreparation> preparations = new ArrayList<>();

	BudgetedDatabases(RunningServers servers, int connections, int connecting, Duration stay) {
		this.servers = servers;
		this.budget = new ConnectionBudget(new Limit("app.dbs-runtime.max-connections", connections),
				new Limit("app.dbs-runtime.max-connecting", connecting), stay);
	}

	ConnectionBudget budget() {
		return this.budget;
	}

	void prepare(DatabasePreparation preparation) {
		this.preparations.add(preparation);
	}

	/**
	 * Add a database and open its pool.
	 */
	Member open(String name, String... settings) throws Exception {
		Member member = define(name, null, settings);
		member.connect();
		return member;
	}

	Member define(String name, String address, String... settings) {
		String url = (address != null) ? "postgresql://" + address + "/test" : this.servers.url("postgresql", "test");
		List<String> all = new ArrayList<>(List.of("username", "postgres", "pool.max-size", "3"));
		all.addAll(List.of(settings));
		DatabaseBudget part = this.budget.add(name);
		DatabaseDefinition definition = Definitions.of(name, url + "?ApplicationName=" + name,
				all.toArray(String[]::new));
		Member member = new Member(part, definition.withAdmission(part), this.preparations);
		synchronized (this) {
			this.members.add(member);
		}
		return member;
	}

	/**
	 * Count the connections of the server to databases with a prefix.
	 */
	static int count(Connection administrator, String prefix) throws SQLException {
		try (Statement statement = administrator.createStatement();
				ResultSet rows = statement.executeQuery(
						"select count(*) from pg_stat_activity where application_name like '" + prefix + "%'")) {
			rows.next();
			return rows.getInt(1);
		}
	}

	Connection administrator() throws SQLException {
		DatabaseDefinition definition = Definitions.of("admin", this.servers.url("postgresql", "test"), "username",
				"postgres");
		return JdbcConnections.open(definition, definition.connectionDetails().get(), Map.of());
	}

	@Override
	public void close() {
		this.members.forEach(Member::close);
		this.budget.close();
	}

	/**
	 * One of the databases.
	 */
	static final class Member implements AutoCloseable, DatabaseAvailability {

		private final DatabaseBudget part;

		private final DatabaseDefinition definition;

		private final JdbcDatabaseConnector connector;

		private final FailedLogins logins = new FailedLogins();

		Member(DatabaseBudget part, DatabaseDefinition definition, List<DatabasePreparation> preparations) {
			this.part = part;
			this.definition = definition;
			this.connector = new JdbcDatabaseConnector(definition, this, new JdbcDatabaseConnector.Shared(
					Engines.load(null), preparations, new ConnectionLimitCheck(List.of()), new ReplicationLags()));
		}

		void connect() throws Exception {
			this.connector.connect(this.definition.connectionDetails().get(), Duration.ofSeconds(30));
		}

		DatabaseDefinition definition() {
			return this.definition;
		}

		JdbcDatabaseConnector connector() {
			return this.connector;
		}

		DataSource dataSource() {
			return this.connector.getDataSource();
		}

		Connection borrow() throws SQLException {
			return dataSource().getConnection();
		}

		@Override
		public void close() {
			this.connector.close();
			this.part.close();
		}

		@Override
		public DatabaseOutage check(Duration timeout) {
			return null;
		}

		@Override
		public CompletableFuture<DatabaseOutage> checkAsync(Duration timeout) {
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public boolean isUp() {
			return true;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public boolean isRotating() {
			return false;
		}

		@Override
		public void refreshCredentials() {
		}

		@Override
		public FailedLogins getFailedLogins() {
			return this.logins;
		}

		@Override
		public void borrowFailed(BorrowFailure reason) {
		}

	}

}
