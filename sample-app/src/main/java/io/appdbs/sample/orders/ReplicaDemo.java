package io.appdbs.sample.orders;

import java.time.Duration;
import java.util.List;

import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.Databases;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows where read-only transactions run.
 */
@RestController
class ReplicaDemo {

	private static final String NO_REPLICA = "'orders' has no replica. To see one with your own servers, set "
			+ "APP_DBS_ORDERS_REPLICAS_0_URL to the URL of a server that follows the one of ORDERS_URL.";

	private final Databases databases;

	private final OrderRepository orders;

	ReplicaDemo(Databases databases, OrderRepository orders) {
		this.databases = databases;
		this.orders = orders;
	}

	@GetMapping("/demo/replica")
	Answer show() {
		List<Replica> replicas = this.databases.stream()
			.map((database) -> Replica.of(database.getSnapshot()))
			.filter((replica) -> replica != null)
			.toList();
		return new Answer(this.orders.findReadingServer(), replicas, replicas.isEmpty() ? NO_REPLICA : null);
	}

	/**
	 * The answer.
	 *
	 * @param readOnlyTransaction the server that served a read-only transaction
	 * @param replicas the replicas
	 * @param message why there are none, or {@code null}
	 */
	record Answer(String readOnlyTransaction, List<Replica> replicas, @Nullable String message) {

	}

	/**
	 * A replica of the orders.
	 */
	record Replica(String name, String state, @Nullable Duration lag) {

		static @Nullable Replica of(DatabaseSnapshot database) {
			DatabaseReplica replica = database.replica();
			return (replica != null && replica.of().equals("orders"))
					? new Replica(database.name(), database.state().name(), replica.lag()) : null;
		}

	}

}
