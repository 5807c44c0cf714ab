package io.appdbs.lifecycle;

import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link DatabaseLifecycle}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseLifecycleTests {

	private final Map<String, Connector> connectors = new LinkedHashMap<>();

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
		Connector hanging = connector("orders", "true");
		hanging.hang();
		Connector other = connector("audit", "true");
		start();
		assertThat(this.lifecycle.getConnector("audit", Connector.class)).isSameAs(other);
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.STARTING);
		hanging.latch.countDown();
		assertThat(this.lifecycle.getConnector("orders", Connector.class)).isSameAs(hanging);
	}

	@Test
	void whenAnOptionalDatabaseHangsThenTheApplicationStartsWithoutIt() {
		connector("orders", "false").hang();
		start();
		this.lifecycle.afterSingletonsInstantiated();
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.STARTING);
	}

	@Test
	void whenSeveralDatabasesFailThenAllAreReported() {
		connector("orders", "true").failure = new DatabaseStartException("orders", "first", "fix", null);
		connector("audit", "true").failure = new DatabaseStartException("audit", "second", "fix", null);
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
	void eventsAreHeldBackUntilTheBeansAreThere() {
		connector("orders", "true");
		start();
		this.lifecycle.getConnector("orders", Connector.class);
		assertThat(this.events).isEmpty();
		this.lifecycle.afterSingletonsInstantiated();
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.getFrom()).isEqualTo(DatabaseState.STARTING);
			assertThat(event.getTo()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenClosingOneFailsAndAnotherHangsThenTheOthersAreClosedNevertheless() {
		connector("orders", "true").closeFailure = new IllegalStateException("Expected by the test");
		Connector hanging = connector("audit", "true");
		hanging.hangOnClose = true;
		Connector other = connector("billing", "true");
		start();
		this.lifecycle.afterSingletonsInstantiated();
		hanging.hang();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> this.lifecycle.destroy());
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> other.closed);
		hanging.latch.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(closing::isDone);
		assertThat(this.lifecycle).extracting(Database::getState).containsOnly(DatabaseState.CLOSED);
	}

	@Test
	void whenTheClosingThreadIsInterruptedThenItWaitsForTheDatabasesNevertheless() {
		Connector hanging = connector("orders", "true");
		hanging.hangOnClose = true;
		start();
		this.lifecycle.afterSingletonsInstantiated();
		hanging.hang();
		CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
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
	void whenClosedDuringAProbeThenThatIsNoOutage() {
		Connector probed = connector("orders", "true");
		start();
		this.lifecycle.afterSingletonsInstantiated();
		probed.hang();
		Awaitility.await().until(() -> probed.probes > 0);
		this.lifecycle.destroy();
		Awaitility.await().until(() -> probed.interrupted);
		Awaitility.await().until(() -> TestDatabases.threads("appdbs-monitor-").isEmpty());
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.CLOSED);
	}

	@Test
	void whenWaitingForADatabaseIsInterruptedThenThatIsSaid() throws Exception {
		connector("orders", "true").hang();
		start();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			failure.complete(catchThrowable(() -> this.lifecycle.getConnector("orders", Connector.class)));
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
	void whenClosedWhileAThreadWaitsThenItIsToldSo() throws Exception {
		connector("orders", "true").hang();
		start();
		CompletableFuture<Throwable> failure = CompletableFuture
			.supplyAsync(() -> catchThrowable(() -> this.lifecycle.getConnector("orders", Connector.class)));
		this.lifecycle.destroy();
		assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(DatabaseStartException.class)
			.hasMessage("Database 'orders' is closed.");
	}

	@Test
	void theDatabasesAreConnectedToInParallel() {
		for (int i = 0; i < 16; i++) {
			connector("orders-" + i, "true").hang();
		}
		start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.connectors.values().stream().allMatch((connector) -> connector.attempts == 1));
	}

	@Test
	void whenProbesAreAskedForDuringAnotherThenTheyComeOneAfterTheOther() throws Exception {
		Connector connector = connector("orders", "true");
		connector("audit", "true");
		start();
		this.lifecycle.getConnector("orders", Connector.class);
		connector.hang();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> requests = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				requests.add(threads.submit(() -> this.lifecycle.getOperations("orders").probe()));
				// the first request is being served when the others arrive
				Awaitility.await().until(() -> connector.probes > 0);
			}
			for (Future<?> request : requests) {
				request.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		// the one that hangs, and an additional one
		assertThat(connector.mostProbesAtOnce).isEqualTo(2);
		connector.latch.countDown();
		Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.UP);
		int before = connector.probes;
		this.lifecycle.getOperations("orders").probe();
		assertThat(connector.probes).isGreaterThan(before);
		assertThat(connector.mostProbesAtOnce).isEqualTo(2);
	}

	@Test
	void whenProbesDoNotReturnThenTheDatabaseIsDownUntilOneDoesAndOthersAreProbed() {
		Connector hanging = connector("orders", "true");
		Connector other = connector("audit", "true");
		start();
		this.lifecycle.afterSingletonsInstantiated();
		hanging.hang();
		Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.DOWN);
		int before = other.probes;
		Awaitility.await().until(() -> hanging.probes == 2 && other.probes > before + 1);
		assertThat(hanging.probing).hasValue(2);
		assertThat(this.lifecycle.get("orders").getLastFailure())
			.hasMessage("The server did not answer within 1000 ms");
		hanging.latch.countDown();
		Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.UP);
		assertThat(this.lifecycle.get("audit").getState()).isEqualTo(DatabaseState.UP);
	}

	@Test
	void whenAListenerSleepsThenTheDatabaseIsWatchedNeverthelessAndEventsKeepTheirOrder() {
		CountDownLatch sleeping = new CountDownLatch(1);
		this.listener = (event) -> {
			if (event.getTo() == DatabaseState.DOWN) {
				awaitUninterruptibly(sleeping);
			}
			this.events.add(event);
		};
		Connector connector = connector("orders", "true");
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
	void whenAListenerFailsThenTheNextEventComesNevertheless() {
		Connector connector = connector("orders", "true");
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

	@Test
	void whenAVerificationFailsOnceThenTheDatabaseStaysUp() {
		// somebody was changing the schema
		Connector connector = connector("orders", "true");
		connector.verifications.add(rejection());
		start();
		this.lifecycle.afterSingletonsInstantiated();
		this.lifecycle.getOperations("orders").verify();
		assertThat(connector.verified).isEqualTo(2);
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.UP);
		assertThat(connector.aborts).isZero();
	}

	@Test
	void whenAVerificationFailsTwiceThenTheDatabaseIsDownUntilOnePasses() {
		Connector connector = connector("orders", "true");
		connector.verifications.addAll(List.of(rejection(), rejection(), rejection(), rejection()));
		start();
		this.lifecycle.afterSingletonsInstantiated();
		this.lifecycle.getOperations("orders").verify();
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.DOWN);
		assertThat(connector.aborts).isEqualTo(1);
		// verified again without a request
		Awaitility.await().until(() -> this.lifecycle.get("orders").getState() == DatabaseState.UP);
		assertThat(connector.verified).isGreaterThanOrEqualTo(5);
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.DOWN, DatabaseState.UP);
	}

	@Test
	void whenADatabaseCannotBeVerifiedThenItsStateStays() {
		Connector connector = connector("orders", "true");
		connector.verifications.add(new SQLTimeoutException("no answer"));
		start();
		this.lifecycle.afterSingletonsInstantiated();
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> this.lifecycle.getOperations("orders").verify())
			.withMessage(
					"Database 'orders' was not verified: the host did not answer in time. The driver says: no answer");
		assertThat(this.lifecycle.get("orders").getState()).isEqualTo(DatabaseState.UP);
		// retried without a request
		Awaitility.await().until(() -> connector.verified == 2);
	}

	private static VerificationFailedException rejection() {
		return new VerificationFailedException("orders", "policies do not bind", "fix",
				new PreparationReport("row-level-security", Duration.ZERO, Map.of()));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void whenTheProbesOfManyDatabasesHangThenTheThreadsAreBounded() {
		for (int i = 0; i < 40; i++) {
			connector("many-" + i, "true");
		}
		start();
		this.lifecycle.afterSingletonsInstantiated();
		this.connectors.values().forEach(Connector::hang);
		Awaitility.await().until(() -> this.connectors.values().stream().anyMatch((connector) -> connector.probes > 0));
		assertThat(TestDatabases.threads("appdbs-many-")).isEmpty();
		assertThat(TestDatabases.threads("appdbs-monitor-")).hasSizeLessThanOrEqualTo(16);
	}

	private Connector connector(String name, String required) {
		Connector connector = new Connector(required);
		this.connectors.put(name, connector);
		return connector;
	}

	private void start() {
		List<DatabaseDefinition> definitions = new ArrayList<>();
		this.connectors.forEach((name, connector) -> definitions.add(definition(name, connector.required)));
		this.lifecycle = new DatabaseLifecycle(definitions, Map.of(), Map.of(),
				(definition, gate) -> this.connectors.get(definition.name()), (event) -> this.listener.accept(event));
	}

	private static DatabaseDefinition definition(String name, String required) {
		DatabaseSettings settings = new Binder(
				new MapConfigurationPropertySource(Map.of("required", required, "rls.enabled", "true")))
			.bindOrCreate("", DatabaseSettings.class);
		Engine engine = Engines.load(null).findById("h2");
		DatabaseConnectionDetails target = engine.resolve("jdbc:h2:mem:" + name);
		return new DatabaseDefinition(name, settings, engine, () -> target);
	}

	/**
	 * Connects when it is told to.
	 */
	private static final class Connector implements DatabaseConnector {

		private final String required;

		private volatile CountDownLatch latch = new CountDownLatch(0);

		private volatile DatabaseStartException failure;

		private volatile RuntimeException closeFailure;

		private volatile RuntimeException probeFailure;

		private volatile int aborts;

		private volatile boolean hangOnClose;

		private volatile boolean interrupted;

		private volatile boolean closing;

		private volatile boolean closed;

		private volatile int attempts;

		private final AtomicInteger probing = new AtomicInteger();

		private volatile int probes;

		private volatile int mostProbesAtOnce;

		/** What the next verifications throw. */
		private final Queue<Exception> verifications = new ConcurrentLinkedQueue<>();

		private volatile int verified;

		Connector(String required) {
			this.required = required;
		}

		void hang() {
			this.latch = new CountDownLatch(1);
		}

		@Override
		public ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) throws Exception {
			this.attempts++;
			this.latch.await();
			if (this.failure != null) {
				throw this.failure;
			}
			return new ConnectedServer(Engines.load(null).findById("h2"), "H2", List.of());
		}

		@Override
		public void probe(Duration connectTimeout, Duration timeout) throws Exception {
			this.probes++;
			if (this.probeFailure != null) {
				throw this.probeFailure;
			}
			this.mostProbesAtOnce = Math.max(this.mostProbesAtOnce, this.probing.incrementAndGet());
			try {
				this.latch.await();
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
				throw ex;
			}
			finally {
				this.probing.decrementAndGet();
			}
		}

		@Override
		public boolean isWorking(Throwable failure, Duration timeout) {
			return false;
		}

		@Override
		public void suspend() {
		}

		@Override
		public void abort() {
			this.aborts++;
		}

		@Override
		public Runnable rotate(DatabaseConnectionDetails target, Duration timeout) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<PreparationReport> verify() throws Exception {
			this.verified++;
			Exception failure = this.verifications.poll();
			if (failure != null) {
				throw failure;
			}
			return List.of();
		}

		@Override
		public PoolUsage getPoolUsage() {
			return null;
		}

		@Override
		public void setMaximumPoolSize(int maximum) {
		}

		@Override
		public void recover() {
		}

		@Override
		public void close() throws Exception {
			this.closing = true;
			if (this.hangOnClose) {
				this.latch.await();
			}
			this.closed = true;
			if (this.closeFailure != null) {
				throw this.closeFailure;
			}
		}

	}

}
