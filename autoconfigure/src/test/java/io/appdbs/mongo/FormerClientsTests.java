package io.appdbs.mongo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FormerClients}.
 */
class FormerClientsTests {

	private final FormerClients clients = new FormerClients("catalog");

	private final AtomicInteger closed = new AtomicInteger();

	@Test
	void clientsThatWereClosedWithTheConnectorAreNotClosedAgain() {
		Runnable retirement = this.clients.add(this.closed::incrementAndGet);
		this.clients.close();
		assertThat(this.closed).hasValue(1);
		retirement.run();
		assertThat(this.closed).hasValue(1);
	}

	@Test
	void clientsThatWereClosedAreNotClosedAgainWithTheConnector() {
		Runnable retirement = this.clients.add(this.closed::incrementAndGet);
		retirement.run();
		this.clients.close();
		assertThat(this.closed).hasValue(1);
	}

	@Test
	void clientsThatAreClosedLaterDoNotBlockTheCommonPool() throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		Runnable retirement = this.clients.add(() -> thread.complete(Thread.currentThread().getName()));
		this.clients.closeLater(retirement, Duration.ofMillis(1));
		assertThat(thread.get(1, TimeUnit.MINUTES)).isEqualTo("appdbs-close-catalog-1");
	}

}
