package io.appdbs.query;

/**
 * Gets slow statements, on the thread that has executed them, which it must not block.
 */
@FunctionalInterface
public interface SlowQueryListener {

	/**
	 * Called after a slow statement.
	 * @param query the statement
	 */
	void onSlowQuery(SlowQuery query);

}
