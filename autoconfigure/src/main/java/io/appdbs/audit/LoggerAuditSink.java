package io.appdbs.audit;

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.util.ClassUtils;

/**
 * {@link AuditSink} that logs each event as one line.
 */
final class LoggerAuditSink implements AuditSink {

	static final AuditSink INSTANCE = new LoggerAuditSink();

	private static final String PREFIX = "io.appdbs.audit.";

	private static final boolean fluentApiPresent = ClassUtils.isPresent("org.slf4j.spi.LoggingEventBuilder",
			LoggerAuditSink.class.getClassLoader());

	private LoggerAuditSink() {
	}

	@Override
	public void record(AuditEvent event) {
		String logger = PREFIX + event.database();
		Map<String, Object> fields = AuditEventFields.of(event);
		String line = AuditEventFields.toLine(fields);
		if (!(fluentApiPresent ? Slf4j.log(logger, fields, line) : log(logger, line))) {
			throw new IllegalStateException("The logger '%s' does not log at the level INFO".formatted(logger));
		}
	}

	private static boolean log(String logger, String line) {
		Log log = LogFactory.getLog(logger);
		log.info(line);
		return log.isInfoEnabled();
	}

	/**
	 * Loaded only if there is SLF4J 2.
	 */
	private static final class Slf4j {

		static boolean log(String name, Map<String, Object> fields, String line) {
			Logger logger = LoggerFactory.getLogger(name);
			if (!logger.isInfoEnabled()) {
				return false;
			}
			LoggingEventBuilder builder = logger.atInfo();
			for (Map.Entry<String, Object> field : fields.entrySet()) {
				builder = builder.addKeyValue(field.getKey(), field.getValue());
			}
			builder.log(line);
			return true;
		}

	}

}
