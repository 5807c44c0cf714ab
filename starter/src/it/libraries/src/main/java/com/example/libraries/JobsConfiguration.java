package com.example.libraries;

import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.batch.autoconfigure.BatchTransactionManager;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchDataSource;
import org.springframework.boot.quartz.autoconfigure.QuartzDataSource;
import org.springframework.boot.quartz.autoconfigure.QuartzTransactionManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.session.jdbc.config.annotation.SpringSessionTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The tables of Spring Batch, Quartz and Spring Session are in the database {@code jobs}.
 */
@Configuration(proxyBeanMethods = false)
class JobsConfiguration {

	@Bean(defaultCandidate = false)
	@BatchDataSource
	@QuartzDataSource
	@SpringSessionDataSource
	DataSource libraryDataSource(@Qualifier("jobs") DataSource dataSource) {
		return dataSource;
	}

	@Bean(defaultCandidate = false)
	@BatchTransactionManager
	@QuartzTransactionManager
	@SpringSessionTransactionManager
	PlatformTransactionManager libraryTransactionManager(
			@Qualifier("jobs") PlatformTransactionManager transactionManager) {
		return transactionManager;
	}

}
