package io.appdbs.rls.verify;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.settings.DatabaseDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What can be wrong with a database.
 *
 * @param severity how much it matters
 * @param sql causes it
 * @param finding what is reported, with the identifier in brackets
 * @param fix the fix that is reported; statements may be followed by alternatives
 * @param settings keys and values in turn
 */
record Fault(Severity severity, String sql, String finding, String fix, String... settings) {

	private static final String ALTERNATIVE = " -- or ";

	Fault(String sql, String finding, String fix, String... settings) {
		this(Severity.ERROR, sql, finding, fix, settings);
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
		DatabaseDefinition definition = databases.define(databases.address(), database, this.settings);
		RlsVerification verification = new RlsVerification();
		if (this.severity != Severity.ERROR) {
			verification.prepare(definition, definition.connectionDetails().get());
			return;
		}
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> verification.prepare(definition, definition.connectionDetails().get()))
			.withMessageEndingWith("does not hold:\n\n    " + this.finding);
	}

	private List<String> findings(SecuredDatabases databases, String database) throws SQLException {
		String[] settings = Stream.concat(Stream.of(this.settings), Stream.of("rls.verify", "warn"))
			.toArray(String[]::new);
		DatabaseDefinition definition = databases.define(databases.address(), database, settings);
		Map<String, Object> details = new RlsVerification().prepare(definition, definition.connectionDetails().get());
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
