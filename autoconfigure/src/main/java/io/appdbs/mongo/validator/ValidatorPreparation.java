package io.appdbs.mongo.validator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import org.jspecify.annotations.Nullable;

/**
 * Compares the validators of collections with the entities of the database, and sets them
 * if that is wanted. Documents of large collections are counted later, so that the
 * database is up without waiting for it.
 */
public final class ValidatorPreparation implements MongoPreparation {

	static final String NAME = "validators";

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
		if (EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()))) {
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
		List<WantedValidator> later = count(new ViolationCount(context.database(), settings, log), countable, report);
		log.compared(report);
		Map<String, Object> details = report.toDetails();
		countLater(later, report);
		return details;
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
						"Correct the name, or remove it.", TroubleshootingSection.INDEX_OR_VALIDATOR, null);
			}
		}
	}

	/**
	 * Counts the documents of collections that have few.
	 * @return what has to be counted later
	 */
	private static List<WantedValidator> count(ViolationCount count, List<WantedValidator> countable,
			ValidatorReport report) {
		List<WantedValidator> later = countable.stream().filter((each) -> !count.isShort(each.collection())).toList();
		for (WantedValidator each : countable) {
			if (later.contains(each)) {
				report.addCounting(each.collection());
			}
			else {
				count.count(each, report);
			}
		}
		return later;
	}

	/**
	 * From now on, only the service uses the report.
	 */
	private void countLater(List<WantedValidator> later, ValidatorReport report) {
		BackgroundCounts service = this.service;
		this.pending.set(later.isEmpty() ? null : new PendingCounts(later, report));
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
