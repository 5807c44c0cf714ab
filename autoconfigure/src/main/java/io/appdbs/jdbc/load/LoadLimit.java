package io.appdbs.jdbc.load;

import java.util.concurrent.TimeUnit;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import com.netflix.concurrency.limits.limit.window.AverageSampleWindowFactory;

/**
 * Creates the algorithm of a limit: Vegas, which compares the time for which connections
 * are held with the shortest one. It gets mean times instead of single ones: short units
 * of work among longer ones would make the longer ones look as if they waited.
 */
final class LoadLimit {

	/** The shortest window that {@link WindowedLimit} accepts. */
	private static final long WINDOW_MILLIS = 100;

	private LoadLimit() {
	}

	/**
	 * Creates the algorithm of a limit.
	 * @param initial the first limit
	 * @param maximum the highest limit
	 * @return the algorithm, which has not learned anything
	 */
	static Limit create(int initial, int maximum) {
		// learns a new shortest time after as many windows as the limit, on average
		VegasLimit vegas = VegasLimit.newBuilder()
			.initialLimit(initial)
			.maxConcurrency(maximum)
			.probeMultiplier(1)
			.build();
		return WindowedLimit.newBuilder()
			.minWindowTime(WINDOW_MILLIS, TimeUnit.MILLISECONDS)
			.maxWindowTime(WINDOW_MILLIS, TimeUnit.MILLISECONDS)
			.minRttThreshold(0, TimeUnit.NANOSECONDS)
			.sampleWindowFactory(AverageSampleWindowFactory.create())
			.build(vegas);
	}

}
