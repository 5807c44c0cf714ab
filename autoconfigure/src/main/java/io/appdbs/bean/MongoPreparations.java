package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.ConfigurationProblems;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.mongo.index.IndexPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.MongoIndexSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Creates the preparations of MongoDB databases.
 *
 * @param beanFactory the bean factory
 */
record MongoPreparations(ConfigurableListableBeanFactory beanFactory) {

	private static final Log logger = LogFactory.getLog(MongoPreparations.class);

	/**
	 * Creates the steps between connecting to a database and its use. What they need of
	 * the bean factory is requested now, since the thread of the database must not do it.
	 * @return the steps in order
	 */
	List<MongoPreparation> create(DatabaseDefinition definition) {
		List<MongoPreparation> preparations = new ArrayList<>();
		MongoIndexSettings indexes = definition.settings().mongo().indexes();
		if (indexes.mode() != MongoIndexSettings.Mode.OFF) {
			MongoModel model = findModel(definition, indexes);
			if (model != null) {
				preparations.add(createIndexes(definition, model));
			}
		}
		return preparations;
	}

	private static IndexPreparation createIndexes(DatabaseDefinition definition, MongoModel model) {
		IndexPreparation preparation = new IndexPreparation(definition, model);
		ConfigurationProblems problems = new ConfigurationProblems();
		preparation.findProblems().forEach(problems::add);
		problems.throwIfAny();
		return preparation;
	}

	/**
	 * Returns the entities of a database, unless their converters need a database: then
	 * they are known only after the databases have been opened.
	 */
	private @Nullable MongoModel findModel(DatabaseDefinition definition, MongoIndexSettings indexes) {
		try {
			return UserBeans.findQualified(this.beanFactory, MongoModel.class, definition.name());
		}
		catch (BeansException ex) {
			if (!ex.contains(BeanCurrentlyInCreationException.class)) {
				throw ex;
			}
			String key = definition.key("mongo.indexes.mode");
			String message = "The indexes of database '%s' are not compared with those of its entities, because a bean for their mapping, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet."
				.formatted(definition.name());
			String action = "Inject the bean with ObjectProvider or @Lazy, or set '%s' to 'off'.".formatted(key);
			if (indexes.mode() == MongoIndexSettings.Mode.CREATE) {
				throw new InvalidDatabaseConfigurationException(definition.name(), key, message, action, ex);
			}
			logger.warn(message + " " + action);
			return null;
		}
	}

}
