package io.appdbs.rls;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;

import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that row-level security costs no round trip, counted on the wire.
 */
@ApplicationClassLoader
class RlsRoundTripTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void aTransactionOfOneStatementTakesTwo() {
		assertSame(2,
				(context) -> Notes.transaction(context)
					.executeWithoutResult(
							(status) -> Notes.template(context).queryForList("SELECT body FROM note WHERE id < ?", 5)));
		assertSame(2, (context) -> Notes.transaction(context)
			.executeWithoutResult((status) -> Notes.template(context).queryForList("SELECT body FROM note")));
	}

	@Test
	void aTransactionOfTwoStatementsTakesThree() {
		assertSame(3, (context) -> Notes.transaction(context).executeWithoutResult((status) -> {
			Notes.template(context).update("UPDATE note SET body = ? WHERE id = ?", "x", 1);
			Notes.template(context).queryForList("SELECT body FROM note");
		}));
	}

	@Test
	void aStatementOutsideOfATransactionTakesOne() {
		assertSame(1, (context) -> Notes.template(context).queryForList("SELECT body FROM note WHERE id < ?", 5));
		assertSame(1, (context) -> Notes.template(context).queryForList("SELECT body FROM note"));
		assertSame(1, (context) -> Notes.template(context).update("UPDATE note SET body = ? WHERE id = ?", "x", 1));
	}

	@Test
	void anEmptyTransactionTakesNone() {
		assertSame(0, (context) -> Notes.transaction(context).executeWithoutResult((status) -> {
		}));
	}

	@Test
	void aBatchInATransactionTakesOneMore() {
		assertRoundTrips(2, 3, (context) -> Notes.transaction(context)
			.executeWithoutResult((status) -> Notes.template(context)
				.batchUpdate("UPDATE note SET body = ? WHERE id = 1", List.<Object[]>of(new Object[] { "a" }))));
	}

	@Test
	void generatedKeysInATransactionTakeOneMore() {
		assertRoundTrips(2, 3, (context) -> inTransaction(context, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("UPDATE note SET body = 'x' WHERE id = 1",
					Statement.RETURN_GENERATED_KEYS)) {
				statement.executeUpdate();
			}
		}));
	}

	@Test
	void aCursorTakesOneMore() {
		assertRoundTrips(2, 3, (context) -> inTransaction(context, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM note")) {
				statement.setFetchSize(1000);
				try (ResultSet rows = statement.executeQuery()) {
					rows.next();
				}
			}
		}));
	}

	@Test
	void aSavepointAtTheBeginningTakesOneMore() {
		assertRoundTrips(3, 4, (context) -> inTransaction(context, (connection) -> {
			connection.setSavepoint();
			try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM note")) {
				statement.executeQuery();
			}
		}));
	}

	@Test
	void aSavepointAfterAStatementTakesNoMore() {
		assertRoundTrips(3, 3, (context) -> inTransaction(context, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM note")) {
				statement.executeQuery();
			}
			connection.setSavepoint();
		}));
	}

	@Test
	void manyExecutionsTakeNoMoreEach() {
		assertSame(40, (context) -> {
			for (int i = 0; i < 20; i++) {
				Notes.transaction(context)
					.executeWithoutResult(
							(status) -> Notes.template(context).queryForList("SELECT body FROM note WHERE id < ?", 5));
			}
		});
	}

	@Test
	void aRepositoryOfSpringDataTakesNoMore() {
		// which has a transaction of its own, unlike the query methods
		assertSame(2, (context) -> context.getBean(NoteRepository.class).findAll());
		assertSame(1, (context) -> context.getBean(NoteRepository.class).findByBodyStartingWith("note 1"));
	}

	private static void assertSame(int expected, Consumer<ApplicationContext> work) {
		assertRoundTrips(expected, expected, work);
	}

	private static void assertRoundTrips(int bare, int secured, Consumer<ApplicationContext> work) {
		assertThat(count(false, work)).as("without row-level security").isEqualTo(bare);
		assertThat(count(true, work)).as("with row-level security").isEqualTo(secured);
	}

	/**
	 * Count on the one connection of the pool, once the driver knows the statements; the
	 * monitor takes another way.
	 */
	private static int count(boolean secured, Consumer<ApplicationContext> work) {
		int[] count = new int[1];
		try (WireTap tap = new WireTap(notes.address())) {
			notes
				.runner(tap.address(), "app.dbs.notes.rls.enabled=" + secured, "app.dbs.notes.pool.max-size=1",
						"app.dbs.notes.health.interval=1h")
				.withUserConfiguration(RlsDataJdbcTests.Repositories.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
						for (int i = 0; i < 10; i++) {
							work.accept(context);
						}
						int before = tap.getRoundTrips();
						work.accept(context);
						count[0] = tap.getRoundTrips() - before;
					});
				});
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return count[0];
	}

	private static void inTransaction(ApplicationContext context, RlsPool.Work work) {
		try (Connection connection = Notes.dataSource(context).getConnection()) {
			connection.setAutoCommit(false);
			work.with(connection);
			connection.commit();
			connection.setAutoCommit(true);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
