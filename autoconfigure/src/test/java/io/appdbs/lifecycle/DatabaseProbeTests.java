package io.appdbs.lifecycle;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseProbe}.
 */
class DatabaseProbeTests {

	@AutoClose("shutdownNow")
	private final ExecutorService executor = Executors.newCachedThreadPool();

	@Test
	void theResponseTimeOfALateAnswerIsThatOfTheCompleteCall() throws Exception {
		TestConnector connector = new TestConnector();
		ManagedDatabase database = connector.manage("orders", (event) -> {
		});
		assertThat(new DatabaseOpener(database).open(() -> Duration.ofSeconds(1))).isNull();
		DatabaseProbe probe = new DatabaseProbe(database, this.executor);
		connector.hang();
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(probe::probe);
		connector.latch.countDown();
		Awaitility.await().until(() -> connector.probing.get() == 0);
		probe.probe();
		assertThat(connector.probes).isOne();
		assertThat(probe.getResponseTime()).isGreaterThan(database.getDefinition().settings().health().timeout());
	}

}
