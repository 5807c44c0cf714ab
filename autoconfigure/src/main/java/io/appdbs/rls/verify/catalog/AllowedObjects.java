package io.appdbs.rls.verify.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Catalog.Routine;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.TableName;

import org.springframework.util.Assert;

/**
 * What of a database is public by intent: the entries of {@code rls.allow}, as the
 * catalog has them.
 */
public final class AllowedObjects {

	private final Catalog catalog;

	private final Role role;

	private final CatalogNames names;

	/** The names of policies, as the catalog has them, by the identifier of the table. */
	private final Map<Long, Set<String>> policies = new HashMap<>();

	/** Commands in lower case, by the identifier of the table. */
	private final Map<Long, Set<String>> commands = new HashMap<>();

	private final Set<Routine> routines = new HashSet<>();

	private final List<Finding> unknown = new ArrayList<>();

	AllowedObjects(DatabaseDefinition definition, Catalog catalog, Role role, CatalogNames names) throws SQLException {
		this.catalog = catalog;
		this.role = role;
		this.names = names;
		for (String entry : definition.settings().rls().allow()) {
			AllowedObject object = AllowedObject.parse(entry);
			Assert.notNull(object, () -> "Malformed entry of rls.allow: " + entry);
			if (!add(object)) {
				String nearest = NearestName.find(entry, candidates(object));
				this.unknown.add(new Finding(FindingType.UNKNOWN_NAME, "allowed " + entry, missing(object),
						"Correct or remove it in '%s'.%s".formatted(definition.key("rls.allow"),
								(nearest != null) ? " Did you mean '%s'?".formatted(nearest) : "")));
			}
		}
	}

	private boolean add(AllowedObject object) throws SQLException {
		if (object.isRoutine()) {
			List<Routine> found = findRoutines(object);
			this.routines.addAll(found);
			return !found.isEmpty();
		}
		List<Relation> relations = this.names.findRelations(object.name());
		if (object.policy() != null) {
			return addPolicy(object.policy(), relations);
		}
		relations.forEach((relation) -> this.commands.computeIfAbsent(relation.id(), (id) -> new HashSet<>())
			.add(object.keyword()));
		return !relations.isEmpty();
	}

	private boolean addPolicy(TableName name, List<Relation> relations) throws SQLException {
		Set<Long> ids = relations.stream().map(Relation::id).collect(Collectors.toSet());
		boolean added = false;
		for (Policy policy : this.catalog.policies()) {
			if (ids.contains(policy.relation()) && this.names.isNamed(policy.name(), name)) {
				this.policies.computeIfAbsent(policy.relation(), (id) -> new HashSet<>()).add(policy.name());
				added = true;
			}
		}
		return added;
	}

	private List<Routine> findRoutines(AllowedObject object) throws SQLException {
		List<String> schemas = this.names.schemas(object.name());
		String name = this.names.stored(object.name());
		return this.catalog.routines()
			.stream()
			.filter((routine) -> schemas.contains(routine.schema()) && routine.name().equals(name)
					&& routine.kindName().equals(object.keyword()) && object.hasArguments(routine.types()))
			.toList();
	}

	private String missing(AllowedObject object) {
		if (object.isRoutine()) {
			return "is not a SECURITY DEFINER %s of another role that role %s may call, so it allows nothing"
				.formatted(object.keyword(), this.role.name());
		}
		return "does not exist";
	}

	/**
	 * Returns what could have been meant, without and with schema.
	 */
	private List<String> candidates(AllowedObject object) {
		if (object.isRoutine()) {
			return names(this.catalog.routines().stream(), Routine::toString);
		}
		if (object.policy() == null) {
			return names(this.catalog.relations().values().stream(),
					(relation) -> object.keyword() + " on " + relation.quoted());
		}
		return names(this.catalog.relations().values().stream().flatMap(this::policies), Function.identity());
	}

	private Stream<String> policies(Relation relation) {
		return this.catalog.policies()
			.stream()
			.filter((policy) -> policy.relation() == relation.id())
			.map((policy) -> "policy %s on %s".formatted(policy.name(), relation.quoted()));
	}

	private <T> List<String> names(Stream<T> objects, Function<T, String> name) {
		return objects.map(name)
			.flatMap((full) -> Stream.concat(
					this.role.searchPath().stream().map((schema) -> full.replace(" " + schema + ".", " ")),
					Stream.of(full)))
			.distinct()
			.toList();
	}

	/**
	 * Returns what does not exist although the settings name it.
	 */
	List<Finding> findUnknown() {
		return this.unknown;
	}

	/**
	 * Returns whether any routine is allowed that not only policies call.
	 */
	boolean hasRoutines() {
		return this.routines.stream().anyMatch((routine) -> !routine.inPolicy());
	}

	/**
	 * Returns whether the condition of a policy may be public. The other policies of the
	 * table are combined without it.
	 */
	boolean isPolicyAllowed(Policy policy) {
		return this.policies.getOrDefault(policy.relation(), Set.of()).contains(policy.name());
	}

	/**
	 * Returns whether a privilege on a table or view needs no policy. What holds for a
	 * table holds for its partitions.
	 * @param privilege the privilege in upper case, for example {@code TRUNCATE}
	 * @param relation the relation
	 * @return whether a privilege on a table or view needs no policy
	 */
	public boolean isAllowed(Relation relation, String privilege) {
		Relation current = relation;
		while (current != null) {
			if (this.commands.getOrDefault(current.id(), Set.of()).contains(privilege.toLowerCase(Locale.ROOT))) {
				return true;
			}
			current = this.catalog.parent(current);
		}
		return false;
	}

	/**
	 * Returns a table or view with the commands that are granted and not allowed.
	 */
	Relation withoutAllowed(Relation relation) {
		return relation.withGranted(relation.granted()
			.stream()
			.filter((command) -> !isAllowed(relation, command.name()))
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(Command.class))));
	}

	public boolean isRoutineAllowed(Routine routine) {
		return this.routines.contains(routine);
	}

}
