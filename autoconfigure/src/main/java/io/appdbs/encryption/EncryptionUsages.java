package io.appdbs.encryption;

import org.jspecify.annotations.Nullable;

/**
 * Supplies which keys of each database are in use.
 */
@FunctionalInterface
public interface EncryptionUsages {

	/**
	 * Returns which keys of a database are in use.
	 * @param database the name of the database
	 * @return the usage or {@code null} if the database has no keyset
	 */
	@Nullable EncryptionUsage getUsage(String database);

}
