package io.appdbs.engine;

/**
 * How many connections a server takes.
 *
 * @param connections the number of connections that are free for applications
 * @param scope what has the limit for itself
 * @param setting the setting of the server that raises the limit
 * @param description how the limit comes about, for example
 * {@code max_connections 28, 3 reserved}
 */
public record ConnectionLimit(int connections, Scope scope, String setting, String description) {

	/**
	 * What has a limit for itself.
	 */
	public enum Scope {

		/**
		 * The server: all connections to it count.
		 */
		SERVER,

		/**
		 * Each login.
		 */
		LOGIN,

		/**
		 * Each database of the server.
		 */
		DATABASE

	}

}
