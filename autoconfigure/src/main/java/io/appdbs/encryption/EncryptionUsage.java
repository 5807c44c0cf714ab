package io.appdbs.encryption;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which keys of a database are in use. Does not contain a key.
 *
 * @param primaryKey the id of the key that new values are encrypted with
 * @param keys the ids of all keys that values can be decrypted with
 * @param since when the use of this keyset began
 * @param failure why the keyset could not be replaced by that in its file, or
 * {@code null}
 */
public record EncryptionUsage(long primaryKey, List<Long> keys, Instant since, @Nullable String failure) {

	/**
	 * Creates a new {@link EncryptionUsage}.
	 * @param primaryKey the id of the key that new values are encrypted with
	 * @param keys the ids of all keys that values can be decrypted with
	 * @param since when the use of this keyset began
	 * @param failure why the keyset could not be replaced by that in its file, or
	 * {@code null}
	 */
	public EncryptionUsage {
		keys = List.copyOf(keys);
	}

}
