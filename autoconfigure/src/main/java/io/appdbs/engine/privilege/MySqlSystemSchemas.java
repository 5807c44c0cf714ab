package io.appdbs.engine.privilege;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The schemas of MySQL and MariaDB with tables of the server itself.
 */
final class MySqlSystemSchemas {

	private static final String ACCOUNTS = "mysql";

	/** Statistics and statements of the server, which monitoring reads. */
	private static final Set<String> OF_STATISTICS = Set.of("performance_schema", "sys");

	private static final Set<String> READS = Set.of("SELECT", "EXECUTE", "SHOW VIEW", "SHOW CREATE ROUTINE");

	/** Tables of {@code mysql} that everyone may read. */
	private static final Set<String> READABLE = Set.of("innodb_index_stats", "innodb_table_stats", "time_zone",
			"time_zone_leap_second", "time_zone_name", "time_zone_transition", "time_zone_transition_type",
			"help_category", "help_keyword", "help_relation", "help_topic");

	private MySqlSystemSchemas() {
	}

	/**
	 * Returns whether a grant is about one of the schemas by its name.
	 */
	static boolean isNamed(MySqlGrant grant) {
		return grant.schema() != null && contains(grant.schema().replace("\\", ""));
	}

	static boolean contains(String schema) {
		return schema.equals(ACCOUNTS) || OF_STATISTICS.contains(schema);
	}

	/**
	 * Returns the privileges of a grant on tables of the server, without harmless ones.
	 * @param grant a grant that is not on all schemas
	 */
	static Set<String> findDangerous(MySqlGrant grant) {
		Map<String, Set<String>> harmless = new LinkedHashMap<>();
		harmless.put(ACCOUNTS, READABLE.contains(String.valueOf(grant.table())) ? READS : Set.of());
		OF_STATISTICS.forEach((schema) -> harmless.put(schema, READS));
		Set<String> dangerous = new LinkedHashSet<>();
		grant.names()
			.stream()
			.filter((privilege) -> harmless.entrySet()
				.stream()
				.anyMatch((schema) -> grant.includes(schema.getKey(), grant.table())
						&& !schema.getValue().contains(privilege)))
			.forEach(dangerous::add);
		return dangerous;
	}

}
