package io.appdbs.restore;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.restore.program.Programs;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Restores a backup into a scratch server and checks what was restored. All findings are
 * reported together. The server and its data are deleted afterwards.
 *
 * <pre class="code">
 * RestoreCheck.of("orders")
 *     .dump(Path.of("/backups/orders.dump"))
 *     .into(RestoreTarget.embeddedPostgres())
 *     .migrationVersionAtLeast("5")
 *     .notEmpty("orders", "customer")
 *     .newerThan("select max(placed) from orders", Duration.ofHours(26))
 *     .report(Path.of("/backups/orders.json"))
 *     .run();
 * </pre>
 *
 * Names of tables are those of the catalog, {@code table} or {@code schema.table}. Not
 * thread-safe. Can be run repeatedly.
 */
public final class RestoreCheck {

	private static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);

	private final String name;

	private final List<DatabaseCheck> checks = new ArrayList<>();

	private final Map<String, String> environment = new LinkedHashMap<>();

	private String database;

	private List<String> roles = List.of();

	private final List<List<String>> commands = new ArrayList<>();

	private @Nullable Path dump;

	private @Nullable MariaDbBackupSource mariaDbBackup;

	private @Nullable Path folder;

	private String superuser = "postgres";

	private @Nullable RestoreTarget target;

	private Programs programs = new Programs(null);

	private Duration timeout = DEFAULT_TIMEOUT;

	private @Nullable Path report;

	private RestoreCheck(String name) {
		this.name = name;
		this.database = name;
	}

	/**
	 * Returns a new check.
	 * @param name the name of the database in the application, for example {@code orders}
	 * @return the check
	 * @throws IllegalArgumentException if the name is not one of {@code app.dbs}
	 */
	public static RestoreCheck of(String name) {
		Assert.isTrue(name.matches("[a-z][a-z0-9-]*"),
				() -> "'" + name + "' is not the name of a database. Names match [a-z][a-z0-9-]*");
		return new RestoreCheck(name);
	}

	/**
	 * Sets the name of the database in the backup, if it is not the name of the check. A
	 * dump of another database is a finding.
	 * @param database the name on the server
	 * @return this check
	 */
	public RestoreCheck database(String database) {
		Assert.hasText(database, "The name of the database must not be empty");
		this.database = database;
		return this;
	}

	/**
	 * Sets the dump to restore: the custom, directory or tar format or the SQL of
	 * {@code pg_dump}, or the SQL of {@code mysqldump} or {@code mariadb-dump}. SQL may
	 * be compressed with gzip. The client programs of the server must be installed.
	 * @param dump the file or folder
	 * @return this check
	 */
	public RestoreCheck dump(Path dump) {
		this.dump = dump;
		return this;
	}

	/**
	 * Sets a folder with the files of a whole server, which are copied into the scratch
	 * folder, and on which a server is started, for example a backup of
	 * {@code pg_basebackup}. The programs of the same major version of the server must be
	 * installed.
	 * @param folder the folder, which is not changed
	 * @return this check
	 */
	public RestoreCheck folder(Path folder) {
		this.folder = folder;
		return this;
	}

	/**
	 * Sets a full backup of {@code mariadb-backup} and its incremental backups. They are
	 * copied and prepared, and a server is started on the copy. The programs of the same
	 * release series of MariaDB must be installed.
	 * @param full the folder with the full backup, prepared or not
	 * @param incremental the folders with the incremental backups, in their order
	 * @return this check
	 */
	public RestoreCheck mariaDbBackup(Path full, Path... incremental) {
		this.mariaDbBackup = new MariaDbBackupSource(full, List.of(incremental));
		return this;
	}

	/**
	 * Adds a command that restores or prepares the files of a whole server in the scratch
	 * folder. It is executed without a shell. Several commands are executed in their
	 * order. Afterwards a server is started on the folder.
	 * @param command the program and its arguments, where <code>{data}</code> is replaced
	 * by the scratch folder, for example <code>--pg1-path={data}</code>
	 * @return this check
	 */
	public RestoreCheck command(String... command) {
		Assert.notEmpty(command, "The command must not be empty");
		this.commands.add(List.of(command));
		return this;
	}

	/**
	 * Adds an environment variable for the commands. Messages do not contain its value.
	 * @param name the name
	 * @param value the value
	 * @return this check
	 */
	public RestoreCheck environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Sets the superuser of the PostgreSQL server in the backup. The default is
	 * {@code postgres}. Its password is changed in the scratch folder.
	 * @param superuser the name of the role
	 * @return this check
	 */
	public RestoreCheck superuser(String superuser) {
		this.superuser = superuser;
		return this;
	}

	/**
	 * Sets the server to restore the dump into. It must be of the same product, and of
	 * the same or a newer major version.
	 * @param target the server
	 * @return this check
	 */
	public RestoreCheck into(RestoreTarget target) {
		this.target = target;
		return this;
	}

	/**
	 * Creates roles before a dump of PostgreSQL is restored, and also restores owners and
	 * privileges. Without roles, owners and privileges are not restored.
	 * @param roles all roles that the dump mentions
	 * @return this check
	 */
	public RestoreCheck roles(String... roles) {
		this.roles = List.of(roles);
		return this;
	}

	/**
	 * Sets the folder with the programs of the server, such as {@code pg_restore} or
	 * {@code postgres}. By default they are searched in {@code PATH} and where packages
	 * install them.
	 * @param folder the folder
	 * @return this check
	 */
	public RestoreCheck programs(Path folder) {
		this.programs = new Programs(folder);
		return this;
	}

	/**
	 * Sets the maximum duration of the whole check. Programs that are still running then
	 * are stopped. The default is one hour.
	 * @param timeout the maximum duration
	 * @return this check
	 */
	public RestoreCheck timeout(Duration timeout) {
		Assert.isTrue(timeout.toMillis() > 0, "The timeout must be at least one millisecond");
		this.timeout = timeout;
		return this;
	}

	/**
	 * Requires Flyway's history to contain a version, or a newer one, and no failed
	 * migration.
	 * @param version the version, for example {@code 5} or {@code 2026.11.1}
	 * @return this check
	 */
	public RestoreCheck migrationVersionAtLeast(String version) {
		Assert.isTrue(MigrationCheck.isVersion(version),
				() -> "'" + version + "' is not a version. Versions are numbers, separated by dots");
		return add("migration version", (restored) -> MigrationCheck.checkVersion(restored, version));
	}

	/**
	 * Requires change sets in Liquibase's history.
	 * @param ids the identifiers of the change sets
	 * @return this check
	 */
	public RestoreCheck changeSets(String... ids) {
		return add("change sets", (restored) -> {
			for (String id : ids) {
				MigrationCheck.checkChangeSet(restored, id);
			}
		});
	}

	/**
	 * Requires tables, which may be empty.
	 * @param tables the names
	 * @return this check
	 */
	public RestoreCheck tables(String... tables) {
		return rowCountAtLeast(0, tables);
	}

	/**
	 * Requires tables with at least one row.
	 * @param tables the names
	 * @return this check
	 */
	public RestoreCheck notEmpty(String... tables) {
		return rowCountAtLeast(1, tables);
	}

	/**
	 * Requires a table with a number of rows.
	 * @param table the name
	 * @param rows the minimum number of rows
	 * @return this check
	 */
	public RestoreCheck rowCountAtLeast(String table, long rows) {
		return rowCountAtLeast(rows, table);
	}

	private RestoreCheck rowCountAtLeast(long minimum, String... tables) {
		return add("rows of " + String.join(", ", tables), new RowCountCheck(minimum, List.of(tables)));
	}

	/**
	 * Requires recent data.
	 * @param query a query of one point in time; one without time zone is in UTC
	 * @param maxAge its maximum age
	 * @return this check
	 */
	public RestoreCheck newerThan(String query, Duration maxAge) {
		return add("freshness", new FreshnessCheck(query, maxAge, Clock.systemUTC()));
	}

	/**
	 * Requires a query to return no rows, for example one for orders without a customer.
	 * @param query the query
	 * @return this check
	 */
	public RestoreCheck noRows(String query) {
		return add("no rows", (restored) -> {
			if (restored.sql().first(query, (row) -> true) != null) {
				restored.log().addFinding("The query '" + query + "' returns rows. Expected: none.");
			}
		});
	}

	/**
	 * Requires all constraints to be valid: none is {@code NOT VALID}, and no row
	 * violates a foreign key or, on PostgreSQL, a check constraint. Reads all rows of
	 * tables with constraints.
	 * @return this check
	 */
	public RestoreCheck constraints() {
		return add("constraints", new ConstraintsCheck());
	}

	/**
	 * Checks all tables and B-tree indexes of PostgreSQL with the extension
	 * {@code amcheck}.
	 * @return this check
	 */
	public RestoreCheck amcheck() {
		return add("amcheck", new AmcheckCheck());
	}

	/**
	 * Checks all tables of MariaDB or MySQL with {@code CHECK TABLE … EXTENDED}.
	 * @return this check
	 */
	public RestoreCheck checkTables() {
		return add("check table", new TableCheck());
	}

	private RestoreCheck add(String step, DatabaseCheck.Body body) {
		this.checks.add(new DatabaseCheck(step, body));
		return this;
	}

	/**
	 * Writes the outcome, good or bad, to the member {@code verified} of a JSON file,
	 * which {@code app.dbs.<name>.backup.file} reads. Other members are kept.
	 * @param report the file
	 * @return this check
	 */
	public RestoreCheck report(Path report) {
		this.report = report;
		return this;
	}

	/**
	 * Restores the backup and makes all checks.
	 * @return the report
	 * @throws RestoreCheckException if the backup cannot be restored, a check failed, the
	 * time is over, or the thread is interrupted
	 * @throws IllegalStateException if the settings are not complete or contradict each
	 * other, or the report cannot be written
	 */
	public RestoreReport run() {
		return new RestoreRun(createPlan()).execute();
	}

	private RestorePlan createPlan() {
		return new RestorePlan(this.name, this.database, createSource(), this.target, this.roles, this.environment,
				this.programs, this.superuser, this.timeout, List.copyOf(this.checks), this.report);
	}

	private BackupSource createSource() {
		boolean files = this.folder != null || !this.commands.isEmpty();
		long sources = Stream.of(this.dump, this.mariaDbBackup, files ? true : null).filter(Objects::nonNull).count();
		Assert.state(sources > 0,
				"There is no backup to verify. Name one with dump(…), folder(…), mariaDbBackup(…) or command(…)");
		Assert.state(sources == 1, "dump(…), mariaDbBackup(…) and folder(…) with command(…) cannot be combined");
		Assert.state(this.environment.isEmpty() || !this.commands.isEmpty(),
				"environment(…) has no effect without command(…)");
		if (this.dump != null) {
			Assert.state(this.target != null, "There is no server to restore the dump into. Name one with into(…)");
			Assert.state(this.roles.isEmpty() || this.target.isOwn(),
					"roles(…) are not created on a running server. Create them there");
			return new DumpSource(this.dump);
		}
		Assert.state(this.target == null,
				"into(…) has no effect on the files of a whole server. A server of the same version is started on them");
		Assert.state(this.roles.isEmpty(),
				"roles(…) have no effect on the files of a whole server, which has its roles");
		return (this.mariaDbBackup != null) ? this.mariaDbBackup
				: new FolderSource(this.folder, List.copyOf(this.commands));
	}

}
