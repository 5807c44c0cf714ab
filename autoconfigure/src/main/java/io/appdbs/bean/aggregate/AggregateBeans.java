package io.appdbs.bean.aggregate;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.bean.DataJdbcBeans;
import io.appdbs.bean.registry.UserBeans;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.jdbc.core.convert.DataAccessStrategy;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.repository.config.JdbcConfiguration;
import org.springframework.data.mapping.model.SimpleTypeHolder;
import org.springframework.data.relational.RelationalManagedTypes;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the beans of Spring Data JDBC.
 */
final class AggregateBeans {

	private AggregateBeans() {
	}

	/**
	 * Creates the dialect of a database.
	 * @param name the name of the database
	 * @param operations the name of the bean with which the server is asked, if necessary
	 * @param isDefault whether it is the default database, for which the application or
	 * {@code spring.data.jdbc.dialect} may set the dialect
	 */
	static JdbcDialect jdbcDialect(String name, String operations, boolean isDefault, Environment environment,
			ConfigurableListableBeanFactory beanFactory, ObjectProvider<JdbcDialect> defaultDialect) {
		JdbcDialect dialect = isDefault ? defaultDialect.getIfAvailable() : null;
		return (dialect != null) ? dialect
				: DataJdbcBeans.createDialect(name, environment, beanFactory.getBeanClassLoader(),
						() -> beanFactory.getBean(operations, NamedParameterJdbcOperations.class));
	}

	static JdbcCustomConversions jdbcCustomConversions(JdbcDialect dialect) {
		return JdbcCustomConversions.of(dialect, List.of());
	}

	static RelationalManagedTypes jdbcManagedTypes(String[] classNames, ConfigurableListableBeanFactory beanFactory) {
		return RelationalManagedTypes.fromIterable(Stream.of(classNames)
			.<Class<?>>map((className) -> ClassUtils.resolveClassName(className, beanFactory.getBeanClassLoader()))
			.toList());
	}

	static JdbcMappingContext jdbcMappingContext(String name, boolean encrypted, RelationalManagedTypes managedTypes,
			JdbcCustomConversions conversions, ConfigurableListableBeanFactory beanFactory) {
		return JdbcConfiguration.createMappingContext(managedTypes,
				EncryptedJdbcConversions.of(name, encrypted, conversions),
				UserBeans.findFor(beanFactory, NamingStrategy.class, name, Set.of(name)));
	}

	/**
	 * Creates the converter of a database.
	 * @param name the name of the database
	 * @param encrypted whether the database has encrypted fields
	 * @param strategy the name of the bean that reads the children of aggregates, and
	 * which refers to the converter
	 */
	static JdbcConverter jdbcConverter(String name, boolean encrypted, String strategy, JdbcMappingContext context,
			NamedParameterJdbcOperations operations, JdbcCustomConversions conversions, JdbcDialect dialect,
			ConfigurableListableBeanFactory beanFactory) {
		SingletonSupplier<DataAccessStrategy> relations = SingletonSupplier
			.of(() -> beanFactory.getBean(strategy, DataAccessStrategy.class));
		return JdbcConfiguration.createConverter(context, operations,
				(identifier, path) -> relations.obtain().findAllByPath(identifier, path),
				EncryptedJdbcConversions.of(name, encrypted, conversions), dialect);
	}

	static DataAccessStrategy dataAccessStrategy(String name, NamedParameterJdbcOperations operations,
			JdbcConverter converter, JdbcDialect dialect, ConfigurableListableBeanFactory beanFactory) {
		return JdbcConfiguration.createDataAccessStrategy(operations, converter,
				queryMappingConfiguration(name, beanFactory), dialect);
	}

	static QueryMappingConfiguration queryMappingConfiguration(String name,
			ConfigurableListableBeanFactory beanFactory) {
		QueryMappingConfiguration configuration = UserBeans.findFor(beanFactory, QueryMappingConfiguration.class, name,
				Set.of(name));
		return (configuration != null) ? configuration : QueryMappingConfiguration.EMPTY;
	}

	static JdbcAggregateTemplate jdbcAggregateTemplate(String name, JdbcConverter converter,
			DataAccessStrategy strategy, ApplicationContext applicationContext,
			ConfigurableListableBeanFactory beanFactory) {
		JdbcAggregateTemplate template = new JdbcAggregateTemplate(converter, strategy);
		template.setEntityCallbacks(AggregateCallbacks.find(name, converter, strategy, beanFactory));
		template.setApplicationContext(applicationContext);
		return template;
	}

	/**
	 * The entities of all databases, for auditing. No template uses this context.
	 */
	static JdbcMappingContext auditingMappingContext(ConfigurableListableBeanFactory beanFactory) {
		JdbcMappingContext context = new JdbcMappingContext();
		context.setSimpleTypeHolder(
				new SimpleTypes(List.copyOf(beanFactory.getBeansOfType(JdbcCustomConversions.class).values())));
		return context;
	}

	/**
	 * The types that are not entities in any database.
	 */
	private static final class SimpleTypes extends SimpleTypeHolder {

		private final List<SimpleTypeHolder> holders;

		SimpleTypes(List<JdbcCustomConversions> conversions) {
			this.holders = conversions.stream().map(JdbcCustomConversions::getSimpleTypeHolder).toList();
		}

		@Override
		public boolean isSimpleType(Class<?> type) {
			return this.holders.stream().anyMatch((holder) -> holder.isSimpleType(type));
		}

	}

}
