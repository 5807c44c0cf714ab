package io.appdbs.encryption;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * Rejects values of type {@link Encrypted} in the persistence units of databases without
 * encryption.
 */
@Immutable
@Converter(autoApply = true)
class UnavailableAttributeConverter implements AttributeConverter<Encrypted, String> {

	@Override
	public @Nullable String convertToDatabaseColumn(@Nullable Encrypted attribute) {
		if (attribute != null) {
			throw EncryptedConverters.unavailable("<name>");
		}
		return null;
	}

	@Override
	public @Nullable Encrypted convertToEntityAttribute(@Nullable String column) {
		return Encrypted.of(column);
	}

}
