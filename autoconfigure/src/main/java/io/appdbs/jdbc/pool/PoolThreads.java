package io.appdbs.jdbc.pool;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.pool.HikariPool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.ReflectionUtils;

/**
 * The threads of a pool that add and close connections. HikariCP has no setting for the 5
 * seconds that each of them waits for further work: with many pools that are used once,
 * hundreds would wait.
 */
final class PoolThreads {

	private static final Log logger = LogFactory.getLog(PoolThreads.class);

	private static final Duration KEEP_ALIVE = Duration.ofMillis(100);

	private PoolThreads() {
	}

	/**
	 * Ends the threads soon after their work. If this version of HikariCP does not allow
	 * it, they end later.
	 */
	static void endSoon(HikariPool pool) {
		for (String name : new String[] { "addConnectionExecutor", "closeConnectionExecutor" }) {
			try {
				Field field = ReflectionUtils.findField(HikariPool.class, name, ThreadPoolExecutor.class);
				if (field != null) {
					ReflectionUtils.makeAccessible(field);
					((ThreadPoolExecutor) field.get(pool)).setKeepAliveTime(KEEP_ALIVE.toMillis(),
							TimeUnit.MILLISECONDS);
				}
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				logger.debug("The threads of a pool end after 5 s only", ex);
			}
		}
	}

}
