package io.appdbs.bean.registry;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Registers beans of single databases, unless the application defines them itself.
 */
public final class DatabaseBeanRegistry {

	/**
	 * The bean that opens the databases.
	 */
	public static final String LIFECYCLE = "appDbsLifecycle";

	private final BeanDefinitionRegistry registry;

	private final UserBeans userBeans;

	private final CandidateRoles roles;

	private final Set<String> replaced = new LinkedHashSet<>();

	private final Set<String> beanNames;

	/**
	 * Creates a new {@link DatabaseBeanRegistry}.
	 * @param registry where to register the definitions
	 * @param userBeans the beans of the application
	 * @param roles the roles of the databases
	 * @param beanNames the initial {@linkplain #getBeanNames() names}
	 */
	public DatabaseBeanRegistry(BeanDefinitionRegistry registry, UserBeans userBeans, CandidateRoles roles,
			Set<String> beanNames) {
		this.registry = registry;
		this.userBeans = userBeans;
		this.roles = roles;
		this.beanNames = new LinkedHashSet<>(beanNames);
	}

	/**
	 * Returns the roles of the databases.
	 * @return the roles
	 */
	public CandidateRoles roles() {
		return this.roles;
	}

	/**
	 * Registers a bean unless the application defines it itself.
	 * @param database the database
	 * @param suffix the suffix of the bean name, which names the factory method as well
	 * @param type the type of the bean
	 * @param role the role of the bean
	 * @param factory the class with the static factory method
	 * @param arguments the first arguments of the factory method
	 * @return the name of the bean, which is the application's or the starter's
	 */
	public String register(DeclaredDatabase database, String suffix, Class<?> type, CandidateRole role,
			Class<?> factory, Object... arguments) {
		return register(new AutowireCandidateQualifier(Qualifier.class, database.name()), database, suffix, type, role,
				factory, arguments);
	}

	/**
	 * Registers a bean that injection points with the qualifier get, but code that looks
	 * up a bean by its qualifier does not, unless the application defines it itself. A
	 * blocking and a reactive transaction manager have a common type, and Spring requires
	 * a single one for the name in {@code @Transactional}. An injection point accepts the
	 * short name of a qualifier's type.
	 * @param database the database
	 * @param suffix the suffix of the bean name, which names the factory method as well
	 * @param type the type of the bean
	 * @param role the role of the bean
	 * @param factory the class with the static factory method
	 * @param arguments the first arguments of the factory method
	 * @return the name of the bean, which is the application's or the starter's
	 */
	public String registerForInjection(DeclaredDatabase database, String suffix, Class<?> type, CandidateRole role,
			Class<?> factory, Object... arguments) {
		return register(new AutowireCandidateQualifier(Qualifier.class.getSimpleName(), database.name()), database,
				suffix, type, role, factory, arguments);
	}

	private String register(AutowireCandidateQualifier qualifier, DeclaredDatabase database, String suffix,
			Class<?> type, CandidateRole role, Class<?> factory, Object... arguments) {
		String beanName = database.beanName(suffix);
		this.beanNames.add(beanName);
		String userBean = this.userBeans.find(database, type, beanName);
		if (userBean != null) {
			registerAlias(userBean, beanName);
			return userBean;
		}
		String method = Character.toLowerCase(suffix.charAt(0)) + suffix.substring(1);
		RootBeanDefinition definition = BeanDefinitions.of(factory, method, arguments);
		// created on first use: the lifecycle waits for the databases anyway
		definition.setLazyInit(true);
		definition.addQualifier(qualifier);
		role.applyTo(definition);
		this.registry.registerBeanDefinition(beanName, definition);
		return beanName;
	}

	/**
	 * Finds a bean that the application defines for a database, or for all databases.
	 * @param database the database
	 * @param type the type of the bean
	 * @param included matches the names of the beans to consider
	 * @return the name of the bean or {@code null} if there is none
	 */
	public @Nullable String findUserBean(DeclaredDatabase database, Class<?> type, Predicate<String> included) {
		return this.userBeans.findFor(database, type, included);
	}

	/**
	 * Registers a bean unless the application defines it itself. A bean of the
	 * application has the role too, so that Boot's configuration does not back off for it
	 * if the default database is another one.
	 * @param database the database
	 * @param suffix the end of the name of the bean, which is also that of the factory
	 * method
	 * @param type the type of the bean
	 * @param role the role of the bean
	 * @param factory the class with the static factory method
	 * @param arguments the first arguments of the factory method
	 * @return the name of the bean, which is the application's or the starter's
	 */
	public String registerWithRole(DeclaredDatabase database, String suffix, Class<?> type, CandidateRole role,
			Class<?> factory, Object... arguments) {
		String beanName = register(database, suffix, type, role, factory, arguments);
		if (role == CandidateRole.QUALIFIED) {
			this.userBeans.hide(beanName);
		}
		return beanName;
	}

	/**
	 * Registers the bean that the other beans of a database are built on.
	 * @param database the database
	 * @param suffix the end of the name of the bean, which is also that of the factory
	 * method
	 * @param type the type of the bean
	 * @param factory the class with the static factory method
	 * @param arguments the first arguments of the factory method
	 * @return the name of the bean, which is the application's or the starter's
	 */
	public String registerSource(DeclaredDatabase database, String suffix, Class<?> type, Class<?> factory,
			Object... arguments) {
		String beanName = register(database, suffix, type, this.roles.source(database), factory, arguments);
		if (!BeanDefinitions.isCreatedBy(factory, beanName, this.registry)) {
			this.replaced.add(database.name());
		}
		return beanName;
	}

	/**
	 * Registers a well-known name, which Spring Boot and Spring Data look up.
	 * @param beanName the name of the bean
	 * @param alias the well-known name
	 */
	public void registerAlias(String beanName, String alias) {
		if (!this.registry.containsBeanDefinition(alias) && !this.registry.isAlias(alias)) {
			this.registry.registerAlias(beanName, alias);
		}
	}

	/**
	 * Registers a further name of a bean of a database.
	 * @param beanName the name of the bean
	 * @param database the database
	 * @param suffix the suffix of the further name
	 */
	public void registerAlias(String beanName, DeclaredDatabase database, String suffix) {
		this.beanNames.add(database.beanName(suffix));
		registerAlias(beanName, database.beanName(suffix));
	}

	/**
	 * Returns the databases whose source is a bean of the application.
	 * @return the names of the databases
	 */
	public Set<String> getReplaced() {
		return this.replaced;
	}

	/**
	 * Returns the names of the databases' beans, aliases included. An injection point
	 * that is named after one of them gets that bean.
	 * @return the names
	 */
	public Set<String> getBeanNames() {
		return this.beanNames;
	}

}
