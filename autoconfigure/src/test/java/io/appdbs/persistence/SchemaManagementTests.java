package io.appdbs.persistence;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for Hibernate's schema management on databases with and without migrations.
 */
class SchemaManagementTests {

	private final ApplicationContextRunner runner;

	SchemaManagementTests(@TempDir Path folder) throws Exception {
		Path migrations = Files.createDirectories(folder.resolve("db/migration/orders"));
		Files.writeString(migrations.resolve("V1__create.sql"),
				"create table note (id varchar(9) primary key, more int); insert into note values ('flyway', 1);");
		Path changes = Files.createDirectories(folder.resolve("db/changelog/changes"));
		Files.writeString(changes.resolve("db.changelog-master.yaml"),
				"""
						databaseChangeLog:
						  - changeSet: { id: 1, author: team, changes: [ { sql: { sql: "create table note (id varchar(9) primary key, more int); insert into note values ('liquibase', 1)" } } ] }
						""");
		this.runner = new ApplicationContextRunner()
			.withClassLoader(new URLClassLoader(new URL[] { folder.toUri().toURL() }, getClass().getClassLoader()))
			.withUserConfiguration(Application.class);
	}

	@Test
	void hibernateKeepsTheSchemaOfFlyway() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2").run((context) -> {
			assertThat(context).hasNotFailed().hasBean("entityManagerFactory");
			assertThat(selectNotes(context)).isEqualTo("flyway 1");
		});
	}

	@Test
	void hibernateKeepsTheSchemaOfLiquibase() {
		this.runner.withPropertyValues("app.dbs.changes.url=embedded:h2").run((context) -> {
			assertThat(context).hasNotFailed().hasBean("entityManagerFactory");
			assertThat(selectNotes(context)).isEqualTo("liquibase 1");
		});
	}

	@Test
	void hibernateCreatesTheSchemaOfAnEmbeddedDatabaseWithoutMigrations() {
		this.runner.withPropertyValues("app.dbs.audit.url=embedded:h2").run((context) -> {
			context.getBean(JdbcClient.class).sql("INSERT INTO note (id) VALUES ('hibernate')").update();
			assertThat(context.getBean(JdbcClient.class).sql("SELECT id FROM note").query(String.class).single())
				.isEqualTo("hibernate");
		});
	}

	@ParameterizedTest
	@CsvSource({ "Application, orders, audit", "OwnFlyway, audit, catalog", "UnqualifiedFlyway, audit, catalog",
			"Application, changes, audit", "OwnLiquibase, audit, catalog", "UnqualifiedLiquibase, audit, catalog" })
	void onlyDatabasesWithMigrationsAreManagedEvenIfWrapped(String configuration, String managed, String unmanaged) {
		this.runner.withUserConfiguration(ClassUtils.resolveClassName(getClass().getName() + "$" + configuration, null))
			.withPropertyValues("app.dbs.%s.url=embedded:h2".formatted(managed),
					"app.dbs.%s.url=embedded:h2".formatted(unmanaged))
			.run((context) -> {
				assertThat(get(context, managed + "DataSource")).isEqualTo(SchemaManagement.MANAGED);
				assertThat(get(context, unmanaged + "DataSource")).isEqualTo(SchemaManagement.UNMANAGED);
			});
	}

	@Test
	void hibernateKeepsTheSchemaOfAFlywayWithoutQualifier() {
		this.runner.withUserConfiguration(UnqualifiedFlyway.class)
			.withPropertyValues("app.dbs.audit.url=embedded:h2")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("entityManagerFactory");
				assertThat(get(context, "auditDataSource")).isEqualTo(SchemaManagement.MANAGED);
				assertThat(selectNotes(context)).isEqualTo("flyway 1");
			});
	}

	private static SchemaManagement get(ApplicationContext context, String dataSource) {
		return context.getBean(SchemaManagementProvider.class)
			.getSchemaManagement(new LazyConnectionDataSourceProxy(context.getBean(dataSource, DataSource.class)));
	}

	private static String selectNotes(ApplicationContext context) {
		return context.getBean(JdbcClient.class).sql("SELECT id || ' ' || more FROM note").query(String.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			HibernateJpaAutoConfiguration.class })
	static class Application {

		@Bean
		static PersistenceManagedTypes persistenceManagedTypes() {
			return PersistenceManagedTypes.of(Note.class.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFlyway {

		@Bean
		@Qualifier("audit")
		Flyway own(@Qualifier("audit") DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).load();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedFlyway {

		@Bean(initMethod = "migrate")
		Flyway flyway(@Qualifier("audit") DataSource dataSource, ResourceLoader resourceLoader) {
			return Flyway.configure(resourceLoader.getClassLoader())
				.locations("classpath:db/migration/orders")
				.dataSource(new LazyConnectionDataSourceProxy(dataSource))
				.load();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLiquibase {

		@Bean
		@Qualifier("audit")
		SpringLiquibase own(@Qualifier("audit") DataSource dataSource) {
			return liquibase(dataSource);
		}

		static SpringLiquibase liquibase(DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/db/changelog/changes/db.changelog-master.yaml");
			return liquibase;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedLiquibase {

		@Bean
		SpringLiquibase liquibase(@Qualifier("audit") DataSource dataSource) {
			return OwnLiquibase.liquibase(dataSource);
		}

	}

	@Entity(name = "Note")
	static class Note {

		@Id
		private String id;

	}

}
