package io.appdbs.encryption;

import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.lang.Contract;
import org.springframework.util.ClassUtils;

/**
 * An encrypted value of a field. An instance contains only the cipher text, never the
 * value itself, which {@link FieldCipher#decrypt(Encrypted)} returns. It can therefore be
 * read without the key, and neither logs nor exceptions can show the value.
 * <p>
 * An instance that was read from a column whose text is not encrypted can neither be
 * decrypted nor written. Two instances are equal if their cipher texts are, which is not
 * the case if the same value was encrypted twice. The class is deliberately not
 * serializable: some drivers would write a serialized object into the column. It is
 * abstract, so that libraries for JSON do not create an instance from the text of a
 * client.
 */
public abstract sealed class Encrypted permits EncryptedSqlValue, EncryptedText {

	static final String PREFIX = "e1:";

	private static final String MASK = "******";

	private static final boolean springJdbcPresent = ClassUtils.isPresent("org.springframework.jdbc.support.SqlValue",
			Encrypted.class.getClassLoader());

	/** Transient, since Gson and other libraries read the private fields of a class. */
	private final transient String text;

	Encrypted(String text) {
		this.text = text;
	}

	/**
	 * Returns the value of a column. Spring's row mappers call this method for components
	 * of type {@code Encrypted}. It accepts any text, because the exception of a
	 * conversion would contain it.
	 * @param text the text in the column or {@code null}
	 * @return the value, {@code null} for {@code null}
	 */
	@Contract("null -> null; !null -> !null")
	public static @Nullable Encrypted of(@Nullable String text) {
		if (text == null) {
			return null;
		}
		return springJdbcPresent ? SqlValues.create(text) : new EncryptedText(text);
	}

	/**
	 * Returns whether a text has the format of a cipher text, {@code e1:} and Base64.
	 * @param text the text
	 * @return whether it has the format; the key that it needs may not exist
	 */
	public static boolean isCipherText(String text) {
		return text.startsWith(PREFIX) && decode(text) != null;
	}

	/**
	 * Returns the text for the column.
	 * @return the cipher text
	 * @throws FieldCipherException if the text is not encrypted
	 */
	public String toCipherText() {
		if (!isCipherText(this.text)) {
			throw notEncrypted("written");
		}
		return this.text;
	}

	/**
	 * Returns the bytes of the cipher text.
	 */
	byte[] toBytes() {
		byte[] bytes = this.text.startsWith(PREFIX) ? decode(this.text) : null;
		if (bytes == null) {
			throw notEncrypted("decrypted");
		}
		return bytes;
	}

	private static byte @Nullable [] decode(String text) {
		try {
			byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
			return (bytes.length > 0) ? bytes : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static FieldCipherException notEncrypted(String verb) {
		return new FieldCipherException(
				"A value cannot be %s, because it is not a cipher text, which is '%s' and Base64. Encrypt it with the FieldCipher of the database."
					.formatted(verb, PREFIX),
				null);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Encrypted encrypted && this.text.equals(encrypted.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	/**
	 * Returns a fixed text.
	 */
	@Override
	public String toString() {
		return MASK;
	}

	/**
	 * Loaded only if there is spring-jdbc.
	 */
	private static final class SqlValues {

		static Encrypted create(String text) {
			return new EncryptedSqlValue(text);
		}

	}

}
