package io.appdbs.settings.security;

import org.jspecify.annotations.Nullable;

/**
 * Keys that encrypt fields of a database.
 *
 * @param keyset Location of the keyset of Tink in JSON, encrypted by the master key, such
 * as 'file:/secrets/orders.json'.
 * @param masterKey Key that the keyset is encrypted by, 32 bytes in Base64. Not needed if
 * there is an Aead bean, such as that of a key management service.
 */
public record EncryptionSettings(@Nullable String keyset, @Nullable String masterKey) {

	public EncryptionSettings {
		// an empty default, as in ${ORDERS_MASTER_KEY:}, counts as not set
		masterKey = (masterKey != null && !masterKey.isEmpty()) ? masterKey : null;
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "EncryptionSettings[keyset=" + this.keyset + "]";
	}

}
