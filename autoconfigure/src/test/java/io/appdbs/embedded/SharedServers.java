package io.appdbs.embedded;

/**
 * Servers that the contexts of a test class share, and that are stopped after it.
 */
public final class SharedServers implements AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	/**
	 * Returns the servers for one more context, with databases of its own.
	 */
	public EmbeddedServers forContext() {
		return new EmbeddedServers(null, new SharedDatabases(this.servers));
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
