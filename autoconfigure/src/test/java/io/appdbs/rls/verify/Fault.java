package io.appdbs.rls.verify;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.rls.verify.catalog.Severity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What can be wrong with a database. In all texts, <code>{}</code> stands for the name of
 * the database, <code>{user}</code> for an expression that is the user, and
 * <code>{stored user}</code> for that expression as PostgreSQL stores it.
 *
 * @param severity how much it matters
 * @param sql causes it
 * @param finding what is reported, with the identifier in brackets
 * @param fix the fix that is reported; statements may be followed by alternatives
 * @param settings keys and values in turn
 */
record Fault(Severity severity, String sql, String finding, String fix, String... settings) {

	private static final String ALTERNATIVE = " -- or ";

	private static final String USER = "(SELECT NULLIF(current_setting('app.current_user_id', true), ''))";

	/** The same as PostgreSQL stores it. */
	private static final String STORED_USER = "( SELECT NULLIF(current_setting('app.current_user_id'::text, true), ''::text) AS \"nullif\")";

	Fault {
		sql = insertUser(sql);
		finding = insertUser(finding);
		fix = insertUser(fix);
	}

	Fault(String sql, String finding, String fix, String... settings) {
		this(Severity.ERROR, sql, finding, fix, settings);
	}

	private static String insertUser(String text) {
		return text.replace("{user}", USER).replace("{stored user}", STORED_USER);
	}

	static Fault warn(String sql, String finding, String fix, String... settings) {
		return new Fault(Severity.WARN, sql, finding, fix, settings);
	}

	/**
	 * Assert that this is found and nothing else, that only an error rejects the
	 * database, and that after each of the alternatives of the fix nothing is found.
	 */
	void assertFoundAndFixed(SecuredDatabases databases) throws SQLException {
		String database = databases.create(this.sql);
		assertThat(findings(databases, database))
			.containsExactly("%s %s %s".formatted(this.severity, this.finding, this.fix.replace("{}", database)));
		assertRejected(databases, database);
		List<String> alternatives = Stream.of(this.fix.split(ALTERNATIVE)).filter((fix) -> fix.endsWith(";")).toList();
		for (int i = alternatives.size() - 1; i >= 0; i--) {
			// settings of a database are not copied
			String copy = (i == 0) ? database : databases.copy(database);
			databases.execute(copy, alternatives.get(i).replace("{}", copy).replace("<column>", "owner"));
			assertThat(findings(databases, copy)).as(alternatives.get(i)).isEmpty();
		}
	}

	private void assertRejected(SecuredDatabases databases, String database) throws SQLException {
		if (this.severity != Severity.ERROR) {
			databases.verify(database, this.settings);
			return;
		}
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> databases.verify(database, this.settings))
			.withMessageEndingWith("does not hold:\n\n    " + this.finding);
	}

	private List<String> findings(SecuredDatabases databases, String database) throws SQLException {
		String[] settings = Stream.concat(Stream.of(this.settings), Stream.of("rls.verify", "warn"))
			.toArray(String[]::new);
		Map<String, Object> details = databases.verify(database, settings);
		assertThat(details).isNotNull();
		return ((List<?>) Objects.requireNonNull(details.get("findings"))).stream()
			.map((finding) -> (Map<?, ?>) finding)
			.map((finding) -> "%s [%s] %s %s. %s".formatted(finding.get("severity"), finding.get("id"),
					finding.get("object"), finding.get("reason"), finding.get("fix")))
			.toList();
	}

	@Override
	public String toString() {
		return this.finding;
	}

}
