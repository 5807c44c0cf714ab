package io.appdbs.testsupport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * The messages of AppDBs and of HikariCP that an application logs with Boot's settings.
 */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	private final Map<Logger, Level> levels = new LinkedHashMap<>();

	/**
	 * Collects messages from now on.
	 * @param others further loggers
	 */
	public LoggedLines(String... others) {
		List<String> names = Stream.concat(Stream.of("io.appdbs", "com.zaxxer.hikari"), Stream.of(others)).toList();
		for (String name : names) {
			Logger logger = (Logger) LoggerFactory.getLogger(name);
			this.levels.put(logger, logger.getLevel());
			logger.setLevel(Level.INFO);
			logger.addAppender(this);
		}
		start();
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(event);
	}

	/**
	 * Returns the messages, except for those of HikariCP about its start and end.
	 */
	public List<String> messages() {
		return this.events.stream()
			.map(ILoggingEvent::getFormattedMessage)
			.filter((message) -> !message
				.matches(".* - (Starting|Shutdown initiated|Shutdown completed|Start completed|Added connection).*"))
			.toList();
	}

	/**
	 * Returns the messages with stack traces.
	 */
	public List<String> stackTraces() {
		return this.events.stream()
			.filter((event) -> event.getThrowableProxy() != null)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	public void clear() {
		this.events.clear();
	}

	@Override
	public void close() {
		this.levels.forEach((logger, level) -> {
			logger.detachAppender(this);
			logger.setLevel(level);
		});
		stop();
	}

}
