package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.bean.mongo.RuntimeMongoObjects;
import io.appdbs.engine.Engine;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.TransactionRetry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/**
 * The objects with which code uses a database that was added at run time: what other
 * databases have as beans. They are created when they are asked for.
 */
final class RuntimeObjects {

	private final Supplier<Map<Class<?>, Object>> objects;

	private RuntimeObjects(Supplier<Map<Class<?>, Object>> objects) {
		this.objects = SingletonSupplier.of(objects);
	}

	static RuntimeObjects relational(DatabaseAccess database, RelationalBeans.Layers layers, Environment environment) {
		return new RuntimeObjects(() -> Relational.create(database, layers, environment));
	}

	static RuntimeObjects mongo(DatabaseAccess database, Supplier<RuntimeMongoObjects> objects) {
		return new RuntimeObjects(() -> objects.get().create(database));
	}

	/**
	 * Returns the object of a type.
	 * @return the object or {@code null} if there is none
	 */
	@Nullable Object find(Class<?> type) {
		Map<Class<?>, Object> objects = this.objects.get();
		Object exact = objects.get(type);
		return (exact != null) ? exact : objects.values().stream().filter(type::isInstance).findFirst().orElse(null);
	}

	/**
	 * Loaded only for a relational database.
	 */
	private static final class Relational {

		static Map<Class<?>, Object> create(DatabaseAccess database, RelationalBeans.Layers layers,
				Environment environment) {
			DatabaseDefinition definition = database.getDefinition();
			Supplier<Engine> engine = database::findEngine;
			DataSource pool = ((JdbcDatabaseConnector) database.getConnector()).getDataSource();
			DataSource dataSource = layers.add(pool, definition, database::getSnapshot);
			JdbcTemplate template = RelationalBeans.createTemplate(definition::name, dataSource, engine, environment,
					layers.beanFactory().getBeanProvider(SQLExceptionTranslator.class));
			NamedParameterJdbcTemplate named = RelationalBeans.namedParameterJdbcTemplate(template);
			DataSourceTransactionManager manager = RelationalBeans.createTransactionManager(definition.name(),
					dataSource, engine, environment);
			layers.beanFactory()
				.getBeanProvider(TransactionManagerCustomizers.class)
				.ifAvailable((all) -> all.customize(manager));
			Map<Class<?>, Object> objects = new LinkedHashMap<>();
			objects.put(DataSource.class, dataSource);
			objects.put(JdbcTemplate.class, template);
			objects.put(NamedParameterJdbcTemplate.class, named);
			objects.put(JdbcClient.class, RelationalBeans.jdbcClient(named));
			objects.put(DataSourceTransactionManager.class, manager);
			TransactionRetry retry = new TransactionRetry(definition, engine);
			objects.put(TransactionRetry.class, retry);
			TransactionTemplate transactions = retry.createTemplate(manager);
			objects.put(TransactionTemplate.class, transactions);
			return objects;
		}

	}

}
