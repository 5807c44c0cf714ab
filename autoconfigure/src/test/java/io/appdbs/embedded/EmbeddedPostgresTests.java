package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tests for {@link EmbeddedPostgresServer}.
 */
class EmbeddedPostgresTests extends EmbeddedServerProcessContractTests {

	EmbeddedPostgresTests() {
		super("postgresql", "PostgreSQL", "postgres");
	}

	@Override
	void damage(Path dataDir) throws IOException {
		Files.writeString(dataDir.resolve("postgresql").resolve("PG_VERSION"), "9.6\n");
	}

}
