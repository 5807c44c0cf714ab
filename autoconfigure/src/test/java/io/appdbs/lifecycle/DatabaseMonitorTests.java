package io.appdbs.lifecycle;

import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseMonitor}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseMonitorTests {

	private final DatabaseMonitor monitor = new DatabaseMonitor(40);

	private final List<DatabaseStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private final TestConnector connector = new TestConnector();

	private final ManagedDatabase database = watch("orders", this.connector);

	private final DatabaseOperations operations = new DatabaseOperations(this.database, this.monitor);

	@AfterEach
	void close() {
		this.connector.latch.countDown();
		this.monitor.close();
	}

	@Test
	void whenSeveralProbesAreRequestedThenTheyRunOneAfterTheOther() {
		this.connector.hang();
		List<CompletableFuture<DatabaseSnapshot>> requests = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			requests.add(SeparateThread.supply(this.operations::probe));
			// the first request is being served when the others arrive
			Awaitility.await().until(() -> this.connector.probes > 0);
		}
		requests.forEach(CompletableFuture::join);
		// the one that hangs, and an additional one
		assertThat(this.connector.mostProbesAtOnce).isEqualTo(2);
		this.connector.latch.countDown();
		Awaitility.await().until(this.database::isUp);
		int before = this.connector.probes;
		this.operations.probe();
		assertThat(this.connector.probes).isGreaterThan(before);
		assertThat(this.connector.mostProbesAtOnce).isEqualTo(2);
	}

	@Test
	void whenProbesDoNotReturnThenTheDatabaseIsDownAndOthersAreProbed() {
		TestConnector other = new TestConnector();
		ManagedDatabase audit = watch("audit", other);
		this.connector.hang();
		Awaitility.await().until(() -> this.database.getState() == DatabaseState.DOWN);
		int before = other.probes;
		Awaitility.await().until(() -> this.connector.probes == 2 && other.probes > before + 1);
		assertThat(this.connector.probing).hasValue(2);
		assertThat(this.database.getLastFailure()).hasMessage("The server did not answer within 1000 ms");
		this.connector.latch.countDown();
		Awaitility.await().until(this.database::isUp);
		assertThat(audit.getState()).isEqualTo(DatabaseState.UP);
	}

	@Test
	void whenTheProbesOfManyDatabasesHangThenTheNumberOfThreadsIsLimited() {
		List<TestConnector> others = Stream.generate(TestConnector::new).limit(40).toList();
		others.forEach((other) -> watch("many-" + others.indexOf(other), other));
		this.connector.hang();
		others.forEach((other) -> other.latch = this.connector.latch);
		Awaitility.await().until(() -> this.connector.probes > 0);
		assertThat(TestDatabases.threads("appdbs-monitor-")).hasSizeLessThanOrEqualTo(16);
	}

	@Test
	void whenAVerificationFailsOnceThenTheDatabaseStaysUp() {
		// for example while the schema was being changed
		this.connector.verifications.add(rejection());
		this.operations.verify();
		assertThat(this.connector.verified).isEqualTo(2);
		assertThat(this.database.isUp()).isTrue();
		assertThat(this.connector.aborts).isZero();
	}

	@Test
	void whenAVerificationFailsTwiceThenTheDatabaseIsDownUntilOnePasses() {
		this.connector.verifications.addAll(List.of(rejection(), rejection(), rejection(), rejection()));
		this.operations.verify();
		assertThat(this.database.getState()).isEqualTo(DatabaseState.DOWN);
		assertThat(this.connector.aborts).isEqualTo(1);
		// verified again without a request
		Awaitility.await().until(this.database::isUp);
		assertThat(this.connector.verified).isGreaterThanOrEqualTo(5);
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.DOWN, DatabaseState.UP);
	}

	@Test
	void whenADatabaseCannotBeVerifiedThenItsStateDoesNotChange() {
		this.connector.verifications.add(new SQLTimeoutException("no answer"));
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(this.operations::verify)
			.withMessage(
					"Database 'orders' was not verified: the host did not answer in time. The driver says: no answer");
		assertThat(this.database.isUp()).isTrue();
		// retried without a request
		Awaitility.await().until(() -> this.connector.verified == 2);
	}

	private static VerificationFailedException rejection() {
		return new VerificationFailedException("orders", "policies do not bind", "fix",
				TroubleshootingSection.ROW_LEVEL_SECURITY,
				new PreparationReport("row-level-security", Duration.ZERO, Map.of()));
	}

	private ManagedDatabase watch(String name, TestConnector connector) {
		ManagedDatabase database = connector.manage(name, this.events::add);
		assertThat(new DatabaseOpener(database).open(() -> Duration.ofSeconds(1))).isNull();
		this.monitor.watch(database);
		return database;
	}

}
