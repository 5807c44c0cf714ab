package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.TroubleshootingSection;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link DatabaseLifecycle}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseLifecycleTests {

	private final Map<String, TestConnector> connectors = new LinkedHashMap<>();

	private final List<DatabaseStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private volatile Consumer<DatabaseStateChangedEvent> listener = this.events::add;

	private DatabaseLifecycle lifecycle;

	@AfterEach
	void tearDown() {
		this.connectors.values().forEach((connector) -> connector.latch.countDown());
		if (this.lifecycle != null) {
			this.lifecycle.destroy();
		}
	}

	@Test
	void whenOneDatabaseHangsThenTheBeansOfAnotherDoNotWait() {
		TestConnector hanging = connector("orders", true);
		hanging.hang();
		TestConnector other = connector("audit", true);
		start();
		assertThat(this.lifecycle.getConnector("audit", TestConnector.class)).isSameAs(other);
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.STARTING);
		hanging.latch.countDown();
		assertThat(this.lifecycle.getConnector("orders", TestConnector.class)).isSameAs(hanging);
	}

	@Test
	void whenAnOptionalDatabaseHangsThenTheApplicationStartsWithoutIt() {
		connector("orders", false).hang();
		start();
		this.lifecycle.afterSingletonsInstantiated();
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.STARTING);
	}

	@Test
	void whenSeveralDatabasesFailThenAllAreReported() {
		connector("orders", true).connectFailure = new DatabaseStartException("orders", "first", "fix",
				TroubleshootingSection.REQUIRED_DATABASE_DOWN, null);
		connector("audit", true).connectFailure = new DatabaseStartException("audit", "second", "fix",
				TroubleshootingSection.REQUIRED_DATABASE_DOWN, null);
		start();
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> this.lifecycle.afterSingletonsInstantiated())
			.withMessage("first")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.extracting(Throwable::getMessage)
				.isEqualTo("second"));
		assertThat(this.connectors.values()).allMatch((connector) -> connector.attempts == 1);
	}

	@Test
	void eventsAreHeldUntilTheBeansHaveBeenCreated() {
		connector("orders", true);
		start();
		this.lifecycle.getConnector("orders", TestConnector.class);
		assertThat(this.events).isEmpty();
		this.lifecycle.afterSingletonsInstantiated();
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.getFrom()).isEqualTo(DatabaseState.STARTING);
			assertThat(event.getTo()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenClosingOneDatabaseFailsAndAnotherHangsThenTheOthersAreClosed() {
		connector("orders", true).closeFailure = new IllegalStateException("Expected by the test");
		TestConnector hanging = connector("audit", true);
		hanging.hangOnClose = true;
		TestConnector other = connector("billing", true);
		start();
		this.lifecycle.afterSingletonsInstantiated();
		hanging.hang();
		CompletableFuture<Void> closing = SeparateThread.run(() -> this.lifecycle.destroy());
		Awaitility.await().until(() -> other.closed);
		hanging.latch.countDown();
		Awaitility.await().until(closing::isDone);
		assertThat(this.lifecycle).extracting(Database::getState).containsOnly(DatabaseState.CLOSED);
	}

	@Test
	void whenTheClosingThreadIsInterruptedThenItStillWaitsForTheDatabases() {
		TestConnector hanging = connector("orders", true);
		hanging.hangOnClose = true;
		start();
		this.lifecycle.afterSingletonsInstantiated();
		hanging.hang();
		CompletableFuture<Boolean> closed = SeparateThread.supply(() -> {
			Thread.currentThread().interrupt();
			this.lifecycle.destroy();
			assertThat(Thread.interrupted()).isTrue();
			return hanging.closed;
		});
		Awaitility.await().until(() -> hanging.closing);
		hanging.latch.countDown();
		assertThat(closed).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
	}

	@Test
	void whenClosedDuringAProbeThenNoOutageIsPublished() {
		TestConnector probed = connector("orders", true);
		start();
		this.lifecycle.afterSingletonsInstantiated();
		probed.hang();
		Awaitility.await().until(() -> probed.probes > 0);
		this.lifecycle.destroy();
		Awaitility.await().until(() -> probed.interrupted);
		TestDatabases.awaitNoThreads("appdbs-monitor-");
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.CLOSED);
	}

	@Test
	void whenTheWaitForADatabaseIsInterruptedThenTheExceptionReportsIt() throws Exception {
		connector("orders", true).hang();
		start();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			failure.complete(catchThrowable(() -> this.lifecycle.getConnector("orders", TestConnector.class)));
			interrupted.complete(Thread.currentThread().isInterrupted());
		});
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
		thread.interrupt();
		assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(DatabaseStartException.class)
			.hasMessage("The wait for database 'orders' was interrupted.");
		assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whenClosedWhileAThreadWaitsThenTheThreadFails() throws Exception {
		connector("orders", true).hang();
		start();
		CompletableFuture<Throwable> failure = SeparateThread
			.supply(() -> catchThrowable(() -> this.lifecycle.getConnector("orders", TestConnector.class)));
		this.lifecycle.destroy();
		assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(DatabaseStartException.class)
			.hasMessage("Database 'orders' is closed.");
	}

	@Test
	void whenClosedWhileADatabaseStartsThenNoFailedAttemptIsLogged() {
		TestConnector starting = connector("closed-early", true);
		starting.hang();
		try (LoggedLines log = new LoggedLines()) {
			start();
			Awaitility.await().until(() -> starting.attempts > 0);
			this.lifecycle.destroy();
			TestDatabases.awaitNoThreads("appdbs-closed-early");
			assertThat(log.messages()).isEmpty();
		}
	}

	@Test
	void theDatabasesConnectInParallel() {
		for (int i = 0; i < 16; i++) {
			connector("orders-" + i, true).hang();
		}
		start();
		Awaitility.await()
			.until(() -> this.connectors.values().stream().allMatch((connector) -> connector.attempts == 1));
	}

	@Test
	void whenAListenerIsSlowThenTheDatabaseIsProbedAndEventsKeepTheirOrder() {
		CountDownLatch sleeping = new CountDownLatch(1);
		this.listener = (event) -> {
			if (event.getTo() == DatabaseState.DOWN) {
				awaitUninterruptibly(sleeping);
			}
			this.events.add(event);
		};
		TestConnector connector = connector("orders", true);
		start();
		this.lifecycle.afterSingletonsInstantiated();
		for (int i = 0; i < 2; i++) {
			connector.probeFailure = new IllegalStateException("Expected by the test");
			Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.DOWN);
			connector.probeFailure = null;
			Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.UP);
		}
		assertThat(connector.aborts).isZero();
		assertThat(this.events).hasSize(1);
		sleeping.countDown();
		Awaitility.await().until(() -> this.events.size() == 5);
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.DOWN, DatabaseState.UP, DatabaseState.DOWN,
					DatabaseState.UP);
	}

	@Test
	void whenAListenerFailsThenTheNextEventIsPublished() {
		TestConnector connector = connector("orders", true);
		this.listener = (event) -> {
			this.events.add(event);
			throw new IllegalStateException("Expected by the test");
		};
		start();
		this.lifecycle.afterSingletonsInstantiated();
		connector.probeFailure = new IllegalStateException("Expected by the test");
		Awaitility.await().until(() -> this.events.size() == 2);
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.DOWN);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private TestConnector connector(String name, boolean required) {
		TestConnector connector = new TestConnector(required);
		this.connectors.put(name, connector);
		return connector;
	}

	private void start() {
		List<DatabaseDefinition> definitions = new ArrayList<>();
		this.connectors.forEach((name, connector) -> definitions.add(connector.definition(name)));
		this.lifecycle = new DatabaseLifecycle(definitions, Map.of(), Map.of(),
				(definition, availability) -> this.connectors.get(definition.name()), TestConnector::services,
				(event) -> this.listener.accept((DatabaseStateChangedEvent) event));
	}

}
