package io.appdbs.rls;

import java.util.List;

import io.appdbs.audit.AuditSink;
import io.appdbs.audit.AuditUser;
import io.appdbs.audit.RecordedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for the audit of a database with row-level security.
 */
class RlsAuditTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	private final RecordedEvents events = new RecordedEvents();

	@Test
	void theUserIsThatOfThePoliciesAndStatementsAreThoseOfTheApplication() {
		run((context) -> {
			JdbcTemplate template = Notes.template(context);
			RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
				template.queryForList("select body from note");
				Notes.transaction(context)
					.executeWithoutResult((status) -> template.update("update note set body = 's3cr3t'"));
				template.batchUpdate("delete from note where id = ?", List.of(new Object[] { 0 }, new Object[] { -1 }));
			});
			assertThat(this.events.takeLines()).containsExactly("committed by alice | select body from note -> 10",
					"committed by alice | update note set body = ? -> 10",
					"committed by alice | 2 x delete from note where id = ? -> 0");
		});
	}

	@Test
	void withSpringSecurityTheUserIsTheOneThatPoliciesGet() {
		run((context) -> {
			SecurityContextHolder.getContext()
				.setAuthentication(new TestingAuthenticationToken("bob", "s3cr3t", "ROLE_USER"));
			try {
				Notes.template(context).queryForList("select body from note");
			}
			finally {
				SecurityContextHolder.clearContext();
			}
			assertThat(this.events.take()).singleElement()
				.satisfies((event) -> assertThat(event.user())
					.isEqualTo(new AuditUser("bob", AuditUser.Source.ROW_LEVEL_SECURITY, null)));
		});
	}

	@Test
	void aStatementWithoutUserHasFailed() {
		run((context) -> {
			assertThatException().isThrownBy(() -> Notes.template(context).queryForList("select body from note"));
			assertThat(this.events.takeLines()).singleElement()
				.asString()
				.startsWith("failed RlsContextException")
				.contains(" by - | select body from note -> ? RlsContextException");
		});
	}

	@Test
	void whenTheContextIsReappliedThenEachStatementHasItsUser() {
		run((context) -> {
			JdbcTemplate template = Notes.template(context);
			Notes.transaction(context).executeWithoutResult((status) -> {
				for (String user : List.of("alice", "bob")) {
					RlsContextHolder.runAs(RlsContext.of(user), () -> template.queryForList("select body from note"));
				}
				RlsContextHolder.runAs(RlsContext.system("nightly"),
						() -> template.queryForList("select body from note"));
			});
			assertThat(this.events.takeLines()).containsExactly(
					"committed by alice | select body from note -> 10 | select body from note -> 10 by bob | select body from note -> 0 by -(nightly)");
		}, "app.dbs.notes.rls.on-context-change=reapply");
	}

	@Test
	void aProviderThatUsesTheDatabaseIsStillRejected() {
		ApplicationContext[] current = new ApplicationContext[1];
		notes.runner(notes.address(), "app.dbs.notes.audit.statements=all")
			.withBean(AuditSink.class, () -> this.events)
			.withBean(RlsContextProvider.class,
					() -> () -> RlsContext
						.of(Notes.template(current[0]).queryForList("select body from note", String.class).get(0)))
			.run((context) -> {
				current[0] = context;
				assertThatException().isThrownBy(() -> Notes.template(context).queryForList("select body from note"))
					.havingRootCause()
					.isInstanceOf(RlsContextException.class)
					.withMessageStartingWith("RlsContextProvider must not query 'notes'");
			});
	}

	private void run(ContextConsumer<AssertableApplicationContext> test, String... properties) {
		notes.runner(notes.address(), properties)
			.withBean(AuditSink.class, () -> this.events)
			.withPropertyValues("app.dbs.notes.audit.statements=all")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				this.events.take();
				test.accept(context);
			});
	}

}
