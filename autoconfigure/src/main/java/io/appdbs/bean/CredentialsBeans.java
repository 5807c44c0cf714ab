package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.credentials.CredentialsFiles;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the sources of credentials that change: files, or a bean of the application.
 */
final class CredentialsBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> databases;

	private final Set<String> replaced;

	private final String[] providers;

	private CredentialsBeans(Set<String> databases, Set<String> replaced, ConfigurableListableBeanFactory beanFactory) {
		this.databases = databases;
		this.replaced = replaced;
		this.beanFactory = beanFactory;
		this.providers = Stream.of(beanFactory.getBeanNamesForType(DatabaseCredentialsProvider.class))
			.filter((bean) -> UserBeans.isAutowireCandidate(beanFactory, bean))
			.toArray(String[]::new);
	}

	/**
	 * Finds the providers.
	 * @param databases the databases, without replicas
	 * @param replaced the names of the databases that a bean of the application replaces
	 * @param beanFactory the bean factory
	 * @return the providers, by the name of the database
	 * @throws InvalidDatabaseConfigurationException if a database has several providers,
	 * or one that is never called
	 */
	static Map<String, DatabaseCredentialsProvider> find(List<DatabaseDefinition> databases, Set<String> replaced,
			ConfigurableListableBeanFactory beanFactory) {
		CredentialsBeans beans = new CredentialsBeans(
				databases.stream().map(DatabaseDefinition::name).collect(Collectors.toSet()), replaced, beanFactory);
		Map<String, DatabaseCredentialsProvider> providers = new LinkedHashMap<>();
		databases.forEach((database) -> {
			DatabaseCredentialsProvider provider = beans.find(database);
			if (provider != null) {
				providers.put(database.name(), provider);
			}
		});
		return providers;
	}

	/**
	 * Finds the provider of a database that is added at run time.
	 * @param configured the names of the configured databases
	 */
	static @Nullable DatabaseCredentialsProvider find(DatabaseDefinition database, Set<String> configured,
			ConfigurableListableBeanFactory beanFactory) {
		return new CredentialsBeans(configured, Set.of(), beanFactory).find(database);
	}

	private @Nullable DatabaseCredentialsProvider find(DatabaseDefinition database) {
		String name = database.name();
		String key = database.key("credentials.password-file");
		CredentialsSettings settings = database.settings().credentials();
		boolean files = settings.passwordFile() != null;
		List<String> own = Stream.of(this.providers).filter((bean) -> isQualified(bean, name::equals)).toList();
		if (!own.isEmpty() && files) {
			throw new InvalidDatabaseConfigurationException(name, key,
					"Database '%s': '%s' is set, but the bean '%s' supplies its credentials.".formatted(name, key,
							own.get(0)),
					"Remove '%s', or the bean.".formatted(key), null)
				.in(TroubleshootingSection.BEAN);
		}
		if (this.replaced.contains(name)) {
			rejectReplaced(name, own, files ? key : null);
			return null;
		}
		if (EmbeddedServers.isEmbedded(String.valueOf(database.settings().url()))) {
			// an embedded server has its own login
			return null;
		}
		if (files) {
			return new CredentialsFiles(settings, database::key);
		}
		return findBean(name, own);
	}

	private @Nullable DatabaseCredentialsProvider findBean(String name, List<String> own) {
		List<String> candidates = !own.isEmpty() ? own
				: Stream.of(this.providers)
					.filter((bean) -> !isQualified(bean, this.databases::contains)
							&& !UserBeans.hasQualifier(this.beanFactory, bean))
					.toList();
		if (candidates.size() > 1) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s': the beans %s could all supply its credentials.".formatted(name,
							String.join(", ", candidates)),
					"Add @Qualifier(\"%s\") to exactly one of them.".formatted(name), null)
				.in(TroubleshootingSection.BEAN);
		}
		return candidates.isEmpty() ? null
				: this.beanFactory.getBean(candidates.get(0), DatabaseCredentialsProvider.class);
	}

	/**
	 * A bean of the application connects with its own credentials.
	 */
	private static void rejectReplaced(String name, List<String> own, @Nullable String key) {
		if (own.isEmpty() && key == null) {
			return;
		}
		throw new InvalidDatabaseConfigurationException(name, key,
				"Database '%s': %s, but a DataSource or MongoClient bean of the application replaces the database and has its own credentials."
					.formatted(name,
							(key != null) ? "'%s' is set".formatted(key)
									: "the bean '%s' supplies its credentials".formatted(own.get(0))),
				"Remove '%s', or the bean that replaces the database.".formatted((key != null) ? key : own.get(0)),
				null)
			.in(TroubleshootingSection.BEAN);
	}

	private boolean isQualified(String beanName, Predicate<String> qualifier) {
		return UserBeans.isQualified(this.beanFactory, beanName, qualifier);
	}

}
