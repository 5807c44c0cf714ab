package io.appdbs.restore.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.appdbs.restore.RequiresPrograms;
import io.appdbs.restore.RestoreCheck;
import io.appdbs.restore.RestoreReport;
import io.appdbs.restore.RestoreTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a check as an application does: in a scheduled job, with public types only.
 */
@RequiresPrograms("psql")
class ScheduledVerificationTests {

	@TempDir
	private Path folder;

	@Test
	void aScheduledJobVerifiesABackup() throws Exception {
		Files.writeString(this.folder.resolve("orders.sql"), """
				-- PostgreSQL database dump
				-- Dumped from database version 15.3
				-- Dumped by pg_dump version 15.3
				CREATE TABLE item (id int PRIMARY KEY, placed timestamp NOT NULL);
				INSERT INTO item VALUES (1, now() AT TIME ZONE 'UTC');
				-- PostgreSQL database dump complete
				""");
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(BackupVerification.class, () -> new BackupVerification(this.folder));
			context.register(Scheduling.class);
			context.refresh();
			RestoreReport report = context.getBean(BackupVerification.class).reports.poll(60, TimeUnit.SECONDS);
			assertThat(report).isNotNull();
			assertThat(report.isVerified()).isTrue();
			assertThat(this.folder.resolve("orders.json")).content().contains("\"ok\":true");
		}
	}

	@EnableScheduling
	static class Scheduling {

	}

	static class BackupVerification {

		private final BlockingQueue<RestoreReport> reports = new LinkedBlockingQueue<>();

		private final Path folder;

		BackupVerification(Path folder) {
			this.folder = folder;
		}

		@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.DAYS)
		void verifyOrders() {
			this.reports.add(RestoreCheck.of("orders")
				.dump(this.folder.resolve("orders.sql"))
				.into(RestoreTarget.embeddedPostgres())
				.notEmpty("item")
				.newerThan("select max(placed) from item", Duration.ofHours(1))
				.report(this.folder.resolve("orders.json"))
				.run());
		}

	}

}
