package io.appdbs.mongo.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.mongodb.MongoException;
import io.appdbs.DatabaseStartException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.mongo.MongoErrorCodes;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoMigrationSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.convert.MongoConverter;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link MongoPreparation} that migrates a database with files and beans.
 */
public final class MongoMigrations implements MongoPreparation {

	private static final Log logger = LogFactory.getLog(MongoMigrations.class);

	private static final Duration MAX_TERM = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final MongoMigrationSettings settings;

	private final HistoryMessages messages;

	private final List<BeanMigration> beans;

	private final Supplier<MongoConverter> converter;

	private final @Nullable ClassLoader classLoader;

	private final Duration progressInterval;

	/** Finding the name of the host may take long. */
	private final Supplier<MigrationInstance> instance = SingletonSupplier.of(MigrationInstance::create);

	private final AtomicBoolean repair;

	/**
	 * Creates new {@link MongoMigrations}.
	 * @param definition the database
	 * @param beans the migrations of the application, by the name of the bean
	 * @param converter creates a converter for the templates of beans
	 * @param classLoader the class loader that finds files or {@code null} for the
	 * default one
	 * @throws InvalidDatabaseConfigurationException if a bean has no valid version
	 */
	public MongoMigrations(DatabaseDefinition definition, Map<String, MongoMigration> beans,
			Supplier<MongoConverter> converter, @Nullable ClassLoader classLoader) {
		this(definition, beans, converter, classLoader, Duration.ofSeconds(30));
	}

	MongoMigrations(DatabaseDefinition definition, Map<String, MongoMigration> beans,
			Supplier<MongoConverter> converter, @Nullable ClassLoader classLoader, Duration progressInterval) {
		this.definition = definition;
		this.settings = definition.settings().mongo().migrations();
		this.messages = new HistoryMessages(definition);
		this.beans = beans.entrySet().stream().map((bean) -> define(bean.getKey(), bean.getValue())).toList();
		this.converter = converter;
		this.classLoader = classLoader;
		this.progressInterval = progressInterval;
		this.repair = new AtomicBoolean(this.settings.repair());
	}

	private BeanMigration define(String beanName, MongoMigration migration) {
		try {
			return BeanMigration.of(beanName, migration);
		}
		catch (MigrationException ex) {
			throw new InvalidDatabaseConfigurationException(this.definition.name(), null,
					"Database '%s': the MongoMigration bean '%s' is invalid: %s.".formatted(this.definition.name(),
							beanName, ex.getMessage()),
					ex.getAction(), ex)
				.in(TroubleshootingSection.MIGRATION);
		}
	}

	@Override
	public String getName() {
		return "migration";
	}

	/**
	 * Migrates the database if it has migrations.
	 * @throws DatabaseStartException if a migration has to be corrected, or if the lock
	 * was not released in time
	 * @throws MongoException if the connection fails
	 */
	@Override
	public @Nullable Map<String, Object> prepare(Context context) throws Exception {
		if (!this.settings.enabled()) {
			return null;
		}
		try {
			List<MigrationStep> steps = new ArrayList<>(this.beans);
			steps.addAll(findFiles());
			return steps.isEmpty() ? null
					: migrate(context, MigrationPlan.of(steps, this.messages, this.settings.outOfOrder()));
		}
		catch (MigrationException ex) {
			throw fail(String.valueOf(ex.getMessage()), ex.getAction(), ex);
		}
		catch (MongoException ex) {
			if (ex.getCode() != MongoErrorCodes.UNAUTHORIZED) {
				throw ex;
			}
			throw fail("the login may not use the collection '%s', which has the history"
				.formatted(this.settings.collection()), "Grant it the role readWrite on the database.", ex);
		}
	}

	private List<CommandMigration> findFiles() {
		CommandLocations finder = new CommandLocations(this.classLoader);
		Map<String, CommandFile> byUrl = new LinkedHashMap<>();
		CommandLocations.of(this.definition)
			.forEach((location) -> finder.find(location).forEach((file) -> byUrl.putIfAbsent(file.url(), file)));
		Collection<CommandFile> files = byUrl.values();
		String invalid = files.stream()
			.filter((file) -> file.name() == null)
			.map((file) -> "'%s' (did you mean '%s'?)".formatted(file.path(), file.suggest()))
			.collect(Collectors.joining(", "));
		if (!invalid.isEmpty()) {
			throw new MigrationException("these names are not names of migrations: " + invalid,
					"Rename the files, or move them to another folder. A migration is 'V<version>__<description>.json' or 'R__<description>.json', with two underscores, and contains commands as JSON. SQL and JavaScript are not executed.",
					null);
		}
		return files.stream().map(CommandFile::toMigration).toList();
	}

	private Map<String, Object> migrate(Context context, MigrationPlan plan) throws InterruptedException {
		long start = System.nanoTime();
		MigrationHistory history = new MigrationHistory(
				MigrationHistory.collection(context.database(), this.settings.collection()), this.instance.get(),
				this.definition.settings().applyCredentials(context.details()).username());
		int executed = 0;
		if (this.repair.get() || !isUpToDate(plan, history.read())) {
			MongoMigrationProgress progress = new MongoMigrationProgress(this.definition, this.progressInterval);
			Runnable end = progress.begin();
			try {
				executed = migrate(context, plan, history, progress);
			}
			finally {
				end.run();
			}
		}
		return report(plan, history.read(), executed, Duration.ofNanos(System.nanoTime() - start));
	}

	private static boolean isUpToDate(MigrationPlan plan, Map<String, HistoryEntry> entries) {
		try {
			return plan.findPending(entries).isEmpty();
		}
		catch (MigrationException ex) {
			// another instance may be migrating: only the owner of the lock knows
			return false;
		}
	}

	private int migrate(Context context, MigrationPlan plan, MigrationHistory history, MongoMigrationProgress progress)
			throws InterruptedException {
		try (MigrationLock lock = acquire(plan, history, progress)) {
			if (lock == null) {
				return 0;
			}
			if (this.repair.get()) {
				new HistoryRepair(this.messages, plan, history).repair();
				this.repair.set(false);
			}
			Map<String, HistoryEntry> entries = history.read();
			List<MigrationStep> pending = plan.findPending(entries);
			new MigrationRun(context, history, lock, progress, this.converter).execute(pending, entries);
			return pending.size();
		}
	}

	/**
	 * Waits for the lock.
	 * @return the lock, or {@code null} if there is nothing left to do
	 */
	private @Nullable MigrationLock acquire(MigrationPlan plan, MigrationHistory history,
			MongoMigrationProgress progress) throws InterruptedException {
		Duration timeout = this.settings.lockTimeout();
		Duration half = timeout.dividedBy(2);
		MigrationLock lock = new MigrationLock(this.definition.name(), history.collection(), history.instance(),
				(half.compareTo(MAX_TERM) < 0) ? half : MAX_TERM);
		long deadline = System.nanoTime() + timeout.toNanos();
		for (long delay = 50;; delay = Math.min(delay * 2, 1000)) {
			MigrationLock.Holder holder = lock.tryAcquire();
			if (holder == null) {
				progress.locked();
				return lock;
			}
			progress.waitsFor(holder);
			if (System.nanoTime() - deadline > 0) {
				throw this.messages.locked(holder, timeout);
			}
			Thread.sleep(delay);
			if (!this.repair.get() && isUpToDate(plan, history.read())) {
				return null;
			}
		}
	}

	private Map<String, Object> report(MigrationPlan plan, Map<String, HistoryEntry> entries, int executed,
			Duration duration) {
		String name = this.definition.name();
		MigrationVersion version = MigrationPlan.getVersion(entries);
		if (executed > 0) {
			logger.info("Database '%s' was migrated%s by %d migration%s in %d ms".formatted(name,
					(version != null) ? " to version " + version : "", executed, (executed != 1) ? "s" : "",
					duration.toMillis()));
		}
		else {
			logger.info("Database '%s' is up to date, checked in %d ms".formatted(name, duration.toMillis()));
		}
		if (version != null && plan.isFuture(version)) {
			logger.warn(
					"Database '%s' is at version %s, which the application does not contain: a newer release has migrated it"
						.formatted(name, version));
		}
		if (this.settings.repair()) {
			logger.warn(
					"Database '%s': '%s' is true. Remove it, as each start executes failed migrations again and accepts changed ones"
						.formatted(name, this.messages.key("repair")));
		}
		Map<String, Object> details = new LinkedHashMap<>();
		if (version != null) {
			details.put("version", version.toString());
		}
		details.put("executed", executed);
		return details;
	}

	private DatabaseStartException fail(String message, String action, Exception cause) {
		String name = this.definition.name();
		return new DatabaseStartException(name,
				"Database '%s' (%s) could not be migrated: %s%s".formatted(name,
						this.definition.engine().getDisplayName(), message, message.matches("(?s).*[.?]") ? "" : "."),
				action, TroubleshootingSection.MIGRATION, cause);
	}

}
