package io.appdbs.bean.data;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.data.repository.config.RepositoryConfigurationDelegate;
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
			.map((definition) -> definition.getAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE))
			.filter(Objects::nonNull)
			.map((type) -> (type instanceof Class<?> resolved) ? resolved.getName() : type.toString())
			.collect(Collectors.toSet());
		return source(findAnyModule(), "", List.copyOf(packages), null).getCandidates(this.resourceLoader)
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
				? RepositoryModules.Jdbc.module("", "") : RepositoryModules.Mongo.module("");
	}

	/**
	 * Registers repositories on the persistence unit of a database.
	 */
	void registerJpa(DeclaredDatabase database, List<String> packages, List<DatabaseRepository> repositories,
			JpaReferences references) {
		register(RepositoryModules.Jpa.module(references.factory(), references.manager(), references.mappingContext(),
				this.environment), database.beanName(""), packages, repositories);
	}

	void registerJdbc(DeclaredDatabase database, List<String> packages, List<DatabaseRepository> repositories,
			String operations, String manager) {
		register(RepositoryModules.Jdbc.module(operations, manager), database.beanName(""), packages, repositories);
	}

	void registerMongo(DeclaredDatabase database, List<String> packages, List<DatabaseRepository> repositories,
			String template) {
		register(RepositoryModules.Mongo.module(template), database.beanName(""), packages, repositories);
	}

	private void register(RepositoryModule module, String prefix, List<String> packages,
			List<DatabaseRepository> repositories) {
		if (!repositories.isEmpty()) {
			List<BeanDefinition> candidates = repositories.stream().map(DatabaseRepository::definition).toList();
			new RepositoryConfigurationDelegate(source(module, prefix, packages, candidates), this.resourceLoader,
					this.environment)
				.registerRepositoriesIn(this.registry, module.extension());
		}
	}

	private DatabaseRepositorySource source(RepositoryModule module, String prefix, List<String> packages,
			@Nullable List<BeanDefinition> candidates) {
		return new DatabaseRepositorySource(module, prefix, packages, candidates, this.resourceLoader, this.environment,
				this.registry);
	}

	/**
	 * The beans that repositories on a persistence unit refer to.
	 *
	 * @param factory the name of the {@code EntityManagerFactory} bean
	 * @param manager the name of the transaction manager's bean
	 * @param mappingContext the name of the bean with the mapping context of the factory
	 */
	record JpaReferences(String factory, String manager, String mappingContext) {

	}

}
