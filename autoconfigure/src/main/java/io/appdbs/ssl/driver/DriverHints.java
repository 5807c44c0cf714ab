package io.appdbs.ssl.driver;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for the classes that drivers instantiate by name.
 */
public final class DriverHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		// by name, as drivers can be absent
		for (String name : new String[] { "PostgreSqlSocketFactory", "MySqlSocketFactory", "MariaDbTlsSocketPlugin" }) {
			hints.reflection()
				.registerType(TypeReference.of(DriverHints.class.getPackageName() + "." + name),
						MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		}
		hints.reflection()
			.registerTypeIfPresent(classLoader, "org.postgresql.ssl.PGjdbcHostnameVerifier",
					MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		hints.resources().registerPattern("META-INF/services/org.mariadb.jdbc.plugin.TlsSocketPlugin");
	}

}
