package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * A partitioned table of PostgreSQL.
 *
 * @param schema the schema as SQL writes it
 * @param table the name of the table
 * @param quoted the name of the table as SQL writes it
 * @param type the type of the column
 * @param attributes what new partitions get from the table
 * @param partitions the partitions, the oldest first
 * @param defaultPartition the DEFAULT partition or {@code null}
 */
record PostgreSqlPartitionedTable(String schema, String table, String quoted, String type, Attributes attributes,
		List<Partition> partitions, @Nullable DefaultPartition defaultPartition) implements PartitionedTable {

	/** Types of the column. */
	static final Set<String> TYPES = Set.of("date", "timestamp", "timestamptz");

	private static final int MAX_NAME_BYTES = 63;

	/** Since then, partitions can be detached while others use the table. */
	private static final int CONCURRENT_DETACH = 14;

	/**
	 * The column of a pending detach is not there before version 14. With the partition
	 * as its argument, {@code pg_get_expr} would wait for a lock of it.
	 */
	private static final String PARTITIONS = """
			SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name, c.relkind,
			pg_catalog.pg_get_expr(c.relpartbound, 0) AS bound, c.reltuples::bigint AS rows,
			coalesce((pg_catalog.to_jsonb(i) ->> 'inhdetachpending')::boolean, false) AS detaching
			FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE i.inhparent = ? AND c.relpartbound IS NOT NULL""";

	/** Who got rights on a new table by default privileges. */
	private static final String GRANTEES = """
			SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC'
			ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
			FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
			WHERE c.oid = '%s'::regclass AND a.grantee <> c.relowner""";

	static PostgreSqlPartitionedTable read(Connection connection, ResultSet row) throws SQLException {
		Attributes attributes = Attributes.read(row);
		List<Partition> partitions = new ArrayList<>();
		DefaultPartition defaultPartition = null;
		try (PreparedStatement statement = connection.prepareStatement(PARTITIONS)) {
			statement.setLong(1, row.getLong("oid"));
			try (ResultSet each = statement.executeQuery()) {
				while (each.next()) {
					String name = each.getString("name");
					if (each.getString("bound").equals("DEFAULT")) {
						defaultPartition = new DefaultPartition(name, each.getLong("rows"));
					}
					else {
						partitions.add(readPartition(name, each));
					}
				}
			}
		}
		partitions.sort(Comparator.comparing(Partition::from, Comparator.nullsFirst(Comparator.naturalOrder())));
		return new PostgreSqlPartitionedTable(row.getString("schema"), row.getString("relname"), row.getString("name"),
				row.getString("typname"), attributes, partitions, defaultPartition);
	}

	private static Partition readPartition(String name, ResultSet row) throws SQLException {
		if (row.getString("relkind").equals("p")) {
			throw new PartitionException("has the partition %s, which is partitioned itself".formatted(name),
					"New partitions would not be. Create them in a migration.", null);
		}
		return PostgreSqlBounds.parse(name, row.getString("bound"), row.getBoolean("detaching"));
	}

	@Override
	public String getName() {
		return this.schema + "." + this.quoted;
	}

	@Override
	public List<Partition> getPartitions() {
		return this.partitions;
	}

	@Override
	public @Nullable DefaultPartition getDefaultPartition() {
		return this.defaultPartition;
	}

	@Override
	public boolean isContiguous() {
		return false;
	}

	@Override
	public void checkRights() {
		String owner = this.attributes.owner();
		Rights rights = this.attributes.rights();
		if (!rights.owned()) {
			throw new PartitionException("belongs to '%s', and the login is '%s'".formatted(owner, rights.login()),
					"Use the login that owns the table, or: GRANT %s TO %s;".formatted(quote(owner),
							quote(rights.login())),
					null);
		}
		if (!rights.creatable()) {
			throw new PartitionException(
					"is in the schema %s, in which the login '%s' may not create partitions".formatted(this.schema,
							rights.login()),
					"GRANT CREATE ON SCHEMA %s TO %s;".formatted(this.schema, quote(rights.login())), null);
		}
	}

	/**
	 * {@code CREATE TABLE … PARTITION OF} would lock the table for readers and writers.
	 */
	@Override
	public List<String> create(Connection connection, List<PartitionRange> ranges) throws SQLException {
		List<String> created = new ArrayList<>();
		for (PartitionRange range : ranges) {
			String name = this.schema + "."
					+ quoteUnlessPlain(PartitionNames.of(this.table, range.label(), MAX_NAME_BYTES));
			inTransaction(connection, (statement) -> {
				createLike(statement, name);
				closeDirectAccess(connection, statement, name);
				statement.execute("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)".formatted(getName(),
						name, PostgreSqlBounds.format(range.from(), this.type),
						PostgreSqlBounds.format(range.to(), this.type)));
			});
			created.add(name);
		}
		return created;
	}

	private static void inTransaction(Connection connection, Statements statements) throws SQLException {
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statements.execute(statement);
			connection.commit();
		}
		catch (SQLException | RuntimeException ex) {
			try {
				connection.rollback();
				connection.setAutoCommit(true);
			}
			catch (SQLException suppressed) {
				ex.addSuppressed(suppressed);
			}
			throw ex;
		}
		connection.setAutoCommit(true);
	}

	/**
	 * The identity is the table's, as of version 17 a partition must not have another
	 * one.
	 */
	private void createLike(Statement statement, String name) throws SQLException {
		String tablespace = this.attributes.tablespace();
		statement.execute("CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s".formatted(name, getName(),
				(tablespace != null) ? " TABLESPACE " + quote(tablespace) : ""));
		if (!this.attributes.own()) {
			statement.execute("ALTER TABLE %s OWNER TO %s".formatted(name, quote(this.attributes.owner())));
		}
	}

	/**
	 * Privileges and policies of the table apply to statements on the table only. On the
	 * partition itself nobody has rights, although there may be default privileges, and
	 * without a policy nobody sees a row, the owner included if the table's policies bind
	 * the owner.
	 */
	private void closeDirectAccess(Connection connection, Statement statement, String name) throws SQLException {
		for (String grantee : SqlQueries.queryForList(connection, GRANTEES.formatted(name.replace("'", "''")))) {
			statement.execute("REVOKE ALL ON TABLE %s FROM %s".formatted(name, grantee));
		}
		if (this.attributes.rowSecurity()) {
			statement.execute("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(name));
		}
		if (this.attributes.forced()) {
			statement.execute("ALTER TABLE %s FORCE ROW LEVEL SECURITY".formatted(name));
		}
	}

	@Override
	public String detach(Connection connection, Partition partition) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("ALTER TABLE %s DETACH PARTITION %s%s".formatted(getName(), partition.name(),
					getDetachOption(connection, partition)));
		}
		return partition.name();
	}

	/**
	 * A detach that was interrupted can only be ended. None can be detached concurrently
	 * if there is a DEFAULT partition.
	 */
	private String getDetachOption(Connection connection, Partition partition) throws SQLException {
		if (partition.detaching()) {
			return " FINALIZE";
		}
		boolean concurrently = this.defaultPartition == null
				&& connection.getMetaData().getDatabaseMajorVersion() >= CONCURRENT_DETACH;
		return concurrently ? " CONCURRENTLY" : "";
	}

	/**
	 * Dropping a partition that is not detached would lock the table for readers and
	 * writers.
	 */
	@Override
	public void drop(Connection connection, Partition partition) throws SQLException {
		String name = detach(connection, partition);
		try (Statement statement = connection.createStatement()) {
			statement.execute("DROP TABLE " + name);
		}
		catch (SQLException ex) {
			throw new PartitionException(
					"no longer has the partition %s, but the detached table could not be dropped: %s".formatted(name,
							PartitionException.firstLine(ex)),
					"DROP TABLE %s;".formatted(name), ex);
		}
	}

	/**
	 * A name with a label is no key word.
	 */
	private static String quoteUnlessPlain(String name) {
		return name.matches("[a-z_][a-z0-9_]*") ? name : quote(name);
	}

	private static String quote(String identifier) {
		return "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

	/**
	 * What new partitions get from the table.
	 *
	 * @param owner the owner
	 * @param own whether that is the login
	 * @param rowSecurity whether the table has row-level security
	 * @param forced whether it binds the owner, too
	 * @param tablespace the tablespace or {@code null} for the default one
	 * @param rights what the login may do
	 */
	record Attributes(String owner, boolean own, boolean rowSecurity, boolean forced, @Nullable String tablespace,
			Rights rights) {

		static Attributes read(ResultSet row) throws SQLException {
			return new Attributes(row.getString("owner"), row.getBoolean("own"), row.getBoolean("relrowsecurity"),
					row.getBoolean("relforcerowsecurity"), row.getString("spcname"),
					new Rights(row.getString("login"), row.getBoolean("owned"), row.getBoolean("creatable")));
		}

	}

	/**
	 * What the login may do.
	 *
	 * @param login the login
	 * @param owned whether it has the rights of the owner of the table
	 * @param creatable whether it may create tables in the schema
	 */
	record Rights(String login, boolean owned, boolean creatable) {

	}

	/**
	 * Statements in a transaction.
	 */
	@FunctionalInterface
	private interface Statements {

		void execute(Statement statement) throws SQLException;

	}

}
