package io.appdbs.settings.security;

import java.time.Duration;

import io.appdbs.engine.url.ShownLocation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Keys that encrypt fields of a database.
 *
 * @param keyset Location of the keyset that encrypts fields, in JSON and encrypted by the
 * master key, such as 'file:/secrets/orders.json'.
 * @param masterKey Key that the keysets are encrypted by, 32 bytes in Base64. Not needed
 * with an Aead bean.
 * @param indexKeyset Location of the keyset for blind indexes, encrypted by the master
 * key. Its key must not change while the indexes are in use.
 * @param refreshInterval Interval at which the keyset is read again.
 */
public record EncryptionSettings(@Nullable String keyset, @Nullable String masterKey, @Nullable String indexKeyset,
		@DefaultValue("10s") Duration refreshInterval) {

	public EncryptionSettings {
		// an empty default, as in ${ORDERS_MASTER_KEY:}, counts as not set
		keyset = (keyset != null && !keyset.isBlank()) ? keyset : null;
		masterKey = (masterKey != null && !masterKey.isBlank()) ? masterKey.trim() : null;
		indexKeyset = (indexKeyset != null && !indexKeyset.isBlank()) ? indexKeyset : null;
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "EncryptionSettings[keyset=" + show(this.keyset) + ", indexKeyset=" + show(this.indexKeyset)
				+ ", refreshInterval=" + this.refreshInterval + "]";
	}

	private static @Nullable String show(@Nullable String location) {
		return (location != null) ? ShownLocation.of(location) : null;
	}

}
