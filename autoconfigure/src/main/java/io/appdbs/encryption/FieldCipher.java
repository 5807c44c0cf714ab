package io.appdbs.encryption;

import org.jspecify.annotations.Nullable;

import org.springframework.lang.Contract;

/**
 * Encrypts and decrypts values of fields of one database. There is a bean for each
 * database with {@code encryption.keyset}, under the qualifier with the name of the
 * database. A value can be decrypted only for the database that it has been encrypted
 * for, and only for the same field if one was given. Equal values have different cipher
 * texts. Implementations are thread-safe.
 *
 * @see Encrypted
 */
public interface FieldCipher {

	/**
	 * Encrypts a value with the primary key.
	 * @param value the value or {@code null}
	 * @return the encrypted value, {@code null} for {@code null}
	 * @throws FieldCipherException if the value is not valid Unicode
	 */
	@Contract("null -> null; !null -> !null")
	@Nullable Encrypted encrypt(@Nullable String value);

	/**
	 * Encrypts a value for one field. It cannot be decrypted for another field, nor
	 * without the field.
	 * @param value the value or {@code null}
	 * @param field the field, for example {@code person.iban}
	 * @return the encrypted value, {@code null} for {@code null}
	 * @throws FieldCipherException if the value is not valid Unicode
	 */
	@Contract("null, _ -> null; !null, _ -> !null")
	@Nullable Encrypted encrypt(@Nullable String value, String field);

	/**
	 * Decrypts a value that was encrypted without a field.
	 * @param value the encrypted value or {@code null}
	 * @return the value, {@code null} for {@code null}
	 * @throws FieldCipherException if the value is not a cipher text, if it was encrypted
	 * with an unknown key, or for another database or field, or if it has been changed
	 */
	@Contract("null -> null; !null -> !null")
	@Nullable String decrypt(@Nullable Encrypted value);

	/**
	 * Decrypts a value that was encrypted for a field.
	 * @param value the encrypted value or {@code null}
	 * @param field the field, for example {@code person.iban}
	 * @return the value, {@code null} for {@code null}
	 * @throws FieldCipherException if the value is not a cipher text, if it was encrypted
	 * with an unknown key, or for another database or field, or if it has been changed
	 */
	@Contract("null, _ -> null; !null, _ -> !null")
	@Nullable String decrypt(@Nullable Encrypted value, String field);

	/**
	 * Returns whether a value was encrypted with the primary key. Others can be encrypted
	 * again, so that a former key is no longer needed.
	 * @param value the encrypted value
	 * @return whether the primary key was used
	 */
	boolean isCurrent(Encrypted value);

	/**
	 * Computes the blind index of a value, which is stored in a column of its own to
	 * search for equal values. A reader of that column sees which rows have equal values,
	 * and how often each occurs. The key of the index is not one of those that encrypt
	 * values, and does not change with them.
	 * @param field the field, for example {@code person.iban}; the indexes of equal
	 * values of two fields are different
	 * @param value the value or {@code null}
	 * @return 32 hexadecimal digits, {@code null} for {@code null}
	 * @throws FieldCipherException if there is no keyset for indexes, or the value is not
	 * valid Unicode
	 */
	@Contract("_, null -> null; _, !null -> !null")
	@Nullable String blindIndex(String field, @Nullable String value);

}
