package io.appdbs.bean.data;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.data.repository.config.AnnotationRepositoryConfigurationSource;
import org.springframework.data.util.Streamable;

/**
 * Configuration of the repositories in the packages of a database, as the annotation of
 * the module would have it.
 */
final class DatabaseRepositorySource extends AnnotationRepositoryConfigurationSource {

	private final String prefix;

	private final List<String> packages;

	private final BeanDefinitionRegistry registry;

	private final @Nullable List<BeanDefinition> candidates;

	private final boolean claimed;

	/**
	 * Creates a new {@link DatabaseRepositorySource}.
	 * @param module the module
	 * @param prefix the prefix for the name of a repository whose simple name is that of
	 * another bean
	 * @param packages the packages to scan, also for implementations of fragments
	 * @param candidates the repository interfaces, or {@code null} to scan the packages
	 * @param claimed whether the packages belong to a database
	 */
	DatabaseRepositorySource(RepositoryModule module, String prefix, List<String> packages,
			@Nullable List<BeanDefinition> candidates, boolean claimed, ResourceLoader resourceLoader,
			Environment environment, BeanDefinitionRegistry registry) {
		super(AnnotationMetadata.introspect(module.defaults()), module.annotation(), resourceLoader, environment,
				registry, null);
		this.prefix = prefix;
		this.packages = packages;
		this.candidates = candidates;
		this.claimed = claimed;
		this.registry = registry;
		// the map itself, which the private field of the superclass refers to
		getAttributes().putAll(module.attributes());
	}

	@Override
	public Streamable<String> getBasePackages() {
		return Streamable.of(this.packages);
	}

	@Override
	public Streamable<BeanDefinition> getCandidates(ResourceLoader loader) {
		return (this.candidates != null) ? Streamable.of(this.candidates) : super.getCandidates(loader);
	}

	/**
	 * The package of a database declares the module, so its repositories need not.
	 */
	@Override
	public boolean usesExplicitFilters() {
		return this.claimed;
	}

	@Override
	public String generateBeanName(BeanDefinition definition) {
		String name = super.generateBeanName(definition);
		// repositories of two databases may have the same simple name
		return this.registry.isBeanNameInUse(name)
				? this.prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1) : name;
	}

	@Override
	public String getResourceDescription() {
		return "packages " + String.join(", ", this.packages);
	}

}
