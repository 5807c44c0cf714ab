package io.appdbs.bean.data;

import java.util.List;

import io.appdbs.bean.DataJdbcBeans;
import io.appdbs.bean.DatabaseBeanRegistry;
import io.appdbs.bean.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.context.ApplicationContext;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.jdbc.core.convert.DataAccessStrategy;
import org.springframework.data.jdbc.core.convert.DataAccessStrategyFactory;
import org.springframework.data.jdbc.core.convert.DefaultJdbcTypeFactory;
import org.springframework.data.jdbc.core.convert.DelegatingDataAccessStrategy;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.convert.MappingJdbcConverter;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.relational.core.mapping.DefaultNamingStrategy;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

/**
 * Registers and creates the templates of Spring Data JDBC. Each database has a separate
 * mapping context, conversions and dialect. Loaded only if Spring Data JDBC is on the
 * class path.
 */
final class AggregateTemplates {

	private AggregateTemplates() {
	}

	/**
	 * Registers the template of a database.
	 * @return the name of the bean
	 */
	static String register(DatabaseBeanRegistry beans, DeclaredDatabase database) {
		return beans.register(database, "JdbcAggregateTemplate", JdbcAggregateTemplate.class,
				beans.roles().derived(database), AggregateTemplates.class, database.name(),
				new RuntimeBeanReference(database.beanName("NamedParameterJdbcTemplate")));
	}

	static JdbcAggregateTemplate jdbcAggregateTemplate(String name, NamedParameterJdbcOperations operations,
			ApplicationContext applicationContext, DatabaseLifecycle lifecycle,
			ObjectProvider<QueryMappingConfiguration> queryMappings, ConfigurableListableBeanFactory beanFactory) {
		JdbcDialect dialect = DataJdbcBeans.createDialect(lifecycle.getDefinition(name).jdbcEngine(), operations);
		JdbcCustomConversions conversions = UserBeans.findFor(beanFactory, JdbcCustomConversions.class, name,
				lifecycle.getNames());
		if (conversions == null) {
			conversions = JdbcCustomConversions.of(dialect, List.of());
		}
		NamingStrategy naming = UserBeans.findFor(beanFactory, NamingStrategy.class, name, lifecycle.getNames());
		JdbcMappingContext context = JdbcMappingContext
			.forQuotedIdentifiers((naming != null) ? naming : DefaultNamingStrategy.INSTANCE);
		context.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
		context.setApplicationContext(applicationContext);
		context.afterPropertiesSet();
		DelegatingDataAccessStrategy relations = new DelegatingDataAccessStrategy();
		JdbcConverter converter = new MappingJdbcConverter(context, relations, conversions,
				new DefaultJdbcTypeFactory(operations.getJdbcOperations(), dialect.getArraySupport()));
		DataAccessStrategy strategy = new DataAccessStrategyFactory(converter, operations, dialect,
				queryMappings.getIfAvailable(() -> QueryMappingConfiguration.EMPTY))
			.create();
		relations.setDelegate(strategy);
		return new JdbcAggregateTemplate(applicationContext, context, converter, strategy);
	}

}
