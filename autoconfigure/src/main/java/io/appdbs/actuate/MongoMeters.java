package io.appdbs.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.ConnectionPoolListener;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.mongodb.MongoCommandTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoConnectionPoolTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsCommandListener;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsConnectionPoolListener;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MongoDatabaseConnector.Customizer} that adds Micrometer's meters to every
 * MongoDB database. They replace Boot's, which have no tag to distinguish two clients.
 */
public final class MongoMeters implements MongoDatabaseConnector.Customizer, DisposableBean {

	private final MeterRegistry registry;

	private final DatabaseMeterFilter filter;

	private final @Nullable MongoCommandTagsProvider commandTags;

	private final @Nullable MongoConnectionPoolTagsProvider poolTags;

	private final Set<String> databases = ConcurrentHashMap.newKeySet();

	/**
	 * Creates new {@link MongoMeters}.
	 * @param registry where the meters are registered
	 * @param filter finds the meters of a database
	 * @param commandTags further tags of commands or {@code null} to register no meters
	 * of commands
	 * @param poolTags further tags of connection pools or {@code null} to register no
	 * meters of connection pools
	 */
	public MongoMeters(MeterRegistry registry, DatabaseMeterFilter filter,
			@Nullable MongoCommandTagsProvider commandTags, @Nullable MongoConnectionPoolTagsProvider poolTags) {
		this.registry = registry;
		this.filter = filter;
		this.commandTags = commandTags;
		this.poolTags = poolTags;
	}

	@Override
	public void customize(String database, MongoClientSettings.Builder builder) {
		this.databases.add(database);
		Tag tag = Tag.of(DatabaseMeterFilter.TAG, database);
		MongoClientSettings settings = builder.build();
		List<CommandListener> commandListeners = without(MongoMetricsCommandListener.class,
				settings.getCommandListeners());
		if (this.commandTags != null) {
			commandListeners
				.add(new MongoMetricsCommandListener(this.registry, new TaggedCommands(this.commandTags, tag)));
		}
		List<ConnectionPoolListener> poolListeners = without(MongoMetricsConnectionPoolListener.class,
				settings.getConnectionPoolSettings().getConnectionPoolListeners());
		MongoConnectionPoolTagsProvider poolTags = this.poolTags;
		if (poolTags != null) {
			poolListeners.add(new MongoMetricsConnectionPoolListener(this.registry,
					(event) -> Tags.concat(poolTags.connectionPoolTags(event), Tags.of(tag))));
		}
		builder.commandListenerList(commandListeners)
			.applyToConnectionPoolSettings((pool) -> pool.connectionPoolListenerList(poolListeners));
	}

	/**
	 * A database that was added at run time has no meters of the driver, but those of its
	 * pool like any other: they would be left when it has been removed.
	 */
	@Override
	public void customizeRuntime(String database, MongoClientSettings.Builder builder) {
		MongoClientSettings settings = builder.build();
		List<CommandListener> commands = without(MongoMetricsCommandListener.class, settings.getCommandListeners());
		List<ConnectionPoolListener> pools = without(MongoMetricsConnectionPoolListener.class,
				settings.getConnectionPoolSettings().getConnectionPoolListeners());
		builder.commandListenerList(commands)
			.applyToConnectionPoolSettings((pool) -> pool.connectionPoolListenerList(pools));
	}

	/**
	 * Removes the listeners that Boot adds, but not subclasses of the application.
	 */
	private static <T> List<T> without(Class<? extends T> type, List<T> listeners) {
		List<T> remaining = new ArrayList<>(listeners);
		remaining.removeIf((listener) -> listener.getClass() == type);
		return remaining;
	}

	/**
	 * Removes the meters from the registry, which may outlive the databases. The clients,
	 * which depend on this bean, have already been closed.
	 */
	@Override
	public void destroy() {
		this.filter.remove(this.registry, "mongodb.driver.", this.databases);
	}

	/**
	 * The tags of a command and that of its database.
	 *
	 * @param tags the tags of a command
	 * @param database the tag of the database
	 */
	private record TaggedCommands(MongoCommandTagsProvider tags, Tag database) implements MongoCommandTagsProvider {

		@Override
		public Iterable<Tag> commandTags(CommandEvent event) {
			return Tags.concat(this.tags.commandTags(event), Tags.of(this.database));
		}

		@Override
		public void commandStarted(CommandStartedEvent event) {
			this.tags.commandStarted(event);
		}

	}

}
