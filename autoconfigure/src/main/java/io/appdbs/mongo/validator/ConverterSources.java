package io.appdbs.mongo.validator;

import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.converter.ConverterRegistry;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;

/**
 * The types that the converters of an application convert. The converter for a value
 * depends on its class, which may be a subtype of the declared type.
 */
final class ConverterSources implements ConverterRegistry {

	private final Set<Class<?>> types = new LinkedHashSet<>();

	private ConverterSources() {
	}

	static ConverterSources of(MongoCustomConversions conversions) {
		ConverterSources sources = new ConverterSources();
		conversions.registerConvertersIn(sources);
		return sources;
	}

	/**
	 * Returns whether the value of a declared type may have another converter than that
	 * type.
	 */
	boolean mayDiffer(Class<?> declared) {
		if (Modifier.isFinal(declared.getModifiers())) {
			return false;
		}
		return this.types.stream().anyMatch((source) -> isForSubtypes(source, declared));
	}

	/**
	 * A subtype of an abstract type may also implement an interface that has a converter.
	 */
	private static boolean isForSubtypes(Class<?> source, Class<?> declared) {
		if (source.isAssignableFrom(declared)) {
			return false;
		}
		boolean related = declared.isAssignableFrom(source);
		return related || source.isInterface() && Modifier.isAbstract(declared.getModifiers())
				&& !declared.getName().startsWith("java.");
	}

	private void add(@Nullable Class<?> type) {
		if (type != null && Stream.of("java.", "org.springframework.", "org.bson.", "com.mongodb.")
			.noneMatch(type.getName()::startsWith)) {
			this.types.add(type);
		}
	}

	@Override
	public void addConverter(Converter<?, ?> converter) {
		add(ResolvableType.forClass(converter.getClass()).as(Converter.class).getGeneric(0).resolve());
	}

	@Override
	public <S, T> void addConverter(Class<S> sourceType, Class<T> targetType,
			Converter<? super S, ? extends T> converter) {
		add(sourceType);
	}

	@Override
	public void addConverter(GenericConverter converter) {
		Set<GenericConverter.ConvertiblePair> pairs = converter.getConvertibleTypes();
		if (pairs != null) {
			pairs.forEach((pair) -> add(pair.getSourceType()));
		}
	}

	@Override
	public void addConverterFactory(ConverterFactory<?, ?> factory) {
		add(ResolvableType.forClass(factory.getClass()).as(ConverterFactory.class).getGeneric(0).resolve());
	}

	@Override
	public void removeConvertible(Class<?> sourceType, Class<?> targetType) {
	}

}
