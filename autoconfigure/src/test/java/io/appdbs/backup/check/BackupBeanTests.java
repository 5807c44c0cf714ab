package io.appdbs.backup.check;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupReport;
import io.appdbs.backup.BackupReporter;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BackupBean}.
 */
class BackupBeanTests {

	private static final String PREFIX = "unknown: Backups of database 'orders' are unknown: the BackupReporter bean ";

	private static final Instant FINISHED = Instant.parse("2026-11-25T21:21:37Z");

	@AutoClose
	private final Observations observations = new Observations();

	@Test
	void aReportIsRead() throws Exception {
		assertThat(read(() -> BackupReport.of(new Backup("full", FINISHED))))
			.isEqualTo(new BackupReading(State.KNOWN, new Backup("full", FINISHED), FINISHED, null, List.of()));
		assertThat(read(() -> BackupReport.of(new Backup("snapshot", FINISHED))).lastFull()).isNull();
		assertThat(read(BackupReport::never)).isEqualTo(new BackupReading(State.NEVER, null, null, null, List.of()));
	}

	@Test
	void problemsAndVerificationsAreTaken() throws Exception {
		RestoreVerification verified = new RestoreVerification(FINISHED, false, null, null);
		BackupReading reading = read(() -> new BackupReport(new Backup("incr", FINISHED), FINISHED, verified,
				List.of("The last backup failed.")));
		assertThat(reading.verified()).isEqualTo(verified);
		assertThat(Observations.texts(reading.findings())).containsExactly(
				"problem: Backups of database 'orders' have a problem. It says: 'The last backup failed.'. Look at the log of the tool that makes the backups.");
	}

	@Test
	void aBeanThatFailsIsReported() throws Exception {
		assertThat(texts(() -> {
			throw new IllegalStateException("no cluster");
		})).containsExactly(PREFIX
				+ "failed. It says: 'java.lang.IllegalStateException: no cluster'. Let the bean return what it knows, or BackupReport.never() if there is no backup.");
		assertThat(texts(() -> {
			throw new StackOverflowError();
		})).singleElement().asString().contains("java.lang.StackOverflowError");
		assertThat(texts(() -> null)).singleElement().asString().contains("The report is null");
	}

	@Test
	void aBeanThatHangsIsInterruptedAndAskedAgainWhenItHasReturned() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		AtomicInteger calls = new AtomicInteger();
		AtomicInteger interrupts = new AtomicInteger();
		BackupReporter hanging = () -> {
			calls.incrementAndGet();
			while (latch.getCount() > 0) {
				try {
					latch.await();
				}
				catch (InterruptedException ex) {
					interrupts.incrementAndGet();
				}
			}
			return BackupReport.never();
		};
		BackupBean bean = new BackupBean(Observations.findings(), () -> hanging,
				this.observations.call(Duration.ofMillis(200)));
		String fix = " Let the bean return within a few seconds, also if what it asks does not answer.";
		assertThat(Observations.texts(bean.read().findings()))
			.containsExactly(PREFIX + "was asked, but it did not return within 200 ms." + fix);
		await().until(() -> interrupts.get() == 1);
		assertThat(Observations.texts(bean.read().findings()))
			.containsExactly(PREFIX + "was asked, but it has not returned from an earlier call." + fix);
		assertThat(calls).hasValue(1);
		latch.countDown();
		await().until(() -> bean.read().state() == State.NEVER);
		assertThat(calls).hasValue(2);
	}

	private BackupReading read(BackupReporter reporter) throws InterruptedException {
		return new BackupBean(Observations.findings(), () -> reporter, this.observations.call()).read();
	}

	private List<String> texts(BackupReporter reporter) throws InterruptedException {
		BackupReading reading = read(reporter);
		assertThat(reading.state()).isEqualTo(State.UNKNOWN);
		return Observations.texts(reading.findings());
	}

}
