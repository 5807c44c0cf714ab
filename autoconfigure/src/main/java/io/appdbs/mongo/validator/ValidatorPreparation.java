package io.appdbs.mongo.validator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.DatabaseStartException;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.MongoValidatorSettings;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Compares the validators of collections with the entities of the database, and sets them
 * if that is wanted. Documents of large collections are counted later, so that the
 * database is up without waiting for it.
 */
public final class ValidatorPreparation implements MongoPreparation {

	static final String NAME = "validators";

	/** The development server, which accepts validators and ignores them. */
	private static final String EMBEDDED = "embedded:";

	private final MongoModel model;

	private final AtomicReference<@Nullable PendingCounts> pending = new AtomicReference<>();

	private volatile @Nullable BackgroundCounts service;

	/**
	 * Creates a new {@link ValidatorPreparation}.
	 * @param model the mapping of the database
	 */
	public ValidatorPreparation(MongoModel model) {
		this.model = model;
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public @Nullable Map<String, Object> prepare(Context context) {
		DatabaseDefinition definition = context.definition();
		ValidatorLog log = new ValidatorLog(definition.name());
		if (String.valueOf(definition.settings().url()).startsWith(EMBEDDED)) {
			String reason = "the embedded server does not enforce them";
			log.unsupported(reason);
			return Map.of("leftOut", reason);
		}
		MongoValidatorSettings settings = definition.settings().mongo().validators();
		WantedValidators wanted = WantedValidators.of(this.model);
		checkExcluded(definition, wanted);
		ValidatorReport report = new ValidatorReport(Instant.now());
		List<WantedValidator> countable = new ValidatorRun(definition, context.database(), report)
			.compare(wanted.without(settings.exclude()));
		count(new ViolationCount(context.database(), settings.timeout()), countable, report, log, settings);
		log.compared(report);
		return report.toDetails();
	}

	private static void checkExcluded(DatabaseDefinition definition, WantedValidators wanted) {
		TreeSet<String> known = new TreeSet<>(wanted.byCollection().keySet());
		for (String name : definition.settings().mongo().validators().exclude()) {
			if (!known.contains(name) && !wanted.leftOut().containsKey(name)) {
				String nearest = NearestName.find(name, known);
				throw new DatabaseStartException(definition.name(),
						"Database '%s': '%s' has '%s', but no entity is stored in this collection.%s Known: %s."
							.formatted(definition.name(), definition.key("mongo.validators.exclude"), name,
									(nearest != null) ? " Did you mean '%s'?".formatted(nearest) : "",
									known.isEmpty() ? "none" : String.join(", ", known)),
						"Correct the name, or remove it.", null);
			}
		}
	}

	private void count(ViolationCount count, List<WantedValidator> countable, ValidatorReport report, ValidatorLog log,
			MongoValidatorSettings settings) {
		List<WantedValidator> later = countable.stream().filter((each) -> !count.isShort(each.collection())).toList();
		for (WantedValidator each : countable) {
			if (later.contains(each)) {
				report.addCounting(each.collection());
				continue;
			}
			long violations = count.count(each, report);
			if (violations > 0) {
				log.violated(each.collection(), violations, settings.mode(), settings.action());
			}
		}
		BackgroundCounts service = this.service;
		this.pending.set(later.isEmpty() ? null : new PendingCounts(later, report.copy()));
		if (service != null && !later.isEmpty()) {
			service.start();
		}
	}

	/**
	 * Returns what has to be counted, once.
	 */
	@Nullable PendingCounts takePending() {
		return this.pending.getAndSet(null);
	}

	/**
	 * Creates the service that counts after the database is up.
	 * @param database the database
	 * @return the service
	 */
	public AutoCloseable createService(DatabaseAccess database) {
		BackgroundCounts service = new BackgroundCounts(database, this);
		this.service = service;
		return service;
	}

	/**
	 * Collections whose documents have to be counted.
	 *
	 * @param validators their validators
	 * @param report the report so far
	 */
	record PendingCounts(List<WantedValidator> validators, ValidatorReport report) {

	}

}
