package io.appdbs.embedded;

import org.jspecify.annotations.Nullable;

/**
 * Content of a database, so that others can be created as copies of it. Implementations
 * must be thread-safe.
 */
public interface DatabaseTemplate {

	/**
	 * Returns a key for the content.
	 * @param url the URL of an empty database, for queries only
	 * @return an equal object for equal content, or {@code null} not to copy
	 * @throws Exception if the key cannot be determined; the database is then created
	 * empty
	 */
	@Nullable Object getKey(String url) throws Exception;

	/**
	 * Fills a database and closes all connections to it.
	 * @param url the URL of the database, which is empty
	 * @throws Exception if the database cannot be filled; it is then deleted, and the
	 * copy is created as an empty database
	 */
	void fill(String url) throws Exception;

}
