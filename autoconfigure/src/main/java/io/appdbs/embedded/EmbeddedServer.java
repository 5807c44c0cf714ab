package io.appdbs.embedded;

/**
 * A server that is running.
 */
interface EmbeddedServer extends AutoCloseable {

	/**
	 * Create the database unless it exists. Called once per name.
	 * @param name the name of the database
	 * @return the URL of the database, with the user
	 * @throws Exception if the database cannot be created
	 */
	String createDatabase(String name) throws Exception;

	/**
	 * Create a database with the content of another. Only servers whose provider
	 * {@linkplain EmbeddedServerProvider#isCopying() says so} can.
	 * @param name the name of the database
	 * @param source the name of the other, which nobody is connected to
	 * @return the URL of the database, with the user
	 * @throws Exception if the database cannot be created
	 */
	default String createCopy(String name, String source) throws Exception {
		throw new UnsupportedOperationException();
	}

	/**
	 * Delete a database, whoever is connected to it.
	 * @param name the name of a database that was created here
	 * @throws Exception if the database cannot be deleted
	 */
	void dropDatabase(String name) throws Exception;

	/**
	 * Stop the server. What is still running afterwards is killed by the caller.
	 */
	@Override
	void close() throws Exception;

}
