package io.appdbs.embedded;

/**
 * A MongoDB-compatible server from {@code de.bwaldvogel:mongo-java-server}, in this
 * process and in memory.
 */
class EmbeddedMongoProvider implements EmbeddedServerProvider {

	@Override
	public String getEngine() {
		return "mongodb";
	}

	@Override
	public String getDisplayName() {
		return "MongoDB";
	}

	@Override
	public String getLibraryClassName() {
		return "de.bwaldvogel.mongo.backend.memory.MemoryBackend";
	}

	@Override
	public String getLibraryCoordinates() {
		return "de.bwaldvogel:mongo-java-server";
	}

	@Override
	public boolean isPersistent() {
		return false;
	}

	@Override
	public EmbeddedServer start(ServerFolder folder) {
		return EmbeddedMongoServer.start();
	}

}
