package io.appdbs.autoconfigure;

import io.appdbs.encryption.EncryptedHints;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RuntimeSettings;
import io.appdbs.ssl.driver.DriverHints;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of the databases below {@code app.dbs}: one set of beans per name,
 * under that name as qualifier.
 */
@ImportRuntimeHints(EncryptedHints.class)
@AutoConfiguration(beforeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.JndiDataSourceAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.XADataSourceAutoConfiguration",
		"org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration",
		"org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration",
		"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
		"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
		"org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration",
		"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration" })
@Import(IgnoredKeysRegistrar.class)
public final class DatabasesAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnDatabases
	@EnableConfigurationProperties({ DatabaseSettings.class, RuntimeSettings.class })
	@Import(DatabaseBeansRegistrar.class)
	@ImportRuntimeHints(DriverHints.class)
	static class DatabasesConfiguration {

	}

}
