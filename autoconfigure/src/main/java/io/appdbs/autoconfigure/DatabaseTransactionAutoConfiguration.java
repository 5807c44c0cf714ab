package io.appdbs.autoconfigure;

import io.appdbs.Databases;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.AbstractTransactionManagementConfiguration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.config.TransactionManagementConfigUtils;

/**
 * Auto-configuration of {@code @Transactional} for applications in which every
 * transaction manager requires a qualifier. Boot's condition ignores such managers, and
 * {@code @Transactional("orders")} would silently do nothing. The same applies to a child
 * context, where Boot backs off if the parent has transaction management, although that
 * covers only the beans of the parent (except for aspects, which cover all classes).
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		afterName = "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration")
@ConditionalOnClass(EnableTransactionManagement.class)
@ConditionalOnBean(Databases.class)
@ConditionalOnMissingBean(value = AbstractTransactionManagementConfiguration.class, search = SearchStrategy.CURRENT)
public final class DatabaseTransactionAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = false)
	@ConditionalOnMissingBean(name = TransactionManagementConfigUtils.TRANSACTION_ASPECT_BEAN_NAME)
	@ConditionalOnBooleanProperty(name = "spring.aop.proxy-target-class", havingValue = false)
	static class JdkDynamicAutoProxyConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	@ConditionalOnMissingBean(name = TransactionManagementConfigUtils.TRANSACTION_ASPECT_BEAN_NAME)
	@ConditionalOnBooleanProperty(name = "spring.aop.proxy-target-class", matchIfMissing = true)
	static class CglibAutoProxyConfiguration {

	}

}
