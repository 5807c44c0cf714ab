package io.appdbs.mongo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.settings.NearestName;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.util.Assert;

/**
 * {@link Schema} of a MongoDB database. The commands are not part of a transaction, in
 * which the server does not allow most of them.
 */
public final class MongoSchema implements Schema {

	private static final int MAX_COLLECTIONS = 1000;

	/** Of the names that are proposed for an unknown one. */
	private static final int MAX_NAMES = 10;

	private static final String ID = "_id";

	private final String database;

	private final Supplier<MongoDatabaseFactory> factory;

	/** Resolved without a lock, as others may be needed to create the bean. */
	private volatile @Nullable MongoDatabaseFactory resolved;

	/**
	 * Creates a new {@link MongoSchema}.
	 * @param database the name of the database
	 * @param factory supplies the database of the application, at the first look-up
	 */
	public MongoSchema(String database, Supplier<MongoDatabaseFactory> factory) {
		this.database = database;
		this.factory = factory;
	}

	@Override
	public List<String> getTables() {
		return look(MongoSchema::readNames);
	}

	private static List<String> readNames(MongoDatabase database) {
		return database.listCollectionNames()
			.authorizedCollections(true)
			.into(new ArrayList<>())
			.stream()
			.filter((name) -> !name.startsWith("system."))
			.sorted()
			.limit(MAX_COLLECTIONS)
			.toList();
	}

	@Override
	public boolean hasTable(String table) {
		checkCollection(table);
		return look((database) -> find(database, table) != null);
	}

	@Override
	public boolean hasColumn(String table, String column) {
		checkCollection(table);
		Assert.hasText(column, "'column' must not be empty");
		return look((database) -> {
			Document collection = find(database, table);
			return collection != null && readColumns(collection, CollectionIndexes.read(database, table)).stream()
				.anyMatch((field) -> field.name().equals(column));
		});
	}

	@Override
	public boolean hasIndex(String table, String... columns) {
		checkCollection(table);
		Assert.notEmpty(columns, "'columns' must not be empty");
		RequiredIndex index = new RequiredIndex(table, List.of(columns), false);
		return look((database) -> index.explain(index.columns(), CollectionIndexes.read(database, table),
				String::equals) == null);
	}

	@Override
	public TableInformation describe(String table) {
		checkCollection(table);
		return look((database) -> {
			Document collection = find(database, table);
			if (collection == null) {
				throw unknown(table, readNames(database));
			}
			List<Index> indexes = CollectionIndexes.read(database, table);
			Document statistics = readStatistics(database, table);
			return new TableInformation(table, readColumns(collection, indexes), List.of(ID), indexes, List.of(),
					sum(statistics, "count"), sum(statistics, "storageSize", "totalIndexSize"));
		});
	}

	private static @Nullable Document find(MongoDatabase database, String name) {
		// not every server that speaks the protocol filters
		for (Document collection : database.listCollections().filter(Filters.eq("name", name))) {
			if (name.equals(collection.getString("name"))) {
				return collection;
			}
		}
		return null;
	}

	/**
	 * Returns the fields that are known: those of the validator, of the indexes, and the
	 * identifier.
	 */
	private static List<Column> readColumns(Document collection, List<Index> indexes) {
		Map<String, Column> fields = new LinkedHashMap<>(CollectionFields.read(collection));
		fields.putIfAbsent(ID, CollectionFields.any(ID));
		indexes.stream()
			.flatMap((index) -> index.columns().stream())
			.forEach((field) -> fields.putIfAbsent(field, CollectionFields.any(field)));
		return List.copyOf(fields.values());
	}

	/**
	 * A view has no statistics, and reading those of a collection needs a privilege.
	 */
	private static Document readStatistics(MongoDatabase database, String name) {
		try {
			return database.runCommand(new Document("collStats", name));
		}
		catch (MongoCommandException ex) {
			return new Document();
		}
	}

	private static @Nullable Long sum(Document statistics, String... fields) {
		long sum = 0;
		for (String field : fields) {
			if (!(statistics.get(field) instanceof Number number)) {
				return null;
			}
			sum += number.longValue();
		}
		return sum;
	}

	private MongoDatabaseFactory getFactory() {
		MongoDatabaseFactory resolved = this.resolved;
		if (resolved == null) {
			resolved = this.factory.get();
			this.resolved = resolved;
		}
		return resolved;
	}

	private <T> T look(Function<MongoDatabase, T> task) {
		MongoDatabaseFactory factory = getFactory();
		try {
			return task.apply(factory.getMongoDatabase());
		}
		catch (RuntimeException ex) {
			RuntimeException translated = factory.getExceptionTranslator().translateExceptionIfPossible(ex);
			throw (translated != null) ? translated : ex;
		}
	}

	private IllegalArgumentException unknown(String name, List<String> known) {
		String nearest = NearestName.find(name, known);
		return new IllegalArgumentException("Database '%s' has no collection '%s'.%s Known collections: %s%s."
			.formatted(this.database, name, (nearest != null) ? " Did you mean '%s'?".formatted(nearest) : "",
					known.isEmpty() ? "none" : String.join(", ", known.stream().limit(MAX_NAMES).toList()),
					(known.size() > MAX_NAMES) ? ", …" : ""));
	}

	private static void checkCollection(String name) {
		Assert.isTrue(!name.isBlank() && name.indexOf('$') < 0 && name.indexOf('\0') < 0,
				() -> "'%s' is not the name of a collection, which is not empty and has no '$'.".formatted(name));
	}

}
