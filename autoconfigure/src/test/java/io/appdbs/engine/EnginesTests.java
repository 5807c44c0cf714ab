package io.appdbs.engine;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.util.List;
import java.util.Properties;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Engines}.
 */
class EnginesTests {

	private static final String CUSTOM = "io.appdbs.engine.custom.";

	private final Engines engines = Engines.load(null);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			postgresql://h/db,            postgresql
			postgres://h/db,              postgresql
			POSTGRES://h/db,              postgresql
			jdbc:postgresql:db,           postgresql
			cockroachdb://h/db,           cockroachdb
			jdbc:cockroachdb://h/db,      -
			mysql://h/db,                 mysql
			jdbc:mysql:loadbalance://h/d, mysql
			mariadb://h/db,               mariadb
			jdbc:mariadb://h/db,          mariadb
			jdbc:h2:mem:x,                h2
			h2:mem:x,                     -
			mongodb://h/db,               mongodb
			mongodb+srv://h/db,           mongodb
			embedded:postgresql,          -
			jdbc:hsqldb:mem:x,            -
			nonsense,                     -
			""")
	void findsTheEngineOfAUrl(String url, String id) {
		Engine engine = this.engines.findByUrl(url);
		assertThat((engine != null) ? engine.getId() : null).isEqualTo(id);
	}

	@Test
	void findsAnEngineByItsIdentifier() {
		for (Engine engine : this.engines.getAll()) {
			assertThat(this.engines.findById(engine.getId())).isSameAs(engine);
		}
		assertThat(this.engines.findById("oracle")).isNull();
	}

	@Test
	void listsTheSchemesSorted() {
		assertThat(this.engines.getSchemes()).containsExactly("cockroachdb", "jdbc:h2", "jdbc:mariadb", "jdbc:mysql",
				"jdbc:postgresql", "mariadb", "mongodb", "mongodb+srv", "mysql", "postgres", "postgresql", "tidb",
				"vitess", "yugabytedb");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,CockroachDB CCL v25.1.0,cockroachdb", "postgresql,PostgreSQL 18.6,postgresql",
			"cockroachdb,CockroachDB CCL v25.1.0,cockroachdb", "cockroachdb,PostgreSQL 18.6,cockroachdb",
			"mysql,CockroachDB CCL v25.1.0,mysql", "mysql,MariaDB 11.4.5-MariaDB,mariadb", "mysql,MySQL 9.4.0,mysql",
			"mariadb,MariaDB 11.4.5-MariaDB,mariadb", "postgresql,MariaDB 11.4.5-MariaDB,postgresql",
			"postgresql,PostgreSQL 11.2-YB-2024.2.11.0-b0 on x86_64-pc-linux-gnu,yugabytedb",
			"postgresql,PostgreSQL 15.12-YB-2025.1.0.0-b0,yugabytedb",
			"yugabytedb,PostgreSQL 15.12-YB-2025.1.0.0-b0,yugabytedb", "yugabytedb,PostgreSQL 18.6,yugabytedb",
			"mysql,MySQL 8.0.11-TiDB-v8.5.0,tidb", "mysql,MySQL 5.7.25-TiDB-v6.5.0,tidb",
			"mysql,MySQL 8.0.30-Vitess,vitess", "mysql,MySQL 8.0.23-vitess,vitess", "vitess,MySQL 8.0.30-Vitess,vitess",
			"mariadb,MySQL 8.0.11-TiDB-v8.5.0,mariadb", "mysql,PostgreSQL 15.12-YB-2025.1.0.0-b0,mysql" })
	void identifiesTheServerBehindTheDriver(String id, String version, String identified) {
		JdbcEngine connected = (JdbcEngine) this.engines.findById(id);
		assertThat(connected).isNotNull();
		assertThat(this.engines.identify(connected, version).getId()).isEqualTo(identified);
	}

	@Test
	void whenAnApplicationListsItsEngineThenItsUrlsLeadToAConnection() throws Exception {
		try (URLClassLoader classLoader = listing("HsqldbEngine")) {
			Engines withHsqldb = Engines.load(classLoader);
			JdbcEngine engine = (JdbcEngine) withHsqldb.findByUrl("jdbc:hsqldb:mem:own");
			assertThat(engine).isNotNull().isSameAs(withHsqldb.findById("hsqldb"));
			assertThat(withHsqldb.getAll()).hasSize(this.engines.getAll().size() + 1).startsWith(engine);
			DatabaseConnectionDetails details = engine
				.resolve("jdbc:hsqldb:mem:own;user=SA;password=Marker-9f3a;shutdown=true");
			assertThat(details.url()).isEqualTo("jdbc:hsqldb:mem:own;shutdown=true");
			assertThat(details.database()).isNull();
			Driver driver = (Driver) Class.forName(engine.getDriverClassName()).getDeclaredConstructor().newInstance();
			Properties properties = new Properties();
			properties.setProperty("user", String.valueOf(details.username()));
			properties.setProperty("password", String.valueOf(details.password()));
			try (Connection connection = driver.connect(details.url(), properties)) {
				assertThat(connection.isValid(1)).isTrue();
				assertThat(connection.getMetaData().getUserName()).isEqualTo("SA");
			}
		}
	}

	@Test
	void whenAnApplicationClaimsOneOfOurSchemesThenItsEngineWins() throws Exception {
		try (URLClassLoader classLoader = listing("OwnH2Engine")) {
			Engines withOwn = Engines.load(classLoader);
			assertThat(withOwn.findByUrl("jdbc:h2:mem:x")).extracting(Engine::getDisplayName).isEqualTo("Own H2");
			assertThat(withOwn.findById("h2")).extracting(Engine::getDisplayName).isEqualTo("Own H2");
		}
	}

	@Test
	void whenTwoEnginesOfTheApplicationClaimTheSameThenItIsAnError() throws Exception {
		try (URLClassLoader classLoader = listing("HsqldbEngine", "OtherHsqldbEngine")) {
			assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
				.isThrownBy(() -> Engines.load(classLoader))
				.withMessage("The engines io.appdbs.engine.custom.HsqldbEngine and "
						+ "io.appdbs.engine.custom.OtherHsqldbEngine both claim the identifier 'hsqldb'.")
				.satisfies((ex) -> assertThat(ex.getAction())
					.isEqualTo("Remove one of the two from META-INF/spring.factories."));
		}
	}

	private URLClassLoader listing(String... classes) throws Exception {
		Path factories = Files.createDirectories(this.directory.resolve("META-INF")).resolve("spring.factories");
		String names = String.join(",", List.of(classes).stream().map(CUSTOM::concat).toList());
		Files.writeString(factories, Engine.class.getName() + "=" + names);
		return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
	}

	/**
	 * In standard SQL a global temporary table is shared, but for its rows.
	 */
	@ParameterizedTest
	@CsvSource({ "create global temporary table t, false", "create local temporary table t, true",
			"create temporary table t, true", "declare local temporary table t, true",
			"declare global temporary table session.t, true", "alter session set x = 1, true", "drop table t, false" })
	void engineOfAnApplicationSeesTemporaryTablesOfTheSession(String sql, boolean changes) {
		JdbcEngine engine = new JdbcEngine("x", "X", "x.Driver", "x:x") {
		};
		assertThat(engine.isSessionChange(sql)).isEqualTo(changes);
	}

}
