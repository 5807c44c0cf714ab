package io.appdbs.mongo.migration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The collection with the migrations that have been executed. It also contains the lock.
 * Only the instance that holds the lock changes it.
 *
 * @param collection the collection
 * @param instance the instance of the application
 * @param username the login of the migrations or {@code null}
 */
record MigrationHistory(MongoCollection<Document> collection, MigrationInstance instance, @Nullable String username) {

	private static final String ID = "_id";

	private static final String INSTANCE = "instance";

	static MongoCollection<Document> collection(MongoDatabase database, String name) {
		return database.getCollection(name)
			.withReadPreference(ReadPreference.primary())
			.withWriteConcern(WriteConcern.MAJORITY);
	}

	/**
	 * Returns the entries by their identifiers, in the order of their versions.
	 */
	Map<String, HistoryEntry> read() {
		List<HistoryEntry> entries = this.collection.find(Filters.ne(ID, MigrationLock.ID))
			.map((document) -> new HistoryEntry(String.valueOf(document.get(ID)), document))
			.into(new ArrayList<>());
		entries.sort(Comparator.comparing(HistoryEntry::version, Comparator.nullsLast(Comparator.naturalOrder()))
			.thenComparing(HistoryEntry::id));
		Map<String, HistoryEntry> byId = new LinkedHashMap<>();
		entries.forEach((entry) -> byId.put(entry.id(), entry));
		return byId;
	}

	/**
	 * Adds an entry for a migration that is about to be executed, which stays if the
	 * instance ends meanwhile.
	 * @param previous the entry of the former execution of a repeatable migration
	 */
	void begin(MigrationStep step, @Nullable HistoryEntry previous) {
		Document entry = describe(step).append("installedBy", this.username)
			.append(HistoryEntry.INSTALLED_ON, new Date())
			.append(HistoryEntry.HOST, this.instance.host())
			.append(INSTANCE, this.instance.id())
			.append(HistoryEntry.SUCCESS, false);
		if (previous != null) {
			this.collection.replaceOne(Filters.eq(ID, previous.id()), entry);
		}
		else {
			this.collection.insertOne(entry);
		}
	}

	private static Document describe(MigrationStep step) {
		return new Document(ID, step.name().id()).append(HistoryEntry.DESCRIPTION, step.name().description())
			.append(HistoryEntry.TYPE, step.type())
			.append(HistoryEntry.SCRIPT, step.script())
			.append(HistoryEntry.CHECKSUM, step.checksum());
	}

	/**
	 * Marks a migration as executed.
	 * @return whether the entry was still that of this instance
	 */
	boolean succeed(MigrationStep step, long millis) {
		return update(step,
				Updates.combine(Updates.set(HistoryEntry.SUCCESS, true), Updates.set("executionTime", millis)));
	}

	void fail(MigrationStep step, String failure) {
		update(step, Updates.set(HistoryEntry.FAILURE, failure));
	}

	private boolean update(MigrationStep step, Bson update) {
		return this.collection.updateOne(Filters.and(Filters.eq(ID, step.name().id()),
				Filters.eq(INSTANCE, this.instance.id()), Filters.eq(HistoryEntry.SUCCESS, false)), update)
			.getMatchedCount() == 1;
	}

	/**
	 * Removes the entry of a migration that has failed.
	 */
	void remove(HistoryEntry entry) {
		this.collection.deleteOne(Filters.eq(ID, entry.id()));
	}

	/**
	 * Describes an executed migration as it is now.
	 */
	void realign(MigrationStep step) {
		Document description = describe(step);
		Object id = description.remove(ID);
		this.collection.updateOne(Filters.eq(ID, id), new Document("$set", description));
	}

}
