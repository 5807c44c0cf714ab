package io.appdbs.bean.data;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.data.repository.config.RepositoryConfigurationDelegate;
import org.springframework.data.repository.core.support.RepositoryFactoryBeanSupport;
import org.springframework.util.ClassUtils;

/**
 * Finds and registers the repositories in the packages of the databases. Loaded only if
 * there is a module of Spring Data.
 */
final class DatabaseRepositories {

	private final BeanDefinitionRegistry registry;

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	DatabaseRepositories(BeanDefinitionRegistry registry, Environment environment, ResourceLoader resourceLoader) {
		this.registry = registry;
		this.environment = environment;
		this.resourceLoader = resourceLoader;
	}

	/**
	 * Finds the repositories below packages, except for those that the application
	 * registers itself.
	 */
	List<DatabaseRepository> find(Collection<String> packages) {
		Set<String> registered = Stream.of(this.registry.getBeanDefinitionNames())
			.map(this.registry::getBeanDefinition)
			.map((definition) -> definition.getResolvableType()
				.as(RepositoryFactoryBeanSupport.class)
				.getGeneric(0)
				.resolve())
			.filter(Objects::nonNull)
			.map(Class::getName)
			.collect(Collectors.toSet());
		return source(findAnyModule(), "", List.copyOf(packages), null, true).getCandidates(this.resourceLoader)
			.stream()
			.filter((definition) -> !registered.contains(definition.getBeanClassName()))
			.map((definition) -> DatabaseRepository.of(definition, this.resourceLoader.getClassLoader()))
			.toList();
	}

	/**
	 * Returns a module whose annotation finds repositories, which all do alike.
	 */
	private RepositoryModule findAnyModule() {
		if (ClassUtils.isPresent("org.springframework.data.jpa.repository.JpaRepository", null)) {
			return RepositoryModules.Jpa.module("", "", "", this.environment);
		}
		return ClassUtils.isPresent("org.springframework.data.jdbc.core.JdbcAggregateOperations", null)
				? RepositoryModules.Jdbc.defaultModule() : RepositoryModules.Mongo.module("");
	}

	/**
	 * Registers the repositories of a database.
	 * @param module the module
	 * @param database the database
	 * @param packages the packages of the database
	 * @param repositories the repositories for the module
	 */
	void register(RepositoryModule module, DeclaredDatabase database, List<String> packages,
			List<DatabaseRepository> repositories) {
		register(module, source(module, database.beanName(""), packages, candidates(repositories), true), repositories);
	}

	/**
	 * Registers repositories outside the packages of all databases, as Boot does: with
	 * several modules, each takes those that declare it.
	 * @param module the module
	 * @param packages the packages of the application
	 * @param repositories the repositories
	 */
	void registerUnclaimed(RepositoryModule module, List<String> packages, List<DatabaseRepository> repositories) {
		register(module, source(module, "", packages, candidates(repositories), false), repositories);
	}

	private void register(RepositoryModule module, DatabaseRepositorySource source,
			List<DatabaseRepository> repositories) {
		if (!repositories.isEmpty()) {
			new RepositoryConfigurationDelegate(source, this.resourceLoader, this.environment)
				.registerRepositoriesIn(this.registry, module.extension());
		}
	}

	private static List<BeanDefinition> candidates(List<DatabaseRepository> repositories) {
		return repositories.stream().map(DatabaseRepository::definition).toList();
	}

	private DatabaseRepositorySource source(RepositoryModule module, String prefix, List<String> packages,
			@Nullable List<BeanDefinition> candidates, boolean claimed) {
		return new DatabaseRepositorySource(module, prefix, packages, candidates, claimed, this.resourceLoader,
				this.environment, this.registry);
	}

}
