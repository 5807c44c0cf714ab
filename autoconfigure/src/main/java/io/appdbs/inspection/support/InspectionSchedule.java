package io.appdbs.inspection.support;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.appdbs.inspection.Inspection;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Looks for findings at the interval of the inspection, for the first time after a random
 * part of it, so that the instances of an application do not inspect at the same time.
 */
public final class InspectionSchedule implements AutoCloseable {

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Creates a new {@link InspectionSchedule}.
	 * @param database the name of the database
	 * @param inspection the inspection, whose methods do not throw
	 * @param interval the interval
	 */
	public InspectionSchedule(String database, Inspection inspection, Duration interval) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("appdbs-inspect-" + database + "-");
		threads.setDaemon(true);
		this.executor = new ScheduledThreadPoolExecutor(1, threads);
		long millis = interval.toMillis();
		this.executor.scheduleWithFixedDelay(inspection::findings, ThreadLocalRandom.current().nextLong(millis), millis,
				TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
