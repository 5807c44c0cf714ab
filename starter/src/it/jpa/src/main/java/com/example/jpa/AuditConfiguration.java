package com.example.jpa;

import java.util.Map;

import javax.sql.DataSource;

import com.example.jpa.audit.AuditEntry;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(basePackageClasses = AuditEntry.class, entityManagerFactoryRef = "auditEntityManagerFactory",
		transactionManagerRef = "auditTransactionManager")
public class AuditConfiguration {

	@Bean
	@Qualifier("audit")
	LocalContainerEntityManagerFactoryBean auditEntityManagerFactory(@Qualifier("audit") DataSource dataSource) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(dataSource);
		factory.setPackagesToScan(AuditEntry.class.getPackageName());
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
		return factory;
	}

}
