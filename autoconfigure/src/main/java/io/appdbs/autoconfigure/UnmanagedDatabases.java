package io.appdbs.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.bean.registry.UserBeans;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Finds the databases of an application that are not below {@code app.dbs}: those of
 * Boot's own properties, and beans of the application. They stay the default ones.
 *
 * @param beanFactory the bean factory
 * @param environment the environment of the application
 * @param ourNames the names of all configured databases
 */
record UnmanagedDatabases(ConfigurableListableBeanFactory beanFactory, Environment environment,
		Collection<String> ourNames) {

	private static final List<String> DATA_SOURCE_PROPERTIES = List.of("spring.datasource.url",
			"spring.datasource.jndi-name", "spring.datasource.hikari.jdbc-url",
			"spring.datasource.hikari.data-source-class-name", "spring.datasource.xa.data-source-class-name",
			"spring.datasource.embedded-database-connection");

	private static final List<String> MONGO_PROPERTIES = List.of("spring.mongodb.uri", "spring.mongodb.host",
			"spring.mongodb.port", "spring.mongodb.database", "spring.mongodb.additional-hosts[0]",
			"spring.mongodb.additional-hosts");

	private static final String DATA_SOURCE_AUTO_CONFIGURATION = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

	private static final String MONGO_AUTO_CONFIGURATION = "org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration";

	boolean hasRelational() {
		return getRelationalProperty() != null
				|| hasBean("org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails")
				|| hasBean("javax.sql.DataSource");
	}

	/**
	 * Returns whether Boot defines a relational database without a property, which is an
	 * embedded one.
	 */
	boolean isRelationalAutoConfigured() {
		return isAutoConfigured(DATA_SOURCE_AUTO_CONFIGURATION);
	}

	boolean hasMongo() {
		return getMongoProperty() != null
				|| hasBean("org.springframework.boot.mongodb.autoconfigure.MongoConnectionDetails")
				|| hasBean("com.mongodb.client.MongoClient")
				|| hasBean("org.springframework.data.mongodb.MongoDatabaseFactory")
				|| hasBean("com.mongodb.reactivestreams.client.MongoClient")
				|| hasBean("org.springframework.data.mongodb.ReactiveMongoDatabaseFactory");
	}

	/**
	 * Returns the property that configures Boot's relational database.
	 * @return the property or {@code null} if Boot has none
	 */
	@Nullable String getRelationalProperty() {
		return findProperty(DATA_SOURCE_AUTO_CONFIGURATION, DATA_SOURCE_PROPERTIES);
	}

	/**
	 * Returns the property that configures Boot's MongoDB database.
	 * @return the property or {@code null} if Boot has none
	 */
	@Nullable String getMongoProperty() {
		return findProperty(MONGO_AUTO_CONFIGURATION, MONGO_PROPERTIES);
	}

	private @Nullable String findProperty(String autoConfiguration, List<String> properties) {
		// otherwise the properties are not used
		return isAutoConfigured(autoConfiguration) ? properties.stream().filter(this::hasValue).findFirst().orElse(null)
				: null;
	}

	/**
	 * Configuration classes are parsed before any registrar is called. Absent or excluded
	 * ones have no outcome.
	 */
	boolean isAutoConfigured(String autoConfiguration) {
		ConditionAndOutcomes outcomes = ConditionEvaluationReport.get(this.beanFactory)
			.getConditionAndOutcomesBySource()
			.get(autoConfiguration);
		return outcomes != null && outcomes.isFullMatch();
	}

	private boolean hasValue(String property) {
		// the value "none" disables Boot's embedded database
		return this.environment.containsProperty(property)
				&& !"none".equalsIgnoreCase(this.environment.getProperty(property));
	}

	private boolean hasBean(String className) {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		if (!ClassUtils.isPresent(className, classLoader)) {
			return false;
		}
		Class<?> type = ClassUtils.resolveClassName(className, classLoader);
		return Stream.of(this.beanFactory.getBeanNamesForType(type, true, false))
			.anyMatch((beanName) -> isDefaultCandidate(beanName)
					&& !UserBeans.isQualified(this.beanFactory, beanName, this.ourNames::contains));
	}

	private boolean isDefaultCandidate(String beanName) {
		if (!this.beanFactory.containsBeanDefinition(beanName)) {
			return true;
		}
		BeanDefinition definition = this.beanFactory.getBeanDefinition(beanName);
		return definition.isAutowireCandidate() && !(definition instanceof AbstractBeanDefinition abstractDefinition
				&& !abstractDefinition.isDefaultCandidate());
	}

}
