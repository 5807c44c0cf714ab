package io.appdbs.jdbc;

import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.engine.Engine;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * Spring's own translation of exceptions, with the name of the database in front of the
 * message. The types are the same, but statements that reached a limit of the server have
 * separate types even if Spring does not recognize the reason.
 */
public final class NamedSqlExceptionTranslator implements SQLExceptionTranslator {

	private final Supplier<String> database;

	private final ServerTimeoutTranslator timeouts;

	/** Created late: with custom error codes it queries the database. */
	private final Supplier<SQLExceptionTranslator> translator;

	/**
	 * Creates a new {@link NamedSqlExceptionTranslator}.
	 * @param database the name of the database
	 * @param engine the engine
	 * @param dataSource the database, which the translation may depend on
	 */
	public NamedSqlExceptionTranslator(String database, Supplier<Engine> engine, DataSource dataSource) {
		this(() -> database, engine, dataSource);
	}

	/**
	 * Creates a new {@link NamedSqlExceptionTranslator} for several databases.
	 * @param database supplies the name of the current database
	 * @param engine the engine
	 * @param dataSource the databases
	 */
	public NamedSqlExceptionTranslator(Supplier<String> database, Supplier<Engine> engine, DataSource dataSource) {
		this.database = database;
		this.timeouts = new ServerTimeoutTranslator(engine);
		this.translator = new JdbcTemplate(dataSource)::getExceptionTranslator;
	}

	@Override
	public DataAccessException translate(String task, @Nullable String sql, SQLException failure) {
		String named = name(this.database.get(), task);
		DataAccessException translated = this.translator.get().translate(named, sql, failure);
		if (translated == null) {
			translated = this.timeouts.translate(named, sql, failure);
		}
		return (translated != null) ? translated : new UncategorizedSQLException(named, sql, failure);
	}

	/**
	 * Puts the name of a database in front of a message.
	 * @param database the name of the database
	 * @param task the message
	 * @return the message with the name
	 */
	public static String name(String database, String task) {
		return "Database '%s': %s".formatted(database, task);
	}

}
