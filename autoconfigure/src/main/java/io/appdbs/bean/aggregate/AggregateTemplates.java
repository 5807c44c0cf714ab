package io.appdbs.bean.aggregate;

import java.util.Collection;

import io.appdbs.bean.AuditingPostProcessor;
import io.appdbs.bean.DataJdbcBeans;
import io.appdbs.bean.encryption.EncryptionBeanDefinitions;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.jdbc.core.convert.DataAccessStrategy;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.relational.RelationalManagedTypes;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Registers the beans of Spring Data JDBC. Each database has a separate dialect,
 * conversions and mapping context. Loaded only if Spring Data JDBC is on the class path.
 *
 * @param registry where the beans are registered
 * @param beans registers the beans
 * @param database the database
 */
public record AggregateTemplates(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
		DeclaredDatabase database) {

	static final String TEMPLATE = "JdbcAggregateTemplate";

	static final String DIALECT = "JdbcDialect";

	static final String MAPPING_CONTEXT = "JdbcMappingContext";

	/**
	 * Registers the template of the database and what it is made of.
	 * @param entities the names of the entities that are known in advance
	 * @return the name of the template's bean
	 */
	public String register(Collection<String> entities) {
		RuntimeBeanReference operations = reference(this.database.beanName("NamedParameterJdbcTemplate"));
		RuntimeBeanReference dialect = reference(registerDialect(operations.getBeanName()));
		RuntimeBeanReference conversions = reference(registerConversions(dialect));
		CandidateRole role = this.beans.roles().derived(this.database);
		boolean encrypted = EncryptionBeanDefinitions.isAvailable(this.registry, this.database);
		String types = this.beans.register(this.database, "JdbcManagedTypes", RelationalManagedTypes.class,
				CandidateRole.QUALIFIED, AggregateBeans.class, (Object) StringUtils.toStringArray(entities));
		String context = this.beans.register(this.database, MAPPING_CONTEXT, JdbcMappingContext.class, role,
				AggregateBeans.class, this.database.name(), encrypted, reference(types), conversions);
		String converter = this.beans.register(this.database, "JdbcConverter", JdbcConverter.class, role,
				AggregateBeans.class, this.database.name(), encrypted, this.database.beanName("DataAccessStrategy"),
				reference(context), operations, conversions, dialect);
		String strategy = this.beans.register(this.database, "DataAccessStrategy", DataAccessStrategy.class, role,
				AggregateBeans.class, this.database.name(), operations, reference(converter), dialect);
		return this.beans.register(this.database, TEMPLATE, JdbcAggregateTemplate.class, role, AggregateBeans.class,
				this.database.name(), reference(converter), reference(strategy));
	}

	/**
	 * The dialect of the default database may have been registered, for Boot's own
	 * configuration.
	 */
	private String registerDialect(String operations) {
		String beanName = this.database.beanName(DIALECT);
		boolean registered = BeanDefinitions.isCreatedBy(DataJdbcBeans.class, beanName, this.registry);
		return registered ? beanName : this.beans.register(this.database, DIALECT, JdbcDialect.class,
				CandidateRole.QUALIFIED, AggregateBeans.class, this.database.name(), operations, isDefault());
	}

	/**
	 * Conversions of Boot, and of a configuration of Spring Data, are created with the
	 * dialect of the default database.
	 */
	private String registerConversions(RuntimeBeanReference dialect) {
		String userBean = this.beans.findUserBean(this.database, JdbcCustomConversions.class,
				(beanName) -> isDefault() || !isConfiguredForDefault(beanName));
		return (userBean != null) ? userBean : this.beans.register(this.database, "JdbcCustomConversions",
				JdbcCustomConversions.class, this.beans.roles().derived(this.database), AggregateBeans.class, dialect);
	}

	private boolean isConfiguredForDefault(String beanName) {
		String configuration = this.registry.containsBeanDefinition(beanName)
				? this.registry.getBeanDefinition(beanName).getFactoryBeanName() : null;
		String className = (configuration != null && this.registry.containsBeanDefinition(configuration))
				? this.registry.getBeanDefinition(configuration).getBeanClassName() : null;
		return className != null && AbstractJdbcConfiguration.class
			.isAssignableFrom(ClassUtils.resolveClassName(className, AggregateTemplates.class.getClassLoader()));
	}

	private boolean isDefault() {
		return this.beans.roles().derived(this.database) == CandidateRole.PRIMARY;
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

	/**
	 * Registers the mapping context with the entities of all databases, for auditing.
	 * @param registry where to register it
	 */
	public static void registerAuditing(BeanDefinitionRegistry registry) {
		AuditingPostProcessor.register(registry, "jdbcAuditingHandler", "jdbcMappingContext",
				BeanDefinitions.of(AggregateBeans.class, "auditingMappingContext"));
	}

}
