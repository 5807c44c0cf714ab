package io.appdbs.audit.rows;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog of a server says about audited tables, their triggers and the log.
 *
 * @param login the login
 * @param relations the tables in the order of the settings and then the log, each with
 * its partitions and children; empty if there is none of that name
 * @param triggers the triggers by table
 * @param rules the rules of the log that apply to new entries
 * @param functions the functions of triggers
 * @param creatableSchemas the schemas in which the login can create objects
 */
record RowAuditCatalog(Login login, List<List<Relation>> relations, Map<Long, List<Trigger>> triggers,
		List<String> rules, Map<Long, Function> functions, Set<String> creatableSchemas) {

	/**
	 * Reads the catalog.
	 * @param connection a connection of the login, in a transaction
	 * @param names the tables and then the log
	 */
	static RowAuditCatalog read(Connection connection, List<TableName> names) throws SQLException {
		Login login = readLogin(connection);
		List<List<Relation>> relations = readRelations(connection, names);
		Map<Long, List<Trigger>> triggers = new LinkedHashMap<>();
		SqlQueries
			.query(connection, RowAuditQueries.TRIGGERS, Trigger::read,
					array(relations.stream().flatMap(List::stream).map(Relation::oid)))
			.forEach((trigger) -> triggers.computeIfAbsent(trigger.table(), (oid) -> new ArrayList<>()).add(trigger));
		List<Relation> log = relations.get(relations.size() - 1);
		// no statement names a partition, so rules of partitions do not apply
		List<String> rules = SqlQueries.query(connection, RowAuditQueries.RULES, (row) -> row.getString(2),
				array(log.stream().filter(Relation::root).map(Relation::oid)));
		Map<Long, Function> functions = new LinkedHashMap<>();
		SqlQueries
			.query(connection, RowAuditQueries.FUNCTIONS, Function::read,
					array(triggers.values().stream().flatMap(List::stream).map(Trigger::function)),
					log.isEmpty() ? null : log.get(0).schema())
			.forEach((function) -> functions.put(function.oid(), function));
		return new RowAuditCatalog(login, relations, triggers, rules, functions,
				Set.copyOf(SqlQueries.queryForList(connection, RowAuditQueries.CREATABLE_SCHEMAS)));
	}

	private static Login readLogin(Connection connection) throws SQLException {
		Login login = SqlQueries.queryForRow(connection, RowAuditQueries.LOGIN, Login::read);
		List<@Nullable String> grantees = (login.version() >= Login.PARAMETER_PRIVILEGES)
				? SqlQueries.queryForList(connection, RowAuditQueries.PARAMETER_GRANTEES) : List.of();
		return login.withGrantees(grantees.stream().map(Objects::requireNonNull).toList());
	}

	private static List<List<Relation>> readRelations(Connection connection, List<TableName> names)
			throws SQLException {
		List<List<Relation>> relations = new ArrayList<>();
		@Nullable String[] schemas = new String[names.size()];
		String[] tables = new String[names.size()];
		for (int i = 0; i < tables.length; i++) {
			schemas[i] = names.get(i).schema(connection.getMetaData());
			tables[i] = names.get(i).table(connection.getMetaData());
			relations.add(new ArrayList<>());
		}
		SqlQueries.query(connection, RowAuditQueries.RELATIONS, (row) -> {
			relations.get(row.getInt(1) - 1).add(Relation.read(row));
			return true;
		}, connection.createArrayOf("text", schemas), connection.createArrayOf("text", tables));
		return relations;
	}

	private static String array(Stream<Long> identifiers) {
		return "{" + String.join(",", identifiers.distinct().map(String::valueOf).toList()) + "}";
	}

	private static List<String> texts(ResultSet row, int column) throws SQLException {
		return Arrays.stream((Object[]) row.getArray(column).getArray()).map(String::valueOf).toList();
	}

	/**
	 * The login of the application. Names are quoted where they have to be.
	 *
	 * @param name the name
	 * @param superuser whether it is a superuser
	 * @param superuserRole a superuser whose rights it can get, or {@code null}
	 * @param creatorRole a role that can make itself a member of any other, or
	 * {@code null}
	 * @param replicationRole the value of {@code session_replication_role}
	 * @param version the version of the server
	 * @param grantees who of its roles may set {@code session_replication_role}
	 */
	record Login(String name, boolean superuser, @Nullable String superuserRole, @Nullable String creatorRole,
			String replicationRole, int version, List<String> grantees) {

		/** The first version in which parameters have privileges. */
		static final int PARAMETER_PRIVILEGES = 150000;

		static Login read(ResultSet row) throws SQLException {
			return new Login(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4), row.getString(5),
					row.getInt(6), List.of());
		}

		Login withGrantees(List<String> grantees) {
			return new Login(this.name, this.superuser, this.superuserRole, this.creatorRole, this.replicationRole,
					this.version, grantees);
		}

	}

	/**
	 * A table, partition or child.
	 *
	 * @param oid the identifier
	 * @param root whether the settings name it
	 * @param name the name with schema, quoted where it has to be
	 * @param kind the kind of relation
	 * @param schema the schema as stored
	 * @param table the name as stored
	 * @param owned whether the login has the rights of its owner
	 * @param owner the owner
	 * @param schemaOwned whether the login has the rights of the owner of the schema
	 * @param quotedSchema the schema, quoted where it has to be
	 * @param privileges what the login can do with it
	 * @param grants privileges, each with the role of the login that has it
	 * @param columns the columns
	 */
	record Relation(long oid, boolean root, String name, String kind, String schema, String table, boolean owned,
			String owner, boolean schemaOwned, String quotedSchema, List<String> privileges, List<String> grants,
			List<String> columns) {

		static Relation read(ResultSet row) throws SQLException {
			return new Relation(row.getLong(2), row.getBoolean(3), row.getString(4), row.getString(5), row.getString(6),
					row.getString(7), row.getBoolean(8), row.getString(9), row.getBoolean(10), row.getString(11),
					texts(row, 12), texts(row, 13), texts(row, 14));
		}

		boolean isTable() {
			return this.kind.equals("r") || this.kind.equals("p");
		}

		/**
		 * Returns the statements that revoke privileges, or a sentence.
		 */
		String revoke(List<String> privileges) {
			List<String> grantees = this.grants.stream()
				.filter((grant) -> privileges.contains(grant.substring(0, grant.indexOf(' '))))
				.map((grant) -> grant.substring(grant.indexOf(' ') + 1))
				.distinct()
				.toList();
			return grantees.isEmpty()
					? "Revoke the role that gives the privilege from the login, such as pg_write_all_data."
					: "REVOKE %s ON %s FROM %s;".formatted(String.join(", ", privileges), this.name,
							String.join(", ", grantees));
		}

	}

	/**
	 * A trigger.
	 *
	 * @param table the identifier of its table
	 * @param name the name, quoted where it has to be
	 * @param enabled whether it fires in sessions of applications
	 * @param type its type, as bits
	 * @param condition whether it has a condition
	 * @param columns whether it fires for some columns only
	 * @param function the identifier of its function
	 * @param arguments the arguments of its function
	 */
	record Trigger(long table, String name, boolean enabled, int type, boolean condition, boolean columns,
			long function, List<String> arguments) {

		static Trigger read(ResultSet row) throws SQLException {
			String arguments = new String(row.getBytes(8), StandardCharsets.UTF_8);
			return new Trigger(row.getLong(1), row.getString(2), row.getBoolean(3), row.getInt(4), row.getBoolean(5),
					row.getBoolean(6), row.getLong(7), arguments.isEmpty() ? List.of()
							: List.of(arguments.substring(0, arguments.length() - 1).split("\0", -1)));
		}

	}

	/**
	 * A function of triggers.
	 *
	 * @param oid the identifier
	 * @param name the name with schema and parentheses, quoted where it has to be
	 * @param source the body
	 * @param definer whether it runs with the rights of its owner
	 * @param owned whether the login has the rights of its owner
	 * @param schemaOwned whether the login has the rights of the owner of the schema
	 * @param schema the schema, quoted where it has to be
	 * @param searchPath its own search path, or {@code null} if it has none
	 */
	record Function(long oid, String name, String source, boolean definer, boolean owned, boolean schemaOwned,
			String schema, @Nullable String searchPath) {

		static Function read(ResultSet row) throws SQLException {
			return new Function(row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4),
					row.getBoolean(5), row.getBoolean(6), row.getString(7), row.getString(8));
		}

	}

}
