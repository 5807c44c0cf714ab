package io.appdbs;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Published after a change of the {@linkplain DatabaseState state} of a database, on the
 * thread that detected it. Events during the start are held back and published together
 * when the application's beans have been created. The state may have changed again
 * meanwhile: the {@link Database} has the current one.
 */
public class DatabaseStateChangedEvent extends ApplicationEvent {

	private final Database database;

	private final DatabaseState from;

	private final DatabaseState to;

	private final @Nullable String reason;

	/**
	 * Creates a new {@link DatabaseStateChangedEvent}.
	 * @param database the database
	 * @param from the state before
	 * @param to the state after
	 * @param reason the reason, or {@code null} if there is none
	 */
	public DatabaseStateChangedEvent(Database database, DatabaseState from, DatabaseState to, @Nullable String reason) {
		super(database);
		this.database = database;
		this.from = from;
		this.to = to;
		this.reason = reason;
	}

	/**
	 * Returns the database.
	 * @return the database
	 */
	public Database getDatabase() {
		return this.database;
	}

	/**
	 * Returns the state before.
	 * @return the state before
	 */
	public DatabaseState getFrom() {
		return this.from;
	}

	/**
	 * Returns the state after.
	 * @return the state after
	 */
	public DatabaseState getTo() {
		return this.to;
	}

	/**
	 * Returns the reason.
	 * @return the reason, or {@code null} if there is none
	 */
	public @Nullable String getReason() {
		return this.reason;
	}

}
