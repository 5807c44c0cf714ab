package io.appdbs.query;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * Captures the lines of the query logs, at the levels that Spring Boot has by default.
 */
final class LoggedQueries implements AutoCloseable {

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs");

	private final Level level = this.logger.getLevel();

	LoggedQueries() {
		this.appender.start();
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.appender);
	}

	/**
	 * Returns the lines since the last call: level, name below {@code io.appdbs} and
	 * message, without the value of the duration.
	 */
	List<String> take() {
		List<ILoggingEvent> events;
		synchronized (this.appender) {
			events = new ArrayList<>(this.appender.list);
			this.appender.list.clear();
		}
		return events.stream()
			.filter((event) -> event.getLoggerName().matches("io\\.appdbs\\.(slow-)?query\\..*"))
			.map((event) -> "%s %s %s".formatted(event.getLevel(),
					event.getLoggerName().substring("io.appdbs.".length()),
					event.getFormattedMessage().replaceFirst("^duration=\\d+\\.\\d{3}ms", "duration=*")))
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

}
