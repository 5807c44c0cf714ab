package io.appdbs.jdbc;

import java.lang.reflect.Constructor;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for exceptions that name the database, side by side with Spring's own.
 */
class NamedSqlExceptionTranslatorTests {

	private static final Supplier<Engine> H2 = () -> engine("h2");

	private final DataSource dataSource = Mockito.mock();

	@ParameterizedTest
	@ValueSource(strings = { "40001", "40P01", "40003", "23505", "23503", "23514", "08006", "08001", "57P01", "57014",
			"25006", "25P02", "42501", "42P01", "42601", "22001", "22003", "28000", "53300", "55P03", "0A000", "HYT00",
			"HY000", "XX000", "99999" })
	void theTypeIsTheOneOfSpring(String state) throws Exception {
		for (SQLException failure : failures(state)) {
			StatementCallback<Void> failing = (statement) -> {
				throw failure;
			};
			Connection connection = Mockito.mock();
			given(connection.createStatement()).willReturn(Mockito.mock(Statement.class));
			given(this.dataSource.getConnection()).willReturn(connection);
			JdbcTemplate named = new JdbcTemplate(this.dataSource);
			named.setExceptionTranslator(new NamedSqlExceptionTranslator("orders", H2, this.dataSource));
			Throwable expected = catchThrowable(() -> new JdbcTemplate(this.dataSource).execute(failing));
			Throwable actual = catchThrowable(() -> named.execute(failing));
			assertNamed(actual, expected);
			assertNamed(
					catchThrowable(
							() -> commit(new NamedJdbcTransactionManager("orders", H2, this.dataSource), failure)),
					catchThrowable(() -> commit(new JdbcTransactionManager(this.dataSource), failure)));
		}
	}

	@Test
	void whenATransactionCannotBeginThenTheExceptionIsSprings() throws Exception {
		given(this.dataSource.getConnection()).willThrow(new SQLException("x", "08001"));
		assertNamed(
				catchThrowable(
						() -> new NamedJdbcTransactionManager("orders", H2, this.dataSource).getTransaction(null)),
				catchThrowable(() -> new JdbcTransactionManager(this.dataSource).getTransaction(null)));
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, 55P03, 0, CannotAcquireLockException",
			"cockroachdb, 55P03, 0, CannotAcquireLockException", "mysql, HY000, 3024, QueryTimeoutException",
			"mysql, HY000, 1205, CannotAcquireLockException", "mysql, HY000, 3572, CannotAcquireLockException",
			"mysql, HY000, 1969, UncategorizedSQLException", "mariadb, 70100, 1969, QueryTimeoutException",
			"mariadb, HY000, 1205, CannotAcquireLockException", "h2, 55P03, 0, UncategorizedSQLException" })
	void whenAStatementReachesALimitOfTheServerThenTheTypeSaysSo(String engine, String state, int code, String type) {
		SQLException failure = new SQLException("failed", state, code);
		NamedSqlExceptionTranslator translator = new NamedSqlExceptionTranslator("orders", () -> engine(engine),
				this.dataSource);
		DataAccessException translated = translator.translate("task", "SELECT 1", failure);
		assertThat(translated.getClass().getSimpleName()).isEqualTo(type);
		assertThat(translated).hasCause(failure)
			.hasMessageStartingWith("Database 'orders': task; ")
			.hasMessageContaining("SQL [SELECT 1]; ")
			.hasMessageContaining("failed");
		BatchUpdateException batch = new BatchUpdateException("batch", "HY000", new int[0]);
		batch.setNextException(failure);
		assertThat(translator.translate("task", null, batch)).isExactlyInstanceOf(translated.getClass());
	}

	@Test
	void whenACommitReachesALimitOfTheServerThenTheExceptionHasItsType() {
		JdbcTransactionManager manager = new NamedJdbcTransactionManager("orders", () -> engine("mariadb"),
				this.dataSource);
		assertThatExceptionOfType(QueryTimeoutException.class)
			.isThrownBy(() -> commit(manager, new SQLException("failed", "70100", 1969)))
			.withMessage("Database 'orders': JDBC commit; failed");
	}

	@Test
	void theDatabaseIsNotQueried() {
		new NamedSqlExceptionTranslator("orders", H2, this.dataSource).translate("task", null,
				new SQLException("x", "40001"));
		Mockito.verifyNoInteractions(this.dataSource);
	}

	private static Engine engine(String id) {
		return Objects.requireNonNull(Engines.load(null).findById(id));
	}

	private static void assertNamed(Throwable actual, Throwable expected) {
		assertThat(actual).hasSameClassAs(expected).hasCause(expected.getCause());
		assertThat(actual).hasMessage("Database 'orders': " + expected.getMessage());
	}

	private void commit(JdbcTransactionManager manager, SQLException failure) throws SQLException {
		Connection connection = Mockito.mock();
		given(this.dataSource.getConnection()).willReturn(connection);
		willThrow(failure).given(connection).commit();
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
		});
	}

	/**
	 * The types that JDBC knows, which Spring looks at before the SQLState.
	 */
	private static List<SQLException> failures(String state) throws Exception {
		List<SQLException> failures = new ArrayList<>();
		for (String type : List.of("SQLException", "SQLTransientConnectionException", "SQLTransactionRollbackException",
				"SQLTimeoutException", "SQLNonTransientConnectionException", "SQLDataException",
				"SQLIntegrityConstraintViolationException", "SQLInvalidAuthorizationSpecException",
				"SQLSyntaxErrorException", "SQLFeatureNotSupportedException", "SQLRecoverableException")) {
			Constructor<?> constructor = Class.forName("java.sql." + type).getConstructor(String.class, String.class);
			failures.add((SQLException) constructor.newInstance("failed", state));
		}
		BatchUpdateException batch = new BatchUpdateException("batch", state, new int[0]);
		batch.setNextException(new SQLException("next", state));
		failures.add(batch);
		return failures;
	}

}
