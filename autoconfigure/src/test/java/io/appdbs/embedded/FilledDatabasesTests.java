package io.appdbs.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.testsupport.ConcurrentTasks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FilledDatabases}.
 */
class FilledDatabasesTests {

	private static final String URL = "embedded:postgresql?template=migrated";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@Test
	void concurrentContextsFillTheTemplateOnce() throws Exception {
		Items template = new Items("many");
		List<String> urls = ConcurrentTasks.run(12, (thread) -> context().getUrl(URL, "many", template));
		for (String url : urls) {
			assertThat(count(url)).isOne();
			execute(url, "INSERT INTO item VALUES (2)");
		}
		assertThat(urls).doesNotHaveDuplicates();
		assertThat(count(context().getUrl(URL, "many", template))).isOne();
		assertThat(template.fills).hasValue(1);
	}

	@Test
	void whenFillingFailsThenTheDatabaseIsEmptyAndTheNextCallRetries() throws Exception {
		Items template = new Items("failing");
		template.failures.set(1);
		assertThat(hasItems(context().getUrl(URL, "failing", template))).isFalse();
		assertThat(hasItems(context().getUrl(URL, "failing", template))).isTrue();
		assertThat(hasItems(context().getUrl(URL, "failing", template))).isTrue();
		assertThat(template.fills).hasValue(2);
	}

	@Test
	void whenTheKeyDiffersThenTheTemplateDiffers() throws Exception {
		Items one = new Items("one");
		Items other = new Items("other");
		assertThat(hasItems(context().getUrl(URL, "keys", one))).isTrue();
		assertThat(hasItems(context().getUrl(URL, "keys", other))).isTrue();
		assertThat(one.fills).hasValue(1);
		assertThat(other.fills).hasValue(1);
	}

	@Test
	void withoutKeyOrTemplateTheDatabaseIsEmpty() throws Exception {
		Items template = new Items(null);
		assertThat(hasItems(context().getUrl(URL, "none", template))).isFalse();
		assertThat(hasItems(context().getUrl(URL, "none"))).isFalse();
		assertThat(hasItems(context().getUrl("embedded:postgresql", "none", new Items("unasked")))).isFalse();
		assertThat(template.fills).hasValue(0);
	}

	private static EmbeddedServers context() {
		return new EmbeddedServers(null, new SharedDatabases(servers));
	}

	private static boolean hasItems(String url) throws SQLException {
		try (Connection connection = connect(url);
				ResultSet tables = connection.getMetaData().getTables(null, "public", "item", null)) {
			return tables.next();
		}
	}

	private static int count(String url) throws SQLException {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT count(*) FROM item")) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect(String url) throws SQLException {
		return DriverManager.getConnection("jdbc:" + url.replace("postgres@", ""), "postgres", "");
	}

	/**
	 * A table with one row.
	 */
	private static final class Items implements DatabaseTemplate {

		private final @Nullable String key;

		private final AtomicInteger fills = new AtomicInteger();

		private final AtomicInteger failures = new AtomicInteger();

		Items(@Nullable String key) {
			this.key = key;
		}

		@Override
		public @Nullable Object getKey(String url) {
			return this.key;
		}

		@Override
		public void fill(String url) throws SQLException {
			this.fills.incrementAndGet();
			execute(url, "CREATE TABLE item AS SELECT 1 AS id");
			if (this.failures.getAndDecrement() > 0) {
				throw new SQLException("Injected after half of it");
			}
		}

	}

}
