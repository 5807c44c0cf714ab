package io.appdbs.rls;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the context of row-level security where Reactor calls JDBC on threads of its
 * own.
 */
class RlsReactorTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@RegisterExtension
	private static final Notes notes = new Notes();

	@AfterEach
	void tearDown() {
		Hooks.disableAutomaticContextPropagation();
	}

	@Test
	void whenReactorPropagatesContextThenItIsThatOfWhoeverSubscribes() {
		run((template, scheduler) -> {
			Hooks.enableAutomaticContextPropagation();
			Mono<List<String>> subscribed = owners(template).subscribeOn(scheduler);
			Mono<List<String>> published = Mono.just("SELECT owner FROM note")
				.publishOn(scheduler)
				.map((sql) -> template.queryForList(sql, String.class));
			for (RlsContext user : List.of(ALICE, BOB, ALICE)) {
				String name = user.getValue("app.current_user_id");
				assertThat(RlsContextHolder.supplyAs(user, () -> subscribed.block(TIMEOUT))).hasSize(10)
					.containsOnly(name);
				assertThat(RlsContextHolder.supplyAs(user, () -> published.block(TIMEOUT))).hasSize(10)
					.containsOnly(name);
			}
			assertNoUser(subscribed);
			assertNoUser(published);
		});
	}

	@Test
	void whenTheContextIsWrittenForManyUsersThenNoneSeesWhatIsAnothers() {
		run((template, scheduler) -> {
			Hooks.enableAutomaticContextPropagation();
			List<Map.Entry<String, List<String>>> seen = Flux.range(0, 200).flatMap((i) -> {
				RlsContext user = (i % 2 == 0) ? ALICE : BOB;
				return owners(template).subscribeOn(Schedulers.boundedElastic())
					.publishOn(scheduler)
					.map((owners) -> Map.entry(String.valueOf(user.getValue("app.current_user_id")), owners))
					.contextWrite((context) -> context.put(RlsContextThreadLocalAccessor.KEY, user));
			}, 16).collectList().block(TIMEOUT);
			assertThat(seen).hasSize(200)
				.allSatisfy((entry) -> assertThat(entry.getValue()).hasSize(10).containsOnly(entry.getKey()));
			assertNoUser(owners(template).subscribeOn(scheduler));
		});
	}

	@Test
	void whenReactorDoesNotPropagateContextThenThereIsNoUser() {
		run((template, scheduler) -> RlsContextHolder.runAs(ALICE,
				() -> assertNoUser(owners(template).subscribeOn(scheduler))));
	}

	private static Mono<List<String>> owners(JdbcTemplate template) {
		return Mono.fromCallable(() -> template.queryForList("SELECT owner FROM note", String.class));
	}

	private static void assertNoUser(Mono<List<String>> owners) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> owners.block(TIMEOUT))
			.havingRootCause()
			.isInstanceOf(RlsContextException.class)
			.withMessageStartingWith("Database 'notes' has row-level security, but there is no user.");
	}

	/**
	 * On one thread, where what was left by one would be found by the next.
	 */
	private static void run(BiConsumer<JdbcTemplate, Scheduler> test) {
		notes.run((context) -> {
			Scheduler scheduler = Schedulers.newSingle("rls-reactor");
			try {
				test.accept(Notes.template(context), scheduler);
				assertThat(Mono.fromCallable(() -> Objects.isNull(RlsContextHolder.getContext()))
					.subscribeOn(scheduler)
					.block(TIMEOUT)).isTrue();
			}
			finally {
				scheduler.dispose();
			}
		});
	}

}
