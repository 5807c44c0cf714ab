package io.appdbs.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.config.UrlResolution.Resolved;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.config.validator.AdaptivePoolValidator;
import io.appdbs.config.validator.DatabaseValidator;
import io.appdbs.config.validator.PoolValidator;
import io.appdbs.config.validator.SslValidator;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.ReplicaReadSettings;
import io.appdbs.settings.ReplicaSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates the replicas of a database and resolves their URLs.
 */
class ReplicaValidator {

	private static final String MAX_LAG = "replica-reads.max-lag";

	private static final String EMBEDDED = "embedded:postgresql";

	private static final Pattern LOOPBACK = Pattern.compile("^(127\\.0\\.0\\.1|\\[::1]):");

	private final SettingProblems problems;

	private final UrlResolution urls;

	private final DatabaseDefinition database;

	private final DriverParameterValidator parameters;

	private final Map<String, String> known = new HashMap<>();

	/**
	 * Creates a new {@link ReplicaValidator}.
	 * @param problems where to report problems
	 * @param urls finds where a replica is
	 * @param database the database
	 * @param parameters examines the parameters of the URLs
	 */
	ReplicaValidator(SettingProblems problems, UrlResolution urls, DatabaseDefinition database,
			DriverParameterValidator parameters) {
		this.problems = problems;
		this.urls = urls;
		this.database = database;
		this.parameters = parameters;
	}

	/**
	 * Returns the definitions of the replicas, without those that are invalid.
	 */
	List<DatabaseDefinition> validate(Collection<String> names, @Nullable ClassLoader classLoader) {
		DatabaseSettings settings = this.database.settings();
		validateReads(settings.replicaReads());
		if (settings.replicas().isEmpty() || !isPossible()) {
			return List.of();
		}
		List<DatabaseDefinition> replicas = new ArrayList<>();
		this.known.put(place(this.database.connectionDetails().get()), "the database itself");
		for (int i = 0; i < settings.replicas().size(); i++) {
			String name = DatabaseDefinition.replicaName(this.database.name(), i + 1);
			validateName(name, "replicas[%d]".formatted(i), names);
			DatabaseDefinition replica = validate(name, this.problems.ofReplica(i), settings.replicas().get(i),
					classLoader);
			if (replica != null) {
				replicas.add(replica);
			}
		}
		return replicas;
	}

	private boolean isPossible() {
		if (this.database.engine().getKind() != DatabaseKind.RELATIONAL) {
			reject("its driver discovers the members of a replica set",
					"Remove it, and write 'readPreference=secondaryPreferred' in '%s'.".formatted(key("url")));
			return false;
		}
		if (isEmbedded() && !EmbeddedServers.isReplicated(String.valueOf(this.database.settings().url()))) {
			reject("'%s' is embedded, and of the embedded servers only PostgreSQL has replicas".formatted(key("url")),
					"Remove it, or give '%s' the URL of a server that has replicas.".formatted(key("url")));
			return false;
		}
		return true;
	}

	private boolean isEmbedded() {
		return EmbeddedServers.isEmbedded(String.valueOf(this.database.settings().url()));
	}

	private void reject(String reason, String action) {
		this.problems.addOwn("replicas", "'%s' is set, but %s.".formatted(key("replicas"), reason), action);
	}

	private String key(String key) {
		return this.problems.key(key);
	}

	private void validateReads(ReplicaReadSettings reads) {
		if (this.problems.checkPositive(MAX_LAG, reads.maxLag()) && this.problems.place(MAX_LAG) != null
				&& !this.database.settings().replicas().isEmpty() && this.database.engine() instanceof JdbcEngine engine
				&& engine.getReplication() == null) {
			this.problems.addOwn(MAX_LAG,
					"'%s' is '%s', but %s does not report how far a replica lags.".formatted(key(MAX_LAG),
							SettingProblems.text(reads.maxLag()), engine.getDisplayName()),
					"Remove '%s'.".formatted(key(MAX_LAG)));
		}
		if (reads.readOwnWritesFor().isNegative()) {
			this.problems.add("replica-reads.read-own-writes-for", SettingProblems.text(reads.readOwnWritesFor()),
					"but must not be negative", "Write 0 to switch it off, or a duration such as 2s.");
		}
	}

	/**
	 * A replica has a separate name.
	 */
	private void validateName(String name, String key, Collection<String> names) {
		if (names.contains(name)) {
			this.problems.addOwn(key, "'%s' is named '%s', and so is another database.".formatted(key(key), name),
					"Rename the database '%s'.".formatted(name));
		}
	}

	private @Nullable DatabaseDefinition validate(String name, SettingProblems problems, ReplicaSettings replica,
			@Nullable ClassLoader classLoader) {
		DatabaseSettings settings = this.database.settings().forReplica(replica);
		String url = replica.url();
		if (url == null || url.isBlank()) {
			problems.addOwn("url", "'%s' is missing.".formatted(problems.key("url")),
					"Set it, for example to '%s'.".formatted(isEmbedded() ? EMBEDDED : "postgresql://replica/orders"));
			return null;
		}
		if (isEmbedded() || EmbeddedServers.isEmbedded(url)) {
			return validateEmbedded(name, problems, settings, url, classLoader);
		}
		Resolved resolved = this.urls.resolve(settings, problems);
		if (resolved == null || resolved.details() == null || !isSameEngine(resolved.engine(), problems)
				|| !isAnother(resolved.details(), problems)) {
			return null;
		}
		DatabaseConnectionDetails details = resolved.details();
		DatabaseValidator validator = new DatabaseValidator(problems, classLoader);
		validator.validateCredential("username", replica.username(), details.username());
		validator.validateCredential("password", replica.password(), details.password());
		this.parameters.validateUrl(problems, "url", url, resolved.engine(), details,
				HikariKeys.driverProperties(settings.hikari()));
		new SslValidator(problems, settings, this.database.engine()).validate(details);
		validatePool(problems, settings, classLoader);
		// has a password if the replica does, and not only the database
		DatabaseConnectionDetails own = (replica.password() != null)
				? details.withCredentials(details.username(), replica.password()) : details;
		return new DatabaseDefinition(name, DatabaseSettingsBinder.complete(settings, own), this.database.engine(),
				() -> own, this.database.name(), problems.keys()::key);
	}

	/**
	 * An embedded server has embedded replicas, and no other server has.
	 */
	private @Nullable DatabaseDefinition validateEmbedded(String name, SettingProblems problems,
			DatabaseSettings settings, String url, @Nullable ClassLoader classLoader) {
		if (!isEmbedded()) {
			problems.addOwn("url", "'%s' is embedded, but '%s' is not.".formatted(problems.key("url"), key("url")),
					"Give the URL of a server that follows the one of '%s'.".formatted(key("url")));
			return null;
		}
		if (!url.equals(EMBEDDED)) {
			problems.addOwn("url",
					"'%s' is not '%s', but '%s' is embedded.".formatted(problems.key("url"), EMBEDDED, key("url")),
					"Set it to '%s', for a temporary server that follows the embedded one.".formatted(EMBEDDED));
			return null;
		}
		validatePool(problems, settings, classLoader);
		return new DatabaseDefinition(name, settings, this.database.engine(), this.database.connectionDetails(),
				this.database.name(), problems.keys()::key);
	}

	private void validatePool(SettingProblems problems, DatabaseSettings settings, @Nullable ClassLoader classLoader) {
		new PoolValidator(problems, settings.pool(), this.database.engine()).validate();
		new AdaptivePoolValidator(problems, settings.pool(), this.database.engine(), classLoader).validate();
	}

	private boolean isSameEngine(Engine engine, SettingProblems problems) {
		Engine own = this.database.engine();
		if (own.isSameProtocol(engine)) {
			return true;
		}
		problems.addOwn("url",
				"'%s' is a URL of %s, but the database is one of %s.".formatted(problems.key("url"),
						engine.getDisplayName(), own.getDisplayName()),
				"Give the URL of a %s server that follows the one of '%s'.".formatted(own.getDisplayName(),
						key("url")));
		return false;
	}

	private boolean isAnother(DatabaseConnectionDetails details, SettingProblems problems) {
		String other = this.known.putIfAbsent(place(details), "'%s'".formatted(problems.key("url")));
		if (other != null) {
			problems.addOwn("url",
					"'%s' is %s, the same as %s.".formatted(problems.key("url"), details.address(), other),
					"Give the URL of another server, or remove the replica.");
		}
		return other == null;
	}

	private static String place(DatabaseConnectionDetails details) {
		Set<String> hosts = details.hosts()
			.stream()
			.map((host) -> LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("localhost:"))
			.collect(Collectors.toSet());
		return hosts.isEmpty() ? details.url() : hosts + "/" + details.database();
	}

}
