package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.PreparationReport;
import io.appdbs.credentials.FixedCredentials;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.inspection.Inspection;
import io.appdbs.jdbc.Definitions;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.schema.Schema;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.mockito.Mockito;

/**
 * Connector whose behavior the test controls.
 */
final class TestConnector implements DatabaseConnector {

	final boolean required;

	DatabaseAvailability availability;

	volatile CountDownLatch latch = new CountDownLatch(0);

	volatile Exception connectFailure;

	volatile RuntimeException closeFailure;

	volatile RuntimeException probeFailure;

	volatile int aborts;

	volatile boolean hangOnClose;

	volatile boolean interrupted;

	volatile boolean closing;

	volatile boolean closed;

	volatile int attempts;

	final AtomicInteger probing = new AtomicInteger();

	volatile int probes;

	volatile int mostProbesAtOnce;

	/** What the next verifications throw. */
	final Queue<Exception> verifications = new ConcurrentLinkedQueue<>();

	volatile int verified;

	TestConnector() {
		this(true);
	}

	TestConnector(boolean required) {
		this.required = required;
	}

	/**
	 * Creates the definition of a database with row-level security.
	 */
	DatabaseDefinition definition(String name) {
		DatabaseSettings settings = Definitions.bind(Map.of("required", this.required, "rls.enabled", true));
		DatabaseConnectionDetails details = engine().resolve("jdbc:h2:mem:" + name);
		return new DatabaseDefinition(name, settings, engine(), () -> details);
	}

	/**
	 * Creates the database of the connector.
	 */
	ManagedDatabase manage(String name, Consumer<DatabaseStateChangedEvent> events) {
		return new ManagedDatabase(new FixedCredentials(definition(name)), (definition, availability) -> {
			this.availability = availability;
			return this;
		}, TestConnector::services, events);
	}

	/**
	 * Creates the services of a database, which do nothing.
	 */
	static DatabaseServices services(DatabaseAccess database) {
		return new DatabaseServices(Mockito.mock(Inspection.class), Mockito.mock(Schema.class),
				Mockito.mock(Maintenance.class), Mockito::mock, () -> null, null, null, List.of());
	}

	private static Engine engine() {
		return Engines.load(null).findById("h2");
	}

	void hang() {
		this.latch = new CountDownLatch(1);
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		this.attempts++;
		this.latch.await();
		if (this.connectFailure != null) {
			throw this.connectFailure;
		}
		return new ConnectedServer(engine(), "H2", List.of());
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
	public void abort() {
		this.aborts++;
	}

	@Override
	public Runnable rotate(DatabaseConnectionDetails details, Duration timeout) {
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
	public void setMaximumPoolSize(int maximum) {
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
