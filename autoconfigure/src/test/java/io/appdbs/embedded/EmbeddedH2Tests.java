package io.appdbs.embedded;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedH2Server}.
 */
class EmbeddedH2Tests extends EmbeddedJdbcServerContractTests {

	EmbeddedH2Tests() {
		super("h2", "H2");
	}

	@Test
	void whenClosedThenTheDatabaseIsDeleted() throws SQLException {
		EmbeddedServers servers = new EmbeddedServers(null);
		String url = servers.getUrl(getEmbeddedUrl(), "orders");
		execute(url, "CREATE TABLE item (id INT)");
		assertThat(count(url)).isZero();
		servers.close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(url + ";IFEXISTS=TRUE"))
			.withMessageContaining("not found");
	}

}
