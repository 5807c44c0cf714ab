package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ManagedDatabase}.
 */
class ManagedDatabaseTests {

	private final List<DatabaseStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private final TestConnector connector = new TestConnector();

	private final ManagedDatabase database = this.connector.manage("orders", this.events::add);

	@Test
	void whileItStartsCallersWaitAndFail() {
		assertOutage("it is still starting", BorrowFailure.DOWN);
		assertThat(this.connector.availability.isUp()).isFalse();
	}

	@Test
	void whenItIsOpenedThenCallersAreAllowed() {
		open();
		assertThat(this.connector.availability.check(Duration.ZERO)).isNull();
		assertThat(this.connector.availability.isOpen()).isTrue();
		assertThat(this.database.getStatistics().getProbes()).isOne();
		assertThat(this.database.getStatistics().getProbeTime()).isPositive();
	}

	@Test
	void whenItCannotBeOpenedThenTheReasonIsReportedAndTheAttemptIsAFailedProbe() {
		this.connector.connectFailure = new IllegalStateException("not now");
		StartFailure failure = new DatabaseOpener(this.database).open(() -> Duration.ZERO);
		this.database.down(failure, Duration.ofMinutes(1));
		assertOutage("the driver failed. The driver says: not now", BorrowFailure.DOWN);
		assertThat(this.database.getSnapshot().failedAtStart()).isTrue();
		assertThat(this.database.getSnapshot().outage().nextAttempt()).isAfter(this.database.getSince());
		assertThat(this.database.getStatistics().getFailedProbes()).isOne();
	}

	@Test
	void whenItIsSuspendedThenCallersFailOrWaitUntilItIsResumed() {
		open();
		this.database.getSuspension().suspend(true);
		assertOutage("it is suspended until the operation 'resume'", BorrowFailure.SUSPENDED);
		assertThat(this.connector.availability.isOpen()).isFalse();
		assertThat(this.connector.availability.isUp()).isTrue();
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> this.database.getSuspension().suspend(false))
			.withMessageMatching("Database 'orders' has been suspended since .*\\. Resume it first\\.");
		this.database.getSuspension().resume();
		assertThat(this.connector.availability.check(Duration.ZERO)).isNull();
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(this.database.getSuspension()::resume)
			.withMessage("Database 'orders' is not suspended.");
	}

	@Test
	void whoeverWaitsForARestingDatabaseThatIsDownEndsItsRest() throws Exception {
		open();
		CompletableFuture<Void> probe = new CompletableFuture<>();
		this.database.getRest().begin(() -> {
			this.database.recovered();
			probe.complete(null);
			return probe;
		});
		assertThat(this.database.awaitUp(Duration.ZERO)).isTrue();
		assertThat(probe).isNotDone();
		this.database.down(StartFailure.of(this.database.getDefinition(), new IllegalStateException("not now")),
				Duration.ofMinutes(1));
		assertThat(this.database.awaitUp(Duration.ZERO)).isTrue();
		assertThat(probe).isCompleted();
		assertThat(this.database.getRest().isUnusedFor(Duration.ofHours(1))).isFalse();
	}

	@Test
	void whenItIsRejectedThenItStaysDownUntilItIsVerified() {
		open();
		this.database.reject(new VerificationFailedException("orders", "policies do not bind", "fix",
				TroubleshootingSection.ROW_LEVEL_SECURITY,
				new PreparationReport("row-level-security", Duration.ZERO, Map.of())), Duration.ofMinutes(1));
		assertThat(this.database.stayRejected()).isTrue();
		this.database.recovered();
		assertOutage("policies do not bind", BorrowFailure.DOWN);
		this.database.verified(List.of());
		this.database.recovered();
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.DOWN, DatabaseState.UP);
	}

	@Test
	void whenItIsClosedThenItStaysClosed() {
		open();
		this.database.close();
		this.database.recovered();
		assertOutage("it is closed", BorrowFailure.DOWN);
		assertThat(this.connector.closed).isTrue();
		assertThat(this.events).extracting(DatabaseStateChangedEvent::getTo)
			.containsExactly(DatabaseState.UP, DatabaseState.CLOSED);
	}

	private void open() {
		assertThat(new DatabaseOpener(this.database).open(() -> Duration.ZERO)).isNull();
	}

	private void assertOutage(String reason, BorrowFailure counted) {
		DatabaseOutage outage = this.connector.availability.check(Duration.ZERO);
		assertThat(outage).isNotNull();
		assertThat(outage.database()).isEqualTo("orders");
		assertThat(outage.reason()).isEqualTo(reason);
		assertThat(this.database.getStatistics().getBorrowFailures(counted)).isOne();
	}

}
