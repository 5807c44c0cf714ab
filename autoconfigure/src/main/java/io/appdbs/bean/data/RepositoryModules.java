package io.appdbs.bean.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.appdbs.bean.aggregate.AggregateRepositoryConfigExtension;
import io.appdbs.bean.jpa.PersistenceUnitAotProcessor;

import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.core.env.Environment;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jdbc.repository.config.JdbcRepositoryConfigExtension;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.config.JpaRepositoryConfigExtension;
import org.springframework.data.mongodb.repository.config.EnableMongoRepositories;
import org.springframework.data.mongodb.repository.config.EnableReactiveMongoRepositories;
import org.springframework.data.mongodb.repository.config.MongoRepositoryConfigurationExtension;
import org.springframework.data.mongodb.repository.config.ReactiveMongoRepositoryConfigurationExtension;
import org.springframework.data.repository.config.BootstrapMode;
import org.springframework.data.repository.config.RepositoryConfigurationSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * The modules of Spring Data, each loaded only if it is on the class path.
 */
final class RepositoryModules {

	private static final String ENVERS = "org.springframework.data.envers.repository.support.EnversRevisionRepositoryFactoryBean";

	private RepositoryModules() {
	}

	static final class Jpa {

		private Jpa() {
		}

		/**
		 * Returns the module for repositories on an {@code EntityManagerFactory}.
		 * @param factory the name of its bean
		 * @param manager the name of the transaction manager's bean
		 * @param mappingContext the name of the bean with the mapping context of this
		 * factory
		 */
		static RepositoryModule module(String factory, String manager, String mappingContext, Environment environment) {
			Map<String, Object> attributes = new LinkedHashMap<>(
					Map.of("entityManagerFactoryRef", factory, "transactionManagerRef", manager));
			String mode = environment.getProperty("spring.data.jpa.repositories.bootstrap-mode");
			if (StringUtils.hasText(mode)) {
				attributes.put("bootstrapMode", BootstrapMode.valueOf(mode.toUpperCase(Locale.ROOT)));
			}
			ClassLoader classLoader = RepositoryModules.class.getClassLoader();
			if (ClassUtils.isPresent(ENVERS, classLoader)) {
				attributes.put("repositoryFactoryBeanClass", ClassUtils.resolveClassName(ENVERS, classLoader));
			}
			return new RepositoryModule(Defaults.class, EnableJpaRepositories.class, new Extension(mappingContext),
					JpaRepositoryConfigExtension.class, attributes);
		}

		@EnableJpaRepositories
		private static final class Defaults {

		}

		/**
		 * By default all repositories share a mapping context with the entities of all
		 * factories, so each would wait for all of them.
		 */
		private static final class Extension extends JpaRepositoryConfigExtension {

			private final String mappingContext;

			Extension(String mappingContext) {
				this.mappingContext = mappingContext;
			}

			@Override
			public void postProcess(BeanDefinitionBuilder builder, RepositoryConfigurationSource source) {
				super.postProcess(builder, source);
				builder.addPropertyReference("mappingContext", this.mappingContext);
			}

			@Override
			public Class<? extends BeanRegistrationAotProcessor> getRepositoryAotProcessor() {
				return PersistenceUnitAotProcessor.class;
			}

		}

	}

	static final class Jdbc {

		private Jdbc() {
		}

		/**
		 * Returns the module for repositories on a template of Spring Data JDBC.
		 * @param database the name of the database
		 * @param operations the name of the template's bean
		 * @param manager the name of the transaction manager's bean
		 */
		static RepositoryModule module(String database, String operations, String manager) {
			return module(new AggregateRepositoryConfigExtension(database), operations, manager);
		}

		/**
		 * Returns the module for repositories on the template that Boot configures.
		 */
		static RepositoryModule defaultModule() {
			return module(new JdbcRepositoryConfigExtension(), "", "transactionManager");
		}

		private static RepositoryModule module(JdbcRepositoryConfigExtension extension, String operations,
				String manager) {
			return new RepositoryModule(Defaults.class, EnableJdbcRepositories.class, extension,
					JdbcRepositoryConfigExtension.class,
					Map.of("jdbcAggregateOperationsRef", operations, "transactionManagerRef", manager));
		}

		@EnableJdbcRepositories
		private static final class Defaults {

		}

	}

	static final class Mongo {

		private Mongo() {
		}

		static RepositoryModule module(String template) {
			return new RepositoryModule(Defaults.class, EnableMongoRepositories.class,
					new MongoRepositoryConfigurationExtension(), MongoRepositoryConfigurationExtension.class,
					Map.of("mongoTemplateRef", template));
		}

		@EnableMongoRepositories
		private static final class Defaults {

		}

	}

	static final class ReactiveMongo {

		private ReactiveMongo() {
		}

		static RepositoryModule module(String template) {
			return new RepositoryModule(Defaults.class, EnableReactiveMongoRepositories.class,
					new ReactiveMongoRepositoryConfigurationExtension(),
					ReactiveMongoRepositoryConfigurationExtension.class, Map.of("reactiveMongoTemplateRef", template));
		}

		@EnableReactiveMongoRepositories
		private static final class Defaults {

		}

	}

}
