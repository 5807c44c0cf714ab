package io.appdbs.migration;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.appdbs.settings.DatabaseDefinition;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * {@link MigrationProgress} of Flyway.
 */
final class FlywayProgress extends MigrationProgress implements Callback, Consumer<FluentConfiguration> {

	private static final String TRANSACTIONAL_LOCK = "postgresql.transactional.lock";

	FlywayProgress(DatabaseDefinition definition, Duration interval) {
		super(definition, interval);
	}

	/**
	 * Adds the callback to those of the application.
	 */
	@Override
	public void accept(FluentConfiguration configuration) {
		configuration.callbacks(
				Stream.concat(Arrays.stream(configuration.getCallbacks()), Stream.of(this)).toArray(Callback[]::new));
	}

	@Override
	public boolean supports(Event event, Context context) {
		return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
	}

	@Override
	public boolean canHandleInTransaction(Event event, Context context) {
		return true;
	}

	@Override
	public void handle(Event event, Context context) {
		if (event == Event.BEFORE_EACH_MIGRATE) {
			begins("migration '%s'".formatted(context.getMigrationInfo().getScript()));
		}
		else {
			ended();
		}
	}

	@Override
	public String getCallbackName() {
		return "AppDBs progress";
	}

	@Override
	protected String describeWaiting() {
		return "no migration is running: Flyway may be waiting for a lock that another instance holds";
	}

	/**
	 * Returns advice for statements that wait for the end of all transactions, while
	 * Flyway holds its lock in a transaction on another connection.
	 */
	@Override
	protected String advise() {
		DatabaseDefinition definition = getDefinition();
		boolean locking = definition.engine().getId().equals("postgresql")
				&& !"false".equals(definition.settings().flyway().get(TRANSACTIONAL_LOCK));
		return locking ? " If it contains CREATE INDEX CONCURRENTLY, it waits for Flyway's lock: set '%s' to false."
			.formatted(definition.key("flyway.postgresql.transactional-lock")) : "";
	}

}
