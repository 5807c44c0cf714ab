package io.appdbs.actuate.drill;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What an application logs, without the servers that run in the same virtual machine.
 */
final class DrillLog extends AppenderBase<ILoggingEvent> {

	private static final List<String> SERVERS = List.of("de.bwaldvogel", "io.zonky", "io.appdbs.embedded");

	private final List<Line> lines = new CopyOnWriteArrayList<>();

	/**
	 * Collects lines from now on.
	 */
	static DrillLog attach() {
		DrillLog log = new DrillLog();
		log.start();
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		root.addAppender(log);
		return log;
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (SERVERS.stream().noneMatch(event.getLoggerName()::startsWith)) {
			this.lines.add(new Line(event.getLevel().toString(), event.getLoggerName(), event.getFormattedMessage(),
					event.getThrowableProxy() != null));
		}
	}

	int size() {
		return this.lines.size();
	}

	/**
	 * Returns the lines of a fault: those that name its database, and those since a
	 * position that name no database.
	 * @param first the position
	 * @param last the position after the last line
	 * @param database the name of the database
	 * @param others the names of the other databases, or {@code null} for the lines that
	 * name the database only
	 */
	List<Line> find(int first, int last, String database, @Nullable List<String> others) {
		return this.lines.subList(first, last)
			.stream()
			.filter((line) -> line.names(database) || others != null && others.stream().noneMatch(line::names))
			.toList();
	}

	/**
	 * A line.
	 *
	 * @param level the level
	 * @param logger the logger
	 * @param message the message
	 * @param trace whether a stack trace follows
	 */
	record Line(String level, String logger, String message, boolean trace) {

		boolean isOfProduct() {
			return this.logger.startsWith("io.appdbs");
		}

		boolean names(String database) {
			return Stream.of("'%s'", "%s -", "/%s ", "=%s&", "/%s?")
				.anyMatch((form) -> this.message.contains(form.formatted(database)));
		}

	}

}
