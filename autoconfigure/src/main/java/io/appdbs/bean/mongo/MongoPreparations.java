package io.appdbs.bean.mongo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.mongo.index.IndexPreparation;
import io.appdbs.mongo.migration.MongoMigrations;
import io.appdbs.mongo.privilege.MongoPrivilegeVerification;
import io.appdbs.mongo.sharding.ShardingPreparation;
import io.appdbs.mongo.validator.ValidatorPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoIndexSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Creates the preparations of MongoDB databases.
 *
 * @param beanFactory the bean factory
 * @param problems where problems are reported
 */
public record MongoPreparations(ConfigurableListableBeanFactory beanFactory, ConfigurationProblems problems) {

	private static final Log logger = LogFactory.getLog(MongoPreparations.class);

	private static final ConfigurationPropertyName AUTO_INDEX_CREATION = ConfigurationPropertyName
		.of("spring.data.mongodb.auto-index-creation");

	/**
	 * Creates the steps of the MongoDB databases that no bean of the application
	 * replaces, before the first one is opened: they may find problems, which are
	 * reported together.
	 * @return the steps in order, by the name of the database
	 */
	public static Map<String, List<MongoPreparation>> createAll(List<DatabaseDefinition> definitions,
			Set<String> replaced, ConfigurableListableBeanFactory beanFactory) {
		ConfigurationProblems problems = new ConfigurationProblems();
		MongoPreparations preparations = new MongoPreparations(beanFactory, problems);
		Map<String, List<MongoPreparation>> all = new LinkedHashMap<>();
		definitions.stream()
			.filter((definition) -> definition.engine().getKind() == DatabaseKind.MONGODB
					&& !replaced.contains(definition.name()))
			.forEach((definition) -> all.put(definition.name(), preparations.create(definition)));
		problems.throwIfAny();
		return all;
	}

	/**
	 * Creates the steps of a database that is added at run time, which has no beans.
	 * @param definition the database
	 * @param classLoader the class loader that finds migrations or {@code null} for the
	 * default one
	 * @return the steps in order
	 */
	public static List<MongoPreparation> createForRuntime(DatabaseDefinition definition,
			@Nullable ClassLoader classLoader) {
		return List.of(new MongoMigrations(definition, Map.of(), () -> {
			throw new IllegalStateException("Database '%s' has no mapping".formatted(definition.name()));
		}, classLoader), new MongoPrivilegeVerification());
	}

	/**
	 * Creates the steps between connecting to a database and its use. What they need of
	 * the bean factory is requested now, since the thread of the database must not do it.
	 * @return the steps in order
	 */
	private List<MongoPreparation> create(DatabaseDefinition definition) {
		List<MongoPreparation> preparations = new ArrayList<>();
		preparations.add(new MongoMigrationBeans(this.beanFactory).create(definition));
		ShardingPreparation sharding = new ShardingPreparations(this.beanFactory, this.problems).create(definition);
		if (sharding != null) {
			preparations.add(sharding);
		}
		ValidatorPreparation validators = new ValidatorPreparations(this.beanFactory).create(definition);
		if (validators != null) {
			preparations.add(validators);
		}
		MongoIndexSettings indexes = definition.settings().mongo().indexes();
		if (indexes.mode() != MongoIndexSettings.Mode.OFF) {
			rejectAutoIndexCreation(definition, indexes.mode());
			MongoModel model = findModel(definition, indexes);
			if (model != null) {
				preparations.add(createIndexes(definition, model));
			}
		}
		preparations.add(new MongoPrivilegeVerification());
		return preparations;
	}

	/**
	 * Spring Data would create the indexes on the thread that uses an entity first, and
	 * fail if one differs.
	 */
	private void rejectAutoIndexCreation(DatabaseDefinition definition, MongoIndexSettings.Mode mode) {
		Environment environment = this.beanFactory.getBean(Environment.class);
		if (!MongoBeans.isAutoIndexCreation(environment)) {
			return;
		}
		Place place = ConfiguredSources.of(environment).locate(AUTO_INDEX_CREATION, true);
		String key = definition.key("mongo.indexes.mode");
		boolean creates = mode == MongoIndexSettings.Mode.CREATE;
		this.problems.add(definition.name(), AUTO_INDEX_CREATION.toString(), (place != null) ? place.origin() : null,
				"'%s' is 'true', but '%s' is '%s', which %s.".formatted(AUTO_INDEX_CREATION, key,
						mode.name().toLowerCase(Locale.ROOT),
						creates ? "creates missing indexes as well" : "only compares indexes"),
				creates ? "Remove '%s'. To let Spring Data create the indexes instead, set '%s' to 'off'."
					.formatted(AUTO_INDEX_CREATION, key)
						: "Set '%s' to 'create', and remove '%s'. To let Spring Data create the indexes as before, set '%s' to 'off'."
							.formatted(key, AUTO_INDEX_CREATION, key));
	}

	private IndexPreparation createIndexes(DatabaseDefinition definition, MongoModel model) {
		IndexPreparation preparation = new IndexPreparation(definition, model);
		preparation.findProblems().forEach(this.problems::add);
		return preparation;
	}

	/**
	 * The indexes are compared without a mapping that needs a database, but cannot be
	 * created.
	 */
	private @Nullable MongoModel findModel(DatabaseDefinition definition, MongoIndexSettings indexes) {
		return MongoBeans.findModel(this.beanFactory, definition.name(), (ex) -> {
			String key = definition.key("mongo.indexes.mode");
			String message = "The indexes of database '%s' are not compared with those of its entities, because a bean for their mapping, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet."
				.formatted(definition.name());
			String action = "Inject the bean with ObjectProvider or @Lazy, or set '%s' to 'off'.".formatted(key);
			if (indexes.mode() == MongoIndexSettings.Mode.CREATE) {
				throw new InvalidDatabaseConfigurationException(definition.name(), key, message, action, ex);
			}
			logger.warn(message + " " + action);
		});
	}

}
