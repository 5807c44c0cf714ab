package io.appdbs.bean.mongo;

import java.util.Locale;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.sharding.ShardingPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.ShardingSettings.Mode;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Creates the step that compares shard keys with entities.
 *
 * @param beanFactory the bean factory
 * @param problems where problems are reported
 */
record ShardingPreparations(ConfigurableListableBeanFactory beanFactory, ConfigurationProblems problems) {

	@Nullable ShardingPreparation create(DatabaseDefinition definition) {
		Mode mode = definition.settings().sharding().mode();
		MongoModel model = (mode != Mode.OFF) ? findModel(definition) : null;
		if (model == null) {
			return null;
		}
		boolean[] invalid = new boolean[1];
		ShardingPreparation preparation = new ShardingPreparation(model, (message, action) -> {
			invalid[0] = true;
			this.problems.add(exception(definition, message, action, null));
		});
		if (!preparation.isEmpty()) {
			return preparation;
		}
		if (!invalid[0] && isOwn(definition)) {
			this.problems.add(exception(definition,
					"'%s' is '%s', but no entity of the database has @Sharded.".formatted(key(definition),
							mode.name().toLowerCase(Locale.ROOT)),
					"Set '%s' to the packages of the entities, add @Sharded to one of them, or remove '%s'."
						.formatted(DatabaseDefinition.key(definition.name(), "packages"), key(definition)),
					null));
		}
		return null;
	}

	/**
	 * A default is for the databases that have such entities.
	 */
	private static boolean isOwn(DatabaseDefinition definition) {
		return !key(definition).startsWith("app.dbs-defaults");
	}

	private @Nullable MongoModel findModel(DatabaseDefinition definition) {
		return MongoBeans.findModel(this.beanFactory, definition.name(), (ex) -> {
			throw exception(definition,
					"'%s' is '%s', but a bean for the mapping of the entities, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet."
						.formatted(key(definition),
								definition.settings().sharding().mode().name().toLowerCase(Locale.ROOT)),
					"Inject the bean with ObjectProvider or @Lazy, or set '%s' to 'off'.".formatted(key(definition)),
					ex);
		});
	}

	private static InvalidDatabaseConfigurationException exception(DatabaseDefinition definition, String message,
			String action, @Nullable Throwable cause) {
		return new InvalidDatabaseConfigurationException(definition.name(), key(definition),
				"Database '%s': %s".formatted(definition.name(), message), action, cause);
	}

	private static String key(DatabaseDefinition definition) {
		return definition.key(ShardingPreparation.MODE);
	}

}
