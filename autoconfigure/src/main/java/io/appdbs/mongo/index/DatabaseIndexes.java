package io.appdbs.mongo.index;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoCommandException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.index.IndexFinding.Kind;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoIndexSettings;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of one database and of its entities. Nothing is ever dropped or changed.
 */
final class DatabaseIndexes {

	private final DatabaseDefinition definition;

	private final MongoModel model;

	private final IndexLog log;

	private final Clock clock;

	/** By the type of the entity, as resolving them takes time. */
	private final Map<Class<?>, EntityIndexes> entities = new LinkedHashMap<>();

	/** Why indexes could not be created, which is not tried again. */
	private final Map<DeclaredIndex, String> failures = new ConcurrentHashMap<>();

	DatabaseIndexes(DatabaseDefinition definition, MongoModel model, Clock clock) {
		this.definition = definition;
		this.model = model;
		this.log = new IndexLog(definition);
		this.clock = clock;
	}

	DatabaseDefinition getDefinition() {
		return this.definition;
	}

	MongoModel getModel() {
		return this.model;
	}

	IndexLog getLog() {
		return this.log;
	}

	MongoIndexSettings getSettings() {
		return this.definition.settings().mongo().indexes();
	}

	boolean isCreating() {
		return getSettings().mode() == MongoIndexSettings.Mode.CREATE;
	}

	/**
	 * Resolves the indexes of the entities that are known now.
	 */
	synchronized DeclaredIndexes resolve() {
		EntityIndexes.find(this.model)
			.forEach((type, entity) -> this.entities.computeIfAbsent(type,
					(key) -> EntityIndexes.of(entity, this.model)));
		return DeclaredIndexes.merge(this.entities.values());
	}

	/**
	 * Returns whether there are entities that have not been compared.
	 */
	synchronized boolean hasNewEntities() {
		return !this.entities.keySet().containsAll(EntityIndexes.find(this.model).keySet());
	}

	/**
	 * Returns the indexes that MongoDB would refuse, or that cannot be determined.
	 */
	List<InvalidDatabaseConfigurationException> findProblems() {
		return resolve().problems().stream().map((problem) -> problem.toException(this.definition)).toList();
	}

	/**
	 * Compares the indexes of the server with those of the entities.
	 * @return the report, or {@code null} if no entity has a collection
	 */
	@Nullable IndexReport check(ServerIndexes server) {
		DeclaredIndexes declared = resolve();
		if (declared.collections().isEmpty()) {
			return null;
		}
		Set<String> building = isEmbedded() ? Set.of() : server.readBuilding();
		List<IndexFinding> findings = new ArrayList<>();
		// those of entities that were known at the start have prevented it
		List<String> notChecked = new ArrayList<>(declared.problems().stream().map(IndexProblem::message).toList());
		int same = 0;
		for (String collection : declared.collections()) {
			try {
				IndexComparison comparison = new IndexComparison(collection, server.read(collection),
						() -> server.readCollation(collection), building::contains);
				List<IndexFinding> found = comparison.compare(declared.of(collection),
						declared.serverKeys().getOrDefault(collection, Set.of()));
				boolean creating = isCreating() && canCreate(collection, declared, server);
				findings.addAll(creating ? found.stream().map(this::toCreate).toList() : found);
				same += comparison.getSame();
			}
			catch (MongoCommandException ex) {
				if (!ServerIndexes.isView(ex) || !declared.of(collection).isEmpty()) {
					notChecked.add("%s: %s".formatted(collection, ServerIndexes.explain(ex)));
				}
			}
		}
		return new IndexReport(this.clock.instant(), same, findings, notChecked);
	}

	/**
	 * The embedded server has no operations to read, and logs a stack trace if it is
	 * asked.
	 */
	private boolean isEmbedded() {
		return EmbeddedServers.isEmbedded(String.valueOf(this.definition.settings().url()));
	}

	/**
	 * Creating an index also creates the collection, but not one of time series.
	 */
	private static boolean canCreate(String collection, DeclaredIndexes declared, ServerIndexes server) {
		return !declared.timeSeries().contains(collection) || server.exists(collection);
	}

	/**
	 * A missing index will be created, or could not be.
	 */
	private IndexFinding toCreate(IndexFinding finding) {
		DeclaredIndex index = finding.should();
		if (index == null || finding.kind() != Kind.MISSING) {
			return finding;
		}
		String failure = this.failures.get(index);
		return (failure != null) ? IndexFinding.failed(index, failure) : IndexFinding.of(Kind.BUILDING, index, null);
	}

	/**
	 * Creates an index.
	 * @return the report afterwards, which is the same if it has to be tried again
	 */
	IndexReport create(ServerIndexes server, DeclaredIndex index, IndexReport report) {
		IndexCreation.Outcome outcome = new IndexCreation(server).create(index);
		if (outcome.failure() != null) {
			this.failures.put(index, outcome.failure());
		}
		return (outcome.created() || outcome.failure() != null) ? report.with(index, outcome.failure()) : report;
	}

}
