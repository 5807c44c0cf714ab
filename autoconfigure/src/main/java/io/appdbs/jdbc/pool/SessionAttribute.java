package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that a caller can set with a method of {@link Connection}, and that the
 * pool does not reset.
 */
enum SessionAttribute {

	SCHEMA("setSchema", (connection, engine) -> engine.readSchema(connection),
			(connection, engine, value) -> engine.restoreSchema(connection, (String) value)),

	CATALOG("setCatalog", (connection, engine) -> connection.getCatalog(),
			(connection, engine, value) -> connection.setCatalog((String) value)),

	HOLDABILITY("setHoldability", (connection, engine) -> connection.getHoldability(),
			(connection, engine, value) -> connection.setHoldability((Integer) Objects.requireNonNull(value))),

	TYPE_MAP("setTypeMap", (connection, engine) -> copy(connection.getTypeMap()), SessionAttribute::setTypeMap),

	CLIENT_INFO("setClientInfo", (connection, engine) -> new HashMap<>(connection.getClientInfo()),
			SessionAttribute::setClientInfo);

	private static final Map<String, SessionAttribute> BY_SETTER = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap((attribute) -> attribute.setter, Function.identity()));

	private final String setter;

	private final Reader reader;

	private final Writer writer;

	SessionAttribute(String setter, Reader reader, Writer writer) {
		this.setter = setter;
		this.reader = reader;
		this.writer = writer;
	}

	/**
	 * Returns the attribute that a method sets.
	 * @param method the name of the method
	 * @return the attribute or {@code null} if it sets none
	 */
	static @Nullable SessionAttribute ofSetter(String method) {
		return BY_SETTER.get(method);
	}

	/**
	 * Returns the value for {@link #restore}.
	 */
	@Nullable Object read(Connection connection, JdbcEngine engine) throws SQLException {
		return this.reader.read(connection, engine);
	}

	/**
	 * Restores a value that was read before, unless it is known without asking the server
	 * that it is unchanged.
	 * @return whether the value is restored: not every driver can restore no value
	 */
	boolean restore(Connection connection, JdbcEngine engine, @Nullable Object value) throws SQLException {
		if (this == SCHEMA) {
			this.writer.write(connection, engine, value);
			return value != null || read(connection, engine) == null;
		}
		if (!Objects.equals(read(connection, engine), value)) {
			this.writer.write(connection, engine, value);
		}
		return Objects.equals(read(connection, engine), value);
	}

	private static @Nullable Map<?, ?> copy(@Nullable Map<?, ?> map) {
		return (map != null) ? new HashMap<>(map) : null;
	}

	@SuppressWarnings("unchecked")
	private static void setTypeMap(Connection connection, JdbcEngine engine, @Nullable Object value)
			throws SQLException {
		connection.setTypeMap((Map<String, Class<?>>) copy((Map<?, ?>) value));
	}

	/**
	 * Some drivers return their own properties, and only add to them.
	 */
	private static void setClientInfo(Connection connection, JdbcEngine engine, @Nullable Object value)
			throws SQLException {
		Properties properties = new Properties();
		properties.putAll((Map<?, ?>) Objects.requireNonNull(value));
		connection.getClientInfo().keySet().retainAll(properties.keySet());
		connection.setClientInfo(properties);
	}

	private interface Reader {

		@Nullable Object read(Connection connection, JdbcEngine engine) throws SQLException;

	}

	private interface Writer {

		void write(Connection connection, JdbcEngine engine, @Nullable Object value) throws SQLException;

	}

}
