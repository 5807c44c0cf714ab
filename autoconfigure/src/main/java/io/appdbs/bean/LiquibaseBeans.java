package io.appdbs.bean;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.migration.LiquibasePreparation;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Creates the beans for changelogs.
 */
final class LiquibaseBeans {

	private LiquibaseBeans() {
	}

	/**
	 * Collects the application's customizers here, since the threads that migrate the
	 * databases must not call the bean factory.
	 */
	static LiquibasePreparation changelogs(String[] names, ConfigurableListableBeanFactory beanFactory) {
		Map<String, List<Customizer<Liquibase>>> databases = new LinkedHashMap<>();
		for (String name : names) {
			databases.put(name, customizers(name, beanFactory));
		}
		return new LiquibasePreparation(databases, beanFactory.getBeanClassLoader());
	}

	static SpringLiquibase liquibase(String name, LiquibasePreparation changelogs, DatabaseLifecycle lifecycle) {
		lifecycle.getConnector(name, DatabaseConnector.class);
		return changelogs.getLiquibase(lifecycle.getDefinition(name));
	}

	/**
	 * Returns the customizers under the qualifier of a database. Liquibase has them for
	 * nothing else than itself.
	 */
	@SuppressWarnings("unchecked")
	private static List<Customizer<Liquibase>> customizers(String name, ConfigurableListableBeanFactory beanFactory) {
		List<Customizer<Liquibase>> customizers = new ArrayList<>();
		UserBeans
			.getAll(beanFactory, Customizer.class,
					(beanName) -> UserBeans.isQualified(beanFactory, beanName, name::equals))
			.forEach((customizer) -> customizers.add((Customizer<Liquibase>) customizer));
		return customizers;
	}

}
