package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

/**
 * The data source that Boot's {@code DataSourceBuilder} derives others from. The builder
 * reads URL and login here and, unless it is given another type, creates an instance of
 * this class, which is then a pool like any other.
 */
final class DerivableDataSource extends HikariDataSource {

	private final @Nullable FailFastDataSource original;

	/**
	 * Create a {@link DerivableDataSource} that is a pool.
	 */
	DerivableDataSource() {
		this.original = null;
	}

	/**
	 * Create a {@link DerivableDataSource} to derive from. It opens no connections.
	 * @param original the data source that it stands for, and whose connections it lends
	 */
	DerivableDataSource(FailFastDataSource original) {
		this.original = original;
	}

	/**
	 * Return a URL that has all that the driver is given, but for secrets.
	 */
	@Override
	public @Nullable String getJdbcUrl() {
		FailFastDataSource original = this.original;
		return (original != null)
				? engine(original).addProperties(original.getTarget().url(), original.getDriverProperties())
				: super.getJdbcUrl();
	}

	@Override
	public @Nullable String getDriverClassName() {
		FailFastDataSource original = this.original;
		return (original != null) ? engine(original).getDriverClassName() : super.getDriverClassName();
	}

	@Override
	public @Nullable String getUsername() {
		Properties properties = properties();
		return (properties != null) ? properties.getProperty("user") : super.getUsername();
	}

	@Override
	public @Nullable String getPassword() {
		Properties properties = properties();
		return (properties != null) ? properties.getProperty("password") : super.getPassword();
	}

	private @Nullable Properties properties() {
		FailFastDataSource original = this.original;
		return (original != null) ? original.getDriverProperties() : null;
	}

	private static JdbcEngine engine(FailFastDataSource original) {
		return original.getDefinition().jdbcEngine();
	}

	@Override
	public Connection getConnection() throws SQLException {
		FailFastDataSource original = this.original;
		return (original != null) ? original.getConnection() : super.getConnection();
	}

	@Override
	public String toString() {
		FailFastDataSource original = this.original;
		return (original != null) ? original.toString() : super.toString();
	}

}
