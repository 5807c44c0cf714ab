package io.appdbs.audit.unit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.AuditSettings.Statements;
import org.jspecify.annotations.Nullable;

/**
 * The audit of the databases of an application, one trail for each that is audited. What
 * is done on a replica belongs to the trail of its database.
 */
public final class AuditTrails {

	private final Function<DatabaseDefinition, AuditTrail> factory;

	private final Map<String, AuditTrail> trails = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link AuditTrails}.
	 * @param factory creates the trail of a database
	 */
	public AuditTrails(Function<DatabaseDefinition, AuditTrail> factory) {
		this.factory = factory;
	}

	/**
	 * Returns the trail of a database, always the same instance.
	 * @param definition the database
	 * @return the trail or {@code null} if the database is not audited
	 */
	public @Nullable AuditTrail get(DatabaseDefinition definition) {
		if (definition.settings().audit().statements() == Statements.OFF || definition.replicaOf() != null) {
			return null;
		}
		return this.trails.computeIfAbsent(definition.name(), (name) -> this.factory.apply(definition));
	}

	/**
	 * Forgets the trail of a database that has been removed.
	 * @param database the name of the database
	 */
	public void remove(String database) {
		this.trails.remove(database);
	}

}
