package io.appdbs.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Base class of engines that are spoken to through JDBC. The least engine is a
 * constructor: {@code super("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver",
 * "org.hsqldb:hsqldb")}.
 */
public abstract class JdbcEngine implements Engine {

	private final String id;

	private final String displayName;

	private final String driverClassName;

	private final String driverCoordinates;

	/**
	 * Create a new {@link JdbcEngine}.
	 * @param id the identifier, also the part after {@code jdbc:} unless
	 * {@link #getSchemes()} says otherwise
	 * @param displayName the name that messages use
	 * @param driverClassName the class of the JDBC driver
	 * @param driverCoordinates the Maven coordinates of the driver as
	 * {@code groupId:artifactId}
	 */
	protected JdbcEngine(String id, String displayName, String driverClassName, String driverCoordinates) {
		this.id = id;
		this.displayName = displayName;
		this.driverClassName = driverClassName;
		this.driverCoordinates = driverCoordinates;
	}

	@Override
	public final String getId() {
		return this.id;
	}

	@Override
	public final String getDisplayName() {
		return this.displayName;
	}

	@Override
	public final DatabaseKind getKind() {
		return DatabaseKind.RELATIONAL;
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of(this.id, "jdbc:" + this.id);
	}

	@Override
	public ConnectionTarget resolve(String url) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the class of the JDBC driver.
	 * @return the fully qualified name of the class
	 */
	public final String getDriverClassName() {
		return this.driverClassName;
	}

	/**
	 * Return where the JDBC driver is to be had.
	 * @return the Maven coordinates as {@code groupId:artifactId}
	 */
	public final String getDriverCoordinates() {
		return this.driverCoordinates;
	}

	/**
	 * Return the driver's properties for a limit on opening a connection.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the driver knows no such limit
	 */
	public Map<String, String> getConnectTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * Return the driver's properties that make the server cancel long statements.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the engine cannot do that, which is then an error
	 * of the configuration
	 */
	public Map<String, String> getStatementTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * Return whether the server refuses to write on a connection that is
	 * {@linkplain java.sql.Connection#setReadOnly read-only}. Where it does not,
	 * {@code read-only} is an error of the configuration.
	 * @return whether read-only is enforced
	 */
	public boolean isReadOnlyEnforced() {
		return true;
	}

	/**
	 * Return whether a server, reached through the driver of this engine under another
	 * engine's URL, is really this one.
	 * @param serverVersion what the server says of its version
	 * @return whether the server is of this engine
	 */
	public boolean recognizes(String serverVersion) {
		return false;
	}

}
