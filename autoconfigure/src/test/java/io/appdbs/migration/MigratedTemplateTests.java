package io.appdbs.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.embedded.DatabaseTemplate;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link MigratedTemplate}.
 */
class MigratedTemplateTests {

	private static final String URL = "embedded:postgresql?template=migrated";

	private static final Engine POSTGRESQL = Engines.load(null).findById("postgresql");

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	private String empty;

	@BeforeEach
	void writeMigrations() throws IOException {
		this.empty = servers.getUrl("embedded:postgresql", "empty");
		write("V1__create.sql", "CREATE TABLE item (name TEXT);");
		write("V2__fill.sql", "INSERT INTO item VALUES ('table');");
	}

	@Test
	void theKeyIsTheSameUntilMigrationsOrOptionsOrBeansChange() throws Exception {
		Object key = key(Map.of());
		assertThat(key).isNotNull().isEqualTo(key(Map.of()));
		assertThat(key(Map.of("placeholders.town", "Bonn"))).isNotEqualTo(key);
		assertThat(new MigratedTemplate(definition("orders", Map.of()),
				new MigrationBeans(List.of(new Silent()), List.of(), List.of()), null)
			.getKey(this.empty)).isNotEqualTo(key);
		write("V2__fill.sql", "INSERT INTO item VALUES ('chair');");
		Object changed = key(Map.of());
		assertThat(changed).isNotEqualTo(key);
		write("V3__add.sql", "INSERT INTO item VALUES ('lamp');");
		assertThat(key(Map.of())).isNotEqualTo(changed);
	}

	@Test
	void whenAnotherDatabaseIsMigratedOrOneStepEachTimeThenThereIsNoCopy() throws Exception {
		assertThat(key(Map.of("target", "next"))).isNull();
		assertThat(key(Map.of("url", "jdbc:" + this.empty.replace("postgres@", "")))).isNull();
	}

	@Test
	void aCopyIsVerifiedAndNeedsNoMigration() throws Exception {
		FlywayPreparation preparation = preparation("orders");
		DatabaseDefinition definition = definition("orders", Map.of());
		String url = servers.getUrl(URL, "orders", preparation.getTemplate(unconnected("orders", Map.of())));
		assertThat(preparation.prepare(definition, POSTGRESQL.resolve(url))).containsEntry("executed", 0)
			.containsEntry("version", "2");
		// not for the template
		write("V2__fill.sql", "INSERT INTO item VALUES ('chair');");
		assertThat(preparation.getFlyway(definition).validateWithResult().validationSuccessful).isFalse();
		String changed = servers.getUrl(URL, "changed", preparation.getTemplate(definition));
		assertThat(preparation("orders").prepare(definition, POSTGRESQL.resolve(changed))).containsEntry("executed", 0);
		execute(changed, "DELETE FROM item WHERE name = 'chair'");
	}

	@Test
	void whenAMigrationFailsThenTheDatabaseFailsAsWithoutTemplate() throws Exception {
		write("V3__wrong.sql", "INSERT INTO itm VALUES ('lamp');");
		FlywayPreparation preparation = preparation("broken");
		DatabaseDefinition definition = definition("broken", Map.of());
		DatabaseTemplate template = preparation.getTemplate(definition);
		String url = servers.getUrl(URL, "broken", template);
		String plain = servers.getUrl("embedded:postgresql", "plain");
		assertThat(failure(preparation, definition, url)).isEqualTo(failure(preparation, definition, plain))
			.startsWith(
					"Database 'broken' (PostgreSQL) could not be migrated: migration 'V3__wrong.sql' failed at line 1.");
	}

	@Test
	void aDatabaseWithoutMigrationsHasNoTemplate() {
		assertThat(preparation("orders").getTemplate(definition("audit", Map.of()))).isNull();
	}

	private static String failure(FlywayPreparation preparation, DatabaseDefinition definition, String url) {
		return catchThrowable(() -> preparation.prepare(definition, POSTGRESQL.resolve(url))).getMessage();
	}

	private Object key(Map<String, String> options) throws Exception {
		return preparation("orders").getTemplate(unconnected("orders", options)).getKey(this.empty);
	}

	private static FlywayPreparation preparation(String name) {
		return new FlywayPreparation(Map.of(name, new MigrationBeans(List.of(), List.of(), List.of())), null);
	}

	private DatabaseDefinition definition(String name, Map<String, String> options) {
		List<String> settings = new ArrayList<>(List.of("url", URL, "flyway.locations", "filesystem:" + this.folder));
		options.forEach((key, value) -> settings.addAll(List.of("flyway." + key, value)));
		return Definitions.of(name, this.empty, settings.toArray(String[]::new));
	}

	/**
	 * What a template is asked of has no target yet: it is on the way to it.
	 */
	private DatabaseDefinition unconnected(String name, Map<String, String> options) {
		DatabaseDefinition definition = definition(name, options);
		return new DatabaseDefinition(name, definition.settings(), POSTGRESQL, () -> {
			throw new IllegalStateException("Asked for the target");
		});
	}

	private void write(String file, String sql) throws IOException {
		Files.writeString(this.folder.resolve(file), sql);
	}

	private static void execute(String url, String sql) {
		assertThat(new JdbcTemplate(new DriverManagerDataSource("jdbc:" + url.replace("postgres@", ""), "postgres", ""))
			.update(sql)).isOne();
	}

	private static final class Silent extends BaseCallback {

		@Override
		public boolean supports(Event event, Context context) {
			return false;
		}

		@Override
		public void handle(Event event, Context context) {
		}

	}

}
