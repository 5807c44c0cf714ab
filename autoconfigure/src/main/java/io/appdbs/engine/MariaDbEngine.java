package io.appdbs.engine;

import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.mysql.MariaDbInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.maintenance.MySqlMaintenance;
import io.appdbs.engine.partition.MariaDbPartitioning;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.replication.MariaDbReplication;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.UrlParameters;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * MariaDB, with its own driver, which takes everything in a URL literally.
 */
final class MariaDbEngine extends MySqlEngine {

	private static final JdbcInspector INSPECTOR = new MariaDbInspector();

	/** Alternative names of parameters. */
	private static final Set<String> ALIASES = Set.of("clientCertificateKeyStoreUrl",
			"clientCertificateKeyStorePassword", "clientCertificateKeyStoreType", "trustCertificateKeyStoreUrl",
			"trustCertificateKeyStorePassword", "trustCertificateKeyStoreType", "nullCatalogMeansCurrent",
			"databaseTerm");

	/** Parameters of the address of a host. */
	private static final Set<String> ADDRESS = inAnyCase(
			Set.of("host", "localSocket", "pipe", "port", "sslMode", "type"));

	/**
	 * Parameters that the driver or one of its plugins reads but does not list. Their
	 * case is significant.
	 */
	private static final Set<String> UNLISTED = Set.of("useSsl", "useSSL", "trustServerCertificate",
			"disableSslHostnameVerification", "forceTransactionEnd", "canUseServerTimeout", "getImportedKeysUsingIs",
			"getExportedKeysUsingIs", "importedKeysWithConstraintNames", "disableSslContextCache",
			"testMinRemovalDelay", "resultSetMetaDataUnsignedCompatibility", "deniedListTimeout",
			"waitReconnectTimeout", "enableSkipMeta", "accessKeyId", "secretKey", "region", "userKey", "pwdKey",
			"password1", "password2", "password3", "permitMysqlScheme");

	MariaDbEngine() {
		super("mariadb", "MariaDB", "org.mariadb.jdbc.Driver", "org.mariadb.jdbc:mariadb-java-client");
	}

	/**
	 * Reads the fields in which the driver looks up parameters, which is much faster than
	 * the list of the driver.
	 */
	@Override
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails details) throws Exception {
		Class<?> builder = ClassUtils.forName("org.mariadb.jdbc.Configuration$Builder",
				driver.getClass().getClassLoader());
		Set<String> listed = inAnyCase(ALIASES);
		Stream.of(builder.getDeclaredFields())
			.map(Field::getName)
			.filter((name) -> !name.startsWith("_"))
			.forEach(listed::add);
		Set<String> names = inAnyCase(listed);
		Set<String> query = inAnyCase(UrlParameters.ofQuery(details.url()).keySet());
		Set<String> address = inAnyCase(UrlParameters.ofAddresses(details.url()).keySet());
		names.removeIf((name) -> address.contains(name) && !ADDRESS.contains(name));
		if (!address.isEmpty()) {
			names.addAll(ADDRESS);
			names.removeIf((name) -> query.contains(name) && !listed.contains(name));
		}
		return new DriverParameters(UNLISTED, names, true);
	}

	/**
	 * Parameters that version 2 of the driver had, or accepted in MySQL URLs. All text is
	 * Unicode.
	 */
	@Override
	public Set<String> getObsoleteParameters() {
		return Set.of("useUnicode", "characterEncoding", "useLegacyDatetimeCode", "useJDBCCompliantTimezoneShift",
				"autoReconnect", "useBatchMultiSend", "usePipelineAuth");
	}

	private static Set<String> inAnyCase(Set<String> names) {
		Set<String> result = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		result.addAll(names);
		return result;
	}

	@Override
	public Map<String, String> getSslProperties(String key, boolean hostNameVerified) {
		return Map.of("sslMode", hostNameVerified ? "verify-full" : "verify-ca", "tlsSocketType", SSL_KEY, SSL_KEY,
				key);
	}

	@Override
	public Set<String> getSslParameters() {
		return Set.of("sslMode", "useSsl", "requireSsl", "trustServerCertificate", "verifyServerCertificate",
				"disableSslHostnameVerification", "serverSslCert", "keyStore", "keyStorePassword", "keyStoreType",
				"keyPassword", "trustStore", "trustStorePassword", "trustStoreType", "clientCertificateKeyStoreUrl",
				"clientCertificateKeyStorePassword", "clientCertificateKeyStoreType", "trustCertificateKeyStoreUrl",
				"trustCertificateKeyStorePassword", "trustCertificateKeyStoreType", "fallbackToSystemKeyStore",
				"fallbackToSystemTrustStore", "enabledSslCipherSuites", "enabledSslProtocolSuites", "tlsSocketType",
				SSL_KEY);
	}

	@Override
	Map<String, String> getSslModes() {
		return Map.of("DISABLED", "disable", "REQUIRED", "trust", "VERIFY_CA", "verify-ca", "VERIFY_IDENTITY",
				"verify-full");
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.MariaDBDialect";
	}

	@Override
	public String getDataJdbcDialect() {
		return "org.springframework.data.jdbc.core.dialect.JdbcMariaDbDialect";
	}

	@Override
	public String getJooqDialect() {
		return "MARIADB";
	}

	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.startsWith("MariaDB");
	}

	@Override
	public Partitioning getPartitioning() {
		return new MariaDbPartitioning();
	}

	@Override
	public JdbcMaintenance getMaintenance() {
		return new MySqlMaintenance(true);
	}

	@Override
	public Replication getReplication() {
		return new MariaDbReplication();
	}

	@Override
	public JdbcInspector getInspector() {
		return INSPECTOR;
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return true;
	}

	@Override
	String getTimeoutVariable(ServerTimeout timeout, Duration limit) {
		return switch (timeout) {
			case STATEMENT ->
				"max_statement_time=" + BigDecimal.valueOf(ServerTimeout.milliseconds(limit), 3).toPlainString();
			case LOCK -> super.getTimeoutVariable(timeout, limit);
			case IDLE_IN_TRANSACTION -> "idle_transaction_timeout=" + ServerTimeout.wholeSeconds(limit);
		};
	}

	/**
	 * With {@code innodb_snapshot_isolation}, a row that another transaction has changed
	 * meanwhile is a conflict.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return (failure.getErrorCode() == 1020) ? TransactionFailure.CONFLICT : super.classifyTransaction(failure);
	}

	@Override
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return (failure.getErrorCode() == 1969) ? ServerTimeout.STATEMENT : super.toTimeout(failure);
	}

	@Override
	protected String encode(String text) {
		if (text.indexOf('?') >= 0 || text.indexOf('&') >= 0) {
			throw new InvalidUrlException("has a database or a parameter with a '?' or an '&', which the driver of "
					+ getDisplayName() + " cannot tell from the end of it", "Choose another value.");
		}
		return text;
	}

	@Override
	protected String decode(String text) {
		return text;
	}

}
