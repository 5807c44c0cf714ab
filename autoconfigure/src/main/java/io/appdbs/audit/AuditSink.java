package io.appdbs.audit;

/**
 * Records units of work. A bean without qualifier is for every database with
 * {@code audit.statements}, one with the name of a database as qualifier for that one.
 * Without such a bean, the events of a database are {@linkplain #logger() logged}.
 * <p>
 * A sink is called by the thread that ends the unit of work, which waits for it: the
 * event is recorded when the method has returned. Calls are concurrent. A sink must not
 * use the database whose event it records: its statements are rejected.
 */
@FunctionalInterface
public interface AuditSink {

	/**
	 * Records a unit of work.
	 * @param event the unit of work
	 * @throws Exception if it could not be recorded; {@code audit.on-failure} decides
	 * what happens
	 */
	void record(AuditEvent event) throws Exception;

	/**
	 * Returns the sink that is used without a bean. It writes each event as one line to
	 * the logger {@code io.appdbs.audit.<database>} at the level INFO. With SLF4J, the
	 * parts of the event are also key-value pairs, which structured logging writes as
	 * fields. It throws an exception if the logger does not log at that level, but does
	 * not notice that an appender discards the line.
	 * @return the sink, for a bean that does something in addition
	 */
	static AuditSink logger() {
		return LoggerAuditSink.INSTANCE;
	}

}
