package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.event.ClusterDescriptionChangedEvent;
import com.mongodb.event.ClusterListener;

/**
 * {@link ClusterListener} that notices when a new client has found a server, or has tried
 * all of them without success. The driver itself continues until its time-out, even if
 * all servers refuse connections.
 */
final class ServerDiscovery implements ClusterListener {

	private final CompletableFuture<Boolean> found = new CompletableFuture<>();

	@Override
	public void clusterDescriptionChanged(ClusterDescriptionChangedEvent event) {
		ClusterDescription description = event.getNewDescription();
		List<ServerDescription> servers = description.getServerDescriptions();
		if (servers.stream().anyMatch(ServerDescription::isOk)) {
			this.found.complete(true);
		}
		else if (!servers.isEmpty() && servers.stream().allMatch((server) -> server.getException() != null)) {
			this.found.complete(false);
		}
	}

	/**
	 * Waits for the outcome.
	 * @return whether a server has been found or may still be found
	 */
	boolean await(Duration timeout) {
		try {
			return this.found.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			return true;
		}
	}

}
