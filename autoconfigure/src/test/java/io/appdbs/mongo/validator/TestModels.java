package io.appdbs.mongo.validator;

import java.util.Set;

import io.appdbs.mongo.MongoModel;

import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;

/**
 * Creates models of entities.
 */
final class TestModels {

	private TestModels() {
	}

	static MongoModel create(MongoCustomConversions conversions, Class<?>... types) {
		MongoMappingContext context = new MongoMappingContext();
		context.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
		context.setInitialEntitySet(Set.of(types));
		context.afterPropertiesSet();
		return new MongoModel(conversions, () -> context);
	}

}
