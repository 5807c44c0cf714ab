package io.appdbs.encryption;

import java.util.List;

import io.appdbs.settings.DatabaseDefinition;

import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;

/**
 * Converters for {@link Encrypted} in the databases of Spring Data.
 */
public final class EncryptedConverters {

	/**
	 * The class with the converter of JPA for databases with encryption.
	 */
	public static final String ATTRIBUTE_CONVERTER = "io.appdbs.encryption.EncryptedAttributeConverter";

	/**
	 * The class with the converter of JPA for databases without encryption.
	 */
	public static final String UNAVAILABLE_ATTRIBUTE_CONVERTER = "io.appdbs.encryption.UnavailableAttributeConverter";

	private EncryptedConverters() {
	}

	/**
	 * Returns the converters of a database.
	 * @param database the name of the database
	 * @param available whether the database has encryption
	 * @return the converters; that for writing throws if it has not
	 */
	public static List<Converter<?, ?>> of(String database, boolean available) {
		return available ? List.of(new Writer(), new Reader()) : List.of(new UnavailableWriter(database), new Reader());
	}

	static FieldCipherException unavailable(String database) {
		return new FieldCipherException(
				"Database '%s' has no encryption, but an entity has a value of type Encrypted. Set '%s', or use another type."
					.formatted(database, DatabaseDefinition.key(database, "encryption.keyset")),
				null);
	}

	/**
	 * Writes the cipher text.
	 */
	@WritingConverter
	private static final class Writer implements Converter<Encrypted, String> {

		@Override
		public String convert(Encrypted source) {
			return source.toCipherText();
		}

	}

	/**
	 * Reads any text, because the exception of a conversion would contain it.
	 */
	@ReadingConverter
	private static final class Reader implements Converter<String, Encrypted> {

		@Override
		public Encrypted convert(String source) {
			return Encrypted.of(source);
		}

	}

	/**
	 * Rejects values.
	 */
	@WritingConverter
	private record UnavailableWriter(String database) implements Converter<Encrypted, String> {

		@Override
		public String convert(Encrypted source) {
			throw unavailable(this.database);
		}

	}

}
