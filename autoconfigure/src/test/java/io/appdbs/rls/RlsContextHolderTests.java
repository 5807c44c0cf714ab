package io.appdbs.rls;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RlsContextHolder} and {@link RlsContextThreadLocalAccessor}.
 */
class RlsContextHolderTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	@Test
	void theFormerContextIsRestoredWhateverHappens() {
		RlsContextHolder.runAs(ALICE, () -> {
			assertThatIllegalStateException().isThrownBy(() -> RlsContextHolder.runAs(BOB, () -> {
				assertThat(RlsContextHolder.getContext()).isEqualTo(BOB);
				throw new IllegalStateException("Expected");
			}));
			assertThat(RlsContextHolder.getContext()).isEqualTo(ALICE);
		});
		assertThat(RlsContextHolder.getContext()).isNull();
	}

	@Test
	void itTravelsWhereItIsAskedForAndIsInheritedByNoThread() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			RlsContext[] seen = new RlsContext[2];
			RlsContextHolder.callAs(ALICE, () -> {
				executor.submit(() -> seen[0] = RlsContextHolder.getContext()).get(30, TimeUnit.SECONDS);
				executor
					.submit(ContextSnapshotFactory.builder()
						.build()
						.captureAll()
						.wrap(() -> seen[1] = RlsContextHolder.getContext()))
					.get(30, TimeUnit.SECONDS);
				return null;
			});
			assertThat(seen[0]).isNull();
			assertThat(seen[1]).isEqualTo(ALICE);
			assertThat(executor.submit(RlsContextHolder::getContext).get(30, TimeUnit.SECONDS)).isNull();
		}
		finally {
			executor.shutdownNow();
			assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	/**
	 * What {@code spring.task.execution.propagate-context} gives to the executor of
	 * {@code @Async}.
	 */
	@Test
	void asynchronousMethodsHaveItWhereSpringPropagatesContext() throws Exception {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
		// has no effect before Java 21
		if (Runtime.version().feature() >= 21) {
			executor.setVirtualThreads(true);
		}
		CompletableFuture<RlsContext> without = RlsContextHolder.callAs(ALICE, () -> seenBy(executor));
		assertThat(without.get(30, TimeUnit.SECONDS)).isNull();
		executor.setTaskDecorator(new ContextPropagatingTaskDecorator());
		CompletableFuture<RlsContext> with = RlsContextHolder.callAs(ALICE, () -> seenBy(executor));
		assertThat(with.get(30, TimeUnit.SECONDS)).isEqualTo(ALICE);
		assertThat(seenBy(executor).get(30, TimeUnit.SECONDS)).isNull();
	}

	private static CompletableFuture<RlsContext> seenBy(SimpleAsyncTaskExecutor executor) {
		CompletableFuture<RlsContext> seen = new CompletableFuture<>();
		executor.execute(() -> seen.complete(RlsContextHolder.getContext()));
		return seen;
	}

	@Test
	void noContextStandsForTheLoginByTheNameOfARole() {
		assertThatIllegalArgumentException().isThrownBy(() -> RlsContext.of(1).withDatabaseRole("none"))
			.withMessage("'role' must not be 'none', which stands for the login");
	}

}
