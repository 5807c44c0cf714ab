package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerDescription;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Severity;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Looks for indexes that are not needed, in all collections of a database.
 */
final class MongoIndexChecks {

	private final ClusterDescription cluster;

	private final MongoCollections collections;

	private final int limit;

	private final Duration minimumAge;

	private final long minimumSize;

	MongoIndexChecks(MongoCommands commands, ClusterDescription cluster, int limit, Duration minimumAge,
			long minimumSize) {
		this.cluster = cluster;
		this.collections = new MongoCollections(commands, limit);
		this.limit = limit;
		this.minimumAge = minimumAge;
		this.minimumSize = minimumSize;
	}

	/**
	 * Finds indexes with the same keys and options. One that begins with the keys of
	 * another one is not the same, as it is larger.
	 */
	List<Finding> findDuplicates() {
		List<String> names = this.collections.readNames();
		List<Finding> findings = new ArrayList<>();
		for (int i = 0; i < names.size() && findings.size() < this.limit; i++) {
			this.collections.requireTime(i, names.size());
			Map<List<Object>, List<MongoIndex>> same = new LinkedHashMap<>();
			for (MongoIndex index : this.collections.readIndexes(names.get(i))) {
				same.computeIfAbsent(index.essence(), (key) -> new ArrayList<>()).add(index);
			}
			same.values().forEach((indexes) -> findings.addAll(toDuplicates(indexes)));
		}
		return findings.stream().limit(this.limit).toList();
	}

	private static List<Finding> toDuplicates(List<MongoIndex> indexes) {
		List<MongoIndex> sorted = indexes.stream()
			.sorted(Comparator.comparing((MongoIndex index) -> !index.isId())
				.thenComparing((index) -> !index.isUnique())
				.thenComparing(MongoIndex::name))
			.toList();
		return sorted.stream()
			.skip(1)
			.map((index) -> Finding.of("duplicate-index", Severity.WARN, index.displayName(), index.collection(),
					"The index is the same as %s: each write maintains both.".formatted(sorted.get(0).displayName()),
					toDropCommand(index.collection(), index.name())))
			.toList();
	}

	static String toDropCommand(String collection, String index) {
		return "db.getCollection(\"%s\").dropIndex(\"%s\")".formatted(collection, index);
	}

	/**
	 * Reads the indexes that the server has not used. Each member of a replica set and
	 * each shard counts for itself, so that nothing is said about them.
	 */
	UnusedIndexes readUnused() {
		requireSingleServer();
		List<String> names = this.collections.readNames();
		List<IndexReport> unused = new ArrayList<>();
		Instant limit = Instant.now().minus(this.minimumAge);
		Instant latest = names.isEmpty() ? Instant.EPOCH : null;
		Instant oldest = latest;
		for (int i = 0; i < names.size(); i++) {
			this.collections.requireTime(i, names.size());
			for (Use use : readUses(names.get(i))) {
				oldest = (oldest == null || use.since().isBefore(oldest)) ? use.since() : oldest;
				if (!use.since().isAfter(limit)) {
					latest = (latest == null || use.since().isAfter(latest)) ? use.since() : latest;
					addUnused(unused, use);
				}
			}
		}
		return new UnusedIndexes((latest != null) ? latest : oldest,
				unused.stream()
					.sorted(Comparator.comparingLong((IndexReport index) -> -orZero(index.bytes())))
					.limit(this.limit)
					.toList());
	}

	private void addUnused(List<IndexReport> unused, Use use) {
		if (use.operations() == 0 && !use.index().isNeeded()) {
			Long bytes = this.collections.readIndexSizes(use.index().collection()).get(use.index().name());
			if (bytes == null || bytes >= this.minimumSize) {
				unused.add(use.index().toReport(bytes, 0L));
			}
		}
	}

	private List<Use> readUses(String collection) {
		Map<String, MongoIndex> indexes = new HashMap<>();
		this.collections.readIndexes(collection).forEach((index) -> indexes.put(index.name(), index));
		List<Use> uses = new ArrayList<>();
		for (Document statistics : this.collections.readIndexStatistics(collection)) {
			MongoIndex index = indexes.get(statistics.getString("name"));
			Document accesses = statistics.get("accesses", new Document());
			Long operations = MongoCollections.number(accesses, "ops");
			if (index != null && operations != null && accesses.get("since") instanceof Date since) {
				uses.add(new Use(index, operations, since.toInstant()));
			}
		}
		return uses;
	}

	private void requireSingleServer() {
		if (this.cluster.getType() == ClusterType.SHARDED) {
			throw InspectionException
				.unsupported("Each shard counts the use of indexes for itself, and they are not asked.");
		}
		for (ServerDescription server : this.cluster.getServerDescriptions()) {
			if (server.getSetName() != null && server.getHosts().size() + server.getPassives().size() > 1) {
				throw InspectionException.unsupported(
						"Each member of the replica set '%s' counts the use of indexes for itself, and the others are not asked. Compare on all members: db.getCollection(\"…\").aggregate([ { $indexStats: { } } ])"
							.formatted(server.getSetName()));
			}
		}
	}

	private static long orZero(@Nullable Long value) {
		return (value != null) ? value : 0;
	}

	/**
	 * The use of an index since a time.
	 */
	private record Use(MongoIndex index, long operations, Instant since) {

	}

}
