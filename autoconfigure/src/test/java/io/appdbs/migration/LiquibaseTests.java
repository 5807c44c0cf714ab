package io.appdbs.migration;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.MigrationFolder;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.liquibase.actuate.endpoint.LiquibaseEndpoint;
import org.springframework.boot.liquibase.actuate.endpoint.LiquibaseEndpoint.ChangeSetDescriptor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for changelogs of databases, with everything of Boot on the class path.
 */
@ExtendWith(OutputCaptureExtension.class)
class LiquibaseTests {

	private static final String CREATE = MigrationFolder.changeSet("create", "create table item (name varchar(20))");

	private static final String FILL = MigrationFolder.changeSet("fill", "insert into item values ('one')");

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@BeforeAll
	static void startServers() {
		logger().setLevel(Level.INFO);
		servers.getUrl("embedded:postgresql", "first");
		servers.getUrl("embedded:mariadb", "first");
	}

	@AfterAll
	static void stopServers() throws Exception {
		logger().setLevel(null);
		servers.close();
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.appdbs.migration");
	}

	static Stream<String> urls() {
		return Stream.of("embedded:postgresql", "embedded:mariadb", "jdbc:h2:mem:");
	}

	@ParameterizedTest
	@MethodSource("urls")
	void theDefaultChangelogIsExecutedBeforeTheDatabaseIsUsed(String kind, CapturedOutput output) {
		files().changelog("orders", CREATE, FILL);
		String url = url(kind, "default_changelog");
		runner("app.dbs.orders.url=" + url).run((context) -> {
			assertThat(select(context, "orders")).containsExactly("one");
			SpringLiquibase liquibase = context.getBean("ordersLiquibase", SpringLiquibase.class);
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), SpringLiquibase.class,
					"orders"))
				.isSameAs(liquibase);
			assertThat(context.getBean(SpringLiquibase.class)).isSameAs(liquibase);
			assertThat(context.getBeanNamesForType(SpringLiquibase.class)).containsExactly("ordersLiquibase");
			assertThat(context).doesNotHaveBean(Flyway.class);
			assertThat(context.getBean(Databases.class).get("orders").getSnapshot().preparation("migration").details())
				.isEqualTo(Map.of("changeSet", "fill::team", "executed", 2));
			assertThat(health(context)).containsEntry("migrationChangeSet", "fill::team");
		});
		assertThat(output)
			.containsOnlyOnce("Database 'orders' was migrated to change set 'fill::team' by 2 change sets in ");
		if (kind.startsWith("embedded:")) {
			files().changelog("orders", CREATE, FILL,
					MigrationFolder.changeSet("more", "insert into item values ('two')"));
			runner("app.dbs.orders.url=" + url)
				.run((context) -> assertThat(select(context, "orders")).containsExactly("one", "two"));
			assertThat(output).contains("to change set 'more::team' by 1 change set in ");
		}
	}

	@Test
	void withoutChangelogThereIsNoLiquibase() {
		runner("app.dbs.orders.url=jdbc:h2:mem:no-changelog")
			.run((context) -> assertThat(context).doesNotHaveBean(SpringLiquibase.class)
				.doesNotHaveBean("appDbsChangelogs"));
	}

	@Test
	void whenLiquibaseIsDisabledThenNothingIsExecuted() {
		files().changelog("orders", CREATE).changelog("audit", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:off-o", "app.dbs.orders.liquibase.enabled=false",
				"app.dbs.audit.url=jdbc:h2:mem:off-a")
			.run((context) -> {
				assertThat(context.getBeanNamesForType(SpringLiquibase.class)).containsExactly("auditLiquibase");
				assertThat(countTables(context, "orders")).isZero();
				assertThat(countTables(context, "audit")).isEqualTo(3);
			});
	}

	@Test
	void oneDatabaseCanUseFlywayAndAnotherOneLiquibase() {
		files().changelog("orders", CREATE, FILL)
			.write("audit/V1__create.sql", "create table item (name varchar(20)); insert into item values ('flyway');");
		runner("app.dbs.orders.url=jdbc:h2:mem:mixed-o", "app.dbs.audit.url=jdbc:h2:mem:mixed-a").run((context) -> {
			assertThat(select(context, "orders")).containsExactly("one");
			assertThat(select(context, "audit")).containsExactly("flyway");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
							xml  | <databaseChangeLog xmlns='http://www.liquibase.org/xml/ns/dbchangelog' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd'><changeSet id='1' author='me'><sql>create table item (name varchar(20))</sql></changeSet></databaseChangeLog>
					json | {"databaseChangeLog": [{"changeSet": {"id": "1", "author": "me", "changes": [{"sql": {"sql": "create table item (name varchar(20))"}}]}}]}
					yml  | databaseChangeLog: [{changeSet: {id: 1, author: me, changes: [{sql: {sql: create table item (name varchar(20))}}]}}]
					sql  | --liquibase formatted sql;--changeset me:1;create table item (name varchar(20))
					""")
	void theChangelogCanHaveAnyFormat(String extension, String text) {
		files().writeTo("db/changelog/orders", "db.changelog-master." + extension, text.replace(";", "\n"));
		runner("app.dbs.orders.url=jdbc:h2:mem:format-" + extension)
			.run((context) -> assertThat(select(context, "orders")).isEmpty());
	}

	@Test
	void optionsAreApplied(@TempDir Path output) {
		files().writeTo("more", "changes.yaml",
				"""
						databaseChangeLog:
						  - changeSet: { id: 1, author: me, changes: [ { sql: { sql: 'create table ${prefix}item (name varchar(20))' } } ], rollback: 'drop table item' }
						  - changeSet: { id: 2, author: me, context: test, changes: [ { sql: { sql: "insert into item values ('${Value}')" } } ], rollback: 'delete from item' }
						  - changeSet: { id: 3, author: me, context: prod, changes: [ { sql: { sql: "insert into item values ('prod')" } } ], rollback: 'delete from item' }
						  - changeSet: { id: 4, author: me, labels: slow, changes: [ { sql: { sql: "insert into item values ('slow')" } } ], rollback: 'delete from item' }
						  - changeSet: { id: 5, author: me, labels: quick, changes: [ { tagDatabase: { tag: end } } ] }
						  - changeSet: { id: 6, author: me, labels: quick, changes: [ { sql: { sql: "insert into item values ('later')" } } ], rollback: 'delete from item' }
						""");
		Path rollback = output.resolve("rollback.sql");
		runner("app.dbs.orders.url=" + url("embedded:postgresql", "options") + "?currentSchema=own",
				"app.dbs.orders.liquibase.change-log=classpath:/more/changes.yaml",
				"app.dbs.orders.liquibase.contexts[0]=test", "app.dbs.orders.liquibase.contexts[1]=local",
				"app.dbs.orders.liquibase.label-filter=quick", "app.dbs.orders.liquibase.parameters.prefix=",
				"app.dbs.orders.liquibase.parameters.Value=two", "app.dbs.orders.liquibase.default-schema=public",
				"app.dbs.orders.liquibase.databaseChangeLogTable=history",
				"app.dbs-defaults.liquibase.database-change-log-lock-table=history_lock",
				"app.dbs.orders.liquibase.tag=end", "app.dbs.orders.liquibase.show-summary=verbose",
				"app.dbs.orders.liquibase.show-summary-output=log", "app.dbs.orders.liquibase.ui-service=logger",
				"app.dbs.orders.liquibase.analytics-enabled=false",
				"app.dbs.orders.liquibase.rollback-file=" + rollback)
			.run((context) -> {
				assertThat(client(context, "orders").sql("select name from public.item").query(String.class).list())
					.containsExactly("two");
				assertThat(client(context, "orders").sql("select id from public.history order by orderexecuted")
					.query(String.class)
					.list()).containsExactly("1", "2", "5");
				assertThat(client(context, "orders").sql("select locked from public.history_lock")
					.query(Boolean.class)
					.single()).isFalse();
				assertThat(rollback).exists();
			});
	}

	@Test
	void changelogsCanHaveASeparateLogin() {
		String url = url("embedded:postgresql", "login");
		runner("app.dbs.orders.url=" + url).run((context) -> {
			client(context, "orders").sql("create role changer login superuser password 's3cr3t-m'").update();
			client(context, "orders").sql("create role app login password 's3cr3t-a'").update();
		});
		files().changelog("orders", CREATE,
				MigrationFolder.changeSet("user", "grant select on item to app; insert into item values (user);"));
		runner("app.dbs.orders.url=" + url.replace("postgres@", ""), "app.dbs.orders.username=app",
				"app.dbs.orders.password=s3cr3t-a", "app.dbs.orders.liquibase.user=changer",
				"app.dbs.orders.liquibase.password=s3cr3t-m",
				"app.dbs.orders.liquibase.url=" + url.replace("postgres@", ""))
			.run((context) -> {
				assertThat(select(context, "orders")).containsExactly("changer");
				assertThat(client(context, "orders").sql("select current_user").query(String.class).single())
					.isEqualTo("app");
			});
	}

	@Test
	void aCustomizerIsBoundToItsDatabase() {
		files().changelog("orders", CREATE, MigrationFolder.changeSet("value", "insert into item values ('${value}')"))
			.changelog("audit", CREATE, MigrationFolder.changeSet("value", "insert into item values ('${value}')"));
		runner("app.dbs.orders.url=jdbc:h2:mem:custom-o", "app.dbs.audit.url=jdbc:h2:mem:custom-a",
				"spring.datasource.url=jdbc:h2:mem:custom-boot", "spring.flyway.enabled=false",
				"spring.liquibase.change-log=classpath:/boot.yaml")
			.withUserConfiguration(Additions.class)
			.run((context) -> {
				assertThat(select(context, "orders")).containsExactly("customized");
				assertThat(select(context, "audit")).containsExactly("${value}");
				assertThat(context.getBean("liquibase", SpringLiquibase.class).getCustomizer()).isNull();
			});
	}

	@Test
	void aLiquibaseOfTheApplicationReplacesOurs() {
		files().changelog("orders", CREATE).writeTo("own", "own.yaml", "databaseChangeLog:\n" + CREATE + "\n" + FILL);
		runner("app.dbs.orders.url=jdbc:h2:mem:replaced").withUserConfiguration(OwnLiquibase.class).run((context) -> {
			assertThat(context.getBeanNamesForType(SpringLiquibase.class)).containsExactly("own");
			assertThat(context.getBean("ordersLiquibase")).isSameAs(context.getBean("own"));
			assertThat(select(context, "orders")).containsExactly("one");
		});
	}

	@Test
	void bootsEndpointListsAll() {
		files().changelog("orders", CREATE, FILL).changelog("audit", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:listed-o", "app.dbs.audit.url=jdbc:h2:mem:listed-a",
				"app.dbs.audit.primary=true", "app.dbs.other.url=jdbc:h2:mem:listed-other",
				"management.endpoints.web.exposure.include=liquibase")
			.run((context) -> {
				var beans = context.getBean(LiquibaseEndpoint.class)
					.liquibaseBeans()
					.getContexts()
					.get(context.getId())
					.getLiquibaseBeans();
				assertThat(beans).containsOnlyKeys("ordersLiquibase", "auditLiquibase");
				assertThat(beans.get("ordersLiquibase").getChangeSets()).extracting(ChangeSetDescriptor::getId)
					.containsExactly("create", "fill");
			});
	}

	@Test
	void theEndpointExistsIfThePrimaryDatabaseHasNoChangelog() {
		files().changelog("audit", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:endpoint-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:endpoint-a", "management.endpoints.web.exposure.include=liquibase")
			.run((context) -> assertThat(context).hasSingleBean(LiquibaseEndpoint.class));
	}

	@Test
	void aChangelogThatIsNotExecutedIsLogged(CapturedOutput output) {
		files().changelog("ordres", CREATE).changelog("shared", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:unused-o", "app.dbs.audit.url=jdbc:h2:mem:unused-a")
			.run((context) -> assertThat(context).doesNotHaveBean(SpringLiquibase.class));
		assertThat(output).containsOnlyOnce("Liquibase does not execute")
			.contains(
					"Liquibase does not execute the changelog in 'db/changelog/ordres': no database has the name 'ordres'. Did you mean 'orders'? Known databases: orders, audit.");
	}

	@Test
	void aChangelogThatAnotherNameRefersToIsNotLogged(CapturedOutput output) {
		files().changelog("ordres", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:referred",
				"app.dbs.orders.liquibase.change-log=classpath:/db/changelog/ordres/db.changelog-master.yaml")
			.run((context) -> assertThat(select(context, "orders")).isEmpty());
		assertThat(output).doesNotContain("Liquibase does not execute");
	}

	@Test
	void bootsLiquibaseDoesNotExecuteItsChangelogOnAPrimaryDatabase(CapturedOutput output) {
		files().writeTo("db/changelog", "db.changelog-master.yaml", "databaseChangeLog:\n" + CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:primary-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:primary-a")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(SpringLiquibase.class);
				assertThat(countTables(context, "orders")).isZero();
			});
		assertThat(output).contains(
				"Liquibase does not execute 'db/changelog/db.changelog-master.yaml'. Move it to 'db/changelog/<name>', where <name> is the name of the database. Known databases: orders, audit.");
	}

	@Test
	void bootsLiquibaseDoesNotChange() {
		files().changelog("orders", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:beside-o", "spring.datasource.url=jdbc:h2:mem:beside-boot",
				"spring.flyway.enabled=false", "spring.liquibase.change-log=classpath:/boot.yaml")
			.run((context) -> {
				assertThat(context.getBeanNamesForType(SpringLiquibase.class)).containsExactlyInAnyOrder("liquibase",
						"ordersLiquibase");
				assertThat(context.getBean(SpringLiquibase.class)).isSameAs(context.getBean("liquibase"));
				assertThat(context.getBean(JdbcClient.class)
					.sql("select id from databasechangelog")
					.query(String.class)
					.list()).containsExactly("boot");
				assertThat(select(context, "orders")).isEmpty();
			});
	}

	@Test
	void bootsConfiguredLiquibaseMigratesThePrimaryDatabase() {
		files().changelog("audit", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:both-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:both-a", "spring.liquibase.change-log=classpath:/boot.yaml")
			.run((context) -> {
				assertThat(context.getBean(SpringLiquibase.class).getDataSource())
					.isSameAs(context.getBean("ordersDataSource"));
				assertThat(select(context, "audit")).isEmpty();
			});
	}

	@Test
	void beansDoNotDependOnTheLiquibaseOfANamedDatabase() {
		files().changelog("orders", CREATE).changelog("audit", CREATE);
		runner("app.dbs.orders.url=jdbc:h2:mem:depends-o", "app.dbs.audit.url=jdbc:h2:mem:depends-a").run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				String[] dependencies = context.getBeanFactory().getBeanDefinition(name).getDependsOn();
				assertThat((dependencies != null) ? dependencies : new String[0]).as(name)
					.doesNotContain("ordersLiquibase", "auditLiquibase");
			}
		});
	}

	@Test
	void manyDatabasesAreMigratedAtTheSameTime() {
		List<String> names = IntStream.range(0, 12).mapToObj((i) -> "db" + i).toList();
		names.forEach((name) -> files().changelog(name, CREATE, FILL));
		runner(names.stream()
			.map((name) -> "app.dbs.%s.url=jdbc:h2:mem:many-%1$s".formatted(name))
			.toArray(String[]::new))
			.withPropertyValues("spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName())
			.run((context) -> assertThat(names).allSatisfy((name) -> {
				assertThat(select(context, name)).containsExactly("one");
				assertThat(client(context, name).sql("select locked from databasechangeloglock")
					.query(Boolean.class)
					.single()).isFalse();
			}));
	}

	private static long countTables(ApplicationContext context, String name) {
		return client(context, name).sql("select count(*) from information_schema.tables where table_schema = 'PUBLIC'")
			.query(Long.class)
			.single();
	}

	private static Map<String, Object> health(ApplicationContext context) {
		CompositeHealthContributor dbs = context.getBean("dbsHealthContributor", CompositeHealthContributor.class);
		return ((HealthIndicator) dbs.getContributor("orders")).health(true).getDetails();
	}

	private MigrationFolder files() {
		return new MigrationFolder(this.folder).writeTo("", "boot.yaml",
				"databaseChangeLog:\n" + MigrationFolder.changeSet("boot", "create table boots (name varchar(20))"));
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withClassLoader(files().classLoader())
			.withPropertyValues("spring.data.jpa.repositories.enabled=false", "spring.jpa.hibernate.ddl-auto=none")
			.withPropertyValues(properties);
	}

	private static String url(String kind, String name) {
		return kind.startsWith("embedded:") ? servers.getUrl(kind, name) : kind + name;
	}

	private static JdbcClient client(ApplicationContext context, String name) {
		return context.getBean(name + "JdbcClient", JdbcClient.class);
	}

	private static List<String> select(ApplicationContext context, String name) {
		return client(context, name).sql("select name from item").query(String.class).list();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Additions {

		@Bean
		@Qualifier("orders")
		Customizer<Liquibase> customizer() {
			return (liquibase) -> liquibase.setChangeLogParameter("value", "customized");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLiquibase {

		@Bean
		@Qualifier("orders")
		SpringLiquibase own(@Qualifier("orders") DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/own/own.yaml");
			return liquibase;
		}

	}

}
