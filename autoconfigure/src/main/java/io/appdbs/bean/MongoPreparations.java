package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.mongo.MongoPreparation;
import io.appdbs.mongo.validator.ValidatorPreparation;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Creates the preparations of MongoDB databases.
 *
 * @param beanFactory the bean factory
 */
record MongoPreparations(ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Creates the steps between connecting to a database and its use. What they need of
	 * the bean factory is requested now, since the thread of the database must not do it.
	 * @return the steps in order
	 */
	List<MongoPreparation> create(DatabaseDefinition definition) {
		List<MongoPreparation> preparations = new ArrayList<>();
		preparations.add(new MongoMigrationBeans(this.beanFactory).create(definition));
		ValidatorPreparation validators = new ValidatorPreparations(this.beanFactory).create(definition);
		if (validators != null) {
			preparations.add(validators);
		}
		return preparations;
	}

}
