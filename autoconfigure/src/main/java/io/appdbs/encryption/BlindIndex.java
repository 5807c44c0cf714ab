package io.appdbs.encryption;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.prf.PrfSet;

/**
 * Blind indexes of a database: a pseudo-random function of field and value. The key is
 * read once, since another one would find no former index.
 *
 * @param database the name of the database
 * @param prf the function
 */
record BlindIndex(String database, PrfSet prf) {

	private static final int LENGTH = 16;

	static BlindIndex of(String database, KeysetFile file) throws KeysetException {
		MasterKey.registerAlgorithms();
		KeysetHandle keyset = file.parse(file.read());
		try {
			BlindIndex index = new BlindIndex(database, keyset.getPrimitive(RegistryConfiguration.get(), PrfSet.class));
			index.prf.computePrimary(new byte[] { 1 }, LENGTH);
			return index;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw file.failure(
					"whose primary key cannot compute an index of %d bytes, or none of its keys is primary and enabled"
						.formatted(LENGTH),
					"Create a keyset of type HMAC_SHA256_PRF with a primary key, or correct '%s'.", ex);
		}
	}

	/**
	 * Computes the index. The lengths make different fields and values different inputs.
	 */
	String compute(String field, byte[] value) {
		byte[] database = this.database.getBytes(StandardCharsets.UTF_8);
		byte[] name = field.getBytes(StandardCharsets.UTF_8);
		ByteBuffer input = ByteBuffer.allocate(2 * Integer.BYTES + database.length + name.length + value.length);
		input.putInt(database.length).put(database).putInt(name.length).put(name).put(value);
		try {
			return HexFormat.of().formatHex(this.prf.computePrimary(input.array(), LENGTH));
		}
		catch (GeneralSecurityException ex) {
			throw new FieldCipherException("Database '%s': the blind index of a value of field '%s' cannot be computed."
				.formatted(this.database, field), ex);
		}
	}

}
