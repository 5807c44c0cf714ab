package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.Assert;

/**
 * Reports configuration that would be ignored, once per application and also where there
 * is no database. Registers nothing.
 */
class IgnoredKeysRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanFactoryAware {

	private @Nullable Environment environment;

	private @Nullable BeanFactory beanFactory;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Report what would be ignored.
	 * @throws InvalidDatabaseConfigurationException if a group of keys is misspelt and
	 * there is no database; otherwise {@link DatabaseSettingsBinder} reports it together
	 * with all other problems
	 */
	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		Environment environment = this.environment;
		BeanFactory beanFactory = this.beanFactory;
		Assert.state(environment != null && beanFactory != null, "Environment and bean factory must be set");
		if (DatabaseBeansRegistrar.hasParentDatabases(beanFactory)) {
			return;
		}
		List<String> names = DatabaseNames.getAll(environment);
		new UnmatchedVariables(ConfiguredSources.of(environment), names).warn();
		if (DatabaseNames.select(environment, names).isEmpty()) {
			ConfigurationProblems problems = new ConfigurationProblems();
			new MisspeltGroups(environment, names, problems).validate();
			problems.throwIfAny();
		}
	}

}
