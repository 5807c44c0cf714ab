package io.appdbs.bean;

import java.util.Collection;
import java.util.List;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * The application's additions to single databases, such as callbacks of migrations or
 * customizers of persistence units.
 *
 * @param beanFactory the bean factory with their definitions
 */
public record DatabaseAdditions(ConfigurableListableBeanFactory beanFactory) {

	private static final List<String> TYPES = List.of(MigratedDatabases.JAVA_MIGRATION,
			"org.flywaydb.core.api.callback.Callback", MigratedDatabases.CUSTOMIZER,
			"org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer",
			"org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer",
			"org.hibernate.boot.model.naming.ImplicitNamingStrategy",
			"org.hibernate.boot.model.naming.PhysicalNamingStrategy",
			"org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes");

	/**
	 * Hides the additions to databases, even to excluded ones, from Boot's own Flyway and
	 * persistence unit, which use every such bean that does not require a qualifier.
	 * @param names the names of the databases
	 */
	public void hide(Collection<String> names) {
		TYPES.stream()
			.flatMap((type) -> UserBeans.getNames(this.beanFactory, type, names::contains))
			.filter(this.beanFactory::containsBeanDefinition)
			.map(this.beanFactory::getBeanDefinition)
			.forEach(DatabaseAdditions::hide);
	}

	private static void hide(BeanDefinition definition) {
		if (definition instanceof AbstractBeanDefinition abstractDefinition) {
			abstractDefinition.setDefaultCandidate(false);
		}
	}

}
