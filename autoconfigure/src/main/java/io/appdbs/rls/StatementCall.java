package io.appdbs.rls;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A recorded call of a setter, which is replayed on the statements of the driver.
 *
 * @param method the method
 * @param args its arguments
 */
record StatementCall(Method method, @Nullable Object[] args) {

	private static final Set<String> TYPED = Set.of("setBoolean", "setByte", "setShort", "setInt", "setLong",
			"setFloat", "setDouble", "setBigDecimal", "setBytes", "setString");

	private static final Set<Class<?>> TYPED_OBJECTS = Set.of(Boolean.class, Byte.class, Short.class, Integer.class,
			Long.class, Float.class, Double.class, BigDecimal.class, byte[].class, String.class, UUID.class);

	/**
	 * Returns whether the driver may leave the type of the parameter to the server.
	 */
	boolean isUntyped() {
		return !TYPED.contains(this.method.getName()) && !(this.method.getName().equals("setObject")
				&& this.args.length == 2 && this.args[1] != null && TYPED_OBJECTS.contains(this.args[1].getClass()));
	}

	/**
	 * Replays the call.
	 * @param statement the statement of the driver
	 * @param shift the number of parameters in front of those of the application
	 */
	@Nullable Object on(PreparedStatement statement, int shift) throws SQLException {
		@Nullable Object[] args = this.args;
		if (shift > 0 && args[0] instanceof Integer index) {
			args = args.clone();
			args[0] = index + shift;
		}
		return RlsProxy.call(this.method, statement, args);
	}

}
