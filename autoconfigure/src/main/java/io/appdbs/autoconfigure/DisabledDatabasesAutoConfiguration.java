package io.appdbs.autoconfigure;

import java.util.Map;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.Assert;

/**
 * Auto-configuration for databases with {@code enabled: false}. Has no condition, since
 * all databases may be disabled.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class)
@Import(DisabledDatabasesAutoConfiguration.Registrar.class)
public final class DisabledDatabasesAutoConfiguration {

	/**
	 * Registers nothing. Logs the disabled databases, and keeps migrations that the
	 * application defines for them away from Boot's Flyway.
	 */
	static class Registrar implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanFactoryAware {

		private static final Log logger = LogFactory.getLog(DisabledDatabasesAutoConfiguration.class);

		private @Nullable Environment environment;

		private @Nullable ConfigurableListableBeanFactory beanFactory;

		@Override
		public void setEnvironment(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			Environment environment = this.environment;
			ConfigurableListableBeanFactory beanFactory = this.beanFactory;
			Assert.state(environment != null && beanFactory != null, "Environment and bean factory must be set");
			Map<String, DisabledDatabase> disabled = DisabledDatabase.findAll(environment);
			if (!disabled.isEmpty()) {
				logger.info("Disabled databases: " + disabled.values()
					.stream()
					.map((database) -> "%s ('%s')".formatted(database.name(), database.place().key()))
					.collect(Collectors.joining(", ")));
				new MigratedDatabases(beanFactory, environment).hideAdditions(disabled.keySet());
			}
		}

	}

}
