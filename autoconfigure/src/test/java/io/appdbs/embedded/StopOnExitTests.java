package io.appdbs.embedded;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StopOnExit}.
 */
class StopOnExitTests {

	@Test
	void serversAreStoppedAfterTheContextsThatUseThem() throws Exception {
		CountDownLatch contextClosed = new CountDownLatch(1);
		CountDownLatch stopped = new CountDownLatch(1);
		Thread contextHook = new Thread(() -> await(contextClosed), "SpringApplicationShutdownHook");
		contextHook.start();
		Thread hook = new Thread(new StopOnExit(stopped::countDown)::run);
		hook.start();
		assertThat(stopped.await(300, TimeUnit.MILLISECONDS)).isFalse();
		contextClosed.countDown();
		assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whenNoContextIsClosingThenServersAreStopped() throws Exception {
		CountDownLatch stopped = new CountDownLatch(1);
		new Thread(new StopOnExit(stopped::countDown)::run).start();
		assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
