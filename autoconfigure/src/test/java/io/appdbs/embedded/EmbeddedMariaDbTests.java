package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedMariaDbServer}.
 */
class EmbeddedMariaDbTests extends EmbeddedServerProcessContractTests {

	EmbeddedMariaDbTests() {
		super("mariadb", "MariaDB", "mariadbd");
	}

	@Override
	void damage(Path dataDir) throws IOException {
		Files.writeString(dataDir.resolve("mariadb").resolve("ibdata1"), "not InnoDB");
	}

	@Test
	void temporaryTablesOfServersAreInDifferentDirectories() throws SQLException {
		try (EmbeddedServers first = new EmbeddedServers(null); EmbeddedServers second = new EmbeddedServers(null)) {
			assertThat(findTemporaryDirectory(first)).isNotEqualTo(findTemporaryDirectory(second));
		}
	}

	private static String findTemporaryDirectory(EmbeddedServers servers) throws SQLException {
		String url = servers.getUrl("embedded:mariadb", "orders");
		String address = url.substring(url.indexOf('@') + 1);
		try (Connection connection = DriverManager.getConnection("jdbc:mariadb://" + address + "?user=root");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT @@tmpdir")) {
			result.next();
			return result.getString(1);
		}
	}

}
