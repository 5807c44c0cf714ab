package io.appdbs.ssl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The certificates in use by the key of each database. Static, because drivers
 * instantiate the classes that need them. A key is unique in the JVM, in which several
 * application contexts can have databases of the same name.
 */
public final class SslContexts {

	private static final Map<String, SslMaterial> MATERIALS = new ConcurrentHashMap<>();

	private SslContexts() {
	}

	/**
	 * Returns the certificates in use.
	 * @param key the key of the database
	 * @return the certificates
	 * @throws IllegalStateException if there are none, as the database has been closed
	 */
	public static SslMaterial get(@Nullable String key) {
		SslMaterial material = find(key);
		if (material == null) {
			throw new IllegalStateException(
					"There are no certificates for the connection: database '%s' has been closed, or another class loader has opened it"
						.formatted(key));
		}
		return material;
	}

	/**
	 * Finds the certificates that a connection uses.
	 * @param key the key of the database or {@code null}
	 * @return the certificates, or {@code null} if there are none
	 */
	public static @Nullable SslMaterial find(@Nullable String key) {
		return (key != null) ? MATERIALS.get(key) : null;
	}

	static void put(String key, SslMaterial material) {
		MATERIALS.put(key, material);
	}

	static void remove(String key) {
		MATERIALS.remove(key);
	}

}
