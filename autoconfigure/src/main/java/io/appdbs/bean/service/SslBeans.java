package io.appdbs.bean.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.ssl.DatabaseSsl;
import io.appdbs.ssl.SslConnectionDetails;
import io.appdbs.ssl.UnusableBundleException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.NestedExceptionUtils;

/**
 * Finds the SSL bundles of databases.
 */
public final class SslBeans {

	private static final String KEY = "ssl.bundle";

	private final BeanFactory beanFactory;

	private final ConfigurationProblems problems = new ConfigurationProblems();

	private final Map<String, DatabaseSsl> found = new LinkedHashMap<>();

	private SslBeans(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Reads the bundles.
	 * @param definitions the databases
	 * @param replaced the names of the databases that a bean of the application replaces
	 * @param beanFactory the bean factory
	 * @return the bundles by the name of the database, which the life cycle closes
	 * @throws InvalidDatabaseConfigurationException if one cannot be used; it reports all
	 * problems together
	 */
	public static Map<String, DatabaseSsl> open(List<DatabaseDefinition> definitions, Set<String> replaced,
			BeanFactory beanFactory) {
		SslBeans beans = new SslBeans(beanFactory);
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			definitions.stream()
				.filter((definition) -> !replaced.contains(definition.primaryName()) && hasBundle(definition))
				.forEach(beans::open);
		}
		try {
			beans.problems.throwIfAny();
		}
		catch (InvalidDatabaseConfigurationException ex) {
			beans.found.values().forEach(DatabaseSsl::close);
			throw ex;
		}
		return beans.found;
	}

	/**
	 * A default is for the databases that have TLS.
	 */
	private static boolean hasBundle(DatabaseDefinition definition) {
		return definition.settings().ssl().bundle() != null
				&& !EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()))
				&& !definition.engine().getSslProperties("", true).isEmpty();
	}

	private void open(DatabaseDefinition definition) {
		String bundle = definition.settings().ssl().bundle();
		SslBundles bundles = findBundles(definition);
		if (bundles == null) {
			return;
		}
		try {
			this.found.put(definition.name(), DatabaseSsl.open(definition, bundles));
		}
		catch (NoSuchSslBundleException ex) {
			List<String> known = bundles.getBundleNames().stream().sorted().toList();
			report(definition, "which is not an SSL bundle", (known.isEmpty() ? "There are no bundles."
					: "Known bundles: " + String.join(", ", known) + ".")
					+ " Define it below 'spring.ssl.bundle.pem.%1$s', for example with 'spring.ssl.bundle.pem.%1$s.truststore.certificate: file:/certs/ca.pem'"
						.formatted(bundle)
					+ (known.isEmpty() ? "." : ", or correct the name."), null);
		}
		catch (UnusableBundleException ex) {
			report(definition, "which cannot be used: " + ex.getMessage(),
					"Correct the bundle '%s' below 'spring.ssl.bundle'.".formatted(bundle), ex);
		}
	}

	private @Nullable SslBundles findBundles(DatabaseDefinition definition) {
		try {
			SslBundles bundles = this.beanFactory.getBeanProvider(SslBundles.class).getIfAvailable();
			if (bundles == null) {
				report(definition, "but there is no bean of the type SslBundles",
						"Do not exclude SslAutoConfiguration of Spring Boot, or define the bean.", null);
			}
			return bundles;
		}
		catch (BeansException ex) {
			Throwable root = NestedExceptionUtils.getMostSpecificCause(ex);
			report(definition, "but the SSL bundles cannot be read: " + root.getMessage(),
					"Correct the properties below 'spring.ssl.bundle'.", ex);
			return null;
		}
	}

	private void report(DatabaseDefinition definition, String what, String action, @Nullable Throwable cause) {
		String key = definition.key(KEY);
		this.problems.add(definition.name(), key, null, "'%s' is '%s', %s%s".formatted(key,
				definition.settings().ssl().bundle(), what, what.endsWith(".") ? "" : "."), action, cause);
	}

	/**
	 * Returns the definition of a database whose connections use its bundle.
	 * @param definition the database
	 * @param bundles the bundles by the name of the database
	 * @return the same definition if it has no bundle
	 */
	public static DatabaseDefinition apply(DatabaseDefinition definition, Map<String, DatabaseSsl> bundles) {
		DatabaseSsl ssl = bundles.get(definition.name());
		return (ssl != null)
				? definition.with(definition.settings(), new SslConnectionDetails(definition.connectionDetails(), ssl))
				: definition;
	}

}
