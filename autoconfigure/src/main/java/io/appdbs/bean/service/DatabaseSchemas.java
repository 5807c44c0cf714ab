package io.appdbs.bean.service;

import java.util.function.BiFunction;

import javax.sql.DataSource;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.jdbc.schema.JdbcSchema;
import io.appdbs.jdbc.schema.SchemaDataSources;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoSchema;
import io.appdbs.schema.Schema;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * Creates the look-ups in the schema of a database.
 *
 * @param database the database
 * @param beans finds the bean of a type under the qualifier of a database
 */
record DatabaseSchemas(DatabaseAccess database, BiFunction<Class<?>, String, @Nullable Object> beans) {

	Schema create() {
		return (this.database.getDefinition().engine().getKind() == DatabaseKind.RELATIONAL) ? Relational.create(this)
				: Mongo.create(this);
	}

	private <T> T getBean(Class<T> type) {
		String name = this.database.getDefinition().name();
		Object bean = this.beans.apply(type, name);
		if (bean == null) {
			throw new IllegalStateException(
					"No bean of type %s with the qualifier '%s'".formatted(type.getName(), name));
		}
		return type.cast(bean);
	}

	/**
	 * Loaded only for a relational database.
	 */
	private static final class Relational {

		static Schema create(DatabaseSchemas schemas) {
			DatabaseAccess database = schemas.database;
			boolean replaced = !(database.getConnector() instanceof JdbcDatabaseConnector);
			return new JdbcSchema(database.getDefinition().name(), () -> (JdbcEngine) database.findEngine(), replaced,
					() -> getDataSources(schemas));
		}

		/**
		 * A replica has no bean. With row-level security, the connections of the bean
		 * reject statements without a user, and the schema does not depend on the user.
		 */
		private static SchemaDataSources getDataSources(DatabaseSchemas schemas) {
			DatabaseDefinition definition = schemas.database.getDefinition();
			DataSource pool = (schemas.database.getConnector() instanceof JdbcDatabaseConnector connector)
					? connector.getDataSource() : null;
			DataSource bean = (pool == null || definition.replicaOf() == null) ? schemas.getBean(DataSource.class)
					: pool;
			return new SchemaDataSources(bean, (pool != null && definition.settings().rls().enabled()) ? pool : bean);
		}

	}

	/**
	 * Loaded only for a MongoDB database, whose libraries are present then.
	 */
	private static final class Mongo {

		static Schema create(DatabaseSchemas schemas) {
			return new MongoSchema(schemas.database.getDefinition().name(),
					() -> schemas.getBean(MongoDatabaseFactory.class));
		}

	}

}
