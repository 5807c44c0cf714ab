package io.appdbs.embedded;

/**
 * H2, in this process.
 */
class EmbeddedH2Provider implements EmbeddedServerProvider {

	@Override
	public String getEngine() {
		return "h2";
	}

	@Override
	public String getDisplayName() {
		return "H2";
	}

	@Override
	public String getLibraryClassName() {
		return "org.h2.Driver";
	}

	@Override
	public String getLibraryCoordinates() {
		return "com.h2database:h2";
	}

	@Override
	public EmbeddedServer start(ServerFolder folder) throws Exception {
		return EmbeddedH2Server.start(folder);
	}

}
