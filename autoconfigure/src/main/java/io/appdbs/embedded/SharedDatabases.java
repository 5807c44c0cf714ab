package io.appdbs.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The databases of one context on servers that it shares with others.
 */
final class SharedDatabases {

	static final EmbeddedServers OF_THIS_JVM = new EmbeddedServers(SharedDatabases.class.getClassLoader());

	private final EmbeddedServers servers;

	private final Map<Place, Place> places = new LinkedHashMap<>();

	private boolean closed;

	SharedDatabases(EmbeddedServers servers) {
		this.servers = servers;
	}

	/**
	 * Returns the URL of a database, which is created if this context has no database of
	 * that name.
	 */
	String getUrl(EmbeddedUrl url, String databaseName, @Nullable DatabaseTemplate template) {
		Place place;
		synchronized (this.places) {
			if (this.closed) {
				throw new EmbeddedServerException(
						"The database '" + databaseName + "' is not available: the application is shutting down", null);
			}
			place = this.places.computeIfAbsent(new Place(url, databaseName),
					(wanted) -> new Place(url, this.servers.claim(url, databaseName)));
		}
		return this.servers.getUrl(url, place.databaseName(), template);
	}

	/**
	 * Returns the URL of a database of this context on a replica of its server.
	 */
	String getReplicaUrl(EmbeddedUrl url, String databaseName, int number) {
		Place place;
		synchronized (this.places) {
			place = this.places.get(new Place(url, databaseName));
		}
		if (place == null) {
			throw new EmbeddedServerException("The database '" + databaseName + "' has no replica: it is not open",
					null);
		}
		return this.servers.getUrl(url.replica(number), place.databaseName(), null);
	}

	void close() {
		synchronized (this.places) {
			this.closed = true;
			this.places.values().forEach((place) -> this.servers.drop(place.url(), place.databaseName()));
			this.places.clear();
		}
	}

	private record Place(EmbeddedUrl url, String databaseName) {

	}

}
