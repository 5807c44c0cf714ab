package io.appdbs.audit.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What the audit knows of a text of SQL.
 *
 * @param text the text without values and comments
 * @param write whether it writes, or may do so
 * @param control what it does to the transaction: with several statements, what the last
 * one of these does
 * @param savepoint the name of the savepoint or {@code null}
 * @param several whether there are several statements
 * @param committing whether it may commit the transaction before or while it is executed
 * @param dataDefinition whether a server that has no transactions for data definition
 * commits before it
 */
record SqlText(String text, boolean write, Control control, @Nullable String savepoint, boolean several,
		boolean committing, boolean dataDefinition) {

	/**
	 * Returns the text of what an updatable result set does to its rows.
	 */
	SqlText derive(String action) {
		return new SqlText(action + " of " + this.text, true, Control.NONE, null, false, false, false);
	}

	/**
	 * Returns the text of something that is not SQL and can write.
	 */
	static SqlText ofAction(String action) {
		return new SqlText(action, true, Control.NONE, null, false, true, false);
	}

	/**
	 * What a statement does to the transaction.
	 */
	enum Control {

		/** Nothing. */
		NONE,

		/** Begins it. */
		BEGIN,

		/** Commits it. */
		COMMIT,

		/** Commits it and begins another one. */
		COMMIT_AND_CHAIN,

		/** Rolls it back. */
		ROLLBACK,

		/** Rolls it back and begins another one. */
		ROLLBACK_AND_CHAIN,

		/** Sets a savepoint. */
		SAVEPOINT,

		/** Rolls back to a savepoint. */
		ROLLBACK_TO,

		/** Ends it so that another session can commit it. */
		PREPARE

	}

}
