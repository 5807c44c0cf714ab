package io.appdbs.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the lines that {@link LoggerAuditSink} writes.
 */
class AuditEventFieldsTests {

	private static final AuditUser JANE = new AuditUser("jane", AuditUser.Source.SPRING_SECURITY, null);

	@Test
	void anEventIsOneLineWithQuotedText() {
		assertThat(AuditEventFields.toLine(AuditEventFields.of(event(JANE)))).isEqualTo(
				"id=\"f-1\" database=\"orders\" outcome=\"rolled-back\" time=\"2026-01-02T03:04:05Z\" duration=\"1.500ms\" user=\"jane\" user-source=\"spring-security\" trace=\"4bf9\" transaction=\"Shop.order\" failure=\"PSQLException(23505)\" statements=[\"[rows=1] insert into item values (?)\", \"[executions=2 rows=? failure=PSQLException(23505) undone user=\\\"system\\\"] update \\\"item\\\"\"] omitted=3");
	}

	@Test
	void noTextOfAUserCanLookLikeAnotherFieldOrLine() {
		AuditUser user = new AuditUser("jane\" outcome=\"committed\n2026 INFO\u2028\u202e\u0000\u001b[31m\\",
				AuditUser.Source.ROW_LEVEL_SECURITY, "a\r\nb");
		String line = AuditEventFields.toLine(AuditEventFields.of(event(user)));
		assertThat(line).doesNotContain("\n", "\r", "\u2028", "\u202e", "\u0000", "\u001b")
			.contains("user=\"jane\\\" outcome=\\\"committed\\u000a2026 INFO\\u2028\\u202e\\u0000\\u001b[31m\\\\\" ")
			.contains("reason=\"a\\u000d\\u000ab\"");
	}

	@Test
	void theLoggerOfTheDatabaseGetsTheLineAndTheFields() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.audit.orders");
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		logger.setLevel(Level.INFO);
		try {
			AuditSink sink = AuditSink.logger();
			sink.record(event(JANE));
			assertThat(appender.list).singleElement().satisfies((event) -> {
				assertThat(event.getLevel()).isEqualTo(Level.INFO);
				assertThat(event.getFormattedMessage()).startsWith("id=\"f-1\" database=\"orders\"");
				assertThat(event.getKeyValuePairs().stream().map((pair) -> pair.key).collect(Collectors.joining(" ")))
					.isEqualTo(
							"audit.id audit.database audit.outcome audit.time audit.duration audit.user audit.user-source audit.trace audit.transaction audit.failure audit.statements audit.omitted");
			});
			logger.setLevel(Level.WARN);
			assertThatIllegalStateException().isThrownBy(() -> sink.record(event(JANE)))
				.withMessage("The logger 'io.appdbs.audit.orders' does not log at the level INFO");
		}
		finally {
			logger.detachAppender(appender);
			logger.setLevel(null);
		}
	}

	private static AuditEvent event(AuditUser user) {
		AuditUser system = new AuditUser("system", AuditUser.Source.ROW_LEVEL_SECURITY, null);
		return new AuditEvent("f-1", "orders", Instant.parse("2026-01-02T03:04:05Z"), Duration.ofNanos(1_500_000), user,
				"4bf9", "Shop.order", AuditOutcome.ROLLED_BACK, "PSQLException(23505)",
				List.of(new AuditStatement("insert into item values (?)", user, true, 1, 1L, null, false),
						new AuditStatement("update \"item\"", system, true, 2, null, "PSQLException(23505)", true)),
				3);
	}

}
