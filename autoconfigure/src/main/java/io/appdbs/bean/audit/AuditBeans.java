package io.appdbs.bean.audit;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.audit.AuditSink;
import io.appdbs.audit.jdbc.AuditDataSource;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.audit.unit.AuditUsers;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.rls.RlsContextProvider;
import io.appdbs.rls.SecurityRlsContextProvider;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the audit of databases.
 */
public final class AuditBeans {

	private static final Log logger = LogFactory.getLog(AuditBeans.class);

	private static final boolean securityPresent = ClassUtils.isPresent(
			"org.springframework.security.core.context.SecurityContextHolder", AuditBeans.class.getClassLoader());

	private AuditBeans() {
	}

	static AuditTrails trails(ConfigurableListableBeanFactory beanFactory) {
		return new AuditTrails((definition) -> createTrail(definition, beanFactory));
	}

	/**
	 * Records the units of work of a relational database, if it is audited.
	 * @param dataSource provides the connections
	 * @param definition the database
	 * @param trail the audit of the database or {@code null}
	 * @return a data source whose units of work are recorded
	 */
	public static DataSource audit(DataSource dataSource, DatabaseDefinition definition, @Nullable AuditTrail trail) {
		if (trail == null) {
			return dataSource;
		}
		return new AuditDataSource(dataSource, trail,
				(definition.engine() instanceof JdbcEngine engine) ? engine.getSqlSyntax() : SqlSyntax.STANDARD);
	}

	private static AuditTrail createTrail(DatabaseDefinition definition, ConfigurableListableBeanFactory beanFactory) {
		boolean provided = UserBeans.getAllNamesFor(beanFactory, RlsContextProvider.class, definition.name(), Set.of())
			.findAny()
			.isPresent();
		if (!securityPresent && !provided) {
			logger.warn(
					"Database '%s': '%s' is '%s', but users are unknown: Spring Security is not on the class path, and there is no RlsContextProvider bean. Only code that runs in RlsContextHolder.runAs has a user. Define such a bean, or add 'org.springframework.security:spring-security-core'."
						.formatted(definition.name(), definition.key("audit.statements"),
								definition.settings().audit().statements().name().toLowerCase(Locale.ROOT)));
		}
		// lazily, since a sink or a provider may depend on a data source
		Supplier<List<AuditSink>> sinks = SingletonSupplier.of(() -> {
			List<AuditSink> beans = UserBeans.getAllFor(beanFactory, AuditSink.class, definition.name(), Set.of());
			return beans.isEmpty() ? List.of(AuditSink.logger()) : beans;
		});
		Supplier<List<RlsContextProvider>> providers = SingletonSupplier.of(() -> providers(definition, beanFactory));
		return new AuditTrail(definition.name(), definition.settings().audit(), sinks,
				new AuditUsers(providers, securityPresent ? Security::getName : AuditBeans::noUser));
	}

	private static List<RlsContextProvider> providers(DatabaseDefinition definition,
			ConfigurableListableBeanFactory beanFactory) {
		List<RlsContextProvider> providers = UserBeans.getAllOnlyFor(beanFactory, RlsContextProvider.class,
				definition.name());
		boolean security = providers.isEmpty() && securityPresent && definition.settings().rls().enabled();
		return security ? Security.providers(definition) : providers;
	}

	private static @Nullable String noUser() {
		return null;
	}

	/**
	 * Loaded only if there is Spring Security.
	 */
	private static final class Security {

		private static final AuthenticationTrustResolver trustResolver = new AuthenticationTrustResolverImpl();

		static List<RlsContextProvider> providers(DatabaseDefinition definition) {
			return List.of(new SecurityRlsContextProvider(definition.settings().rls()));
		}

		static @Nullable String getName() {
			Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
			return trustResolver.isAuthenticated(authentication) ? authentication.getName() : null;
		}

	}

}
