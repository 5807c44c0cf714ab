package io.appdbs.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The keys in use for the values of a database.
 *
 * @param aead encrypts and decrypts
 * @param primary the id of the key that encrypts
 * @param ids the ids of all enabled keys
 * @param since when their use began
 */
record EncryptionKeys(Aead aead, int primary, List<Integer> ids, Instant since) {

	/** Where Tink writes the id of the key, after a byte for the version. */
	private static final int ID_OFFSET = 1;

	private static final byte VERSION = 1;

	private static final byte[] TEST = { 1, 2, 3 };

	/**
	 * Creates the keys of a keyset, and tests them.
	 */
	static EncryptionKeys of(KeysetHandle keyset, KeysetFile file) throws KeysetException {
		MasterKey.registerAlgorithms();
		try {
			Aead aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
			if (!Arrays.equals(TEST, aead.decrypt(aead.encrypt(TEST, TEST), TEST))) {
				throw new GeneralSecurityException("decryption returns another value");
			}
			List<Integer> ids = IntStream.range(0, keyset.size())
				.mapToObj(keyset::getAt)
				.filter((entry) -> entry.getStatus() == KeyStatus.ENABLED)
				.map(KeysetHandle.Entry::getId)
				.toList();
			return new EncryptionKeys(aead, keyset.getPrimary().getId(), ids, Instant.now());
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw file.failure("whose keys cannot encrypt with associated data, or none of them is primary and enabled",
					"Create a keyset of type AES256_GCM with a primary key, or correct '%s'.", ex);
		}
	}

	boolean contains(int id) {
		return this.ids.contains(id);
	}

	/**
	 * Returns the id of the key that a cipher text names. Cipher texts of other keysets
	 * than those of Tink's own type name an arbitrary one.
	 */
	static int findId(byte[] cipherText) {
		return (cipherText.length > ID_OFFSET + Integer.BYTES && cipherText[0] == VERSION)
				? ByteBuffer.wrap(cipherText).getInt(ID_OFFSET) : 0;
	}

	static String format(int id) {
		return Integer.toUnsignedString(id);
	}

	EncryptionUsage toUsage(@Nullable String failure) {
		return new EncryptionUsage(Integer.toUnsignedLong(this.primary),
				this.ids.stream().map(Integer::toUnsignedLong).toList(), this.since, failure);
	}

	/**
	 * Returns a text without secrets.
	 */
	@Override
	public String toString() {
		return "EncryptionKeys[primary=" + format(this.primary) + "]";
	}

}
