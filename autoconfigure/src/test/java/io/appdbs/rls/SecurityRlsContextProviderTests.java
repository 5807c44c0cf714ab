package io.appdbs.rls;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SecurityRlsContextProvider} and for providers that are beans.
 */
class SecurityRlsContextProviderTests {

	private static final String SETTINGS = "SELECT concat_ws('|', current_setting('app.current_user_id', true), current_setting('app.current_user_role', true), current_setting('app.tenant', true))";

	@RegisterExtension
	private static final Notes notes = new Notes();

	@AfterEach
	void clear() {
		SecurityContextHolder.clearContext();
	}

	@Test
	void theUserIsTheOneWhoIsLoggedIn() {
		notes.run((context) -> {
			as(user("alice"));
			assertThat(settings(context)).isEqualTo("alice|ROLE_A,ROLE_B");
			as(user("bob"));
			assertThat(settings(context)).isEqualTo("bob|ROLE_A,ROLE_B");
			assertThat(Notes.template(context).queryForList("SELECT owner FROM note", String.class)).hasSize(10)
				.containsOnly("bob");
		});
	}

	@Test
	void unauthenticatedAndAnonymousAreNoUser() {
		notes.run((context) -> {
			assertNoUser(context);
			as(new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("ROLE_X")));
			assertNoUser(context);
			as(new UsernamePasswordAuthenticationToken("alice", "secret"));
			assertNoUser(context);
		});
	}

	@Test
	void expressionsReadClaims() {
		notes.run((context) -> {
			as(token(Map.of("tenant", "b9a5a5b2-6f5c-4b3a-9d6c-0a8f2a8c1d11", "sub", 42L)));
			assertThat(settings(context)).isEqualTo("42|b9a5a5b2-6f5c-4b3a-9d6c-0a8f2a8c1d11");
			as(token(Map.of("sub", 42L)));
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class).isThrownBy(() -> settings(context))
				.havingCause()
				.withMessage(
						"Database 'notes' has row-level security, but there is no value for 'app.tenant'. Run the code as a user, for example with RlsContextHolder.runAs, or with RlsContext.system if there is no user.");
			as(token(Map.of("tenant", "x", "sub", 42L)));
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class).isThrownBy(() -> settings(context))
				.havingCause()
				.withMessage(
						"Database 'notes': the value for 'app.tenant' is not a UUID. Correct the value, or the type of the setting in 'app.dbs.notes.rls.settings'.");
			as(user("alice"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> settings(context))
				.withMessageStartingWith(
						"The expression 'token.claims['sub']' of the setting 'app.current_user_id' cannot be evaluated on a UsernamePasswordAuthenticationToken: ");
		}, "app.dbs.notes.rls.settings[0].name=app.current_user_id", "app.dbs.notes.rls.settings[0].type=long",
				"app.dbs.notes.rls.settings[0].expression=token.claims['sub']",
				"app.dbs.notes.rls.settings[1].name=app.tenant", "app.dbs.notes.rls.settings[1].type=uuid",
				"app.dbs.notes.rls.settings[1].expression=token.claims['tenant']",
				"app.dbs.notes.rls.settings[1].required=true");
	}

	@Test
	void valuesOfAnyKindAreBound() {
		notes.run((context) -> {
			for (String value : List.of("o'hara", "\"; DROP TABLE note; --", "Zoë 👩‍🚀 \\ %", "x".repeat(10_000), "$$",
					"?")) {
				assertThat(RlsContextHolder.supplyAs(RlsContext.of(value), () -> settings(context)))
					.isEqualTo(value + "|");
			}
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> RlsContextHolder.runAs(RlsContext.of("a\0b"), () -> settings(context)))
				.havingCause()
				.withMessage(
						"Database 'notes': the value for 'app.current_user_id' is not a non-empty text without NUL characters. Correct the value, or the type of the setting in 'app.dbs.notes.rls.settings'.");
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> RlsContextHolder.runAs(RlsContext.of(""), () -> settings(context)));
			assertThat(RlsContextHolder.supplyAs(RlsContext.of(UUID.fromString("b9a5a5b2-6f5c-4b3a-9d6c-0a8f2a8c1d11")),
					() -> settings(context)))
				.startsWith("b9a5a5b2-");
		});
	}

	@Test
	void providersAreForAllDatabasesOrForOne() {
		notes.runner(notes.address())
			.withPropertyValues("app.dbs.other.url=postgresql://" + notes.address() + "/notes",
					"app.dbs.other.username=app", "app.dbs.other.rls.enabled=true",
					"app.dbs.names.url=postgresql://" + notes.address() + "/notes", "app.dbs.names.username=app")
			.withUserConfiguration(Providers.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(settings(context)).isEqualTo("bob|");
				assertThat(
						context.getBean("otherJdbcTemplate", JdbcTemplate.class).queryForObject(SETTINGS, String.class))
					.isEqualTo("alice|");
			});
	}

	@Test
	void aProviderThatOnlyItsQualifierGetsCounts() {
		notes.runner(notes.address()).withUserConfiguration(HiddenProvider.class).run((context) -> {
			as(user("alice"));
			assertThat(settings(context)).isEqualTo("bob|");
		});
	}

	@Test
	void whenAProviderUsesItsOwnDatabaseThenItIsToldInsteadOfAskedWithoutEnd() {
		notes.runner(notes.address(), "app.dbs.notes.pool.max-size=1")
			.withUserConfiguration(RecursiveProvider.class)
			.run((context) -> {
				TransactionTemplate transaction = Notes.transaction(context);
				for (Runnable work : List.<Runnable>of(() -> settings(context),
						() -> transaction.executeWithoutResult((status) -> settings(context)))) {
					assertThatExceptionOfType(DataAccessException.class).isThrownBy(work::run)
						.havingRootCause()
						.isInstanceOf(RlsContextException.class)
						.withMessage(
								"RlsContextProvider must not query 'notes': each statement calls the provider (infinite recursion). Query another database, or run the statements with RlsContextHolder.supplyAs(RlsContext.system(…), …).");
				}
				assertThat(RlsContextHolder.supplyAs(RlsContext.of("alice"), () -> settings(context)))
					.isEqualTo("alice|");
			});
	}

	@Test
	void whenAProviderSaysWhomItRunsForThenItMayUseItsOwnDatabase() {
		notes.runner(notes.address()).withUserConfiguration(SystemProvider.class).run((context) -> {
			assertThat(settings(context)).isEqualTo("system of app|");
			assertThat(Notes.template(context).queryForList("SELECT owner FROM note", String.class)).isEmpty();
		});
	}

	@Test
	void anAuthorityNamedLikeTheSystemRoleIsRejected() {
		notes.run((context) -> {
			as(new UsernamePasswordAuthenticationToken("alice", "secret",
					AuthorityUtils.createAuthorityList("system")));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> settings(context))
				.withMessage(
						"The authority 'system' of the current user cannot be passed to the database: it contains a comma or is the role of the system context. Set 'expression' for 'app.current_user_role'.");
		});
	}

	@Test
	void theQueryLogHasTheStatementsOfTheApplication() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.query.notes");
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		logger.setLevel(Level.INFO);
		try {
			notes.run((context) -> {
				as(user("alice"));
				Notes.template(context).queryForList("SELECT owner FROM note WHERE id > ?", String.class, 0);
				Notes.template(context).update("UPDATE note SET body = body");
				assertThat(appender.list).extracting(ILoggingEvent::getFormattedMessage)
					.satisfiesExactly((line) -> assertThat(line).endsWith(" query=SELECT owner FROM note WHERE id > ?"),
							(line) -> assertThat(line).endsWith(" query=UPDATE note SET body = body"));
			}, "app.dbs.notes.query-log=true");
		}
		finally {
			logger.detachAppender(appender);
			logger.setLevel(null);
		}
	}

	private static void assertNoUser(ApplicationContext context) {
		assertThatExceptionOfType(PermissionDeniedDataAccessException.class).isThrownBy(() -> settings(context))
			.havingCause()
			.withMessageStartingWith("Database 'notes' has row-level security, but there is no user.");
	}

	private static String settings(ApplicationContext context) {
		String settings = Notes.template(context).queryForObject(SETTINGS, String.class);
		return (settings != null) ? settings : "";
	}

	private static Authentication user(String name) {
		return new UsernamePasswordAuthenticationToken(name, "secret",
				AuthorityUtils.createAuthorityList("ROLE_A", "ROLE_B"));
	}

	private static Authentication token(Map<String, Object> claims) {
		return new JwtAuthenticationToken(
				Jwt.withTokenValue("token").header("alg", "none").claims((all) -> all.putAll(claims)).build(),
				AuthorityUtils.createAuthorityList("SCOPE_notes"));
	}

	private static void as(Authentication authentication) {
		SecurityContextHolder.getContext().setAuthentication(authentication);
	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenProvider {

		@Bean(defaultCandidate = false)
		@Qualifier("notes")
		RlsContextProvider bob() {
			return () -> RlsContext.of("bob");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RecursiveProvider {

		@Bean
		RlsContextProvider recursive(ObjectProvider<JdbcTemplate> notes) {
			return () -> RlsContext
				.of(String.valueOf(notes.getObject().queryForObject("SELECT owner FROM note", String.class)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SystemProvider {

		@Bean
		RlsContextProvider system(ObjectProvider<JdbcTemplate> notes) {
			return () -> RlsContextHolder.supplyAs(RlsContext.system("who it is"),
					() -> RlsContext.of(String.valueOf(notes.getObject()
						.queryForObject("SELECT current_setting('app.current_user_role') || ' of ' || current_user",
								String.class))));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		@Bean
		@Order(2)
		RlsContextProvider alice() {
			return () -> RlsContext.of("alice");
		}

		@Bean
		@Order(1)
		@Qualifier("notes")
		RlsContextProvider ofAnotherDatabase(@Qualifier("names") JdbcClient names) {
			return () -> RlsContext.of(names.sql("SELECT 'bob'").query(String.class).single());
		}

	}

}
