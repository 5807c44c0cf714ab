package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.partition.PartitionException;
import io.appdbs.engine.partition.PartitionedTable;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;

/**
 * Reads the tables of a database that need partitions.
 *
 * @param definition the database
 * @param engine the engine of the server
 * @param partitioning the partitioning of the engine
 */
record PartitionTables(DatabaseDefinition definition, JdbcEngine engine, Partitioning partitioning) {

	/**
	 * Creates the reader for a server.
	 * @throws DatabaseStartException if its engine has no partitions
	 */
	static PartitionTables of(DatabaseDefinition definition, JdbcEngine engine) {
		Partitioning partitioning = engine.getPartitioning();
		if (partitioning == null) {
			String key = definition.key("partitions[0].table");
			throw new DatabaseStartException(definition.name(),
					"Database '%s': '%s' is '%s', but no partitions are created ahead on %s, which the server is."
						.formatted(definition.name(), key, definition.settings().partitions().get(0).table(),
								engine.getDisplayName()),
					"Remove '%s'. Partitions are created on PostgreSQL, MySQL and MariaDB."
						.formatted(definition.key("partitions")),
					TroubleshootingSection.PARTITIONS, null);
		}
		return new PartitionTables(definition, engine, partitioning);
	}

	List<PartitionRule> rules() {
		return PartitionRule.of(this.definition.settings().partitions());
	}

	/**
	 * Plans the partitions of all tables.
	 * @throws DatabaseStartException if a table has to be changed first
	 * @throws SQLException if the server does not answer
	 */
	List<PartitionPlan> plan(Connection connection, LocalDateTime now) throws SQLException {
		List<PartitionPlan> plans = new ArrayList<>();
		List<PartitionException> problems = new ArrayList<>();
		Map<String, String> keys = new HashMap<>();
		for (PartitionRule rule : rules()) {
			String subject = "'%s' is '%s'".formatted(this.definition.key(rule.key()), rule.table());
			try {
				PartitionedTable table = find(connection, rule);
				String other = keys.putIfAbsent(table.getName(), this.definition.key(rule.key()));
				if (other != null) {
					throw new PartitionException("is also the table of '%s'".formatted(other), "Remove one of them.",
							null);
				}
				table.checkRights();
				plans.add(PartitionPlan.of(table, rule, now));
			}
			catch (PartitionException ex) {
				problems.add(new PartitionException("%s, which %s.".formatted(subject, ex.getMessage()), ex.getAction(),
						ex));
			}
		}
		if (!problems.isEmpty()) {
			throw failure(problems);
		}
		return plans;
	}

	/**
	 * Finds the table of a rule.
	 * @throws PartitionException if the table has to be changed first, with the end of a
	 * sentence
	 * @throws SQLException if the server does not answer
	 */
	PartitionedTable find(Connection connection, PartitionRule rule) throws SQLException {
		TableName name = rule.table();
		String schema = name.schema(connection.getMetaData());
		List<String> schemas = (schema != null) ? List.of(schema) : this.engine.readSearchPath(connection);
		PartitionedTable table = this.partitioning.find(connection, schemas, name.table(connection.getMetaData()));
		if (table == null) {
			List<String> known = this.partitioning.findNames(connection);
			throw new PartitionException("does not exist",
					"Create it in a migration, or correct '%s'. Tables that are partitioned by ranges: %s.".formatted(
							this.definition.key(rule.key()), known.isEmpty() ? "none" : String.join(", ", known)),
					null);
		}
		if (rule.keep() != null && !rule.drop() && !this.partitioning.isDetachSupported()) {
			throw new PartitionException("has partitions that cannot be detached",
					"Set '%s' to true, which deletes the rows, or remove '%s'.".formatted(
							this.definition.key(rule.key().replace(".table", ".drop")),
							this.definition.key(rule.key().replace(".table", ".keep"))),
					null);
		}
		return table;
	}

	private DatabaseStartException failure(List<PartitionException> problems) {
		String name = this.definition.name();
		PartitionException first = problems.get(0);
		if (problems.size() == 1) {
			return new DatabaseStartException(name, "Database '%s': %s".formatted(name, first.getMessage()),
					first.getAction(), TroubleshootingSection.PARTITIONS, first);
		}
		return new DatabaseStartException(name,
				"Partitions of database '%s' cannot be created:%s".formatted(name,
						lines(problems.stream().map(PartitionException::getMessage).toList())),
				"Fix the following:%s".formatted(lines(problems.stream().map(PartitionException::getAction).toList())),
				TroubleshootingSection.PARTITIONS, first);
	}

	private static String lines(List<?> texts) {
		StringBuilder lines = new StringBuilder("\n");
		texts.forEach((text) -> lines.append("\n    ").append(text));
		return lines.toString();
	}

}
