package io.appdbs.bean.data;

import java.util.stream.Stream;

import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.shop.ShopApplication;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the analysis of packages, and of settings of persistence units, that cannot
 * be used.
 */
class DatabasePackagesFailureTests {

	static Stream<Arguments> packages() {
		return Stream.of(Arguments.of("the name of a package is not a name", """
				orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.*' }
				""",
				"""
						Database 'orders': 'app.dbs.orders.packages' has 'io.appdbs.shop.*', which is not the name of a package.

						Write the name of the package, for example 'com.example.orders', without a wildcard: sub-packages are included."""),
				Arguments.of("a package does not exist", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.order' }
						""",
						"""
								Database 'orders': 'app.dbs.orders.packages' has the package 'io.appdbs.shop.order', which has no classes.

								Did you mean 'io.appdbs.shop.orders'? Known packages with entities: io.appdbs.shop.audit, io.appdbs.shop.orders."""),
				Arguments.of("a package has nothing in it", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.misplaced.empty' }
						""",
						"""
								Database 'orders': 'app.dbs.orders.packages' has the package 'io.appdbs.misplaced.empty', which has neither entities nor repositories.

								Known packages with entities: io.appdbs.shop.audit, io.appdbs.shop.orders."""),
				Arguments.of("two databases have the same package", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.orders' }
						audit: { url: 'embedded:h2', packages: [ 'io.appdbs.shop.audit', 'io.appdbs.shop.orders' ] }
						""",
						"""
								The package 'io.appdbs.shop.orders' belongs to two databases: 'app.dbs.orders.packages' and 'app.dbs.audit.packages'.

								Keep it at one of the databases 'orders' and 'audit', and move the classes of the other one to a package of that database."""),
				Arguments.of("the entity of a repository belongs to another database", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.misplaced.orders' }
						audit: { url: 'embedded:h2', packages: 'io.appdbs.shop.audit' }
						""",
						"""
								3 problems in the configuration of databases:

								1. Database 'orders': the repository 'io.appdbs.misplaced.orders.AuditEntryLookup' is in a package of the database, but its entity 'io.appdbs.shop.audit.AuditEntry' belongs to database 'audit' ('app.dbs.audit.packages').

								2. Database 'orders': the repository 'io.appdbs.misplaced.orders.AuditEntrySearch' is in a package of the database, but its entity 'io.appdbs.shop.audit.AuditEntry' belongs to database 'audit' ('app.dbs.audit.packages').

								3. The application has entities in no package of a database: 'io.appdbs.shop.orders.CustomerOrder'.

								1. Move 'io.appdbs.misplaced.orders.AuditEntryLookup' to a package of database 'audit', or its entity to a package of database 'orders'.

								2. Move 'io.appdbs.misplaced.orders.AuditEntrySearch' to a package of database 'audit', or its entity to a package of database 'orders'.

								3. Add 'io.appdbs.shop.orders' to the 'packages' of the database that they belong to. Known databases: orders, audit."""),
				Arguments.of("the entity of a repository belongs to no database", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.misplaced.foreign' }
						""",
						"""
								Database 'orders': the repository 'io.appdbs.misplaced.foreign.InvoiceRepository' is in a package of the database, but its entity 'io.appdbs.misplaced.orders.Invoice' is in no package of a database.

								Move the entity to a package of the database, or add 'io.appdbs.misplaced.orders' to 'app.dbs.orders.packages'."""),
				Arguments.of("the entity of a repository is not an entity", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.misplaced.unmapped' }
						""",
						"""
								Database 'orders': the repository 'io.appdbs.misplaced.unmapped.RowRepository' is for JPA, but its entity 'io.appdbs.misplaced.unmapped.Row' has no @Entity annotation.

								Add @Entity (jakarta.persistence.Entity) to 'io.appdbs.misplaced.unmapped.Row'."""),
				Arguments.of("a document and its repository are in a package of a relational database", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.misplaced.mongo' }
						""",
						"""
								2 problems in the configuration of databases:

								1. Database 'orders': its packages have entities for MongoDB, but the database is relational: 'io.appdbs.misplaced.mongo.Page'.

								2. Database 'orders': the repository 'io.appdbs.misplaced.mongo.PageRepository' is for MongoDB, but the database is relational.

								1. Move them to a package of a MongoDB database.

								2. Move 'io.appdbs.misplaced.mongo.PageRepository' to a package of a MongoDB database."""),
				Arguments.of("an entity of JPA is in a package of a MongoDB database", """
						catalog: { url: 'embedded:mongodb', packages: 'io.appdbs.shop.audit' }
						""",
						"""
								Database 'catalog': its packages have entities for JPA, but the database is MongoDB: 'io.appdbs.shop.audit.AuditEntry'.

								Move them to a package of a relational database."""),
				Arguments.of("an entity is in no package of a database", """
						orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.orders' }
						""",
						"""
								The application has entities in no package of a database: 'io.appdbs.shop.audit.AuditEntry'.

								Add 'io.appdbs.shop.audit' to the 'packages' of the database that they belong to. Known databases: orders."""),
				Arguments.of("settings of JPA have no effect without packages", """
						orders: { url: 'embedded:h2', jpa: { ddl-auto: validate } }
						""",
						"""
								Database 'orders': 'app.dbs.orders.jpa' is set, but the database has no persistence unit, because it has no packages with entities.

								Set 'app.dbs.orders.packages' to the package of its entities, or remove 'app.dbs.orders.jpa'."""),
				Arguments.of("settings of JPA have no effect for MongoDB", """
						catalog: { url: 'embedded:mongodb', jpa: { show-sql: true } }
						""",
						"""
								Database 'catalog': 'app.dbs.catalog.jpa.show-sql' has no effect: MongoDB has no persistence unit.

								    Origin: Byte array resource [application.yml] - 3:58

								Remove it."""),
				Arguments.of("keys below jpa are not known",
						"""
								orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.orders', jpa: { ddl-mode: none, hibernate: { ddl-auto: none }, bootstrap: async } }
								audit: { url: 'embedded:h2', packages: 'io.appdbs.shop.audit' }
								""",
						"""
								3 problems in the configuration of databases:

								1. Database 'orders': 'app.dbs.orders.jpa.ddl-mode' is not a known key.

								    Origin: Byte array resource [application.yml] - 3:87

								2. Database 'orders': 'app.dbs.orders.jpa.hibernate' is not a known key.

								    Origin: Byte array resource [application.yml] - 3:116

								3. Database 'orders': 'app.dbs.orders.jpa.bootstrap' is not a known key.

								    Origin: Byte array resource [application.yml] - 3:135

								1. Known keys: database, database-platform, ddl-auto, generate-ddl, show-sql, open-in-view, mapping-resources, naming, properties.

								2. Write the keys of 'spring.jpa.hibernate' directly below 'app.dbs.orders.jpa', for example 'app.dbs.orders.jpa.ddl-auto'.

								3. Remove it. Persistence units are always built in the background."""),
				Arguments.of("values below jpa are not known",
						"""
								orders: { url: 'embedded:h2', packages: 'io.appdbs.shop.orders', jpa: { ddl-auto: creat, database: postgres } }
								audit: { url: 'embedded:h2', packages: 'io.appdbs.shop.audit' }
								""",
						"""
								2 problems in the configuration of databases:

								1. Database 'orders': 'app.dbs.orders.jpa.ddl-auto' is 'creat', which is not a DDL mode.

								    Origin: Byte array resource [application.yml] - 3:87

								2. Database 'orders': 'app.dbs.orders.jpa.database' is 'postgres', which is not a target database of JPA.

								    Origin: Byte array resource [application.yml] - 3:104

								1. Did you mean 'create'? Known modes: none, validate, update, create, create-drop, create-only, drop, truncate, populate.

								2. Did you mean 'postgresql'? Known databases: default, db2, derby, h2, hana, hsql, informix, mysql, oracle, postgresql, sql-server, sybase."""),
				Arguments.of("a default has packages", """
						orders: { url: 'embedded:h2' }
						dbs-defaults: { packages: 'io.appdbs.shop.orders' }
						""", """
						'app.dbs-defaults.packages' is not allowed: each database has separate packages.

						    Origin: Byte array resource [application.yml] - 4:29

						Move it to the database that it is meant for, below 'app.dbs'."""));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void packages(String name, String databases, String expected) {
		String yaml = "app:\n  dbs:\n" + databases.strip().indent(4).replace("    dbs-defaults", "  dbs-defaults")
				+ "spring.liquibase.enabled: false\n";
		Throwable failure = catchThrowable(() -> new SpringApplicationBuilder(ShopApplication.class)
			.environment(EnvironmentBuilder.yaml(yaml).build())
			.web(WebApplicationType.NONE)
			.run()
			.close());
		assertThat(FailureText.describe(failure)).isEqualTo(expected);
	}

}
