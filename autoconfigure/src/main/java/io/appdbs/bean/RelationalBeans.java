package io.appdbs.bean;

import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.bean.audit.AuditBeans;
import io.appdbs.engine.Engine;
import io.appdbs.jdbc.NamedJdbcTransactionManager;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.query.QueryLog;
import io.appdbs.query.QueryLogs;
import io.appdbs.query.jdbc.QueryLogDataSource;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * Creates the beans of relational databases. Each waits for its own database only.
 */
public final class RelationalBeans {

	private static final boolean jdbcPropertiesPresent = ClassUtils.isPresent(
			"org.springframework.boot.jdbc.autoconfigure.JdbcProperties", RelationalBeans.class.getClassLoader());

	private RelationalBeans() {
	}

	/**
	 * Creates the data source of a configured database.
	 * @param deferred whether the first connection waits for the database, and not the
	 * creation of the bean
	 */
	static DataSource dataSource(String name, boolean deferred, DatabaseLifecycle lifecycle, QueryLogs queryLogs,
			AuditTrails auditTrails, ConfigurableListableBeanFactory beanFactory) {
		// each replica has a pool, so routing is directly above the pools
		DataSource dataSource = ReplicaBeans.route(name, deferred, lifecycle, beanFactory);
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		return new Layers(queryLogs.get(definition), auditTrails.get(definition), beanFactory).add(dataSource,
				definition, () -> lifecycle.get(name).getSnapshot());
	}

	static JdbcTemplate jdbcTemplate(String name, DataSource dataSource, Environment environment,
			ObjectProvider<SQLExceptionTranslator> exceptionTranslator, DatabaseLifecycle lifecycle) {
		// the data source may not have waited
		lifecycle.getConnector(name, DatabaseConnector.class);
		return createTemplate(() -> name, dataSource, () -> lifecycle.getEngine(name), environment,
				exceptionTranslator);
	}

	/**
	 * Creates a template with the properties of {@code spring.jdbc.template}.
	 * @param name supplies the name of the database, for messages
	 * @param dataSource the data source
	 * @param engine supplies the engine
	 * @param environment the environment
	 * @param exceptionTranslator the translator of the application, if any
	 * @return a new template
	 */
	public static JdbcTemplate createTemplate(Supplier<String> name, DataSource dataSource, Supplier<Engine> engine,
			Environment environment, ObjectProvider<SQLExceptionTranslator> exceptionTranslator) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		if (jdbcPropertiesPresent) {
			BootTemplateProperties.apply(template, environment);
		}
		template.setExceptionTranslator(
				exceptionTranslator.getIfUnique(() -> new NamedSqlExceptionTranslator(name, engine, dataSource)));
		return template;
	}

	static NamedParameterJdbcTemplate namedParameterJdbcTemplate(JdbcTemplate template) {
		return new NamedParameterJdbcTemplate(template);
	}

	static JdbcClient jdbcClient(NamedParameterJdbcTemplate template) {
		return JdbcClient.create(template);
	}

	static PlatformTransactionManager transactionManager(String name, boolean primary, DataSource dataSource,
			Environment environment, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<TransactionManagerCustomizers> customizers) {
		TransactionManagerFactory factory = beanFactory.getBeanProvider(TransactionManagerFactory.class)
			.getIfAvailable();
		AbstractPlatformTransactionManager manager = (factory != null)
				? factory.createTransactionManager(name, primary, dataSource) : null;
		if (manager == null) {
			DatabaseLifecycle lifecycle = beanFactory.getBean(DatabaseLifecycle.class);
			manager = createTransactionManager(name, dataSource, () -> lifecycle.getEngine(name), environment);
		}
		PlatformTransactionManager customized = manager;
		customizers.ifAvailable((all) -> all.customize(customized));
		return manager;
	}

	static DataSourceTransactionManager createTransactionManager(String name, DataSource dataSource,
			Supplier<Engine> engine, Environment environment) {
		if (!environment.getProperty("spring.dao.exceptiontranslation.enabled", Boolean.class, Boolean.TRUE)) {
			return new DataSourceTransactionManager(dataSource);
		}
		return new NamedJdbcTransactionManager(name, engine, dataSource);
	}

	/**
	 * Adds the layers above the pool, as the documentation of the package
	 * {@code io.appdbs.jdbc} lists them.
	 *
	 * @param queryLog the query log of the database or {@code null}
	 * @param auditTrail the audit of the database or {@code null}
	 * @param beanFactory the bean factory with the beans that layers use
	 */
	record Layers(@Nullable QueryLog queryLog, @Nullable AuditTrail auditTrail,
			ConfigurableListableBeanFactory beanFactory) {

		DataSource add(DataSource pool, DatabaseDefinition definition, Supplier<DatabaseSnapshot> snapshot) {
			// above routing, so that policies apply to reads on replicas, too
			DataSource dataSource = RlsBeans.secure(pool, definition, snapshot, this.beanFactory);
			// above row-level security, whose own statements are not the application's
			dataSource = AuditBeans.audit(dataSource, definition, this.auditTrail);
			// outermost, so that it logs the statements as the application wrote them
			return (this.queryLog != null) ? Logged.wrap(dataSource, this.queryLog, definition) : dataSource;
		}

	}

	/**
	 * Loaded only if queries are logged, and therefore datasource-proxy.
	 */
	private static final class Logged {

		static DataSource wrap(DataSource dataSource, QueryLog queryLog, DatabaseDefinition definition) {
			return new QueryLogDataSource(dataSource, queryLog, definition.jdbcEngine().getSqlSyntax());
		}

	}

	/**
	 * Applies the properties of {@code spring.jdbc.template} to every template, as Boot
	 * does.
	 */
	private static final class BootTemplateProperties {

		static void apply(JdbcTemplate template, Environment environment) {
			JdbcProperties.Template properties = Binder.get(environment)
				.bindOrCreate("spring.jdbc", JdbcProperties.class)
				.getTemplate();
			template.setIgnoreWarnings(properties.isIgnoreWarnings());
			template.setFetchSize(properties.getFetchSize());
			template.setMaxRows(properties.getMaxRows());
			if (properties.getQueryTimeout() != null) {
				template.setQueryTimeout((int) properties.getQueryTimeout().getSeconds());
			}
			template.setSkipResultsProcessing(properties.isSkipResultsProcessing());
			template.setSkipUndeclaredResults(properties.isSkipUndeclaredResults());
			template.setResultsMapCaseInsensitive(properties.isResultsMapCaseInsensitive());
		}

	}

}
