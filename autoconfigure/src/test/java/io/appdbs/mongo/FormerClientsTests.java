package io.appdbs.mongo;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FormerClients}.
 */
class FormerClientsTests {

	private final FormerClients clients = new FormerClients();

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

}
