package io.appdbs.bean.mongo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.engine.Causes;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.migration.MongoMigration;
import io.appdbs.mongo.migration.MongoMigrations;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.mongodb.core.convert.MongoConverter;

/**
 * Finds the {@link MongoMigration} beans of MongoDB databases.
 *
 * @param beanFactory the bean factory
 */
record MongoMigrationBeans(ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Creates the migrations of a database.
	 */
	MongoMigrations create(DatabaseDefinition definition) {
		Map<String, MongoMigration> migrations = new LinkedHashMap<>();
		if (definition.settings().mongo().migrations().enabled()) {
			UserBeans.getNames(this.beanFactory, UnusedMongoMigrations.TYPE, definition.name()::equals)
				.filter((bean) -> UserBeans.isAutowireCandidate(this.beanFactory, bean))
				.forEach((bean) -> migrations.put(bean, createBean(definition.name(), bean)));
		}
		// only beans need it, and it may depend on beans of the application
		MongoModel model = migrations.isEmpty() ? null
				: UserBeans.findQualified(this.beanFactory, MongoModel.class, definition.name());
		Supplier<MongoConverter> converter = () -> {
			if (model == null) {
				throw new IllegalStateException("Database '%s' has no mapping".formatted(definition.name()));
			}
			return model.createSeparateConverter();
		};
		return new MongoMigrations(definition, migrations, converter, this.beanFactory.getBeanClassLoader());
	}

	private MongoMigration createBean(String database, String bean) {
		try {
			return this.beanFactory.getBean(bean, MongoMigration.class);
		}
		catch (BeanCreationException ex) {
			BeanCurrentlyInCreationException cycle = Causes.find(BeanCurrentlyInCreationException.class, ex);
			if (cycle == null || !List.of(DatabaseBeanRegistry.LIFECYCLE, bean).contains(cycle.getBeanName())) {
				throw ex;
			}
			throw new InvalidDatabaseConfigurationException(database, null,
					"Database '%s': the MongoMigration bean '%s' depends on a bean of a database, but databases are opened after it has been created."
						.formatted(database, bean),
					"Use the MongoTemplate that its method 'migrate' receives. Remove the dependency, also an indirect one, on beans of other databases.",
					ex);
		}
	}

}
