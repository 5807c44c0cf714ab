package io.appdbs.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.settings.mongo.MongoSettings;
import io.appdbs.settings.mongo.ShardingSettings;
import io.appdbs.settings.security.AuditSettings;
import io.appdbs.settings.security.EncryptionSettings;
import io.appdbs.settings.security.PrivilegesSettings;
import io.appdbs.settings.security.SslSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.NumberUtils;

/**
 * One entry of {@code app.dbs}, with the values of {@code app.dbs-defaults} filled in, or
 * {@code app.dbs-defaults} itself. A value that is not set and has no default is
 * {@code null}.
 *
 * @param url URL of the database: a 'jdbc:' URL, a URL as cloud providers write it, such
 * as 'postgresql://host/db' or 'mongodb+srv://host/db', or 'embedded:' followed by an
 * engine. Required.
 * @param engine Identifier of the engine, which can be an engine of the application. By
 * default, the URL determines it. Needed if the URL is not known when bean definitions
 * are created, or to use CockroachDB or YugabyteDB with a 'postgresql:' URL, or TiDB or
 * Vitess with a 'mysql:' URL.
 * @param username Login username, unless the URL contains it. Ignored by embedded
 * servers.
 * @param password Login password, unless the URL contains it. Ignored by embedded
 * servers.
 * @param credentials Credentials that can change at run time.
 * @param packages Packages of the entities and repositories of the database. Sub-packages
 * are included.
 * @param enabled Whether the application uses the database. A disabled database has no
 * beans and is not opened.
 * @param primary Whether an injection point without qualifier gets the database. Only one
 * relational and one MongoDB database can be primary.
 * @param required Whether the application needs the database. If not, the application
 * starts, and is ready, without it.
 * @param readOnly Whether the server rejects writes on the connections of the database.
 * Not for TiDB, Vitess, H2 and MongoDB.
 * @param createDatabase Whether to create the database on the server if it is missing.
 * H2, MongoDB and embedded servers always create it. Not for Vitess.
 * @param statementTimeout Time after which the server cancels a statement, or the MongoDB
 * driver an operation, including the wait for a connection. No limit by default. Not for
 * Vitess.
 * @param lockTimeout Maximum time that a statement waits for a lock. By default, the
 * server's limit applies. Not for Vitess and MongoDB.
 * @param idleInTransactionTimeout Time after which the server ends a transaction that
 * executes no statement. No limit by default. PostgreSQL, CockroachDB, YugabyteDB and
 * MariaDB only.
 * @param ssl TLS by an SSL bundle.
 * @param pool Connection pool, for HikariCP and the MongoDB driver.
 * @param hikari Any other property of HikariCP, as below 'spring.datasource.hikari'.
 * Relational databases only.
 * @param flyway Any option of Flyway, as below 'spring.flyway' or in Flyway's
 * documentation. Relational databases only.
 * @param liquibase Migration with Liquibase instead of Flyway.
 * @param sqlInit SQL scripts that initialize the database.
 * @param jpa Persistence unit, with the keys of 'spring.jpa' and 'spring.jpa.hibernate',
 * whose values are the defaults.
 * @param startup Requirements for the application to be ready.
 * @param health Monitoring of the database.
 * @param rls Row-level security.
 * @param privileges Privileges that the application's login should have.
 * @param audit Audit of what the application does.
 * @param encryption Keys that encrypt fields.
 * @param backup Observation of backups.
 * @param cache Cache for results.
 * @param retry Retry of transactions after a conflict.
 * @param replicas Replicas of the database, for reads. Not for MongoDB.
 * @param replicaReads Routing of reads to the replicas.
 * @param inspection Inspection of sizes, indexes, activity and findings.
 * @param maintenance Maintenance of tables and indexes.
 * @param partitions Partitions that are created ahead. PostgreSQL, MySQL and MariaDB
 * only.
 * @param mongo Indexes, validators, migrations and concerns of a MongoDB database.
 * @param sharding Sharded collections of a MongoDB cluster.
 * @param queryLog Whether to log each statement, or command of MongoDB.
 * @param queryLogParameters Whether logged statements include the values of their
 * parameters, and logged commands their values.
 * @param queryLogMasked Columns, or fields of MongoDB, whose values are logged as
 * '******'. None by default.
 * @param slowQueryThreshold Time from which a statement, or command of MongoDB, is logged
 * and counted as slow, at least 1ms. Off by default.
 * @param slowQueryPlan Whether to log the generic plan of a slow statement, at most once
 * per hour. PostgreSQL and H2 only.
 */
@ConfigurationProperties("app.dbs-defaults")
@ConfigurationPropertiesSource
public record DatabaseSettings(@Nullable String url, @Nullable String engine, @Nullable String username,
		@Nullable String password, @DefaultValue @NestedConfigurationProperty CredentialsSettings credentials,
		@DefaultValue List<String> packages, @DefaultValue("true") boolean enabled, boolean primary,
		@DefaultValue("true") boolean required, boolean readOnly, boolean createDatabase,
		@Nullable Duration statementTimeout, @Nullable Duration lockTimeout,
		@Nullable Duration idleInTransactionTimeout, @DefaultValue @NestedConfigurationProperty SslSettings ssl,
		@DefaultValue @NestedConfigurationProperty PoolSettings pool, @DefaultValue Map<String, String> hikari,
		@DefaultValue Map<String, String> flyway,
		@DefaultValue @NestedConfigurationProperty LiquibaseSettings liquibase,
		@DefaultValue @NestedConfigurationProperty SqlInitSettings sqlInit,
		@DefaultValue @NestedConfigurationProperty JpaSettings jpa,
		@DefaultValue @NestedConfigurationProperty StartupSettings startup,
		@DefaultValue @NestedConfigurationProperty HealthSettings health,
		@DefaultValue @NestedConfigurationProperty RlsSettings rls,
		@DefaultValue @NestedConfigurationProperty PrivilegesSettings privileges,
		@DefaultValue @NestedConfigurationProperty AuditSettings audit,
		@DefaultValue @NestedConfigurationProperty EncryptionSettings encryption,
		@DefaultValue @NestedConfigurationProperty BackupSettings backup,
		@DefaultValue @NestedConfigurationProperty CacheSettings cache,
		@DefaultValue @NestedConfigurationProperty RetrySettings retry, @DefaultValue List<ReplicaSettings> replicas,
		@DefaultValue @NestedConfigurationProperty ReplicaReadSettings replicaReads,
		@DefaultValue @NestedConfigurationProperty InspectionSettings inspection,
		@DefaultValue @NestedConfigurationProperty MaintenanceSettings maintenance,
		@DefaultValue List<PartitionSettings> partitions,
		@DefaultValue @NestedConfigurationProperty MongoSettings mongo,
		@DefaultValue @NestedConfigurationProperty ShardingSettings sharding, boolean queryLog,
		boolean queryLogParameters, @DefaultValue List<String> queryLogMasked, @Nullable Duration slowQueryThreshold,
		boolean slowQueryPlan) {

	public DatabaseSettings {
		// an empty default, as in ${ORDERS_USERNAME:}, counts as not set
		username = (username != null && !username.isEmpty()) ? username : null;
		password = (password != null && !password.isEmpty()) ? password : null;
		packages = List.copyOf(packages);
		hikari = Collections.unmodifiableMap(new LinkedHashMap<>(hikari));
		flyway = Collections.unmodifiableMap(new LinkedHashMap<>(flyway));
		replicas = List.copyOf(replicas);
		partitions = List.copyOf(partitions);
		queryLogMasked = List.copyOf(queryLogMasked);
	}

	/**
	 * Returns the limits that the server enforces.
	 * @return those that are set
	 */
	public Map<ServerTimeout, Duration> timeouts() {
		Map<ServerTimeout, Duration> timeouts = new EnumMap<>(ServerTimeout.class);
		put(timeouts, ServerTimeout.STATEMENT, this.statementTimeout);
		put(timeouts, ServerTimeout.LOCK, this.lockTimeout);
		put(timeouts, ServerTimeout.IDLE_IN_TRANSACTION, this.idleInTransactionTimeout);
		return timeouts;
	}

	private static void put(Map<ServerTimeout, Duration> timeouts, ServerTimeout timeout, @Nullable Duration limit) {
		if (limit != null) {
			timeouts.put(timeout, limit);
		}
	}

	/**
	 * Returns the time that a caller waits for a connection, as a key of the pool or a
	 * property of HikariCP.
	 * @return the time, by default 30 seconds as in HikariCP
	 */
	public Duration acquireTimeoutOrDefault() {
		String ofHikari = this.hikari.get("connection-timeout");
		if (ofHikari == null) {
			Duration timeout = this.pool.acquireTimeout();
			return (timeout != null) ? timeout : Duration.ofSeconds(30);
		}
		long millis = NumberUtils.parseNumber(ofHikari, Long.class);
		// HikariCP treats it as no limit
		return Duration.ofMillis((millis != 0) ? millis : Integer.MAX_VALUE);
	}

	/**
	 * Returns the same settings with other credentials.
	 * @param username the login username or {@code null}
	 * @param password the login password or {@code null}
	 * @return a copy
	 */
	public DatabaseSettings withCredentials(@Nullable String username, @Nullable String password) {
		return copy(username, password, this.hikari, this.flyway);
	}

	/**
	 * Returns the connection details with the login that connections to it are opened
	 * with.
	 * @param details where the database is
	 * @return a copy with the username and the password of these settings, or those of
	 * the connection details if there are none
	 */
	public DatabaseConnectionDetails applyCredentials(DatabaseConnectionDetails details) {
		return details.withCredentials((this.username != null) ? this.username : details.username(),
				(this.password != null) ? this.password : details.password());
	}

	/**
	 * Returns the login that inspects the database: that of {@code inspection}, otherwise
	 * that of the application.
	 * @return the properties {@code user} and, if it has one, {@code password} of the
	 * driver, empty for the login of the application
	 */
	public Map<String, String> inspectionLogin() {
		String username = this.inspection.username();
		return (username != null) ? toProperties(username, this.inspection.password()) : Map.of();
	}

	/**
	 * Returns the login that maintains tables: that of {@code maintenance}, otherwise the
	 * separate one of the migrations, otherwise that of the application.
	 * @return the properties {@code user} and, if it has one, {@code password} of the
	 * driver, empty for the login of the application
	 */
	public Map<String, String> maintenanceLogin() {
		if (this.maintenance.username() != null) {
			return toProperties(this.maintenance.username(), this.maintenance.password());
		}
		String ofFlyway = this.flyway.get("user");
		if (ofFlyway != null) {
			return toProperties(ofFlyway, this.flyway.get("password"));
		}
		String ofLiquibase = this.liquibase.user();
		return (ofLiquibase != null) ? toProperties(ofLiquibase, this.liquibase.password()) : Map.of();
	}

	private static Map<String, String> toProperties(String username, @Nullable String password) {
		return (password != null) ? Map.of("user", username, "password", password) : Map.of("user", username);
	}

	/**
	 * Returns the same settings with other properties of HikariCP and options of Flyway.
	 * @param hikari the properties of HikariCP
	 * @param flyway the options of Flyway
	 * @return a copy
	 */
	public DatabaseSettings withOptions(Map<String, String> hikari, Map<String, String> flyway) {
		return copy(this.username, this.password, hikari, flyway);
	}

	/**
	 * Returns the settings of a replica. It serves only reads, is not required by the
	 * application, and is not prepared at the start.
	 * @param replica one of {@link #replicas()}
	 * @return the settings of the replica as a database
	 */
	public DatabaseSettings forReplica(ReplicaSettings replica) {
		String username = (replica.username() != null) ? replica.username() : this.username;
		String password = (replica.password() != null) ? replica.password() : this.password;
		CredentialsSettings credentials = (replica.password() != null) ? this.credentials.withoutFiles()
				: this.credentials;
		return new DatabaseSettings(replica.url(), null, username, password, credentials, List.of(), true, false, false,
				false, false, this.statementTimeout, this.lockTimeout, this.idleInTransactionTimeout, this.ssl,
				replica.pool().orElse(this.pool), this.hikari, Map.of(), this.liquibase, this.sqlInit,
				JpaSettings.none(), this.startup.withoutRequirements(), this.health, this.rls,
				(replica.username() != null) ? this.privileges.withoutNeeded() : PrivilegesSettings.off(),
				this.audit.withoutRows(), this.encryption, BackupSettings.none(), new CacheSettings(null), this.retry,
				List.of(), this.replicaReads, this.inspection, this.maintenance.withoutOperations(), List.of(),
				this.mongo, this.sharding, this.queryLog, this.queryLogParameters, this.queryLogMasked,
				this.slowQueryThreshold, this.slowQueryPlan);
	}

	private DatabaseSettings copy(@Nullable String username, @Nullable String password, Map<String, String> hikari,
			Map<String, String> flyway) {
		return new DatabaseSettings(this.url, this.engine, username, password, this.credentials, this.packages,
				this.enabled, this.primary, this.required, this.readOnly, this.createDatabase, this.statementTimeout,
				this.lockTimeout, this.idleInTransactionTimeout, this.ssl, this.pool, hikari, flyway, this.liquibase,
				this.sqlInit, this.jpa, this.startup, this.health, this.rls, this.privileges, this.audit,
				this.encryption, this.backup, this.cache, this.retry, this.replicas, this.replicaReads, this.inspection,
				this.maintenance, this.partitions, this.mongo, this.sharding, this.queryLog, this.queryLogParameters,
				this.queryLogMasked, this.slowQueryThreshold, this.slowQueryPlan);
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "DatabaseSettings[engine=" + this.engine + ", primary=" + this.primary + ", readOnly=" + this.readOnly
				+ ", statementTimeout=" + this.statementTimeout + ", pool=" + this.pool + "]";
	}

}
