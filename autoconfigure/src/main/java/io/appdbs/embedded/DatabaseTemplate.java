package io.appdbs.embedded;

import org.jspecify.annotations.Nullable;

/**
 * What a database is filled with, so that others are made as copies of it. Called by
 * several threads.
 */
public interface DatabaseTemplate {

	/**
	 * Return what the content depends on.
	 * @param url the URL of an empty database, to look from and not to be changed
	 * @return equal for equal content, or {@code null} if there is to be no copy
	 * @throws Exception if that cannot be found out; the database is created empty then
	 */
	@Nullable Object getKey(String url) throws Exception;

	/**
	 * Fill a database, and leave it without connections.
	 * @param url the URL of the database, which is empty
	 * @throws Exception if it cannot be filled; what is there is thrown away, and the
	 * database that was to be a copy is created empty then
	 */
	void fill(String url) throws Exception;

}
