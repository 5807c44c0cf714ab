package io.appdbs.encryption;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * Stores attributes of type {@link Encrypted} as text. The persistence units of databases
 * with {@code encryption.keyset} have this converter. Other persistence units can list
 * it.
 */
// without the annotation, Hibernate copies each value by converting it twice
@Immutable
@Converter(autoApply = true)
public class EncryptedAttributeConverter implements AttributeConverter<Encrypted, String> {

	@Override
	public @Nullable String convertToDatabaseColumn(@Nullable Encrypted attribute) {
		return (attribute != null) ? attribute.toCipherText() : null;
	}

	@Override
	public @Nullable Encrypted convertToEntityAttribute(@Nullable String column) {
		return Encrypted.of(column);
	}

}
