package io.appdbs.encryption;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import io.appdbs.engine.url.ShownLocation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * A file with a keyset of Tink in JSON, encrypted by a master key.
 *
 * @param setting the key below the database that has the location
 * @param location the location
 * @param resourceLoader loads the file
 * @param master decrypts the keyset
 * @param masterDescription what the keyset has to be encrypted by
 * @param keys returns the full key of a setting of the database
 */
record KeysetFile(String setting, String location, ResourceLoader resourceLoader, Aead master, String masterDescription,
		UnaryOperator<String> keys) {

	private static final byte[] NO_ASSOCIATED_DATA = {};

	/**
	 * Reads the text of the file.
	 */
	String read() throws KeysetException {
		try {
			Resource resource = this.resourceLoader.getResource(this.location);
			if (resource.exists()) {
				return resource.getContentAsString(StandardCharsets.UTF_8);
			}
		}
		catch (IOException | RuntimeException ex) {
			throw failure("which cannot be read", "Make it a file that the application may read, or correct '%s'.",
					ShownLocation.cause(this.location, ex));
		}
		throw failure("which does not exist",
				"Create it with the command io.appdbs.encryption.Keysets, or correct '%s'.", null);
	}

	/**
	 * Decrypts a keyset.
	 * @param text the text of the file
	 */
	KeysetHandle parse(String text) throws KeysetException {
		byte[] keyset;
		byte[] encrypted = decode(text);
		try {
			keyset = this.master.decrypt(encrypted, NO_ASSOCIATED_DATA);
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw failure("which %s cannot decrypt: it was encrypted by another key, or has been changed"
				.formatted(this.masterDescription), "Use the key that encrypted the keyset, or correct '%s'.", ex);
		}
		try {
			return TinkProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get());
		}
		catch (GeneralSecurityException ex) {
			throw failure("which is not a valid keyset", "Create a new keyset with a primary key, or correct '%s'.",
					ex);
		}
	}

	private byte[] decode(String text) throws KeysetException {
		Map<String, Object> json;
		try {
			json = JsonParserFactory.getJsonParser().parseMap(text);
		}
		catch (JsonParseException ex) {
			throw notKeyset(null);
		}
		if (json.get("encryptedKeyset") instanceof String encrypted) {
			try {
				return Base64.getDecoder().decode(encrypted);
			}
			catch (IllegalArgumentException ex) {
				throw notKeyset(ex);
			}
		}
		if (json.containsKey("key")) {
			throw failure("which has keys in plain text",
					"Encrypt the keyset by %s, and treat its keys as disclosed: '%%s' must refer to an encrypted keyset."
						.formatted(this.masterDescription),
					null);
		}
		throw notKeyset(null);
	}

	private KeysetException notKeyset(@Nullable Throwable cause) {
		return failure("which is not an encrypted keyset of Tink in JSON",
				"Create the keyset with the command io.appdbs.encryption.Keysets, or correct '%s'.", cause);
	}

	/**
	 * Creates the exception for this file. Neither the text of the file nor the secrets
	 * of its location are part of it.
	 */
	KeysetException failure(String what, String action, @Nullable Throwable cause) {
		String key = this.keys.apply(this.setting);
		return new KeysetException(this.setting,
				"'%s' is '%s', %s.".formatted(key, ShownLocation.of(this.location), what), action.formatted(key),
				cause);
	}

	/**
	 * Returns a text without secrets.
	 */
	@Override
	public String toString() {
		return "KeysetFile[" + this.keys.apply(this.setting) + "]";
	}

}
