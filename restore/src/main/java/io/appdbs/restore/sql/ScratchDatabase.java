package io.appdbs.restore.sql;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The database that a backup is restored into.
 *
 * @param dialect the dialect of the server
 * @param host the host, an IPv6 address without brackets
 * @param port the port
 * @param name the name of the database
 * @param username the login
 * @param password the password or {@code null}
 * @param parameters the parameters of the JDBC URL
 * @param own whether the check has started the server
 */
public record ScratchDatabase(SqlDialect dialect, String host, int port, String name, String username,
		@Nullable String password, Map<String, String> parameters, boolean own) {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Opens a connection.
	 * @return the connection
	 * @throws SQLException if the server does not accept it
	 */
	public Connection connect() throws SQLException {
		Properties properties = new Properties();
		properties.putAll(this.parameters);
		properties.put("user", this.username);
		if (this.password != null) {
			properties.put("password", this.password);
		}
		this.dialect.limitConnecting(properties, CONNECT_TIMEOUT);
		String urlHost = (this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host;
		String url = this.dialect.createUrl(urlHost, this.port, this.name);
		Connection connection = findDriver(this.dialect.getDriverClassNames(), url).connect(url, properties);
		if (connection == null) {
			throw new SQLException("The driver does not accept " + url);
		}
		return connection;
	}

	private static Driver findDriver(List<String> classNames, String url) throws SQLException {
		for (String className : classNames) {
			try {
				return (Driver) ClassUtils.forName(className, ScratchDatabase.class.getClassLoader())
					.getDeclaredConstructor()
					.newInstance();
			}
			catch (ReflectiveOperationException | LinkageError ex) {
				// the next one, or a driver of another vendor
			}
		}
		try {
			return DriverManager.getDriver(url);
		}
		catch (SQLException ex) {
			throw new SQLException("There is no JDBC driver for " + url + " on the class path", ex);
		}
	}

	/**
	 * Returns the database with another password.
	 * @param password the password
	 * @return the database
	 */
	public ScratchDatabase withPassword(String password) {
		return new ScratchDatabase(this.dialect, this.host, this.port, this.name, this.username, password,
				new LinkedHashMap<>(this.parameters), this.own);
	}

	/**
	 * Returns another database of the server.
	 * @param name the name of the database
	 * @return the database
	 */
	public ScratchDatabase withName(String name) {
		return new ScratchDatabase(this.dialect, this.host, this.port, name, this.username, this.password,
				new LinkedHashMap<>(this.parameters), this.own);
	}

	/**
	 * Returns the address without the login.
	 */
	@Override
	public String toString() {
		return "database '" + this.name + "' at " + this.host + ":" + this.port;
	}

}
