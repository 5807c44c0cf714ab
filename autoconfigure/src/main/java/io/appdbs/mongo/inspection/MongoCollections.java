package io.appdbs.mongo.inspection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.TableReport;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Reads the collections and indexes of a database. The server reports the size of one
 * collection per command, so that only as many are read as the limit and the time allow,
 * in the order of the server.
 */
final class MongoCollections {

	private static final String SIZES = "the sizes of collections";

	private static final String INDEXES = "the indexes of collections";

	private final MongoCommands commands;

	private final int limit;

	MongoCollections(MongoCommands commands, int limit) {
		this.commands = commands;
		this.limit = limit;
	}

	Sample<SizeReport> readSize() {
		Document statistics = this.commands.run("the size of the database", new Document("dbStats", 1));
		Long data = number(statistics, "storageSize");
		Long indexes = number(statistics, "indexSize");
		Long bytes = (data != null && indexes != null) ? data + indexes : data;
		return Sample.exact(new SizeReport(bytes, data, indexes, number(statistics, "collections")));
	}

	/**
	 * Returns the names of the collections, without views and those of the system.
	 */
	List<String> readNames() {
		return this.commands
			.list("the collections", new Document("listCollections", 1).append("nameOnly", true),
					"$cmd.listCollections")
			.stream()
			.filter((collection) -> !"view".equals(collection.get("type")))
			.map((collection) -> collection.getString("name"))
			.filter((name) -> !name.startsWith("system."))
			.toList();
	}

	Sample<List<TableReport>> readTables() {
		List<String> names = readNames();
		List<TableReport> tables = new ArrayList<>();
		for (String name : names) {
			if (!isRoom(tables.size())) {
				break;
			}
			tables.add(toTable(name, readStatistics(name)));
		}
		tables.sort(Comparator.comparingLong((TableReport table) -> -orZero(table.bytes()))
			.thenComparing(TableReport::name));
		int leftOut = names.size() - tables.size();
		return new Sample<>(tables, true, leftOut, describe(leftOut));
	}

	private boolean isRoom(int read) {
		return read < this.limit && (read == 0 || this.commands.isTimeLeft());
	}

	private static @Nullable String describe(int leftOut) {
		return (leftOut > 0)
				? "The collections are the first ones in the order of the server, and not the largest of all, as each needs a command."
				: null;
	}

	private static TableReport toTable(String name, Document statistics) {
		Long data = number(statistics, "storageSize");
		Long indexes = sum(indexSizes(statistics));
		return new TableReport(name, number(statistics, "count"),
				(data != null && indexes != null) ? data + indexes : data, indexes, null, null, null, null, null);
	}

	private Document readStatistics(String collection) {
		return this.commands.run(SIZES, new Document("collStats", collection));
	}

	/**
	 * The document is called {@code indexSize} by some servers.
	 */
	private static Document indexSizes(Document statistics) {
		if (statistics.get("indexSizes") instanceof Document sizes) {
			return sizes;
		}
		return (statistics.get("indexSize") instanceof Document sizes) ? sizes : new Document();
	}

	private static @Nullable Long sum(Document sizes) {
		return sizes.isEmpty() ? null : sizes.values().stream().mapToLong((size) -> ((Number) size).longValue()).sum();
	}

	Sample<List<IndexReport>> readIndexes() {
		List<String> names = readNames();
		List<IndexReport> indexes = new ArrayList<>();
		int read = 0;
		for (String name : names) {
			if (!isRoom(read)) {
				break;
			}
			Document sizes = indexSizes(readStatistics(name));
			Map<String, Long> uses = readUses(name);
			for (MongoIndex index : readIndexes(name)) {
				indexes.add(index.toReport(number(sizes, index.name()), uses.get(index.name())));
			}
			read++;
		}
		indexes.sort(Comparator.comparingLong((IndexReport index) -> -orZero(index.bytes()))
			.thenComparing(IndexReport::name));
		List<IndexReport> largest = indexes.stream().limit(this.limit).toList();
		int leftOut = names.size() - read;
		// how many indexes the other collections have is not known
		return new Sample<>(largest, true, (leftOut > 0) ? null : indexes.size() - largest.size(), describe(leftOut));
	}

	private Map<String, Long> readUses(String collection) {
		Map<String, Long> uses = new HashMap<>();
		try {
			for (Document statistics : readIndexStatistics(collection)) {
				Document accesses = statistics.get("accesses", new Document());
				Long operations = number(accesses, "ops");
				if (operations != null) {
					uses.merge(statistics.getString("name"), operations, Long::sum);
				}
			}
		}
		catch (InspectionException ex) {
			// the indexes themselves can be read
			if (ex.getStatus() == ReportStatus.TIMED_OUT) {
				throw ex;
			}
		}
		return uses;
	}

	List<Document> readIndexStatistics(String collection) {
		return this.commands.aggregate("the use of indexes", collection, new Document("$indexStats", new Document()));
	}

	List<MongoIndex> readIndexes(String collection) {
		return this.commands.list(INDEXES, new Document("listIndexes", collection), "$cmd.listIndexes." + collection)
			.stream()
			.map((definition) -> new MongoIndex(collection, definition))
			.toList();
	}

	Map<String, Long> readIndexSizes(String collection) {
		Map<String, Long> sizes = new HashMap<>();
		indexSizes(readStatistics(collection)).forEach((name, size) -> sizes.put(name, ((Number) size).longValue()));
		return sizes;
	}

	/**
	 * Checks that there is time for another collection, since a check that leaves some
	 * out must not say that nothing is wrong.
	 */
	void requireTime(int read, int all) {
		if (!this.commands.isTimeLeft()) {
			throw new InspectionException(ReportStatus.TIMED_OUT,
					"The time for the inspection was over after %d of %d collections.".formatted(read, all), null);
		}
	}

	static @Nullable Long number(Document document, String field) {
		return (document.get(field) instanceof Number number) ? number.longValue() : null;
	}

	private static long orZero(@Nullable Long value) {
		return (value != null) ? value : 0;
	}

}
