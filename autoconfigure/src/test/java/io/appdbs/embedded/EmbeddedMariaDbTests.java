package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

}
