package io.appdbs.engine.privilege;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Privileges on a table, or on all tables of a schema.
 *
 * @param schema the schema as the server stores it
 * @param name the table as the server stores it, {@code null} for all tables
 * @param quoted the table in SQL, or as messages show it
 * @param visible whether the table is found by its name without schema
 * @param held the privileges that the login has there, however it got them
 * @param revokes the statements that revoke a privilege, by the privilege, for those that
 * have been granted
 * @param sequences the statements that grant the use of a sequence, by its quoted name,
 * for those that new rows use and the login may not use
 */
public record TablePrivileges(String schema, @Nullable String name, String quoted, boolean visible, Set<String> held,
		Map<String, List<String>> revokes, Map<String, String> sequences) {

	public TablePrivileges {
		held = Set.copyOf(held);
		revokes = Map.copyOf(revokes);
		sequences = Map.copyOf(sequences);
	}

	/**
	 * Creates new {@link TablePrivileges} of a table whose new rows use no sequences with
	 * privileges of their own.
	 * @param schema the schema as the server stores it
	 * @param name the table as the server stores it, {@code null} for all tables
	 * @param quoted the table in SQL, or as messages show it
	 * @param visible whether the table is found by its name without schema
	 * @param held the privileges that the login has there, however it got them
	 * @param revokes the statements that revoke a privilege, by the privilege, for those
	 * that have been granted
	 */
	public TablePrivileges(String schema, @Nullable String name, String quoted, boolean visible, Set<String> held,
			Map<String, List<String>> revokes) {
		this(schema, name, quoted, visible, held, revokes, Map.of());
	}

}
