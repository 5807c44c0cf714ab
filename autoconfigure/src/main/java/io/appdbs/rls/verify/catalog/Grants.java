package io.appdbs.rls.verify.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Routine;
import org.jspecify.annotations.Nullable;

/**
 * What has been granted to the role, to PUBLIC or to a role whose rights it has.
 */
public final class Grants {

	private final Map<Long, List<Grant>> relations;

	private final Map<Long, List<Grant>> routines;

	public Grants(Collection<Grant> grants) {
		this.relations = grants.stream()
			.filter((grant) -> !grant.routine())
			.collect(Collectors.groupingBy(Grant::object));
		this.routines = grants.stream().filter(Grant::routine).collect(Collectors.groupingBy(Grant::object));
	}

	private List<Grant> of(Relation relation) {
		return this.relations.getOrDefault(relation.id(), List.of());
	}

	/**
	 * Returns whether a privilege on a table has been granted.
	 * @param privilege the privilege in upper case, for example {@code TRUNCATE}
	 * @param relation the relation
	 * @return whether a privilege on a table has been granted
	 */
	public boolean isGranted(Relation relation, String privilege) {
		return of(relation).stream().anyMatch((grant) -> grant.privileges().contains(privilege));
	}

	/**
	 * Returns the statements that take privileges on a table away. Those on its columns
	 * go with them.
	 * @param privileges the privileges in upper case
	 * @param relation the relation
	 * @return the statements or {@code null} if the role has the privileges in another
	 * way than by a grant
	 */
	public @Nullable String revoke(Relation relation, Collection<String> privileges) {
		List<Grant> grants = of(relation).stream()
			.filter((grant) -> privileges.stream().anyMatch(grant.privileges()::contains))
			.toList();
		return join(withoutDependent(grants).map((grant) -> grant.revoke(
				privileges.stream().filter(grant.privileges()::contains).collect(Collectors.joining(", ")),
				relation.quoted())));
	}

	/**
	 * Returns the statements that take all privileges on a table or view away.
	 * @param relation the relation
	 * @return the statements or {@code null} if the role has them in another way than by
	 * a grant
	 */
	public @Nullable String revokeAll(Relation relation) {
		return join(withoutDependent(of(relation)).map((grant) -> grant.revoke("ALL", relation.quoted())));
	}

	/**
	 * Returns the statements that keep the role from calling a routine.
	 * @param routine the routine
	 * @return the statements or {@code null} if it may call it in another way than by a
	 * grant
	 */
	public @Nullable String revoke(Routine routine) {
		return join(withoutDependent(this.routines.getOrDefault(routine.id(), List.of()))
			.map((grant) -> grant.revoke("EXECUTE", routine.toSql())));
	}

	/**
	 * What one has granted to others goes with what they have been granted.
	 */
	private static Stream<Grant> withoutDependent(List<Grant> grants) {
		Set<String> grantees = grants.stream().map(Grant::grantee).collect(Collectors.toSet());
		return grants.stream().filter((grant) -> grant.grantor() == null || !grantees.contains(grant.grantor()));
	}

	private static @Nullable String join(Stream<String> statements) {
		String joined = String.join(" ", statements.collect(Collectors.toCollection(TreeSet::new)));
		return joined.isEmpty() ? null : joined;
	}

	/**
	 * What one role has granted to another.
	 *
	 * @param routine whether it is about a routine
	 * @param object the identifier of the table or routine
	 * @param grantee the role, or PUBLIC
	 * @param grantor the role that has granted it or {@code null} if it is the owner
	 * @param privileges the privileges in upper case
	 * @param dependedOn whether the role has granted any of them to others
	 */
	public record Grant(boolean routine, long object, String grantee, @Nullable String grantor, List<String> privileges,
			boolean dependedOn) {

		/**
		 * A superuser revokes as the owner, which has no effect on what another one has
		 * granted.
		 */
		private String revoke(String privileges, String object) {
			String statement = "REVOKE %s ON %s FROM %s%s;".formatted(privileges, object, this.grantee,
					this.dependedOn ? " CASCADE" : "");
			return (this.grantor != null) ? "SET ROLE %s; %s RESET ROLE;".formatted(this.grantor, statement)
					: statement;
		}

	}

}
