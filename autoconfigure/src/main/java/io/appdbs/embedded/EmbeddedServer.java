package io.appdbs.embedded;

/**
 * A server that is running.
 */
interface EmbeddedServer extends AutoCloseable {

	/**
	 * Creates the database unless it exists. Called once per name.
	 * @param name the name of the database
	 * @return the URL of the database, with the user
	 * @throws Exception if the database cannot be created
	 */
	String createDatabase(String name) throws Exception;

	/**
	 * Creates a database with the content of another. Supported only if
	 * {@link EmbeddedEngine#isCopying()} is true.
	 * @param name the name of the database
	 * @param source the name of the other database, which must not have connections
	 * @return the URL of the database, with the user
	 * @throws Exception if the database cannot be created
	 */
	default String createCopy(String name, String source) throws Exception {
		throw new UnsupportedOperationException();
	}

	/**
	 * Starts a server that follows this one. Supported only if
	 * {@link EmbeddedEngine#isReplicated()} is true.
	 * @param folder the folder for files and processes of the other server
	 * @param number the number of the replica
	 * @return the running server, whose databases are those of this one
	 * @throws Exception if the other server cannot be started
	 */
	default EmbeddedServer startReplica(ServerFolder folder, int number) throws Exception {
		throw new UnsupportedOperationException();
	}

	/**
	 * Deletes a database, even if there are connections to it.
	 * @param name the name of a database that this server created
	 * @throws Exception if the database cannot be deleted
	 */
	void dropDatabase(String name) throws Exception;

	/**
	 * Stops the server. The caller kills processes that are still running afterwards.
	 */
	@Override
	void close() throws Exception;

}
