package io.appdbs;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Published when a database has changed its {@linkplain DatabaseState state}, on the
 * thread that noticed it. Events of the start are held back and published together, when
 * the application's beans have been created. The event is late by nature: ask the
 * {@link Database} for what is true now.
 */
public class DatabaseStateChangedEvent extends ApplicationEvent {

	private final Database database;

	private final DatabaseState from;

	private final DatabaseState to;

	private final @Nullable String reason;

	/**
	 * Create a new {@link DatabaseStateChangedEvent}.
	 * @param database the database
	 * @param from the state before
	 * @param to the state after
	 * @param reason the reason in plain words or {@code null} if there is none
	 */
	public DatabaseStateChangedEvent(Database database, DatabaseState from, DatabaseState to, @Nullable String reason) {
		super(database);
		this.database = database;
		this.from = from;
		this.to = to;
		this.reason = reason;
	}

	/**
	 * Return the database.
	 * @return the database
	 */
	public Database getDatabase() {
		return this.database;
	}

	/**
	 * Return the state before.
	 * @return the state before
	 */
	public DatabaseState getFrom() {
		return this.from;
	}

	/**
	 * Return the state after.
	 * @return the state after
	 */
	public DatabaseState getTo() {
		return this.to;
	}

	/**
	 * Return the reason.
	 * @return the reason in plain words or {@code null} if there is none
	 */
	public @Nullable String getReason() {
		return this.reason;
	}

}
