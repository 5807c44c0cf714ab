package io.appdbs.bean.aggregate;

import java.util.Set;

import io.appdbs.bean.registry.UserBeans;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.repository.config.JdbcRepositoryConfigExtension.JdbcRepositoryRegistrationAotProcessor;
import org.springframework.data.repository.aot.generate.RepositoryContributor;
import org.springframework.data.repository.config.AotRepositoryContext;

/**
 * Generates the code of a repository with the dialect and the mapping context of its
 * database. By default it would be those of the default database, or those of H2.
 */
public class AggregateRepositoryAotProcessor extends JdbcRepositoryRegistrationAotProcessor {

	private static final Log logger = LogFactory.getLog(AggregateRepositoryAotProcessor.class);

	@Override
	protected @Nullable RepositoryContributor contributeAotRepository(AotRepositoryContext context) {
		if (!context.isGeneratedRepositoriesEnabled("jdbc")) {
			return null;
		}
		String template = context.getConfigurationSource().getAttribute("jdbcAggregateOperationsRef").orElse("");
		String database = findDatabase(context.getBeanFactory(), template);
		if (database == null) {
			return skip(context, "the dialect of the application's bean '%s' is not known".formatted(template));
		}
		try {
			return contribute(context, database,
					template.substring(0, template.length() - AggregateTemplates.TEMPLATE.length()));
		}
		catch (BeansException ex) {
			return skip(context, "the dialect of database '%s' is not known without the server".formatted(database));
		}
	}

	private static RepositoryContributor contribute(AotRepositoryContext context, String database, String prefix) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		return new AggregateRepositoryContributor(context,
				beanFactory.getBean(prefix + AggregateTemplates.DIALECT, JdbcDialect.class),
				beanFactory.getBean(prefix + AggregateTemplates.MAPPING_CONTEXT, JdbcMappingContext.class),
				UserBeans.findNameFor(beanFactory, QueryMappingConfiguration.class, database, Set.of(database)));
	}

	/**
	 * The repository works as without generated code.
	 */
	private static @Nullable RepositoryContributor skip(AotRepositoryContext context, String reason) {
		logger.info("No code is generated for the queries of '%s': %s"
			.formatted(context.getRepositoryInformation().getRepositoryInterface().getName(), reason));
		return null;
	}

	private static @Nullable String findDatabase(ConfigurableListableBeanFactory beanFactory, String template) {
		if (!beanFactory.containsBeanDefinition(template)) {
			return null;
		}
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(template);
		ValueHolder name = definition.getConstructorArgumentValues().getIndexedArgumentValue(0, String.class);
		return (AggregateBeans.class.getName().equals(definition.getBeanClassName()) && name != null)
				? String.valueOf(name.getValue()) : null;
	}

}
