package io.appdbs.autoconfigure.diagnostics;

import java.util.List;

import io.appdbs.repositories.strict.StrictApplication;
import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.SeparateClassPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.repository.CrudRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link RepositoryInjectionFailureAnalyzer}, with what an application has that
 * adds Spring Data JDBC to the starter.
 */
@ExtendWith(OutputCaptureExtension.class)
class RepositoryInjectionFailureAnalyzerTests {

	private static final String DATA_JDBC = SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION
			+ SeparateClassPath.RELATIONAL
			+ "|spring-data-(commons|jdbc|relational)-.*|spring-boot-(data-jdbc|data-commons|jdbc|sql)-.*";

	private static final String ORDERS = "--app.dbs.orders.url=embedded:h2";

	private static final String CATALOG = "--app.dbs.catalog.url=embedded:mongodb";

	private static final String DESCRIPTION = """
			Description:

			Parameter 0 of constructor in io.appdbs.repositories.strict.StrictApplication$Plain required a bean of \
			type 'io.appdbs.repositories.strict.PlainItemRepository', which Spring Data did not create. The starter \
			of AppDBs brings Spring Data MongoDB. With several modules of Spring Data on the class path, each creates \
			only the repositories that it recognises as its own ('Could not safely identify store assignment for \
			repository candidate'). Neither the repository nor its entity \
			'io.appdbs.repositories.strict.PlainItem' says what its store is.

			Action:

			""";

	@Test
	void whenAnEntityNamesNoStoreThenItsAnnotationIsNamed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("plain", DATA_JDBC + SeparateClassPath.MONGO, ORDERS));
		assertThat(output).contains(DESCRIPTION
				+ """
						Annotate 'io.appdbs.repositories.strict.PlainItem' with @Table \
						(org.springframework.data.relational.core.mapping.Table). As the application has no MongoDB \
						database, you can instead exclude 'org.springframework.data:spring-data-mongodb' from the \
						dependency 'io.appdbs:appdbs-spring-boot-starter'.

						See https://github.com/appdbs/appdbs/blob/main/docs/troubleshooting.md#no-bean-matches-an-injection-point
						""");
	}

	@Test
	void whenTheApplicationUsesMongoThenItsAnnotationIsNamedAsWell(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("plain", DATA_JDBC + SeparateClassPath.MONGO, ORDERS, CATALOG));
		assertThat(output).contains(DESCRIPTION + """
				Annotate 'io.appdbs.repositories.strict.PlainItem' with @Table \
				(org.springframework.data.relational.core.mapping.Table) if its store is a relational database, or \
				with @Document (org.springframework.data.mongodb.core.mapping.Document) if it is MongoDB.
				""");
	}

	@Test
	void whenTheEntityIsAnnotatedThenTheRepositoryIsCreated() throws Exception {
		assertThat(run("annotated", DATA_JDBC + SeparateClassPath.MONGO, ORDERS)).containsExactly("annotated");
		assertThat(run("document", DATA_JDBC + SeparateClassPath.MONGO, ORDERS, CATALOG)).containsExactly("stored");
	}

	@Test
	void whenSpringDataMongoIsExcludedThenTheRepositoryIsCreated() throws Exception {
		assertThat(run("plain", DATA_JDBC, ORDERS)).containsExactly("plain");
	}

	@Test
	void whenTheApplicationUsesSpringDataMongoThenTheAnalysisIsLeftToBoot() {
		assertThat(new RepositoryInjectionFailureAnalyzer(EnvironmentBuilder.properties().build())
			.analyze(new NoSuchBeanDefinitionException(Notes.class))).isNull();
	}

	private static List<String> run(String method, String jars, String... arguments) throws Exception {
		return SeparateClassPath.run(StrictApplication.class, method, jars, arguments);
	}

	private interface Notes extends CrudRepository<String, Long> {

	}

}
