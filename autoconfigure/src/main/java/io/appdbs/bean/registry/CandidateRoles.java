package io.appdbs.bean.registry;

import java.util.List;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.engine.DatabaseKind;
import org.jspecify.annotations.Nullable;

/**
 * Determines the {@link CandidateRole} of every database's beans. The rules follow from
 * how Boot's auto-configurations treat candidates, see
 * {@code docs/decisions/0002-candidate-roles.md}.
 *
 * @param databases all databases below {@code app.dbs}
 * @param unmanagedRelational whether the application has a default relational database
 * that is not one of them
 * @param unmanagedMongo whether the application has a default MongoDB database that is
 * not one of them
 */
public record CandidateRoles(List<DeclaredDatabase> databases, boolean unmanagedRelational, boolean unmanagedMongo) {

	/**
	 * Returns the role of the source of a database: its {@code DataSource} or
	 * {@code MongoClient}.
	 * @param database the database
	 * @return the role
	 */
	public CandidateRole source(DeclaredDatabase database) {
		if (!this.databases.contains(database)) {
			// a route is never a default
			return CandidateRole.QUALIFIED;
		}
		List<DeclaredDatabase> equals = ofKind(database.kind());
		if (equals.stream().anyMatch(DeclaredDatabase::primary)) {
			return database.primary() ? CandidateRole.PRIMARY : CandidateRole.QUALIFIED;
		}
		if (isUnmanaged(database.kind())) {
			return CandidateRole.QUALIFIED;
		}
		return (equals.size() == 1) ? CandidateRole.PRIMARY : CandidateRole.DEFAULT;
	}

	/**
	 * Returns the database that an injection without qualifier gets.
	 * @param kind the kind of database
	 * @return the database or {@code null} if there is none below {@code app.dbs}
	 */
	public @Nullable DeclaredDatabase findDefault(DatabaseKind kind) {
		return ofKind(kind).stream()
			.filter((database) -> source(database) == CandidateRole.PRIMARY)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the databases that an injection without qualifier does not get.
	 * @param names the names of all configured databases
	 * @return the names of the other databases
	 */
	public List<String> findOthers(List<String> names) {
		List<String> defaults = this.databases.stream()
			.filter((database) -> source(database) == CandidateRole.PRIMARY)
			.map(DeclaredDatabase::name)
			.toList();
		return names.stream().filter((name) -> !defaults.contains(name)).toList();
	}

	/**
	 * Returns the role of the beans that are built on the source. Equal ones must not be
	 * candidates: Boot's configurations of repositories require a single one.
	 * @param database the database
	 * @return the role
	 */
	public CandidateRole derived(DeclaredDatabase database) {
		CandidateRole role = source(database);
		return (role == CandidateRole.DEFAULT) ? CandidateRole.QUALIFIED : role;
	}

	/**
	 * Returns the role of the transaction manager and template. They share their types
	 * across kinds, so at most one kind can offer them without qualifier: relational
	 * databases, or MongoDB if there are none.
	 * @param database the database
	 * @return the role
	 */
	public CandidateRole transaction(DeclaredDatabase database) {
		boolean relational = this.unmanagedRelational || !ofKind(DatabaseKind.RELATIONAL).isEmpty();
		return (relational && !database.isRelational()) ? CandidateRole.QUALIFIED : source(database);
	}

	private boolean isUnmanaged(DatabaseKind kind) {
		return (kind == DatabaseKind.RELATIONAL) ? this.unmanagedRelational : this.unmanagedMongo;
	}

	private List<DeclaredDatabase> ofKind(DatabaseKind kind) {
		return this.databases.stream().filter((database) -> database.kind() == kind).toList();
	}

}
