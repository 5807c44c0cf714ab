package io.appdbs.engine;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

import com.mongodb.MongoException;
import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.engine.privilege.MongoGrantSyntax;
import io.appdbs.engine.url.DatabaseUrl;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.PercentEncoding;
import io.appdbs.engine.url.UrlHosts;
import io.appdbs.engine.url.UrlParts;
import io.appdbs.maintenance.MaintenanceOperation;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * MongoDB, whose
 * <a href="https://www.mongodb.com/docs/manual/reference/connection-string/">connection
 * string</a> is passed to the driver unchanged, except for user, password and secrets.
 * Works without the driver.
 */
public final class MongoDbEngine implements Engine {

	/** The second one is for operations with a deadline. */
	private static final Set<String> TIMEOUTS = Set.of("MongoTimeoutException", "MongoOperationTimeoutException");

	private static final boolean driverPresent = ClassUtils.isPresent("com.mongodb.MongoException",
			MongoDbEngine.class.getClassLoader());

	private static final String SRV = "mongodb+srv";

	@Override
	public String getId() {
		return "mongodb";
	}

	@Override
	public String getDisplayName() {
		return "MongoDB";
	}

	@Override
	public Set<MaintenanceOperation> getMaintenanceOperations() {
		return Collections.unmodifiableSet(
				EnumSet.of(MaintenanceOperation.COMPACT, MaintenanceOperation.CHECK, MaintenanceOperation.TRUNCATE));
	}

	@Override
	public DatabaseKind getKind() {
		return DatabaseKind.MONGODB;
	}

	@Override
	public GrantSyntax getGrantSyntax() {
		return new MongoGrantSyntax();
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("mongodb", SRV);
	}

	@Override
	public DatabaseConnectionDetails resolve(String url) {
		UrlParts parts = UrlParts.split(url);
		Map<String, String> properties = new LinkedHashMap<>();
		StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
		Map<String, String> values = new LinkedHashMap<>();
		for (String parameter : DatabaseUrl.splitQuery(withAmpersands(parts.query()))) {
			int equals = parameter.indexOf('=');
			String name = (equals >= 0) ? parameter.substring(0, equals) : parameter;
			// The driver uses the last one of several values, except for these.
			if (!name.equalsIgnoreCase("readPreferenceTags")) {
				DatabaseUrl.putOnce(values, name.toLowerCase(Locale.ROOT), parameter.substring(equals + 1));
			}
			if (DatabaseUrl.isSecret(name)) {
				properties.put(name,
						PercentEncoding.decode(parameter.substring(equals + 1), "the parameter '" + name + "'"));
			}
			else {
				query.add(parameter);
			}
		}
		return new DatabaseConnectionDetails(parts.scheme() + "://" + parts.hosts() + "/" + parts.path() + query,
				parseHosts(parts), parseDatabase(parts), DatabaseUrl.decodeUsername(parts.userInfo()),
				DatabaseUrl.decodePassword(parts.userInfo()), properties);
	}

	/**
	 * The driver only logs a warning for unknown options. Only its constants have the
	 * known ones.
	 */
	@Override
	public DriverParameters readParameters(@Nullable DatabaseConnectionDetails details,
			@Nullable ClassLoader classLoader) {
		try {
			Field known = ClassUtils.forName("com.mongodb.ConnectionString", classLoader).getDeclaredField("ALL_KEYS");
			known.setAccessible(true);
			Set<String> names = new TreeSet<>(Set.of("wtimeout", "j"));
			((Set<?>) known.get(null)).forEach((name) -> names.add(String.valueOf(name)));
			return new DriverParameters(Set.of(), names, true);
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			return DriverParameters.UNKNOWN;
		}
	}

	/**
	 * The certificates are those of a context that the client is given, so that only
	 * their key is a property.
	 */
	@Override
	public Map<String, String> getSslProperties(String key, boolean hostNameVerified) {
		return Map.of(SSL_KEY, key);
	}

	/**
	 * Returns the key of the certificates of an SSL bundle.
	 * @param details where the connections go
	 * @return the key or {@code null} if there is no bundle
	 */
	public static @Nullable String getSslKey(DatabaseConnectionDetails details) {
		return details.properties().get(SSL_KEY);
	}

	@Override
	public Set<String> getSslParameters() {
		return Set.of("tls", "ssl", "tlsInsecure", "tlsAllowInvalidHostnames", "sslInvalidHostNameAllowed");
	}

	/**
	 * Returns the connection string for the driver, including the secrets. The driver
	 * reads the user and the authentication mechanism only from there.
	 * @param details where the connections go, and with which login
	 * @return a connection string that must not be logged
	 */
	public static String toConnectionString(DatabaseConnectionDetails details) {
		String username = details.username();
		String password = details.password();
		int hosts = details.url().indexOf("://") + 3;
		StringBuilder result = new StringBuilder(details.url());
		details.properties().forEach((name, value) -> {
			if (name.equals(SSL_KEY)) {
				// not for the driver
				return;
			}
			result.append((result.indexOf("?") >= 0) ? '&' : '?');
			result.append(name).append('=').append(PercentEncoding.encode(value));
		});
		if (username != null) {
			result.insert(hosts, PercentEncoding.encode(username)
					+ ((password != null) ? ":" + PercentEncoding.encode(password) : "") + "@");
		}
		return result.toString();
	}

	private static @Nullable String withAmpersands(@Nullable String query) {
		// The driver accepts semicolons as separators, too: a secret could follow one.
		return (query != null) ? query.replace(';', '&') : null;
	}

	private static List<String> parseHosts(UrlParts parts) {
		if (parts.hosts().isEmpty()) {
			throw new InvalidUrlException("names no host",
					"Write it as " + parts.scheme() + "://host/database, with the host of the server.");
		}
		if (!SRV.equals(parts.scheme())) {
			return UrlHosts.parse(parts.hosts(), 27017);
		}
		List<String> hosts = new ArrayList<>(UrlHosts.parse(parts.hosts(), 0));
		if (hosts.size() != 1 || hosts.get(0).indexOf(':') >= 0) {
			throw new InvalidUrlException("has a port or several hosts, which DNS supplies for mongodb+srv",
					"Leave one host without port, or write mongodb:// in place of mongodb+srv://.");
		}
		return hosts;
	}

	private static String parseDatabase(UrlParts parts) {
		String path = PercentEncoding.decode(parts.path(), "a database");
		int dot = path.indexOf('.');
		String database = (dot >= 0) ? path.substring(0, dot) : path;
		if (database.isEmpty()) {
			throw new InvalidUrlException("names no database", "Add the name of the database after the hosts, "
					+ "in front of a '?', for example " + parts.scheme() + "://" + parts.hosts() + "/catalog.");
		}
		return database;
	}

	/**
	 * Returns why a database could not be reached. The driver may be absent, so its
	 * exceptions are recognized by name.
	 */
	@Override
	public FailureReason classify(Throwable failure) {
		if (Causes.of(failure).anyMatch((each) -> each.getClass().getSimpleName().equals("MongoSecurityException"))) {
			return FailureReason.AUTHENTICATION;
		}
		FailureReason reason = Engine.super.classify(failure);
		return (reason == FailureReason.OTHER && TIMEOUTS.contains(failure.getClass().getSimpleName()))
				? classifyText(String.valueOf(failure.getMessage())) : reason;
	}

	/**
	 * Classifies by the <a href=
	 * "https://www.mongodb.com/docs/manual/core/transactions-in-applications/">labels</a>
	 * of the driver's exceptions.
	 */
	@Override
	public TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts) {
		return driverPresent ? Labels.classify(failure) : TransactionFailure.OTHER;
	}

	/**
	 * The exception for a server that was not found has no cause; its message names the
	 * causes of the servers that were tried, and the types of those that answered.
	 */
	private static FailureReason classifyText(String message) {
		if (message.contains("=REPLICA_SET_") && !message.contains("=REPLICA_SET_PRIMARY")) {
			return FailureReason.NO_PRIMARY;
		}
		if (message.contains("UnknownHostException")) {
			return FailureReason.UNKNOWN_HOST;
		}
		if (message.contains("ConnectException")) {
			return FailureReason.REFUSED;
		}
		if (message.contains("MongoSecurityException")) {
			return FailureReason.AUTHENTICATION;
		}
		return message.contains("SSL") ? FailureReason.TLS : FailureReason.UNREACHABLE;
	}

	/**
	 * Loaded only where the driver is present.
	 */
	private static final class Labels {

		static TransactionFailure classify(Throwable failure) {
			MongoException found = Causes.find(MongoException.class, failure);
			return (found != null) ? classify(found) : TransactionFailure.OTHER;
		}

		private static TransactionFailure classify(MongoException failure) {
			if (failure.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)) {
				return TransactionFailure.LOST;
			}
			return failure.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL) ? TransactionFailure.CONFLICT
					: TransactionFailure.OTHER;
		}

	}

}
