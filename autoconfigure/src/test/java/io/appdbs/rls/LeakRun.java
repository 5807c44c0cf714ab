package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random work of many users at once with one pool: counts it by kind, and records each
 * row of another user that was read.
 *
 * @param <U> the kinds of work
 */
class LeakRun<U extends Enum<U>> {

	static final int USERS = 8;

	static final int THREADS = 12;

	/** Whose rows are not checked. */
	static final String ANY_USER = "*";

	final JdbcTemplate template;

	final DataSource dataSource;

	final TransactionTemplate transaction;

	final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final Class<U> kinds;

	private final Map<U, LongAdder> units;

	private final LongAdder rows = new LongAdder();

	LeakRun(ApplicationContext context, Class<U> kinds) {
		this.template = Notes.template(context);
		this.dataSource = Notes.dataSource(context);
		this.transaction = Notes.transaction(context);
		this.kinds = kinds;
		this.units = new EnumMap<>(kinds);
		for (U unit : kinds.getEnumConstants()) {
			this.units.put(unit, new LongAdder());
		}
	}

	/**
	 * Work on all threads, each with the random numbers that it is given, and wait.
	 */
	void work(ExecutorService threads, Consumer<SplittableRandom> work) throws Exception {
		List<Future<?>> tasks = new ArrayList<>();
		for (int thread = 0; thread < THREADS; thread++) {
			SplittableRandom random = new SplittableRandom(thread);
			tasks.add(threads.submit(() -> work.accept(random)));
		}
		for (Future<?> task : tasks) {
			task.get();
		}
	}

	void count(U unit) {
		this.units.get(unit).increment();
	}

	void assertNoLeak(int rows) {
		assertThat(this.wrong).isEmpty();
		assertThat(this.units.keySet()).containsExactly(this.kinds.getEnumConstants());
		assertThat(this.units).allSatisfy((unit, count) -> assertThat(count.sum()).as(unit.name()).isPositive());
		assertThat(this.rows.sum()).isGreaterThan(rows);
	}

	void prepared(Connection connection, String sql, String user, int fetchSize, Object... args) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setFetchSize(fetchSize);
			for (int i = 0; i < args.length; i++) {
				statement.setObject(i + 1, args[i]);
			}
			check(user, statement.executeQuery());
		}
	}

	void plain(Connection connection, String sql, String user, int fetchSize) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.setFetchSize(fetchSize);
			check(user, statement.executeQuery(sql));
		}
	}

	void generatedKeys(Connection connection, String user, int fetchSize) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("UPDATE note SET body = ? WHERE body IS NOT NULL", new String[] { "owner" })) {
			statement.setString(1, user);
			statement.setFetchSize(fetchSize);
			statement.executeUpdate();
			check(user, statement.getGeneratedKeys());
		}
	}

	void read(String user, String sql, Object... args) {
		this.template.queryForList(sql, String.class, args).forEach((value) -> check(user, value));
	}

	private void check(String user, ResultSet rows) throws SQLException {
		try (rows) {
			while (rows.next()) {
				check(user, rows.getString(1));
			}
		}
	}

	void check(String user, String owner) {
		if (ANY_USER.equals(user)) {
			return;
		}
		this.rows.increment();
		if (!owner.equals(user)) {
			this.wrong.add("%s read a row of %s".formatted(user, owner));
		}
	}

}
