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
 * {@link ClusterListener} that notices when a new client has found a server that accepts
 * writes, or has tried all of them without success. The driver itself continues until its
 * time-out, even if all servers refuse connections.
 */
final class ServerDiscovery implements ClusterListener {

	private final CompletableFuture<Boolean> found = new CompletableFuture<>();

	@Override
	public void clusterDescriptionChanged(ClusterDescriptionChangedEvent event) {
		ClusterDescription description = event.getNewDescription();
		List<ServerDescription> servers = description.getServerDescriptions();
		if (description.hasWritableServer()) {
			this.found.complete(true);
		}
		else if (!servers.isEmpty() && servers.stream().allMatch(ServerDiscovery::isTried)) {
			this.found.complete(false);
		}
	}

	private static boolean isTried(ServerDescription server) {
		return server.isOk() || server.getException() != null;
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
