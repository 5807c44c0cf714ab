package io.appdbs.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Auto-configuration that removes Boot's reactive MongoDB client if Boot has no MongoDB
 * database. It has no property to disable it, and would connect to {@code localhost}.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		afterName = "org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration",
		beforeName = { "org.springframework.boot.data.mongodb.autoconfigure.DataMongoReactiveAutoConfiguration",
				"org.springframework.boot.mongodb.autoconfigure.health.MongoReactiveHealthContributorAutoConfiguration" })
@ConditionalOnClass(name = "com.mongodb.reactivestreams.client.MongoClient")
@Import(DatabaseMongoReactiveAutoConfiguration.Registrar.class)
public final class DatabaseMongoReactiveAutoConfiguration {

	/**
	 * Runs after the beans of {@code MongoReactiveAutoConfiguration} have been defined.
	 */
	static class Registrar implements ImportBeanDefinitionRegistrar {

		private final BeanFactory beanFactory;

		private final Environment environment;

		Registrar(BeanFactory beanFactory, Environment environment) {
			this.beanFactory = beanFactory;
			this.environment = environment;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			String property = new UnmanagedDatabases((ConfigurableListableBeanFactory) this.beanFactory,
					this.environment, List.of())
				.getMongoProperty();
			new ReactiveMongoRegistration(registry).removeBootsClient(property);
		}

	}

}
