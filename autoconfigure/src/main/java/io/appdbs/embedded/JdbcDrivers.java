package io.appdbs.embedded;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * Connects through a driver by its class name. {@link java.sql.DriverManager} does not
 * know the drivers of every class loader.
 */
final class JdbcDrivers {

	private JdbcDrivers() {
	}

	static Connection connect(String driverClassName, String url) throws SQLException {
		Class<?> driverClass = ClassUtils.resolveClassName(driverClassName, null);
		Connection connection = BeanUtils.instantiateClass(driverClass, Driver.class).connect(url, new Properties());
		if (connection == null) {
			throw new SQLException(driverClassName + " does not accept the URL of the embedded server");
		}
		return connection;
	}

}
