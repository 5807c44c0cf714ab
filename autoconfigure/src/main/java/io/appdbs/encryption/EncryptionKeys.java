package io.appdbs.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadKey;
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

	private static final String UNNAMED = "whose key %s does not write its id into cipher texts, "
			+ "so a value does not show which key encrypted it";

	private static final String UNNAMED_ACTION = "Create a keyset with the command io.appdbs.encryption.Keysets, "
			+ "or of the template AES256_GCM, which has the output prefix TINK. Templates that end with RAW or NO_PREFIX, "
			+ "and the output prefixes CRUNCHY and LEGACY, cannot be used. Or correct '%s'.";

	private static final byte[] TEST = { 1, 2, 3 };

	/**
	 * Creates the keys of a keyset, and tests them.
	 */
	static EncryptionKeys of(KeysetHandle keyset, KeysetFile file) throws KeysetException {
		MasterKey.registerAlgorithms();
		EncryptionKeys keys;
		try {
			Aead aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
			if (!Arrays.equals(TEST, aead.decrypt(aead.encrypt(TEST, TEST), TEST))) {
				throw new GeneralSecurityException("decryption returns another value");
			}
			List<Integer> ids = findEnabled(keyset).map(KeysetHandle.Entry::getId).toList();
			keys = new EncryptionKeys(aead, keyset.getPrimary().getId(), ids, Instant.now());
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw file.failure("whose keys cannot encrypt with associated data, or none of them is primary and enabled",
					"Create a keyset of type AES256_GCM with a primary key, or correct '%s'.", ex);
		}
		KeysetHandle.Entry unnamed = findEnabled(keyset).filter((entry) -> !isNamedByCipherTexts(entry))
			.findFirst()
			.orElse(null);
		if (unnamed != null) {
			throw file.failure(UNNAMED.formatted(format(unnamed.getId())), UNNAMED_ACTION, null);
		}
		return keys;
	}

	private static Stream<KeysetHandle.Entry> findEnabled(KeysetHandle keyset) {
		return IntStream.range(0, keyset.size())
			.mapToObj(keyset::getAt)
			.filter((entry) -> entry.getStatus() == KeyStatus.ENABLED);
	}

	/**
	 * Without the id, rotation would neither know which values to encrypt again, nor when
	 * to read the file.
	 */
	private static boolean isNamedByCipherTexts(KeysetHandle.Entry entry) {
		byte[] prefix = (entry.getKey() instanceof AeadKey key) ? key.getOutputPrefix().toByteArray() : new byte[0];
		return prefix.length == ID_OFFSET + Integer.BYTES && prefix[0] == VERSION
				&& ByteBuffer.wrap(prefix).getInt(ID_OFFSET) == entry.getId();
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
