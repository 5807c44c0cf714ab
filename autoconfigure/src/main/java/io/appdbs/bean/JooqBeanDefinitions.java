package io.appdbs.bean;

import io.appdbs.config.DeclaredDatabase;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.TransactionProvider;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.util.ClassUtils;

/**
 * Registers the bean definitions of a relational database for jOOQ. Boot's configuration
 * of jOOQ has a bean of each of these types, so that it backs off if the default database
 * is one of the starter. Loaded only if jOOQ is {@linkplain #isJooqPresent() present}.
 */
final class JooqBeanDefinitions {

	private JooqBeanDefinitions() {
	}

	/**
	 * Returns whether jOOQ and Boot's module for it are on the class path.
	 */
	static boolean isJooqPresent() {
		ClassLoader classLoader = DatabaseBeanDefinitions.class.getClassLoader();
		return ClassUtils.isPresent("org.jooq.DSLContext", classLoader) && ClassUtils
			.isPresent("org.springframework.boot.jooq.autoconfigure.SpringTransactionProvider", classLoader);
	}

	/**
	 * Registers the beans of a database.
	 * @param beans where to register them
	 * @param database the database
	 * @param dataSource the name of the bean with its data source
	 * @param template the name of the bean with its {@code JdbcTemplate}
	 * @param manager the name of the bean with its transaction manager
	 */
	static void register(DatabaseBeanRegistry beans, DeclaredDatabase database, String dataSource, String template,
			String manager) {
		CandidateRole role = beans.roles().source(database);
		String connections = register(beans, database, "JooqConnectionProvider", ConnectionProvider.class, role,
				reference(dataSource));
		String transactions = register(beans, database, "JooqTransactionProvider", TransactionProvider.class, role,
				reference(manager));
		String configuration = register(beans, database, "JooqConfiguration", Configuration.class, role,
				database.name(), role, reference(connections), reference(transactions), reference(template));
		register(beans, database, "DslContext", DSLContext.class, role, reference(configuration));
	}

	private static String register(DatabaseBeanRegistry beans, DeclaredDatabase database, String suffix, Class<?> type,
			CandidateRole role, Object... arguments) {
		return beans.registerWithRole(database, suffix, type, role, JooqBeans.class, arguments);
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

}
