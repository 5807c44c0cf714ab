package io.appdbs.encryption;

import java.security.GeneralSecurityException;
import java.util.Base64;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.util.SecretBytes;
import org.jspecify.annotations.Nullable;

/**
 * The key that keysets are encrypted by: AES-256 in GCM, without the prefix of Tink.
 */
final class MasterKey {

	static final int LENGTH = 32;

	static {
		try {
			AeadConfig.register();
			PrfConfig.register();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Tink cannot be initialized", ex);
		}
	}

	private MasterKey() {
	}

	/**
	 * Registers the algorithms of Tink.
	 */
	static void registerAlgorithms() {
		// the static initializer has done it
	}

	static boolean isValid(@Nullable String base64) {
		try {
			return base64 != null && Base64.getDecoder().decode(base64).length == LENGTH;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Creates the cipher of keysets.
	 * @param base64 the key, 32 bytes in Base64
	 */
	@AccessesPartialKey
	static Aead create(String base64) {
		byte[] bytes = Base64.getDecoder().decode(base64);
		try {
			AesGcmParameters parameters = AesGcmParameters.builder()
				.setKeySizeBytes(LENGTH)
				.setIvSizeBytes(12)
				.setTagSizeBytes(16)
				.setVariant(AesGcmParameters.Variant.NO_PREFIX)
				.build();
			AesGcmKey key = AesGcmKey.builder()
				.setParameters(parameters)
				.setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
				.build();
			return KeysetHandle.newBuilder()
				.addEntry(KeysetHandle.importKey(key).withFixedId(1).makePrimary())
				.build()
				.getPrimitive(RegistryConfiguration.get(), Aead.class);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Tink does not accept the master key", ex);
		}
	}

}
