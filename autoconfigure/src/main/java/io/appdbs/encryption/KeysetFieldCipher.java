package io.appdbs.encryption;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;

import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@link FieldCipher} with the keys of a keyset.
 */
final class KeysetFieldCipher implements FieldCipher {

	private final DatabaseDefinition database;

	private final KeysetRotation rotation;

	private final @Nullable BlindIndex index;

	KeysetFieldCipher(DatabaseDefinition database, KeysetRotation rotation, @Nullable BlindIndex index) {
		this.database = database;
		this.rotation = rotation;
		this.index = index;
	}

	@Override
	public @Nullable Encrypted encrypt(@Nullable String value) {
		return (value != null) ? seal(value, null) : null;
	}

	@Override
	public @Nullable Encrypted encrypt(@Nullable String value, String field) {
		Objects.requireNonNull(field, "'field' must not be null");
		return (value != null) ? seal(value, field) : null;
	}

	private Encrypted seal(String value, @Nullable String field) {
		byte[] plain = encode(value);
		try {
			byte[] bytes = this.rotation.getKeys().aead().encrypt(plain, associatedData(field));
			return Encrypted.of(Encrypted.PREFIX + Base64.getEncoder().encodeToString(bytes));
		}
		catch (GeneralSecurityException ex) {
			throw failure("a value cannot be encrypted.", ex);
		}
	}

	@Override
	public @Nullable String decrypt(@Nullable Encrypted value) {
		return (value != null) ? open(value, null) : null;
	}

	@Override
	public @Nullable String decrypt(@Nullable Encrypted value, String field) {
		Objects.requireNonNull(field, "'field' must not be null");
		return (value != null) ? open(value, field) : null;
	}

	private String open(Encrypted value, @Nullable String field) {
		byte[] bytes = value.toBytes();
		int id = EncryptionKeys.findId(bytes);
		EncryptionKeys keys = this.rotation.getKeys();
		if (!keys.contains(id)) {
			keys = this.rotation.findKeys(id);
		}
		try {
			return new String(keys.aead().decrypt(bytes, associatedData(field)), StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException ex) {
			throw failure(keys.contains(id)
					? "a value cannot be decrypted%s: it was encrypted for another database or field, or has been changed."
						.formatted((field != null) ? " for the field '" + field + "'" : " without a field")
					: "a value cannot be decrypted: '%s' has no key %s, or the value has been changed."
						.formatted(this.database.key("encryption.keyset"), EncryptionKeys.format(id)),
					ex);
		}
	}

	@Override
	public boolean isCurrent(Encrypted value) {
		return EncryptionKeys.findId(value.toBytes()) == this.rotation.getKeys().primary();
	}

	@Override
	public @Nullable String blindIndex(String field, @Nullable String value) {
		Objects.requireNonNull(field, "'field' must not be null");
		if (this.index == null) {
			String key = DatabaseDefinition.key(this.database.name(), "encryption.index-keyset");
			throw failure("there is no key for blind indexes. Set '%s' to the location of a keyset.".formatted(key),
					null);
		}
		return (value != null) ? this.index.compute(field, encode(value)) : null;
	}

	EncryptionUsage getUsage() {
		return this.rotation.getUsage();
	}

	void refresh() {
		this.rotation.refresh();
	}

	/**
	 * The name of a database contains no colon.
	 */
	private byte[] associatedData(@Nullable String field) {
		String context = "appdbs:e1:" + this.database.name();
		return ((field != null) ? context + ":" + field : context).getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Replacing half of a surrogate pair would change the value.
	 */
	private byte[] encode(String value) {
		try {
			ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
			byte[] bytes = new byte[buffer.remaining()];
			buffer.get(bytes);
			return bytes;
		}
		catch (CharacterCodingException ex) {
			throw failure("a value is not valid Unicode.", ex);
		}
	}

	private FieldCipherException failure(String what, @Nullable Throwable cause) {
		return new FieldCipherException("Database '%s': %s".formatted(this.database.name(), what), cause);
	}

	/**
	 * Returns a text without secrets.
	 */
	@Override
	public String toString() {
		return "FieldCipher of database '" + this.database.name() + "'";
	}

}
