package io.appdbs.mongo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.appdbs.requirement.MissingRequirements;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.settings.StartupSettings;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the collections of {@code startup.required-collections} exist, and the
 * indexes of {@code startup.required-indexes}. Views count as collections.
 */
final class RequiredCollections implements MongoPreparation {

	private static final String COLLECTIONS = "collections";

	private static final String INDEXES = "indexes";

	private static final String NO_COLLECTION = "there is no such collection";

	@Override
	public String getName() {
		return "required-collections";
	}

	@Override
	public @Nullable Map<String, Object> prepare(Context context) {
		StartupSettings startup = context.definition().settings().startup();
		List<String> collections = startup.requiredCollections();
		List<RequiredIndex> indexes = startup.requiredIndexes().stream().map(RequiredCollections::parse).toList();
		if (collections.isEmpty() && indexes.isEmpty()) {
			return null;
		}
		MissingRequirements missing = new MissingRequirements();
		Set<String> existing = findExisting(context.database(), collections, indexes);
		collections.stream()
			.filter((collection) -> !existing.contains(collection))
			.forEach((collection) -> missing.add(COLLECTIONS, collection));
		Map<String, List<Index>> known = new HashMap<>();
		for (RequiredIndex index : indexes) {
			String reason = existing.contains(index.table()) ? explain(context.database(), index, known)
					: NO_COLLECTION;
			if (reason != null) {
				missing.add(INDEXES, index.toString(), reason);
			}
		}
		if (!missing.isEmpty()) {
			throw missing.toException(context.definition(), context.details(), "");
		}
		Map<String, Object> required = new LinkedHashMap<>();
		required.put(COLLECTIONS, collections);
		required.put(INDEXES, startup.requiredIndexes());
		required.values().removeIf(List.of()::equals);
		return required;
	}

	private static RequiredIndex parse(String entry) {
		return Objects.requireNonNull(RequiredIndex.parseOfCollection(entry), () -> "Malformed: " + entry);
	}

	private static Set<String> findExisting(MongoDatabase database, List<String> collections,
			List<RequiredIndex> indexes) {
		Set<String> names = Stream.concat(collections.stream(), indexes.stream().map(RequiredIndex::table))
			.collect(Collectors.toSet());
		Set<String> existing = database.listCollectionNames()
			.authorizedCollections(true)
			.filter(Filters.in("name", names))
			.into(new HashSet<>());
		existing.retainAll(names);
		return existing;
	}

	private static @Nullable String explain(MongoDatabase database, RequiredIndex required,
			Map<String, List<Index>> known) {
		try {
			List<Index> indexes = known.computeIfAbsent(required.table(),
					(collection) -> CollectionIndexes.read(database, collection));
			return required.explain(required.columns(), indexes, String::equals);
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() == MongoErrorCodes.UNAUTHORIZED) {
				return "the login has no privilege to list its indexes";
			}
			throw ex;
		}
	}

}
