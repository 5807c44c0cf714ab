package io.appdbs.bean.mongo;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.appdbs.encryption.Encrypted;
import io.appdbs.encryption.EncryptedConverters;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterRegistry;
import org.springframework.data.convert.PropertyValueConversions;
import org.springframework.data.convert.PropertyValueConverter;
import org.springframework.data.convert.ValueConversionContext;
import org.springframework.data.mapping.PersistentProperty;
import org.springframework.data.mapping.model.SimpleTypeHolder;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;

/**
 * The conversions of an application, and that of encrypted values. Spring Data cannot add
 * a converter to existing conversions.
 */
final class EncryptedMongoConversions extends MongoCustomConversions {

	private static final Optional<Class<?>> TEXT = Optional.of(String.class);

	private final MongoCustomConversions application;

	private final List<Converter<?, ?>> converters;

	private final SimpleTypeHolder simpleTypes;

	private EncryptedMongoConversions(MongoCustomConversions application, List<Converter<?, ?>> converters) {
		super(List.of());
		this.application = application;
		this.converters = converters;
		this.simpleTypes = new SimpleTypeHolder(Set.of(Encrypted.class), application.getSimpleTypeHolder());
	}

	/**
	 * Adds the converters.
	 * @param database the name of the database
	 * @param available whether the database has encryption
	 * @param conversions the conversions of the application
	 * @return the conversions with those of encrypted values, unless the application
	 * converts these itself
	 */
	static MongoCustomConversions of(String database, boolean available, MongoCustomConversions conversions) {
		return conversions.hasCustomWriteTarget(Encrypted.class) ? conversions
				: new EncryptedMongoConversions(conversions, EncryptedConverters.of(database, available));
	}

	@Override
	public SimpleTypeHolder getSimpleTypeHolder() {
		return this.simpleTypes;
	}

	@Override
	public boolean isSimpleType(Class<?> type) {
		return this.simpleTypes.isSimpleType(type);
	}

	@Override
	public void registerConvertersIn(ConverterRegistry registry) {
		this.application.registerConvertersIn(registry);
		this.converters.forEach(registry::addConverter);
	}

	@Override
	public boolean hasValueConverter(PersistentProperty<?> property) {
		return this.application.hasValueConverter(property);
	}

	@Override
	public <D, S, P extends PersistentProperty<P>, C extends ValueConversionContext<P>> PropertyValueConverter<D, S, C> getRequiredValueConverter(
			P property) {
		return this.application.getRequiredValueConverter(property);
	}

	@Override
	public @Nullable PropertyValueConversions getPropertyValueConversions() {
		return this.application.getPropertyValueConversions();
	}

	@Override
	public Optional<Class<?>> getCustomWriteTarget(Class<?> source) {
		return isEncrypted(source) ? TEXT : this.application.getCustomWriteTarget(source);
	}

	@Override
	public Optional<Class<?>> getCustomWriteTarget(Class<?> source, Class<?> requested) {
		if (isEncrypted(source)) {
			return requested.isAssignableFrom(String.class) ? TEXT : Optional.empty();
		}
		return this.application.getCustomWriteTarget(source, requested);
	}

	@Override
	public boolean hasCustomWriteTarget(Class<?> source) {
		return getCustomWriteTarget(source).isPresent();
	}

	@Override
	public boolean hasCustomWriteTarget(Class<?> source, Class<?> target) {
		return getCustomWriteTarget(source, target).isPresent();
	}

	@Override
	public boolean hasCustomReadTarget(Class<?> source, Class<?> target) {
		return (target == Encrypted.class) ? source == String.class
				: this.application.hasCustomReadTarget(source, target);
	}

	private static boolean isEncrypted(Class<?> type) {
		return Encrypted.class.isAssignableFrom(type);
	}

}
