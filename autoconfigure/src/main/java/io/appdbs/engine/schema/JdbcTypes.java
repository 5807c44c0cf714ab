package io.appdbs.engine.schema;

import java.sql.Types;
import java.util.Locale;

import io.appdbs.schema.TypeFamily;
import org.jspecify.annotations.Nullable;

/**
 * The types of JDBC, which drivers report for the types of their servers.
 */
final class JdbcTypes {

	private JdbcTypes() {
	}

	/**
	 * Returns the family of a type. Some types have no number of their own in JDBC, so
	 * their names come first.
	 * @param type the number of the type in {@link Types}
	 * @param name the name that the server has for it
	 * @param size the number of characters, digits or bits
	 * @return the family or {@code null} if there is none
	 */
	static @Nullable TypeFamily toFamily(int type, String name, int size) {
		return switch (name.toLowerCase(Locale.ROOT)) {
			case "uuid", "uniqueidentifier" -> TypeFamily.UUID;
			case "json", "jsonb" -> TypeFamily.JSON;
			default -> toFamily(type, size);
		};
	}

	private static @Nullable TypeFamily toFamily(int type, int size) {
		return switch (type) {
			case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.FLOAT, Types.DOUBLE,
					Types.NUMERIC, Types.DECIMAL ->
				TypeFamily.NUMBER;
			case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR,
					Types.CLOB, Types.NCLOB ->
				TypeFamily.TEXT;
			case Types.BOOLEAN -> TypeFamily.BOOLEAN;
			case Types.BIT -> (size <= 1) ? TypeFamily.BOOLEAN : null;
			case Types.DATE -> TypeFamily.DATE;
			case Types.TIME, Types.TIME_WITH_TIMEZONE -> TypeFamily.TIME;
			case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> TypeFamily.TIMESTAMP;
			case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> TypeFamily.BINARY;
			default -> null;
		};
	}

	/**
	 * Returns the name of a type with its length, or its precision and scale.
	 */
	static String describe(int type, String name, int size, int scale) {
		return switch (type) {
			case Types.CHAR, Types.VARCHAR, Types.NCHAR, Types.NVARCHAR, Types.BINARY, Types.VARBINARY ->
				(name.indexOf('(') < 0 && size > 0 && !name.equalsIgnoreCase("uuid")) ? name + "(" + size + ")" : name;
			case Types.NUMERIC, Types.DECIMAL ->
				(name.indexOf('(') < 0 && size > 0) ? name + "(" + size + "," + scale + ")" : name;
			default -> name;
		};
	}

}
