package io.appdbs.embedded;

/**
 * Servers that the contexts of a test class share. They are stopped after the class.
 */
public final class SharedServers implements AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	/**
	 * Returns the servers for one more context, with separate databases.
	 */
	public EmbeddedServers forContext() {
		return new EmbeddedServers(null, new SharedDatabases(this.servers));
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
