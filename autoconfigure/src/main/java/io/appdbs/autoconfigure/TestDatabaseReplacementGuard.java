package io.appdbs.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Prevents {@code @AutoConfigureTestDatabase} from replacing the {@link DataSource} of a
 * database by Boot's embedded one, which has no qualifier, no migrations and none of the
 * database's settings. {@code TestDatabaseAutoConfiguration} would replace the only or
 * the primary {@link DataSource}.
 */
class TestDatabaseReplacementGuard implements BeanDefinitionRegistryPostProcessor, Ordered {

	private static final Log logger = LogFactory.getLog(TestDatabaseReplacementGuard.class);

	private static final String REPLACES_BY_DEFAULT = "nonTestEmbeddedDataSourceBeanFactoryPostProcessor";

	private static final String REPLACES_ANY = "embeddedDataSourceBeanFactoryPostProcessor";

	/**
	 * Boot's post-processors are not ordered and therefore run later.
	 */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		String name = (registry instanceof ConfigurableListableBeanFactory beanFactory) ? findReplaced(beanFactory)
				: null;
		if (name == null) {
			return;
		}
		if (registry.containsBeanDefinition(REPLACES_ANY)) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s': @AutoConfigureTestDatabase(replace = ANY) would replace the database by an embedded one without its settings."
						.formatted(name),
					"Remove 'replace = ANY', or 'spring.test.database.replace'. Set '%s' for tests, for example to 'embedded:h2'."
						.formatted(DatabaseDefinition.key(name, "url")),
					null)
				.in(TroubleshootingSection.TEST_DATABASE);
		}
		if (registry.containsBeanDefinition(REPLACES_BY_DEFAULT)) {
			registry.removeBeanDefinition(REPLACES_BY_DEFAULT);
			logger.info("Database '%s' is not replaced by @AutoConfigureTestDatabase: tests run on '%s'".formatted(name,
					DatabaseDefinition.key(name, "url")));
		}
	}

	private static @Nullable String findReplaced(ConfigurableListableBeanFactory beanFactory) {
		List<String> dataSources = Stream.of(beanFactory.getBeanNamesForType(DataSource.class, true, false)).toList();
		List<String> replaced = (dataSources.size() == 1) ? dataSources
				: dataSources.stream().filter((each) -> beanFactory.getBeanDefinition(each).isPrimary()).toList();
		return DatabaseNames.get(beanFactory.getBean(Environment.class))
			.stream()
			.filter((name) -> replaced.stream()
				.anyMatch((each) -> UserBeans.isQualified(beanFactory, each, name::equals)))
			.findFirst()
			.orElse(null);
	}

}
