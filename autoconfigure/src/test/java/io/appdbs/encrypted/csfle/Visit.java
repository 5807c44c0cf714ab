package io.appdbs.encrypted.csfle;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.EncryptionAlgorithms;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.ExplicitEncrypted;

/**
 * Entity with fields that the driver of MongoDB encrypts.
 */
@Document("visit")
public record Visit(@Id @Nullable String id, String name,
		@ExplicitEncrypted(algorithm = EncryptionAlgorithms.AEAD_AES_256_CBC_HMAC_SHA_512_Random,
				keyAltName = "clinic") @Nullable String diagnosis,
		@ExplicitEncrypted(algorithm = EncryptionAlgorithms.AEAD_AES_256_CBC_HMAC_SHA_512_Deterministic,
				keyAltName = "clinic") @Nullable String insurance) {

}
