package io.appdbs.bean.mongo;

import java.util.Locale;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.validator.ValidatorPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoValidatorSettings.Mode;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Creates the step that compares validators with entities.
 *
 * @param beanFactory the bean factory
 */
record ValidatorPreparations(ConfigurableListableBeanFactory beanFactory) {

	@Nullable ValidatorPreparation create(DatabaseDefinition definition) {
		if (definition.settings().mongo().validators().mode() == Mode.OFF) {
			return null;
		}
		rejectOtherConverter(definition);
		MongoModel model = findModel(definition);
		return (model != null) ? new ValidatorPreparation(model) : null;
	}

	/**
	 * A validator for documents that another converter writes may reject all of them.
	 */
	private void rejectOtherConverter(DatabaseDefinition definition) {
		DeclaredDatabase database = new DeclaredDatabase(definition.name(), DatabaseKind.MONGODB, false, false, false,
				false, false);
		if (isOfStarter(database.beanName("MongoConverter")) || !isOfStarter(database.beanName("MongoModel"))) {
			return;
		}
		String key = definition.key("mongo.validators.mode");
		throw new InvalidDatabaseConfigurationException(definition.name(), key,
				"Database '%s': '%s' is '%s', but a MongoConverter bean of the application writes the documents, and its mapping is not known."
					.formatted(definition.name(), key, mode(definition)),
				"Set '%s' to 'off', or add a MongoModel bean with the mapping context and the conversions of the converter under the qualifier '%s'."
					.formatted(key, definition.name()),
				null);
	}

	/**
	 * A bean of the application has another name, to which that of the starter is an
	 * alias. After ahead-of-time processing, the definition does not name its factory.
	 */
	private boolean isOfStarter(String beanName) {
		return this.beanFactory.containsBeanDefinition(beanName) && (AotDetector.useGeneratedArtifacts()
				|| MongoBeans.class.getName().equals(this.beanFactory.getBeanDefinition(beanName).getBeanClassName()));
	}

	private @Nullable MongoModel findModel(DatabaseDefinition definition) {
		return MongoBeans.findModel(this.beanFactory, definition.name(), (ex) -> {
			String key = definition.key("mongo.validators.mode");
			throw new InvalidDatabaseConfigurationException(definition.name(), key,
					"Database '%s': '%s' is '%s', but a bean for the mapping of its entities, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet."
						.formatted(definition.name(), key, mode(definition)),
					"Inject the bean with ObjectProvider or @Lazy, or set '%s' to 'off'.".formatted(key), ex);
		});
	}

	private static String mode(DatabaseDefinition definition) {
		return definition.settings().mongo().validators().mode().name().toLowerCase(Locale.ROOT);
	}

}
