package io.appdbs.mongo;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.mapping.context.MappingContextEvent;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.NoOpDbRefResolver;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.util.function.SingletonSupplier;

/**
 * The mapping of a database. It does not wait for the database, and is created by the
 * thread that needs it first.
 */
public final class MongoModel {

	private final MongoCustomConversions conversions;

	private final Supplier<MongoMappingContext> newMappingContext;

	private final Supplier<MongoMappingContext> mappingContext;

	/** The mapping context, once it has been created. */
	private volatile @Nullable MongoMappingContext created;

	private volatile Runnable entityListener = () -> {
	};

	/**
	 * Creates a new {@link MongoModel}.
	 * @param conversions the conversions of the converter
	 * @param mappingContext creates the mapping context, without requesting a bean
	 */
	public MongoModel(MongoCustomConversions conversions, Supplier<MongoMappingContext> mappingContext) {
		this.conversions = conversions;
		this.newMappingContext = mappingContext;
		this.mappingContext = SingletonSupplier.of(() -> {
			MongoMappingContext created = mappingContext.get();
			this.created = created;
			return created;
		});
	}

	/**
	 * Returns the conversions.
	 * @return the conversions
	 */
	public MongoCustomConversions getConversions() {
		return this.conversions;
	}

	/**
	 * Returns the mapping context, which the converter of the database uses as well.
	 * @return the mapping context, which knows the entities in the packages of the
	 * database, and later those that the application has used
	 */
	public MongoMappingContext getMappingContext() {
		return this.mappingContext.get();
	}

	/**
	 * Sets what is called when the mapping context has learned an entity, on the thread
	 * that uses it.
	 * @param listener the listener, which returns at once
	 */
	public void setEntityListener(Runnable listener) {
		this.entityListener = listener;
	}

	/**
	 * Calls the listener if an event is about a new entity with a collection. Entities
	 * that are known in advance are not new.
	 * @param event the event of a mapping context
	 */
	public void entityAdded(MappingContextEvent<?, ?> event) {
		MongoMappingContext context = this.created;
		if (context != null && event.wasEmittedBy(context)
				&& event.getPersistentEntity() instanceof MongoPersistentEntity<?> entity
				&& entity.isAnnotationPresent(Document.class)) {
			this.entityListener.run();
		}
	}

	/**
	 * Creates a converter that reads no references to other documents.
	 * @return a new converter
	 */
	public MappingMongoConverter createConverter() {
		return createConverter(getMappingContext());
	}

	/**
	 * Creates a converter with a separate mapping context, whose template does not create
	 * indexes. A template on the mapping context of the application would create those of
	 * the application with its own client.
	 * @return a new converter
	 */
	public MappingMongoConverter createSeparateConverter() {
		MongoMappingContext context = this.newMappingContext.get();
		context.setAutoIndexCreation(false);
		return createConverter(context);
	}

	private MappingMongoConverter createConverter(MongoMappingContext context) {
		MappingMongoConverter converter = new MappingMongoConverter(NoOpDbRefResolver.INSTANCE, context);
		converter.setCustomConversions(this.conversions);
		converter.afterPropertiesSet();
		return converter;
	}

	/**
	 * Returns the entities that have a collection.
	 * @return the entities with the annotation {@link Document} that the mapping context
	 * knows, at present
	 */
	public List<MongoPersistentEntity<?>> getDocuments() {
		Stream<MongoPersistentEntity<?>> entities = getMappingContext().getPersistentEntities().stream();
		return entities.filter((entity) -> entity.isAnnotationPresent(Document.class)).toList();
	}

}
